"""The reader's heads at work: what they see of mentions and roles in one section of a text after another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from claimx.pipeline.encoder.decoding import find_spans
from claimx.pipeline.encoder.features import NEW_PARAGRAPH, OUTSIDE, Features
from claimx.pipeline.encoder.network import Encoded, session
from claimx.pipeline.encoder.reading import Reading
from claimx.pipeline.encoder.sections import Section
from claimx.pipeline.encoder.spelling import ROLE, Spelling, spelling_of
from claimx.pipeline.encoder.tags import ROLE_TAGS

#: The least probability of a mention at its head.
_MENTION = 0.5
#: Pronouns that always mention somebody.
_ALWAYS = frozenset(["he", "him", "his", "himself", "she", "her", "hers", "herself"])
#: Words that end the phrase around a head: what follows hangs on it.
_CUTS = frozenset(
    [
        "of",
        "for",
        "at",
        "from",
        "in",
        "with",
        "to",
        "on",
        "by",
        "who",
        "which",
        "that",
        "whose",
        "where",
        "whom",
        ",",
        "(",
        "-",
        "–",
        "—",
        "&",
        "and",
        "against",
        "about",
        "over",
        "under",
        "near",
        "between",
        "among",
    ]
)


def head_of(words: Sequence[str]) -> int:
    """The place of the head word in the words of a noun phrase: "governor" in "the governor of the bank"."""
    stop = next((i for i in range(1, len(words)) if words[i].lower() in _CUTS), len(words))
    while stop > 1 and not any(c.isalnum() for c in words[stop - 1]):
        stop -= 1
    return stop - 1


def _joined(features: Features, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans of roles in which the possessive before a noun is part of the role: sheriff’s deputy."""
    text, words = features.text, features.words
    found: list[tuple[int, int]] = []
    for start, end in spans:
        if found and found[-1][1] == start and text[slice(*words[start - 1])].lower().endswith(("'s", "’s")):
            found[-1] = found[-1][0], end
        else:
            found.append((start, end))
    return found


class ReaderHeads:
    """Runs the graphs `mentions` (tags of words), `extents` and `vectors`, each the bytes of an ONNX file."""

    def __init__(self, mentions: bytes, extents: bytes, vectors: bytes) -> None:
        self._mentions, self._extents, self._vectors = map(session, (mentions, extents, vectors))

    def collect(self) -> Collector:
        return Collector(self)

    def tags(self, states: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """States (words, width) -> probabilities of kinds (words, 6) and of role tags (words, 3)."""
        return tuple(self._mentions.run(None, {"states": states}))

    def extents(self, states: np.ndarray, heads: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The first and end words of the mentions with these heads."""
        left, right = self._extents.run(None, {"states": states, "heads": heads})
        return heads - left.argmax(1), heads + right.argmax(1) + 1

    def vectors(self, states: np.ndarray, spans: np.ndarray, spellings: Sequence[Spelling]) -> np.ndarray:
        """Vectors of spans (n, 3), each a head, a first and a last word."""
        told = {"form": [s.form for s in spellings], "pronoun": [s.pronoun for s in spellings]}
        places = dict(zip(("head", "start", "last"), spans.T.astype(np.int64), strict=True))
        inputs = {"states": states} | places | {name: np.array(values, np.int64) for name, values in told.items()}
        return self._vectors.run(None, inputs)[0]


class Collector:
    """Puts the reading of a text together from that of its sections, which are added in their order."""

    def __init__(self, heads: ReaderHeads) -> None:
        self._heads = heads
        self._mentions: list[tuple[np.ndarray, ...]] = []
        self._roles: list[tuple[np.ndarray, ...]] = []
        self._spellings: list[Spelling] = []

    def add(self, section: Section, encoded: Encoded, sources: Iterable[tuple[int, int]]) -> None:
        """Read the words of a section; `sources` are code points of phrases that must be mentions."""
        features, states = encoded.features, encoded.states
        low, high = section.first - section.start, section.last - section.start
        kinds, roles = self._heads.tags(states)
        self._add_mentions(section.start, features, states, kinds, low, high, sources)
        spans = [span[:2] for span in find_spans(roles, ROLE_TAGS) if low <= span[0] < high]
        spans = _joined(features, spans)
        if spans:
            bounds = np.array(spans, np.int64)
            told = np.column_stack([bounds[:, 1] - 1, bounds[:, 0], bounds[:, 1] - 1])
            vectors = self._heads.vectors(states, told, [Spelling(ROLE, 0, ())] * len(spans))
            scores = np.array([1 - roles[start:end, 0].max() for start, end in spans], np.float32)
            self._roles.append((bounds + section.start, scores, vectors))

    def _add_mentions(self, shift, features: Features, states, kinds, low, high, sources) -> None:
        text, words = features.text, features.words.tolist()
        own = {int(i) for i in np.flatnonzero(kinds[low:high, 0] < _MENTION) + low}
        given: dict[int, tuple[int, int]] = {}
        for i in range(low, high):
            if i not in own and text[words[i][0] : words[i][1]].lower() in _ALWAYS:
                given[i] = (i, i + 1)
        starts: dict[int, tuple[int, int]] = {}
        heads = np.array(sorted(own), np.int64)
        if len(heads):
            begins, ends = self._heads.extents(states, heads)
            starts = {h: (a, b) for h, a, b in zip(heads.tolist(), begins.tolist(), ends.tolist(), strict=True)}
        for source in sources:
            start, end = features.range_of(*source)
            if not low <= start < end or start >= high:
                continue
            head = start + head_of([text[a:b] for a, b in words[start:end]])
            if head not in starts:
                given[head] = (start, end)
        spans = starts | given
        if not spans:
            return
        order = sorted(spans)
        bounds = np.array([spans[h] for h in order], np.int64)
        spellings = [spelling_of(text[words[a][0] : words[b - 1][1]]) for a, b in bounds.tolist()]
        place = np.array(order, np.int64)
        vectors = self._heads.vectors(states, np.column_stack([place, bounds[:, 0], bounds[:, 1] - 1]), spellings)
        self._mentions.append((place + shift, bounds + shift, kinds[place], vectors))
        self._spellings += spellings

    def reading(self, features: Features) -> Reading:
        """All that was added; `features` are those of the whole text."""
        gap, quote = features.gap[features.first], features.quote[features.first]

        def joined(rows: list[tuple[np.ndarray, ...]], *shapes: tuple[int, ...]) -> Iterable[np.ndarray]:
            empty = tuple(np.zeros(shape, np.int64 if i == 0 else np.float32) for i, shape in enumerate(shapes))
            return map(np.concatenate, zip(*(rows or [empty]), strict=True))

        heads, bounds, kinds, vectors = joined(self._mentions, (0,), (0, 2), (0, 6), (0, 256))
        roles, scores, role_vectors = joined(self._roles, (0, 2), (0,), (0, 256))
        return Reading(
            features.words,
            np.cumsum(gap >= NEW_PARAGRAPH),
            quote != OUTSIDE,
            heads.astype(np.int64),
            bounds[:, 0].astype(np.int64),
            bounds[:, 1].astype(np.int64),
            kinds,
            vectors,
            roles.astype(np.int64),
            scores,
            role_vectors,
            self._spellings,
        )
