"""``claimx_attribution``: content, cue and source of every claim, and the names, by the trained encoder. No parse.

Reads the text and ``doc._.claimx_quotations``. Two span groups let rules of one's own take part, set for instance by
a ``span_ruler`` before this component: each span of ``doc.spans["claimx_cues"]`` is taken for a cue whatever the
network thinks (one whose label is an attribution type gives its claim that type, and its id as lemma), and no claim
may touch a span of ``doc.spans["claimx_ignored"]``.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter
from pathlib import Path
from typing import Optional

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import ensure_path

from claimx.cores import cores
from claimx.errors import ModelError
from claimx.pipeline.annotations import Attribution, Quotation, ignored_in, set_attributions, tokens_over
from claimx.pipeline.component import RuleComponent
from claimx.pipeline.cues import TYPES
from claimx.pipeline.encoder.decoding import CueCandidate, DecodedClaim, Decoder, find_cues, find_spans
from claimx.pipeline.encoder.features import features
from claimx.pipeline.encoder.network import Encoded, Network
from claimx.pipeline.encoder.sections import Section, sections
from claimx.pipeline.encoder.tags import ENTITY_TAGS, ROLE_TAGS
from claimx.pipeline.encoder.weights import FILES, MANIFEST, Weights
from claimx.pipeline.factory import factory
from claimx.pipeline.intervals import Intervals
from claimx.pipeline.kinds import kind_of
from claimx.pipeline.lexicon import FILES as LEXICON

#: Words that are encoded together, about.
_TOGETHER = 10_000
_MOST_THREADS = 8
_LABELS = {"PER": "PERSON", "ORG": "ORG", "LOC": "LOC"}


@factory(
    "claimx_attribution",
    default_config={
        "threshold": 0.35,
        "threads": 1,
        "cue_spans": "claimx_cues",
        "ignored_spans": "claimx_ignored",
        "spans_key": "claimx_names",
        "annotate_ents": True,
        "overwrite": False,
        "questions": False,
        "empty": False,
    },
    requires=["doc._.claimx_quotations"],
    assigns=["doc._.claimx_attributions", "doc.ents", "doc.spans"],
)
def create_attribution(
    nlp: Language,
    name: str,
    threshold: float,
    threads: int,
    cue_spans: str,
    ignored_spans: str,
    spans_key: Optional[str],  # noqa: UP045 (spaCy makes a model of these)
    annotate_ents: bool,
    overwrite: bool,
    questions: bool,
    empty: bool,
) -> AttributionModel:
    return AttributionModel(
        name,
        threshold=threshold,
        threads=threads,
        cue_spans=cue_spans,
        ignored_spans=ignored_spans,
        spans_key=spans_key,
        annotate_ents=annotate_ents,
        overwrite=overwrite,
        questions=questions,
        empty=empty,
    ).configured()


@dataclass(slots=True)
class Names:
    """Names and roles that begin in a section as (first word, end word, label), of the `words` that are read for it,
    whose offsets are (words, 2)."""

    words: np.ndarray
    entities: list[tuple[int, int, str]]
    roles: list[tuple[int, int, str]]


def _names_of(encoded: Encoded, section: Section) -> Names:
    first, last = section.first - section.start, section.last - section.start
    found = ([span for span in find_spans(scores, tags) if first <= span[0] < last] for scores, tags in
             ((encoded.entity, ENTITY_TAGS), (encoded.role, ROLE_TAGS)))  # fmt: skip
    return Names(encoded.features.words, *found)


def _groups(cut: list[tuple[Doc, list[Quotation], Section]]) -> Iterator[list[tuple[Doc, list[Quotation], Section]]]:
    """Sections that are encoded together: as many as `_TOGETHER` words, so that memory does not grow with a text."""
    group, words = [], 0
    for item in cut:
        group.append(item)
        words += item[2].end - item[2].start
        if words >= _TOGETHER:
            yield group
            group, words = [], 0
    if group:
        yield group


def threads_for(threads: int) -> int:
    """How many threads are meant: 0 is one per core that this process may use, at most 8."""
    return threads or min(cores(), _MOST_THREADS)


def _set_ents(doc: Doc, names: list[Span], overwrite: bool) -> None:
    """Set entities; unless `overwrite`, those that are there and tokens blocked for entities stay as they are."""
    if overwrite or not doc.has_annotation("ENT_IOB"):
        doc.set_ents(names)
        return
    taken = [iob in (1, 3) for iob in doc.to_array("ENT_IOB").tolist()]
    doc.set_ents([name for name in names if not any(taken[name.start : name.end])], default="unmodified")


class AttributionModel(RuleComponent):
    """Sets ``doc._.claimx_attributions``, names (PERSON, ORG, LOC) and ``doc.spans["claimx_roles"]``.

    `threshold` is the least confidence of a claim that is kept. `threads` windows are read at the same time; a result
    depends neither on it nor on the other texts of a batch. Names go to ``doc.spans[spans_key]``, behind what is there
    (None: nowhere), and with `annotate_ents` to ``doc.ents``, where no other entity is. With `overwrite`, spans and
    entities that others set go. What the network finds is corrected (`corrections.py`); with `questions`, those that
    nobody is named to put are claims too, and with `empty`, claims that only point ("denied it"). Raises `ModelError`
    where no weights have been loaded.
    """

    OPTIONS = (
        "threshold", "threads", "cue_spans", "ignored_spans", "spans_key", "annotate_ents", "overwrite",
        "questions", "empty",
    )  # fmt: skip
    RULES = (
        *LEXICON, "corrections.json", "cues.json", "cues_by_hand.json", "irregular_forms.json", "negation.json",
        "types.json",
    )  # fmt: skip

    def __init__(
        self,
        name: str = "claimx_attribution",
        *,
        threshold: float = 0.35,
        threads: int = 1,
        cue_spans: str = "claimx_cues",
        ignored_spans: str = "claimx_ignored",
        spans_key: str | None = "claimx_names",
        annotate_ents: bool = True,
        overwrite: bool = False,
        questions: bool = False,
        empty: bool = False,
    ) -> None:
        super().__init__(name)
        self.threshold = threshold
        self.cue_spans, self.ignored_spans = cue_spans, ignored_spans
        self.spans_key, self.annotate_ents, self.overwrite = spans_key, annotate_ents, overwrite
        self.questions, self.empty = questions, empty
        self._weights: Weights | None = None
        self._network: Network | None = None
        self.threads = threads

    @property
    def threads(self) -> int:
        """How many windows are read at the same time; 0 is one per core, at most 8."""
        return self._threads

    @threads.setter
    def threads(self, threads: int) -> None:
        self._threads = threads
        if self._network:
            self._network.set_threads(threads_for(threads))

    def __call__(self, doc: Doc) -> Doc:
        [doc] = self._annotate([doc])
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 32) -> Iterator[Doc]:
        """Annotate many Docs, `batch_size` together, in their order."""
        stream = iter(stream)
        while batch := list(islice(stream, batch_size)):
            yield from self._annotate(batch)

    def _annotate(self, docs: list[Doc]) -> list[Doc]:
        for doc, (read, claims) in zip(docs, self.predict(docs), strict=True):
            self._set_names(doc, read)
            found = self.module("layout").with_laid_out(
                self._corrected(doc, self._attributions(doc, claims)), doc.text, doc._.claimx_quotations
            )
            is_negated = self.module("negation").is_negated
            for claim in found:
                claim.negated = is_negated(doc.text, claim.cue, claim.source, claim.content)
            set_attributions(doc, sorted(found, key=lambda a: (a.content[0], a.cue)))
        return docs

    def predict(self, docs: Sequence[Doc]) -> list[tuple[list[Names], list[DecodedClaim]]]:
        """The names that the encoder sees in each Doc, section by section, and all claims in it, however unlikely.

        The Docs stay as they are.
        """
        if self._network is None:
            raise ModelError.no_weights(self.name)
        cut = []
        for doc in docs:
            quotations = doc._.claimx_quotations
            cut += [
                (doc, quotations, section)
                for section in sections(features(doc.text, self._weights.tokenizer, quotations), quotations)
            ]
        names: dict[Doc, list[Names]] = {doc: [] for doc in docs}
        claims: dict[Doc, list[DecodedClaim]] = {doc: [] for doc in docs}
        for group in _groups(cut):
            encoded = self._network.encode([section for _, _, section in group])
            for (doc, quotations, section), found in zip(group, encoded, strict=True):
                names[doc].append(_names_of(found, section))
                claims[doc] += self._decoded(doc, found, quotations, section)
        return [(names[doc], self._kept(doc, claims[doc])) for doc in docs]

    def _kept(self, doc: Doc, claims: list[DecodedClaim]) -> list[DecodedClaim]:
        quotations = doc._.claimx_quotations
        is_ignored = ignored_in(doc, self.ignored_spans)
        claims = [claim for claim in claims if not any(is_ignored(*span) for span in claim.spans)]
        outer = Intervals((q.start, q.end, q) for q in quotations if q.depth == 0)
        text = doc.text
        for claim in claims:
            claim.kind = kind_of(text, claim.content, outer)
        return claims

    def _decoded(self, doc: Doc, encoded: Encoded, quotations: list[Quotation], section: Section) -> list[DecodedClaim]:
        cues = self._cues(doc, encoded)
        if not cues:
            return []
        (start, _), (_, end) = encoded.features.words[[0, -1]]
        offsets, tags = self._network.link(encoded, [(cue.start, cue.end) for cue in cues])
        low, high = (bisect_left(quotations, place, key=attrgetter("start")) for place in (start, end))
        inside = quotations[low:high]  # they are in the order of their starts
        claims = Decoder(encoded.features, encoded.flat, cues, offsets, tags, inside).claims()
        words = section.whole.words
        low, high = int(words[section.first, 0]), int(words[section.last - 1, 1])
        return [claim for claim in claims if low <= claim.cue[0] < high]

    def _attributions(self, doc: Doc, claims: list[DecodedClaim]) -> list[Attribution]:
        text, found = doc.text, []
        cues = self.module("cues")
        given = {
            (span.start_char, span.end_char): (span.id_, span.label_)
            for span in doc.spans.get(self.cue_spans, ())
            if span.label_ in TYPES
        }
        for claim in claims:
            confidence = self._weights.calibration(claim)
            if confidence < self.threshold:
                continue
            cue = text[slice(*claim.cue)]
            if claim.cue in given:
                lemma, kind = given[claim.cue]
            else:
                lemma = cues.lemma_of(cue)
                kind = cues.type_of(lemma, cue)
            found.append(
                Attribution(
                    content=claim.content,
                    cue=claim.cue,
                    source=claim.source,
                    lemma=lemma,
                    type=kind,
                    kind=claim.kind,
                    confidence=round(confidence, 3),
                    rule="model",
                )
            )
        return found

    def _corrected(self, doc: Doc, found: list[Attribution]) -> list[Attribution]:
        given = {(span.start_char, span.end_char) for span in doc.spans.get(self.cue_spans, ())}
        corrected = self.module("corrections").corrected(
            found, doc.text, doc._.claimx_quotations, given=given, questions=self.questions, empty=self.empty
        )
        is_ignored = ignored_in(doc, self.ignored_spans)
        return [a for a in corrected if not any(is_ignored(*span) for span in (a.cue, a.source) if span)]

    def _cues(self, doc: Doc, encoded: Encoded) -> list[CueCandidate]:
        given = []
        for span in doc.spans.get(self.cue_spans, ()):
            start, end = encoded.features.range_of(span.start_char, span.end_char)
            if start < end:
                given.append(CueCandidate(start, end, 1.0, given=True))
        own = find_cues(encoded.flat)
        own = [cue for cue in own if not any(cue.start < user.end and user.start < cue.end for user in given)]
        return sorted(own + given, key=lambda cue: cue.start)

    def _set_names(self, doc: Doc, read: list[Names]) -> None:
        tokens = tokens_over(doc)

        def spans(head: str) -> Iterator[Span]:
            last = 0
            for names in read:
                words = names.words.tolist()
                for start, end, label in getattr(names, head):
                    low, high = tokens(words[start][0], words[end - 1][1])
                    low = max(last, low)
                    if low < high:
                        yield Span(doc, low, high, label=_LABELS.get(label, label))
                        last = high

        names = list(spans("entities"))
        if self.spans_key is not None:
            before = [] if self.overwrite else list(doc.spans.get(self.spans_key, ()))
            known = {(span.start, span.end, span.label) for span in before}
            doc.spans[self.spans_key] = before + [s for s in names if (s.start, s.end, s.label) not in known]
        if self.annotate_ents:
            _set_ents(doc, names, self.overwrite)
        doc.spans["claimx_roles"] = list(spans("roles"))

    def files(self) -> dict[str, bytes]:
        """Graphs, tokenizer, calibration and their hashes, options and rule files, as files by their names."""
        found = super().files()
        if self._weights:
            manifest = json.dumps(self._weights.hashes, indent=2) + "\n"
            found |= self._weights.files | {MANIFEST: manifest.encode()}
        return found

    def set_files(self, files: Mapping[str, bytes]) -> None:
        """Take what `files` gave; the contents of `FILES` alone are enough."""
        super().set_files(files)
        if set(FILES) <= set(files):
            self._use(Weights.of(files))

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> AttributionModel:
        """Read what `to_disk` wrote and check the weights against their hashes. Raises `ModelError`."""
        super().from_disk(path, exclude=exclude)
        self._use(Weights.read(ensure_path(path)))
        return self

    def _use(self, weights: Weights) -> None:
        self._weights, self._network = weights, weights.network.with_threads(threads_for(self.threads))

    def __getstate__(self) -> dict:
        files = self._weights.files if self._weights else {}
        return {name: value for name, value in vars(self).items() if name not in ("_weights", "_network")} | {
            "_files": files
        }

    def __setstate__(self, state: dict) -> None:
        files = state.pop("_files")
        vars(self).update(state, _weights=None, _network=None)
        if files:
            self._use(Weights.of(files))
