"""The cue lexicon: how often each cue in each construction is an attribution."""

from __future__ import annotations

import math

from claimx.pipeline.frames import Candidate
from claimx.rules import load


class CueLexicon:
    """How likely a cue in a frame is an attribution: the rates of ``cues.json`` shifted by ``context.json``."""

    def __init__(self) -> None:
        lexicon, context = load("cues.json"), load("context.json")
        self.defaults: dict[str, float] = lexicon["defaults"]
        self.cues: dict[str, dict] = {lemma: {**entry} for lemma, entry in lexicon["cues"].items()}
        for lemma, frames in load("cues_by_hand.json").items():
            entry = self.cues.setdefault(lemma, {"lean": 0.0, "frames": {}})
            entry["frames"] = {**entry["frames"], **frames}
        self.traits: dict[str, float] = context["traits"]
        self.average: float = context["average"]
        groups: dict[str, float] = {}
        for trait, weight in self.traits.items():
            group = trait.split(":")[0]
            groups[group] = max(weight, groups.get(group, 0.0))
        self.most_shift = sum(groups.values()) - self.average  # what the best context adds, in log odds
        self.ceilings: dict[tuple[str, str], float] = {}

    def rate(self, lemma: str, frame: str) -> float:
        entry = self.cues.get(lemma)
        if entry is None:
            return self.defaults.get(frame, 0.02)
        if frame in entry["frames"]:
            return entry["frames"][frame]
        if frame == "quotation":
            return _sigmoid(_logit(self.defaults[frame]) - 1 + entry["lean"])
        return _sigmoid(_logit(self.defaults.get(frame, 0.02)) + entry["lean"])

    def quotation_rate(self, lemma: str) -> float:
        return self.rate(lemma, "quotation")

    def probability(self, candidate: Candidate) -> float:
        """P(attribution | cue, frame, context)."""
        shift = sum(self.traits.get(trait, 0.0) for trait in candidate.context) - self.average
        if candidate.frame == "according":
            return 0.9
        if candidate.frame == "clause":  # a whole phrase, which no context changes
            return self.rate(candidate.lemma, candidate.frame)
        return _sigmoid(_logit(self.rate(candidate.lemma, candidate.frame)) + shift)

    def is_possible(self, lemma: str, frame: str, threshold: float) -> bool:
        """Whether any context could lift a cue in a frame over `threshold`: most verbs are ruled out unseen."""
        key = lemma, frame
        if key not in self.ceilings:
            self.ceilings[key] = _sigmoid(_logit(self.rate(lemma, frame)) + self.most_shift)
        return self.ceilings[key] >= threshold


def _logit(p: float) -> float:
    p = min(max(p, 1e-3), 1 - 1e-3)
    return math.log(p / (1 - p))


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))
