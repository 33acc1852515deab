"""Choosing among candidates by weights, and learning the weights."""

import json
import sys
from pathlib import Path

import pytest
from claimx.pipeline.ranking import ANY, Candidate, Ranker

MODELS = Path(__file__).parent.parent / "models"


@pytest.fixture
def ranker(monkeypatch):
    weights = {ANY: {"near": 1.0}, "he": {"man": 2.0, "near": -3.0}}
    monkeypatch.setattr("claimx.pipeline.ranking.load", lambda file: weights)
    return Ranker("weights.json")


@pytest.mark.parametrize(("sort", "expected"), [("she", "b"), ("he", "a")])
def test_weights_of_a_sort_add_to_those_of_all(ranker, sort, expected):
    candidates = [Candidate(("a",), {"man": 1.0}), Candidate(("b",), {"near": 1.0})]
    best, probability = ranker.choose(sort, candidates)
    assert best.key == (expected,)
    assert sum(ranker.probabilities(sort, candidates)) == pytest.approx(1)
    assert probability == max(ranker.probabilities(sort, candidates))


def test_weights_are_learnt_from_choices(monkeypatch):
    pytest.importorskip("sklearn")
    monkeypatch.syspath_prepend(str(MODELS))
    ranking = pytest.importorskip("ranking")
    choices = [
        ranking.Choice(f"a{i}", "he", [{"near": 1.0}, {"far": 1.0}, {"far": 1.0}], [True, False, False])
        for i in range(12)
    ]
    weights = ranking.fit(choices)
    assert weights[ANY, "near"] > 0 > weights[ANY, "far"]
    assert all(choice.right[best] for choice, best in ranking.cross_validate(choices, 3))


@pytest.mark.parametrize("file", ["speaker_weights.json", "affiliation_weights.json"])
def test_learnt_weights_are_rounded_and_none_is_idle(file):
    text = (Path(sys.modules["claimx"].__file__).parent / "rules" / file).read_text(encoding="utf-8")
    weights = [weight for traits in json.loads(text).values() for weight in traits.values()]
    assert weights
    assert all(weight and round(weight, 2) == weight for weight in weights)
