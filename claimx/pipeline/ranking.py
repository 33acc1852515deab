"""Choosing among candidates by the traits that speak for and against each.

A conditional logit model: the probability of a candidate is the softmax of the sums of its traits' weights. Weights
are data, sort of question -> trait -> weight, those under "any" for all sorts; scripts in ``models/`` learn them. As a
model of coreference this is the mention ranking of Denis and Baldridge (2008), "Specialized models and ranking for
coreference resolution".
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from claimx.rules import load

#: Weights under this name hold for all sorts.
ANY = "any"


@dataclass(slots=True)
class Candidate:
    """`key` tells candidates apart; `kind`, `name` and `place` (a token, -1 for none) say what it stands for."""

    key: tuple
    traits: dict[str, float]
    kind: str = ""
    name: str = ""
    place: int = -1


class Ranker:
    """Ranks candidates by the weights of one file of ``claimx/rules``."""

    def __init__(self, file: str) -> None:
        self._weights: dict[str, dict[str, float]] = load(file)

    def weights_of(self, sort: str, traits: dict[str, float]) -> dict[str, float]:
        """What each trait of a candidate adds to its score, for a sort of question."""
        own, shared = self._weights.get(sort, {}), self._weights.get(ANY, {})
        return {trait: (own.get(trait, 0.0) + shared.get(trait, 0.0)) * value for trait, value in traits.items()}

    def probabilities(self, sort: str, candidates: Sequence[Candidate]) -> list[float]:
        """The probability of each of one or more candidates."""
        scores = [sum(self.weights_of(sort, candidate.traits).values()) for candidate in candidates]
        best = max(scores)
        exps = [math.exp(score - best) for score in scores]
        total = sum(exps)
        return [exp / total for exp in exps]

    def choose(self, sort: str, candidates: Sequence[Candidate]) -> tuple[Candidate, float]:
        """The most probable candidate and its probability."""
        probabilities = self.probabilities(sort, candidates)
        best = max(range(len(candidates)), key=probabilities.__getitem__)
        return candidates[best], probabilities[best]
