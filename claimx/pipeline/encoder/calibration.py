"""How sure the network is, as a probability that means something."""

from __future__ import annotations

import math
from dataclasses import dataclass

from claimx.pipeline.encoder.decoding import DecodedClaim

#: The file of a calibration, beside the graphs.
FILE = "calibration.json"
#: What a confidence is made from, in the order of the weights.
TRAITS = ("cue", "content", "source", "no source", "quoted", "pieces")


def traits(claim: DecodedClaim) -> list[float]:
    """Log odds of the network's probabilities for cue, content and source, and what kind of claim it is."""
    return [
        _logit(claim.cue_probability),
        _logit(claim.content_probability),
        _logit(claim.source_probability),
        float(claim.source is None),
        float(claim.kind != "indirect"),
        math.log(len(claim.content)),
    ]


@dataclass(slots=True)
class Calibration:
    """P(the claim is one and its source is right): logistic regression on the traits of a claim (Platt, 1999)."""

    weights: list[float]
    bias: float

    def __call__(self, claim: DecodedClaim) -> float:
        score = self.bias + sum(w * x for w, x in zip(self.weights, traits(claim), strict=True))
        return 1 / (1 + math.exp(-score))


def _logit(p: float) -> float:
    p = min(max(p, 1e-4), 1 - 1e-4)
    return math.log(p / (1 - p))
