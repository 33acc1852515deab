"""Probabilities of tags into claims.

Segments come from the flat tags, moved by the evidence of the taggers conditioned on a cue; each segment belongs to
the cue that gives it the highest mean probability; no quotation is torn. Works on arrays over the words of an article.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from claimx.pipeline.annotations import Offsets, Quotation
from claimx.pipeline.encoder.cues import CueCandidate
from claimx.pipeline.encoder.features import NEW_PARAGRAPH, Features

_SOURCE, _CONTENT = (1, 2), (5, 6)
#: Log-penalty of an inside tag that nothing of its kind precedes.
_TORN = -5.0
_INSIDES = (2, 4, 6)
#: Weight of the evidence of the cues' taggers in the choice of the flat tags.
_EVIDENCE = 1.0
#: The same for the content of a user's own cue, and the probability that its likeliest word is raised to.
_GIVEN_EVIDENCE, _LIKELIEST, _RATHER = 3.0, 0.95, 0.25
#: A segment goes to the cue that takes it with this mean probability, else to the nearest cue of its paragraph.
_TAKEN, _NEAR = 0.15, 40
_OPENING, _CLOSING = "“\"'‘«„", "”\"'’»“"


@dataclass(slots=True)
class DecodedClaim:
    """Offsets are Unicode code points. The rest tells how sure the network is: of cue, content and source."""

    content: list[Offsets]
    cue: Offsets
    source: Offsets | None
    cue_probability: float
    content_probability: float
    source_probability: float
    kind: str = ""

    @property
    def spans(self) -> list[Offsets]:
        """All that the claim is made of."""
        return [*self.content, self.cue, *([self.source] if self.source else [])]


class Decoder:
    """Decodes one article. `offsets` and `tags` are what `Network.link` says around each of `cues`."""

    def __init__(
        self,
        features: Features,
        flat: np.ndarray,
        cues: Sequence[CueCandidate],
        offsets: np.ndarray,
        tags: np.ndarray,
        quotations: Sequence[Quotation],
    ) -> None:
        self.text, self.words, self.cues, self.features = features.text, features.words, cues, features
        self.starts, self.ends = features.words.T.tolist()
        self.solid = np.array([self.text[start].isalnum() or self.text[start] in "$%£€" for start in self.starts])
        self.paragraph = np.cumsum(features.gap[features.first] == NEW_PARAGRAPH)
        self.quoted = features.quote[features.first] > 0
        self.quotations = [quotation for quotation in quotations if quotation.depth == 0]
        shape = len(cues), len(self.words)
        self.content, self.source = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
        for k, (offset, near) in enumerate(zip(offsets.tolist(), tags, strict=True)):
            here = slice(offset, offset + len(near))
            self.source[k, here], self.content[k, here] = near[:, 1] + near[:, 2], near[:, 3] + near[:, 4]
        for k, cue in enumerate(cues):
            if cue.given:
                self._trust(k)
        self.tags = _viterbi(self._scores(flat))
        self.owner = np.full(len(self.words), -1)

    def claims(self) -> list[DecodedClaim]:
        """The claims, in the order of their cues."""
        for start, end in self._segments():
            means = self.content[:, start:end].mean(1) * self._in_reach(start, end)
            if means.max() > _TAKEN:
                self.owner[start:end] = means.argmax()
            elif end - start > 2:
                self._give_to_nearest(start, end)
        self._keep_quotations_whole()
        runs = np.array(_runs(self.tags, _SOURCE)).reshape(-1, 2)
        return [claim for k in range(len(self.cues)) if (claim := self._claim(k, runs))]

    def _in_reach(self, start: int, end: int) -> np.ndarray:
        """Which cues may take a segment: those of its paragraph, and any where it stands in quotation marks."""
        if self.quoted[start:end].any():
            return np.ones(len(self.cues), bool)
        return self.paragraph[[cue.start for cue in self.cues]] == self.paragraph[start]

    def _trust(self, k: int) -> None:
        """The network doubts a cue it does not know: what counts is what it would rather take than the rest."""
        for probabilities in (self.content[k], self.source[k]):
            probabilities *= max(1.0, _LIKELIEST / max(0.1, probabilities.max(initial=0.0)))
        taken = np.flatnonzero(self.content[k] > _RATHER)
        for left, right in zip(taken, taken[1:], strict=False):
            if right - left <= 3:  # a word or two that it doubts among others
                self.content[k, left : right + 1] = np.maximum(self.content[k, left : right + 1], _LIKELIEST)

    def _scores(self, flat: np.ndarray) -> np.ndarray:
        """Log-probabilities of the flat tags, moved by the probability that any cue takes the word as its content."""
        scores = np.log(flat + 1e-4)
        sure = np.array([cue.probability for cue in self.cues])[:, None]
        taken = np.clip(1 - np.prod(1 - np.minimum(self.content, 0.999) * sure, 0), 0.02, 0.98)
        weight = np.full(len(flat), _EVIDENCE)
        for k, cue in enumerate(self.cues):
            if cue.given:  # the flat tags do not know of it
                weight[self.content[k] > _RATHER] = _GIVEN_EVIDENCE
                scores[cue.start : cue.end, 3:5] += _GIVEN_EVIDENCE
        scores[:, 5:7] += (weight * np.log(taken))[:, None]
        scores[:, :5] += (weight * np.log(1 - taken))[:, None]
        return scores

    def _segments(self) -> list[tuple[int, int]]:
        """Runs of content, cut where a sentence ends and another cue takes the words after it."""
        out = []
        for start, end in _runs(self.tags, _CONTENT):
            cuts = [start]
            for t in range(start + 1, end) if end - start > 6 else ():
                if self._begins_sentence(t):
                    low, high = max(start, t - 30), min(end, t + 30)
                    left, right = self.content[:, low:t].mean(1).argmax(), self.content[:, t:high].mean(1).argmax()
                    if left != right and self.content[right, t:high].mean() > 0.5:
                        cuts.append(t)
            out += zip(cuts, [*cuts[1:], end], strict=True)
        return out

    def _begins_sentence(self, t: int) -> bool:
        return self.text[self.ends[t - 1] - 1] in '.!?”"' or self.paragraph[t] != self.paragraph[t - 1]

    def _give_to_nearest(self, start: int, end: int) -> None:
        distances = [
            (min(abs(start - cue.end), abs(cue.start - end)), k)
            for k, cue in enumerate(self.cues)
            if self.paragraph[cue.start] == self.paragraph[start]
        ]
        if distances and min(distances)[0] < _NEAR:
            self.owner[start:end] = min(distances)[1]

    def _keep_quotations_whole(self) -> None:
        for quotation in self.quotations:
            start, end = self.features.range_of(quotation.start, quotation.end)
            inside = self.owner[start:end][self.solid[start:end]]
            owned = inside[inside >= 0]
            if len(inside) < 2 or not len(owned):
                continue
            most = np.bincount(owned).argmax()
            if 2 * (inside == most).sum() >= len(inside):
                self.owner[start:end] = most

    def _claim(self, k: int, runs: np.ndarray) -> DecodedClaim | None:
        cue = self.cues[k]
        source, certainty = self._source_of(self.source[k], runs)
        self._bridge(k, np.flatnonzero(self.owner == k).tolist())
        own = self.owner == k
        own[cue.start : cue.end] = False
        if source:
            own[slice(*source)] = False
        own = np.flatnonzero(own)
        if not len(own):
            return None
        pieces = [(int(p[0]), int(p[-1]) + 1) for p in np.split(own, np.flatnonzero(np.diff(own) > 1) + 1)]
        spans = [span for piece in pieces if (span := self._trimmed(*piece))]
        if not spans:
            return None
        return DecodedClaim(
            spans,
            self._offsets(cue.start, cue.end),
            source and self._offsets(source[0], self._bracketed(*source)),
            cue.probability,
            float(np.mean([self.content[k, start:end].mean() for start, end in pieces])),
            certainty,
        )

    def _bridge(self, k: int, own: list[int]) -> None:
        """Marks between two pieces join them."""
        for left, right in zip(own, own[1:], strict=False):
            if 1 < right - left <= 3 and self.paragraph[left] == self.paragraph[right]:
                between = slice(left + 1, right)
                if not self.solid[between].any() and (self.owner[between] == -1).all():
                    self.owner[between] = k

    @staticmethod
    def _source_of(probability: np.ndarray, runs: np.ndarray) -> tuple[tuple[int, int] | None, float]:
        """The flat run with the best score, else the best run of the cue's own tagger; and how sure that is."""
        if len(runs):
            sums = np.concatenate(([0.0], np.cumsum(probability)))
            means = (sums[runs[:, 1]] - sums[runs[:, 0]]) / (runs[:, 1] - runs[:, 0])
            best = int(means.argmax())
            if means[best] > 0.3:
                return tuple(runs[best].tolist()), float(means[best])
        likely = np.flatnonzero(probability > 0.5)
        if not len(likely):
            return None, 1 - float(probability.max(initial=0.0))
        parts = np.split(likely, np.flatnonzero(np.diff(likely) > 2) + 1)
        part = max(parts, key=lambda part: probability[part].sum())
        return (int(part[0]), int(part[-1]) + 1), float(probability[part].mean())

    def _trimmed(self, start: int, end: int) -> Offsets | None:
        """A piece in code points, without the marks at its edges but for those of quotations."""
        while start < end and not self.solid[start] and self.text[self.starts[start]] not in _OPENING:
            start += 1
        while end > start and not self.solid[end - 1] and self.text[self.starts[end - 1]] not in _CLOSING:
            end -= 1
        return self._offsets(start, end) if self.solid[start:end].any() else None

    def _bracketed(self, start: int, end: int) -> int:
        """The end of a source, behind the bracket that closes one in it where that stands next."""
        inside = self.text[self.starts[start] : self.ends[end - 1]]
        follows = self.text[self.starts[end]] if end < len(self.words) else ""
        return end + (follows == ")" and inside.count("(") == inside.count(")") + 1)

    def _offsets(self, start: int, end: int) -> Offsets:
        return self.starts[start], self.ends[end - 1]


