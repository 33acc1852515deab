"""Names and roles that the encoder tags, as spans and entities of a Doc."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from spacy.tokens import Doc, Span

from claimx.pipeline.annotations import tokens_over
from claimx.pipeline.encoder.decoding import find_spans
from claimx.pipeline.encoder.network import Encoded
from claimx.pipeline.encoder.sections import Section
from claimx.pipeline.encoder.tags import ENTITY_TAGS, ROLE_TAGS

_LABELS = {"PER": "PERSON", "ORG": "ORG", "LOC": "LOC"}


@dataclass(slots=True)
class TaggedNames:
    """Names and roles that begin in a section as (first word, end word, label), of the `words` that are read for it,
    whose offsets are (words, 2)."""

    words: np.ndarray
    entities: list[tuple[int, int, str]]
    roles: list[tuple[int, int, str]]

    @classmethod
    def of(cls, encoded: Encoded, section: Section) -> TaggedNames:
        """What the tags of a section say."""
        first, last = section.first - section.start, section.last - section.start
        entities, roles = (
            [span for span in find_spans(scores, tags) if first <= span[0] < last]
            for scores, tags in ((encoded.entity, ENTITY_TAGS), (encoded.role, ROLE_TAGS))
        )
        return cls(encoded.features.words, entities, roles)


def set_names(
    doc: Doc, sections: Sequence[TaggedNames], *, spans_key: str | None, annotate_ents: bool, overwrite: bool
) -> None:
    """Set names and roles of all sections; see `AttributionFinder` for the options."""
    names = list(_spans(doc, sections, "entities"))
    if spans_key is not None:
        before = [] if overwrite else list(doc.spans.get(spans_key, ()))
        known = {(span.start, span.end, span.label) for span in before}
        doc.spans[spans_key] = before + [s for s in names if (s.start, s.end, s.label) not in known]
    if annotate_ents:
        _set_ents(doc, names, overwrite)
    doc.spans["claimx_roles"] = list(_spans(doc, sections, "roles"))


def _spans(doc: Doc, sections: Sequence[TaggedNames], head: str) -> Iterator[Span]:
    """The spans of a head in whole tokens, none over the one before."""
    tokens, last = tokens_over(doc), 0
    for section in sections:
        words = section.words.tolist()
        for start, end, label in getattr(section, head):
            low, high = tokens(words[start][0], words[end - 1][1])
            low = max(last, low)
            if low < high:
                yield Span(doc, low, high, label=_LABELS.get(label, label))
                last = high


def _set_ents(doc: Doc, names: list[Span], overwrite: bool) -> None:
    """Set entities; unless `overwrite`, those that are there and tokens blocked for entities stay as they are."""
    if overwrite or not doc.has_annotation("ENT_IOB"):
        doc.set_ents(names)
        return
    taken = [iob in (1, 3) for iob in doc.to_array("ENT_IOB").tolist()]
    doc.set_ents([name for name in names if not any(taken[name.start : name.end])], default="unmodified")
