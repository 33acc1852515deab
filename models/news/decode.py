"""Decode the network's probabilities of one article into claims.

Segments come from the flat tags, with the evidence of the taggers conditioned on a cue added; each segment belongs to
the cue that gives it the highest mean probability; a quotation is not torn.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from features import Encoded

from claimx.pipeline.quotations import find_quotations

_SOURCE, _CUE, _CONTENT = (1, 2), (3, 4), (5, 6)
_OUTSIDE_RUN = -5.0  # log-penalty of an inside tag that nothing of its kind precedes


@dataclass
class Cue:
    """A cue candidate; `tags` (words, 5) holds what its tagger says of the words from `offset` on."""

    start: int
    end: int
    probability: float
    offset: int
    tags: np.ndarray


@dataclass
class Claim:
    """Offsets are Unicode code points."""

    spans: list[tuple[int, int]]
    cue: tuple[int, int]
    source: tuple[int, int] | None
    score: float


def decode(
    text: str,
    encoded: Encoded,
    flat: np.ndarray,
    candidates: list[Cue],
    cue_threshold: float = 0.4,
    link_threshold: float = 0.15,
    score_threshold: float = 0.25,
    evidence: float = 0.5,
) -> list[Claim]:
    """Claims of an article from `flat` (words, 7) probabilities and the cue candidates."""
    words = encoded.words
    cues = [cue for cue in candidates if cue.probability >= cue_threshold]
    if not len(flat) or not cues:
        return []
    solid = np.array([text[start].isalnum() or text[start] in "$%£€" for start, _ in words])
    content, source = (np.zeros((len(cues), len(words)), np.float32) for _ in range(2))
    for k, cue in enumerate(cues):
        here = slice(cue.offset, cue.offset + len(cue.tags))
        source[k, here], content[k, here] = cue.tags[:, 1] + cue.tags[:, 2], cue.tags[:, 3] + cue.tags[:, 4]
    tags = _viterbi(_with_evidence(flat, content, cues, evidence))
    gaps = encoded.gap[encoded.first]
    paragraph = np.cumsum(gaps == 2)
    ended = [gaps[i] == 2 or i > 0 and text[slice(*words[i - 1])] in '.!?”"' for i in range(len(words))]
    owner = np.full(len(words), -1)
    for start, end in _split(_runs(tags, _CONTENT), ended, content):
        means = content[:, start:end].mean(1)
        if means.max() > link_threshold:
            owner[start:end] = means.argmax()
        elif end - start > 2:
            near = [
                (min(abs(start - cue.end), abs(cue.start - end)), k)
                for k, cue in enumerate(cues)
                if paragraph[cue.start] == paragraph[start]
            ]
            if near and min(near)[0] < 40:
                owner[start:end] = min(near)[1]
    _keep_quotations_whole(text, words, solid, owner)
    sources = _runs(tags, _SOURCE)
    claims = (
        _claim(k, cue, text, words, solid, paragraph, owner, content[k], _source(source[k], sources))
        for k, cue in enumerate(cues)
    )
    return [claim for claim in claims if claim and claim.score >= score_threshold]


def _with_evidence(flat: np.ndarray, content: np.ndarray, cues: list[Cue], weight: float) -> np.ndarray:
    """Log-probabilities of the flat tags, moved by the probability that any cue takes the word as its content."""
    scores = np.log(flat + 1e-4)
    sure = np.array([cue.probability for cue in cues])[:, None]
    taken = np.clip(1 - np.prod(1 - np.minimum(content, 0.999) * sure, 0), 0.02, 0.98)
    scores[:, 5:7] += weight * np.log(taken)[:, None]
    scores[:, :5] += weight * np.log(1 - taken)[:, None]
    return scores


def _viterbi(scores: np.ndarray) -> np.ndarray:
    penalty = np.zeros((7, 7))
    for inside in (2, 4, 6):
        penalty[[tag for tag in range(7) if tag not in (inside, inside - 1)], inside] = _OUTSIDE_RUN
    best = scores[0].copy()
    best[[2, 4, 6]] += _OUTSIDE_RUN
    back = np.zeros((len(scores), 7), int)
    for t in range(1, len(scores)):
        paths = best[:, None] + penalty
        back[t] = paths.argmax(0)
        best = paths.max(0) + scores[t]
    tags = np.zeros(len(scores), int)
    tags[-1] = best.argmax()
    for t in range(len(scores) - 1, 0, -1):
        tags[t - 1] = back[t, tags[t]]
    return tags


def _runs(tags: np.ndarray, pair: tuple[int, int]) -> list[tuple[int, int]]:
    runs, i = [], 0
    while i < len(tags):
        if tags[i] not in pair:
            i += 1
            continue
        end = i + 1
        while end < len(tags) and tags[end] == pair[1]:
            end += 1
        runs.append((i, end))
        i = end
    return runs


def _split(segments: list[tuple[int, int]], ended: list[bool], content: np.ndarray) -> list[tuple[int, int]]:
    """Cut a segment where a sentence ends and another cue takes the words after it."""
    out = []
    for start, end in segments:
        cuts = [start]
        for t in range(start + 1, end) if end - start > 6 else ():
            if ended[t]:
                low, high = max(start, t - 30), min(end, t + 30)
                left, right = content[:, low:t].mean(1).argmax(), content[:, t:high].mean(1).argmax()
                if left != right and content[right, t:high].mean() > 0.5:
                    cuts.append(t)
        out += zip(cuts, [*cuts[1:], end], strict=True)
    return out


def _keep_quotations_whole(text: str, words: np.ndarray, solid: np.ndarray, owner: np.ndarray) -> None:
    for quotation in find_quotations(text):
        start = int(np.searchsorted(words[:, 1], quotation.start, "right"))
        end = int(np.searchsorted(words[:, 0], quotation.end, "left"))
        inside = owner[start:end][solid[start:end]]
        if quotation.depth or len(inside) < 2 or not (inside >= 0).any():
            continue
        most = np.bincount(inside[inside >= 0]).argmax()
        if (inside == most).sum() >= len(inside) / 2:
            owner[start:end] = most


def _source(probability: np.ndarray, runs: list[tuple[int, int]]) -> tuple[int, int] | None:
    """The flat run with the best score, else the best run of the cue's own tagger; in words."""
    scored = [(probability[start:end].mean(), (start, end)) for start, end in runs]
    best = max(scored, default=(0, None), key=lambda pair: pair[0])
    if best[0] > 0.3:
        return best[1]
    likely = np.nonzero(probability > 0.5)[0]
    if not len(likely):
        return None
    parts = np.split(likely, np.nonzero(np.diff(likely) > 2)[0] + 1)
    part = max(parts, key=lambda part: probability[part].sum())
    return int(part[0]), int(part[-1]) + 1