def find_spans(probabilities: np.ndarray, tags: list[str]) -> list[tuple[int, int, str]]:
    """(first word, end word, label) of the names or roles that `probabilities` (words, tags) tell."""
    best = probabilities.argmax(1)
    found: list[tuple[int, int, str]] = []
    for i in np.flatnonzero(best).tolist():
        prefix, _, label = tags[best[i]].partition("-")
        if prefix == "I" and found and found[-1][1] == i and found[-1][2] == label:
            found[-1] = found[-1][0], i + 1, label
        else:
            found.append((i, i + 1, label))
    return found


def _viterbi(scores: np.ndarray) -> np.ndarray:
    """The best sequence of tags under `scores` (words, 7), in which an inside tag follows its like, or pays."""
    rows = scores.tolist()
    best = [score + _TORN * (tag in _INSIDES) for tag, score in enumerate(rows[0])]
    back: list[dict[int, int]] = []  # of each word: the tag before an inside tag, and under -1 that before any other
    for row in rows[1:]:
        highest = max(best)
        torn = highest + _TORN
        values = [highest + score for score in row]
        came = {-1: best.index(highest)}
        for inside in _INSIDES:
            before = inside if best[inside] >= best[inside - 1] else inside - 1
            if best[before] >= torn:
                came[inside], values[inside] = before, best[before] + row[inside]
            else:
                values[inside] += _TORN
        back.append(came)
        best = values
    tags = [best.index(max(best))]
    for came in reversed(back):
        tags.append(came.get(tags[-1], came[-1]))
    return np.array(tags[::-1])


def _runs(tags: np.ndarray, pair: tuple[int, int]) -> list[tuple[int, int]]:
    """Runs of the words tagged with a beginning and its insides; a lone inside begins one too."""
    runs: list[tuple[int, int]] = []
    for i in np.flatnonzero((tags == pair[0]) | (tags == pair[1])).tolist():
        if runs and runs[-1][1] == i and tags[i] == pair[1]:
            runs[-1] = runs[-1][0], i + 1
        else:
            runs.append((i, i + 1))
    return runs
