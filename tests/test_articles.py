"""Six articles with hand-made gold: floors for the default pipeline. See `measures` for what is counted."""

from collections import defaultdict

import pytest
from conftest import articles
from measures import Score, compare

#: F1 over all articles. Lowering one is a decision to be seen in a diff. Gold has 32 affiliations, so that one of them
#: is three points, and the graphs of the model differ in their last digits from one ONNX Runtime to the next.
FLOORS = {"contents": 95, "sources": 90, "speakers": 88, "affiliations": 52}
#: F1 of sources that every single article must reach.
WORST_ARTICLE = 75


@pytest.fixture(scope="module")
def scores(extract):
    return {name: compare(text, gold, extract(text)) for name, text, gold in articles()}


@pytest.mark.parametrize("measure", FLOORS)
def test_floor(scores, measure):
    total = defaultdict(int)
    for score in scores.values():
        for part in ("right", "found", "gold"):
            total[part] += getattr(score[measure], part)
    assert Score(**total).f1 >= FLOORS[measure], dict(total)


def test_no_article_is_read_badly(scores):
    assert {name: score["sources"].f1 for name, score in scores.items() if score["sources"].f1 < WORST_ARTICLE} == {}


def test_the_measure_can_fail(extract):
    _, text, gold = articles()[0]
    nothing = extract(text).model_copy(update={"claims": [], "speakers": []})
    assert all(score.f1 == 0 for score in compare(text, gold, nothing).values())
