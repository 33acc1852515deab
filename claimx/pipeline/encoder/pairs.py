"""The pair scorers at work: which mention an earlier one goes back to, whose a role is, and at which organization."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from claimx.pipeline.encoder.network import session
from claimx.pipeline.encoder.reading import Reading
from claimx.pipeline.encoder.spelling import Spellings

#: Lefts that are scored together, and mentions before them that are looked at.
_TOGETHER, _BACK = 64, 400
_NEVER = -1e4


class PairScorer:
    """Runs one graph of pairs, given as the bytes of an ONNX file."""

    def __init__(self, graph: bytes) -> None:
        self.graph = graph
        self._session = session(graph)

    def _run(self, left, right, features, words, ranks) -> np.ndarray:
        inputs = {"left": left, "right": right, "features": features, "words": words, "ranks": ranks}
        return self._session.run(None, inputs)[0]

    def antecedents(self, reading: Reading) -> Iterator[tuple[int, int, np.ndarray]]:
        """For some mentions at a time (first, low, (mentions, 1 + earlier) log-probabilities): that the entity is a new
        one, and that the mention goes back to the mention `low`, `low` + 1, ..."""
        spellings, vectors, heads = Spellings(reading.spellings), reading.vectors, reading.heads
        places = Places(reading)
        for first in range(0, len(heads), _TOGETHER):
            left = slice(first, min(first + _TOGETHER, len(heads)))
            right = slice(max(0, first - _BACK), left.stop)
            ranks = np.arange(left.start, left.stop)[:, None] - np.arange(right.start, right.stop)[None]
            words = heads[left][:, None] - heads[right][None]
            shared = spellings.compared(left, right)
            features = np.concatenate([shared[..., :8], places.compared(left, right)[..., :5], shared[..., 8:]], -1)
            scores = self._run(vectors[left], vectors[right], features, words, ranks)
            scores[:, 1:][ranks <= 0] = _NEVER
            yield left.start, right.start, log_softmax(scores)

    def over_mentions(
        self, reading: Reading, vectors: np.ndarray, heads: np.ndarray
    ) -> Iterator[tuple[int, int, np.ndarray]]:
        """The same for other things (roles, organizations) with these `vectors` and `heads`: log-probabilities that it
        is nobody's, and that it is that of the mention `low`, `low` + 1, ..., before or behind it."""
        places, all_heads = Places(reading), reading.heads
        own = places.at(heads)
        rank_of = np.searchsorted(all_heads, heads)
        for first in range(0, len(heads), _TOGETHER):
            left = slice(first, min(first + _TOGETHER, len(heads)))
            right = slice(max(0, int(rank_of[left].min()) - _BACK), int(rank_of[left].max()) + _BACK)
            ranks = rank_of[left][:, None] - np.arange(len(all_heads))[right][None]
            words = heads[left][:, None] - all_heads[right][None]
            features = own.compared(left, right, places)[..., [0, 1, 2, 5]]
            scores = self._run(vectors[left], reading.vectors[right], features, words, ranks)
            yield left.start, right.start, log_softmax(scores)


class Places:
    """Where heads stand: in which paragraph, and whether in a quotation."""

    def __init__(self, reading: Reading, heads: np.ndarray | None = None) -> None:
        self._reading = reading
        heads = reading.heads if heads is None else heads
        self.paragraph, self.quoted = reading.paragraph[heads], reading.quoted[heads]

    def at(self, heads: np.ndarray) -> Places:
        return Places(self._reading, heads)

    def compared(self, left: slice, right: slice, other: Places | None = None) -> np.ndarray:
        """(left, right, 6) as float32: same paragraph, next one; both quoted, only the left, only the right, one."""
        other = other or self
        apart = np.abs(self.paragraph[left][:, None] - other.paragraph[right][None])
        here, there = self.quoted[left][:, None], other.quoted[right][None]
        found = [apart == 0, apart == 1, here & there, here & ~there, ~here & there, here ^ there]
        return np.stack(found, -1).astype(np.float32)


def log_softmax(scores: np.ndarray) -> np.ndarray:
    top = scores.max(1, keepdims=True)
    return scores - top - np.log(np.exp(scores - top).sum(1, keepdims=True))
