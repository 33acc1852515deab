"""``claimx_mentions``: who and what the article speaks of, phrase by phrase.

Reads what the encoder read (`claimx.pipeline.encoder`), the sources of ``doc._.claimx_attributions``, and names that
others have set: entities in ``doc.ents`` and spans in ``doc.spans[spans_key]`` rule over what the encoder reads in the
same place.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

from spacy.language import Language
from spacy.tokens import Doc, Span

from claimx.pipeline.annotations import Mention, set_mentions, tokens_over
from claimx.pipeline.component import RuleComponent
from claimx.pipeline.encoder.reading import reading_of
from claimx.pipeline.factory import factory
from claimx.pipeline.lexicon import Lexicon
from claimx.pipeline.mentions.finding import mentions_of
from claimx.pipeline.words import words_of

#: Labels of entities that others set, and kinds of mentions.
_KINDS = {"PERSON": "person", "PER": "person", "ORG": "organization", "NORP": "group"}
_LABELS = {"person": "PERSON", "organization": "ORG"}


@factory(
    "claimx_mentions",
    default_config={"spans_key": "claimx_names", "annotate_ents": True, "overwrite": False},
    requires=["doc._.claimx_attributions"],
    assigns=["doc._.claimx_mentions", "doc.ents", "doc.spans"],
)
def create_mentions(
    nlp: Language,
    name: str,
    spans_key: Optional[str],  # noqa: UP045 (spaCy makes a model of these)
    annotate_ents: bool,
    overwrite: bool,
) -> MentionFinder:
    return MentionFinder(name, spans_key=spans_key, annotate_ents=annotate_ents, overwrite=overwrite).configured()


class MentionFinder(RuleComponent):
    """Sets ``doc._.claimx_mentions``, a list of `Mention` in the order of their heads.

    Names go to ``doc.spans[spans_key]``, behind what is there (None: nowhere), and with `annotate_ents` to
    ``doc.ents``, where no other entity is. With `overwrite`, spans and entities that others set go unread.
    """

    OPTIONS = ("spans_key", "annotate_ents", "overwrite")
    RULES = Lexicon.FILES

    def __init__(
        self,
        name: str = "claimx_mentions",
        *,
        spans_key: str | None = "claimx_names",
        annotate_ents: bool = True,
        overwrite: bool = False,
    ) -> None:
        super().__init__(name)
        self.spans_key, self.annotate_ents, self.overwrite = spans_key, annotate_ents, overwrite

    def __call__(self, doc: Doc) -> Doc:
        sources = [attribution.source for attribution in doc._.claimx_attributions if attribution.source]
        given = [] if self.overwrite else sorted(set(self._given(doc)))
        words = words_of(doc, self.rule_files)
        roles = [words.range_of(span.start_char, span.end_char) for span in doc.spans.get("claimx_roles", ())]
        mentions = mentions_of(words, reading_of(doc), sources, given, roles)
        set_mentions(doc, mentions)
        self._set_names(doc, mentions)
        return doc

    def _given(self, doc: Doc) -> Iterator[tuple[int, int, str]]:
        spans = list(doc.spans.get(self.spans_key, ())) if self.spans_key else []
        for span in (*doc.ents, *spans):
            if span.label_ in _KINDS:
                yield span.start_char, span.end_char, _KINDS[span.label_]

    def _set_names(self, doc: Doc, mentions: list[Mention]) -> None:
        tokens, taken, names = tokens_over(doc), 0, []
        for mention in sorted((m for m in mentions if m.form == "name"), key=lambda m: (m.start, -m.end)):
            start, end = tokens(mention.start, mention.end)
            if mention.kind in _LABELS and taken <= start < end:
                names.append(Span(doc, start, end, label=_LABELS[mention.kind]))
                taken = end
        if self.spans_key is not None:
            before = [] if self.overwrite else list(doc.spans.get(self.spans_key, ()))
            known = {(span.start, span.end, span.label) for span in before}
            doc.spans[self.spans_key] = before + [s for s in names if (s.start, s.end, s.label) not in known]
        if self.annotate_ents:
            _set_ents(doc, names, self.overwrite)


def _set_ents(doc: Doc, names: list[Span], overwrite: bool) -> None:
    """Set entities; unless `overwrite`, those that are there and tokens blocked for entities stay as they are."""
    if overwrite or not doc.has_annotation("ENT_IOB"):
        doc.set_ents(names)
        return
    taken = [iob in (1, 3) for iob in doc.to_array("ENT_IOB").tolist()]
    doc.set_ents([name for name in names if not any(taken[name.start : name.end])], default="unmodified")
