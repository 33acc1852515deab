"""``claimx_attribution``: content, cue and source of every claim, and the names, by the trained encoder. No parse.

Reads the text and ``doc._.claimx_quotations``. Two span groups let rules take part, set for instance by a
``span_ruler`` or by ``claimx_user_rules`` before this component. Each span of ``doc.spans["claimx_cues"]`` is taken for
a cue whatever the network thinks. One whose label is an attribution type gives its claim that type, and its id as
lemma; where it is a single word, the network must hold it for possible that this is a cue, as words have homographs.
Cues of the rule file ``cues.json`` are added to the group. No claim may touch a span of
``doc.spans["claimx_ignored"]``.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import ensure_path

from claimx.cores import cores
from claimx.errors import ModelError
from claimx.pipeline.annotations import Attribution, Quotation, ignored_in, set_attributions, tokens_over
from claimx.pipeline.attributions.claim_kinds import kind_of
from claimx.pipeline.attributions.corrections import Corrections
from claimx.pipeline.attributions.cue_lexicon import CueLexicon
from claimx.pipeline.attributions.cue_rules import GivenCues, cue_phrases
from claimx.pipeline.attributions.layout import Layout
from claimx.pipeline.attributions.negation import Negation
from claimx.pipeline.component import RuleComponent
from claimx.pipeline.encoder.cues import are_meant, find_cues
from claimx.pipeline.encoder.decoding import DecodedClaim, Decoder
from claimx.pipeline.encoder.features import features
from claimx.pipeline.encoder.network import Encoded, Network
from claimx.pipeline.encoder.reading import Reading, set_reading
from claimx.pipeline.encoder.sections import Section, sections
from claimx.pipeline.encoder.weights import FILES, MANIFEST, Weights
from claimx.pipeline.factory import factory
from claimx.pipeline.intervals import Intervals
from claimx.rules import RuleFiles

#: Words that are encoded together, about.
_TOGETHER = 10_000
_MOST_THREADS = 8


@factory(
    "claimx_attribution",
    default_config={
        "threshold": 0.35,
        "threads": 1,
        "cue_spans": "claimx_cues",
        "ignored_spans": "claimx_ignored",
        "questions": False,
        "empty": False,
    },
    requires=["doc._.claimx_quotations"],
    assigns=["doc._.claimx_attributions", "doc.spans"],
)
def create_attribution(
    nlp: Language,
    name: str,
    threshold: float,
    threads: int,
    cue_spans: str,
    ignored_spans: str,
    questions: bool,
    empty: bool,
) -> AttributionFinder:
    return AttributionFinder(
        name,
        threshold=threshold,
        threads=threads,
        cue_spans=cue_spans,
        ignored_spans=ignored_spans,
        questions=questions,
        empty=empty,
    ).configured()


@dataclass(slots=True)
class _Part:
    """A section of a Doc, with the quotations and the given cues of the whole Doc."""

    doc: Doc
    quotations: list[Quotation]
    given: GivenCues
    section: Section


def _groups(parts: Iterable[_Part]) -> Iterator[list[_Part]]:
    """Sections that are encoded together: as many as `_TOGETHER` words, so that memory does not grow with a text."""
    group, words = [], 0
    for part in parts:
        group.append(part)
        words += part.section.end - part.section.start
        if words >= _TOGETHER:
            yield group
            group, words = [], 0
    if group:
        yield group


def threads_for(threads: int) -> int:
    """How many threads are meant: 0 is one per core that this process may use, at most 8."""
    return threads or min(cores(), _MOST_THREADS)


def _set_reading(doc: Doc, reading: Reading) -> None:
    """Keep what was read for the components that follow, and show the roles."""
    set_reading(doc, reading)
    tokens, words = tokens_over(doc), reading.words.tolist()
    spans = (tokens(words[start][0], words[end - 1][1]) for start, end in reading.roles.tolist())
    doc.spans["claimx_roles"] = [Span(doc, low, high, label="ROLE") for low, high in spans if low < high]


class AttributionFinder(RuleComponent):
    """Sets ``doc._.claimx_attributions``, ``doc.spans["claimx_roles"]``, and what `reading_of` gives to others.

    `threshold` is the least confidence of a claim that is kept. `threads` windows are read at the same time; a result
    depends neither on it nor on the other texts of a batch. What the network finds is corrected (`corrections.py`);
    with `questions`, those that nobody is named to put are claims too, and with `empty`, claims that only point
    ("denied it"). Raises `ModelError` where no weights have been loaded.
    """

    OPTIONS = ("threshold", "threads", "cue_spans", "ignored_spans", "questions", "empty")
    RULES = tuple(sorted({"cues.json", *Corrections.FILES, *CueLexicon.FILES, *Layout.FILES, *Negation.FILES}))

    def __init__(
        self,
        name: str = "claimx_attribution",
        *,
        threshold: float = 0.35,
        threads: int = 1,
        cue_spans: str = "claimx_cues",
        ignored_spans: str = "claimx_ignored",
        questions: bool = False,
        empty: bool = False,
    ) -> None:
        super().__init__(name)
        self.threshold = threshold
        self.questions, self.empty = questions, empty
        self.cue_spans, self.ignored_spans = cue_spans, ignored_spans
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

    def use_rules(self, rules: RuleFiles) -> None:
        """Take rule files in the place of those there were."""
        super().use_rules(rules)
        self._lexicon, self._layout, self._negation = CueLexicon(rules), Layout(rules), Negation(rules)
        self._corrections = Corrections(rules)
        self._cue_rules = cue_phrases(rules.load("cues.json"), rules)

    def __call__(self, doc: Doc) -> Doc:
        [doc] = self._annotate([doc])
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 32) -> Iterator[Doc]:
        """Annotate many Docs, `batch_size` together, in their order."""
        stream = iter(stream)
        while batch := list(islice(stream, batch_size)):
            yield from self._annotate(batch)

    def _annotate(self, docs: list[Doc]) -> list[Doc]:
        for doc in docs if self._cue_rules else ():
            self._cue_rules.add_to(doc, self.cue_spans)
        for doc, (reading, claims) in zip(docs, self.predict(docs), strict=True):
            _set_reading(doc, reading)
            found = self._corrected(doc, self._attributions(doc, claims))
            found = self._layout.added_to(found, doc.text, doc._.claimx_quotations)
            for claim in found:
                claim.negated = self._negation.is_negated(doc.text, claim.cue, claim.source, claim.content)
            set_attributions(doc, sorted(found, key=lambda a: (a.content[0], a.cue)))
        return docs

    def predict(self, docs: Sequence[Doc]) -> list[tuple[Reading, list[DecodedClaim]]]:
        """What the encoder reads in each Doc of mentions and roles, and all claims in it, however unlikely.

        The Docs stay as they are.
        """
        if self._network is None:
            raise ModelError.no_weights(self.name)
        parts, wholes = [], []
        for doc in docs:
            quotations, given = doc._.claimx_quotations, GivenCues(doc.spans.get(self.cue_spans, ()))
            wholes.append(features(doc.text, self._weights.tokenizer, quotations))
            parts += [_Part(doc, quotations, given, section) for section in sections(wholes[-1], quotations)]
        read = {doc: self._weights.heads.collect() for doc in docs}
        claims: dict[Doc, list[DecodedClaim]] = {doc: [] for doc in docs}
        for group in _groups(parts):
            encoded = self._network.encode([part.section for part in group])
            for part, found in zip(group, encoded, strict=True):
                own = self._decoded(part, found)
                claims[part.doc] += own
                read[part.doc].add(part.section, found, [claim.source for claim in own if claim.source])
        return [
            (read[doc].reading(whole), self._kept(doc, claims[doc])) for doc, whole in zip(docs, wholes, strict=True)
        ]

    def _kept(self, doc: Doc, claims: list[DecodedClaim]) -> list[DecodedClaim]:
        quotations = doc._.claimx_quotations
        is_ignored = ignored_in(doc, self.ignored_spans)
        claims = [claim for claim in claims if not any(is_ignored(*span) for span in claim.spans)]
        outer = Intervals((q.start, q.end, q) for q in quotations if q.depth == 0)
        text = doc.text
        for claim in claims:
            claim.kind = kind_of(text, claim.content, outer)
        return claims

    def _decoded(self, part: _Part, encoded: Encoded) -> list[DecodedClaim]:
        cues = find_cues(encoded.flat, part.given.candidates(encoded.features))
        if not cues:
            return []
        offsets, tags = self._network.link(encoded, [(cue.start, cue.end) for cue in cues])
        meant = are_meant(cues, encoded.flat, tags)
        cues, offsets, tags = [cue for cue, kept in zip(cues, meant, strict=True) if kept], offsets[meant], tags[meant]
        (start, _), (_, end) = encoded.features.words[[0, -1]]
        low, high = (bisect_left(part.quotations, place, key=attrgetter("start")) for place in (start, end))
        inside = part.quotations[low:high]  # they are in the order of their starts
        claims = Decoder(encoded.features, encoded.flat, cues, offsets, tags, inside).claims() if cues else []
        section = part.section
        low, high = (section.whole.words[section.first, 0], section.whole.words[section.last - 1, 1])
        return [claim for claim in claims if low <= claim.cue[0] < high]

    def _attributions(self, doc: Doc, claims: list[DecodedClaim]) -> list[Attribution]:
        text, found = doc.text, []
        given = GivenCues(doc.spans.get(self.cue_spans, ()))
        for claim in claims:
            confidence = self._weights.calibration(claim)
            if confidence < self.threshold:
                continue
            cue = text[slice(*claim.cue)]
            lemma, kind = given.lemma_and_type(claim.cue) or self._lexicon.lemma_and_type(cue)
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
        corrected = self._corrections.corrected(
            found, doc.text, doc._.claimx_quotations, given=given, questions=self.questions, empty=self.empty
        )
        is_ignored = ignored_in(doc, self.ignored_spans)
        return [a for a in corrected if not any(is_ignored(*span) for span in (a.cue, a.source) if span)]

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

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> AttributionFinder:
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
