"""Cues: runs of words that the network takes for one, together with those that rules give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_CUE = (3, 4)
#: A word may be part of a cue from this probability on; a run of such words is a cue if its best word reaches _SURE.
_PERHAPS, _SURE = 0.1, 0.4
#: A single word of a list of cues is none where it is one with less probability than this, and nothing its source.
_POSSIBLE, _SOURCED = 0.01, 0.5


@dataclass(slots=True)
class CueCandidate:
    """A run of words that may be a cue; `probability` is that of its best word. The cue of a rule is `given`.

    An `ambiguous` one is a single word of a list, and may be another of the same spelling: the bird, not the verb.
    """

    start: int
    end: int
    probability: float
    given: bool = False
    ambiguous: bool = False


def find_cues(flat: np.ndarray, given: Sequence[CueCandidate] = ()) -> list[CueCandidate]:
    """Runs of words that are likely a cue, by `flat` (words, 7), and those that are given, in the order of the text.

    `given` come in that order too, none over another. One that a run overlaps, however unlikely, is given all of it:
    the network knows the auxiliaries.
    """
    found = _likely_cues(flat, _PERHAPS if given else _SURE)
    cues: list[CueCandidate] = []
    for cue in sorted([*found, *given], key=lambda cue: (cue.start, cue.end)):
        last = cues[-1] if cues else None
        if last and cue.start < last.end and (last.given or cue.given):
            both = last.given and cue.given
            cues[-1] = CueCandidate(last.start, max(last.end, cue.end), 1.0, True, both and last.ambiguous)
        else:
            cues.append(cue)
    return [cue for cue in cues if cue.given or cue.probability >= _SURE]


def _likely_cues(flat: np.ndarray, least: float) -> list[CueCandidate]:
    """Runs of words of which one at least is a cue with the probability `least`."""
    probability = flat[:, _CUE].sum(1)
    begins = (flat[:, 3] > np.maximum(0.5, flat[:, 4])).tolist()
    runs: list[tuple[int, int]] = []
    for i in np.flatnonzero(probability >= _PERHAPS).tolist():
        if runs and runs[-1][1] == i and not begins[i]:
            runs[-1] = runs[-1][0], i + 1
        else:
            runs.append((i, i + 1))
    cues = []
    for start, end in runs:
        run = probability[start:end]
        top = float(run.max())
        if top >= least:
            sure = np.flatnonzero(run >= min(0.5, 0.6 * top))
            cues.append(CueCandidate(start + int(sure[0]), start + int(sure[-1]) + 1, top))
    return cues


def are_meant(cues: Sequence[CueCandidate], flat: np.ndarray, tags: np.ndarray) -> np.ndarray:
    """Which of `cues` the network takes for cues at all: (cues,). It is asked about ambiguous ones only.

    `flat` are the flat tags (words, 7), `tags` what `Network.link` says around each cue.
    """
    sources = tags[:, :, 1:3].sum(-1).max(-1)
    return np.array(
        [
            not cue.ambiguous or flat[cue.start : cue.end, _CUE].sum(1).max() >= _POSSIBLE or source >= _SOURCED
            for cue, source in zip(cues, sources.tolist(), strict=True)
        ],
        bool,
    )
