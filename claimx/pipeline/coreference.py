"""Coreference of sources: which candidate a pronoun, a noun phrase or a claim without source means.

A conditional logit model over the traits of the candidates (`candidates.py`): the probability of a candidate is the
softmax of the sums of its traits' weights. The weights (``rules/speaker_weights.json``: sort of source -> trait ->
weight, those under "any" hold for all sorts) are learnt by ``models/learn_speakers.py``. A mention-ranking model in
the sense of Denis and Baldridge (2008), "Specialized models and ranking for coreference resolution".
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from claimx.pipeline.candidates import Candidate
from claimx.rules import load

ANY = "any"
_WEIGHTS: dict[str, dict[str, float]] = load("speaker_weights.json")


def weights_of(sort: str, traits: dict[str, float]) -> dict[str, float]:
    """What each trait of a candidate adds to its score, for a sort of source."""
    own, shared = _WEIGHTS.get(sort, {}), _WEIGHTS.get(ANY, {})
    return {trait: (own.get(trait, 0.0) + shared.get(trait, 0.0)) * value for trait, value in traits.items()}


def choose(sort: str, candidates: Sequence[Candidate]) -> tuple[Candidate, float]:
    """The most probable candidate and its probability."""
    scores = [sum(weights_of(sort, candidate.traits).values()) for candidate in candidates]
    best = max(range(len(scores)), key=scores.__getitem__)
    return candidates[best], 1 / sum(math.exp(score - scores[best]) for score in scores)
