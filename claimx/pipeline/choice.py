"""A choice among candidates by their traits: a conditional logit model (McFadden, 1974), and a yes or no by one.

Weights are learnt (`models/news/decide.py`) and stand in a JSON file by sort of choice and name of trait.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum

from claimx.errors import ModelError

Values = Iterable[tuple[Enum, float]]


class Choice:
    """The weights of one sort of choice. An unknown name of a trait raises `ModelError`."""

    def __init__(self, traits: type[Enum], weights: Mapping[str, float], where: str = "") -> None:
        unknown = sorted(set(weights) - set(traits.__members__))
        if unknown:
            raise ModelError.unknown_trait(where, unknown[0])
        self._weights = [0.0] * (len(traits) + 1)
        for name, weight in weights.items():
            self._weights[traits[name].value] = weight

    def score(self, values: Values) -> float:
        """The weighted sum of traits: log odds where there is but yes and no."""
        weights = self._weights
        return sum(weights[trait.value] * value for trait, value in values)

    def probability(self, values: Values) -> float:
        """The probability of yes."""
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, self.score(values)))))

    def probabilities(self, candidates: Sequence[Values]) -> list[float]:
        """The probability of each candidate, all together 1."""
        scores = [self.score(values) for values in candidates]
        top = max(scores)
        odds = [math.exp(score - top) for score in scores]
        total = sum(odds)
        return [share / total for share in odds]


def choices(traits: type[Enum], weights: Mapping[str, Mapping[str, float]], where: str) -> dict[str, Choice]:
    """The choices of a file of weights, by their sorts."""
    return {sort: Choice(traits, own, f"{where}, {sort}") for sort, own in weights.items()}