def _claim(k, cue, text, words, solid, paragraph, owner, content, source) -> Claim | None:
    own = np.nonzero(owner == k)[0]
    for left, right in zip(own, own[1:], strict=False):  # marks between two pieces join them
        between = slice(left + 1, right)
        near = 1 < right - left <= 3 and paragraph[left] == paragraph[right]
        if near and not solid[between].any() and (owner[between] == -1).all():
            owner[between] = k
    own = np.nonzero(owner == k)[0]
    pieces = [(int(p[0]), int(p[-1]) + 1) for p in np.split(own, np.nonzero(np.diff(own) > 1)[0] + 1) if len(p)]
    spans = [span for piece in pieces if (span := _trimmed(piece, text, words, solid))]
    if not spans:
        return None
    score = cue.probability * float(np.mean([content[start:end].mean() for start, end in pieces]))
    return Claim(sorted(spans), _offsets(words, cue.start, cue.end), source and _offsets(words, *source), score)


def _trimmed(piece: tuple[int, int], text: str, words: np.ndarray, solid: np.ndarray) -> tuple[int, int] | None:
    """A piece in code points, without the marks at its edges but for those of quotations."""
    start, end = piece
    while start < end and not solid[start] and text[slice(*words[start])] not in "“\"'‘«„":
        start += 1
    while end > start and not solid[end - 1] and text[slice(*words[end - 1])] not in "”\"'’»“":
        end -= 1
    return _offsets(words, start, end) if solid[start:end].any() else None


def _offsets(words: np.ndarray, start: int, end: int) -> tuple[int, int]:
    return int(words[start][0]), int(words[end - 1][1])
