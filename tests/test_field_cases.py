"""Small cases of who speaks, and as what: `reading/cases-*.jsonl`, judged by `reading/cases.py`."""

import pytest
from reading.cases import failures, known_failures, load, own_files, validate

CASES = load(own_files())
KNOWN = set(known_failures())


def _marked(case):
    marks = [pytest.mark.xfail(strict=True, reason="in known-failures.txt")] if case["id"] in KNOWN else []
    return pytest.param(case, id=case["id"], marks=marks)


@pytest.mark.parametrize("case", [_marked(case) for case in CASES])
def test_case(extract_by_model, case):
    assert failures(case, extract_by_model(case["text"]).to_dict()) == []


def test_cases_have_ids_of_their_own_and_known_failures_are_cases():
    ids = [case["id"] for case in CASES]
    assert len(set(ids)) == len(ids)
    assert set(ids) >= KNOWN
    assert len({case["text"] for case in CASES}) == len(ids)


TEXT = "Macy’s said the shop was full, Ann Hale, a nurse at Elm House, denied having left. A man asked why."


def _claim(text, speaker, type="assertion", **more):
    return {"text": text, "speaker": speaker, "type": type, "source": {"text": "Ann Hale"}, **more}


DOCUMENT = {
    "claims": [
        _claim("the shop was full", "s1", negated=False),
        _claim("having left", "s2", negated=True),
        _claim("why", "s3", "question"),
        _claim("a nurse", None),
    ],
    "speakers": [
        {"id": "s1", "name": "Macy's", "kind": "organization", "aliases": [], "affiliations": []},
        {
            "id": "s2",
            "name": "Ann Hale",
            "kind": "person",
            "aliases": ["Hale", "a nurse"],
            "affiliations": [{"role": "nurse", "organization": "Elm House"}],
        },
        {"id": "s3", "name": "A man", "kind": "unnamed", "aliases": [], "affiliations": []},
    ],
}


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ({"claim": "shop was", "speaker": "Macy’s"}, {"claim": "shop was", "speaker": "Macy"}),
        ({"claim": "why", "speaker": {"unnamed": "man"}}, {"claim": "why", "speaker": {"group": "man"}}),
        ({"claim": "nurse", "speaker": None}, {"claim": "why", "speaker": None}),
        ({"claim": "having left", "speaker": ["Hale", "Ann Hale"]}, {"claim": "said", "speaker": "Ann Hale"}),
        ({"claim": "shop was", "not_speaker": "Ann Hale"}, {"claim": "left", "not_speaker": "Ann Hale"}),
        ({"claim": "left", "source": "Ann Hale"}, {"claim": "left", "source": "Hale"}),
        ({"claim": "having left", "without": "denied"}, {"claim": "left", "without": "having"}),
        ({"claim": "left", "negated": True}, {"claim": "shop was full", "negated": True}),
        ({"no_claim": "why"}, {"no_claim": "left"}),
        ({"no_content": "left"}, {"no_content": "having left"}),
        ({"same_speaker": ["left", "having left"]}, {"same_speaker": ["left", "nurse"]}),
        ({"different_speakers": ["left", "why"]}, {"different_speakers": ["left", "nurse"]}),
        ({"affiliation": ["Ann Hale", "nurse", "Elm House"]}, {"affiliation": ["Ann Hale", "nurse", None]}),
        ({"affiliation": ["Ann Hale", "*", "Elm House"]}, {"affiliation": ["Ann Hale", "nurse", "Elm"]}),
        ({"no_affiliation": ["Ann Hale", "*", "Macy’s"]}, {"no_affiliation": ["Ann Hale", "*", "Elm"]}),
        ({"no_affiliation": ["Macy’s", "*", "*"]}, {"no_affiliation": ["Elm House", "*", "*"]}),
        ({"alias": ["Ann Hale", "Hale"]}, {"alias": ["Ann Hale", "Ann"]}),
        ({"not_alias": ["Ann Hale", "Elm House"]}, {"not_alias": ["Ann Hale", "nurse"]}),
        ({"kind_of": ["Macy’s", "organization"]}, {"kind_of": ["Macy’s", "person"]}),
        ({"no_speaker": "Macy"}, {"no_speaker": "Macy’s"}),
    ],
)
def test_what_a_check_asks(right, wrong):
    assert failures({"checks": [right, wrong]}, DOCUMENT) == [wrong]


@pytest.mark.parametrize(
    "check",
    [
        {"speaks": "Ann Hale"},
        {"claim": "having left", "speaker": "Bob Hale"},
        {"kind_of": ["Ann Hale", "human"]},
        {"claim": "gone", "negated": True},
    ],
)
def test_checks_that_cannot_be_judged_are_told(check):
    with pytest.raises(ValueError):
        validate({"id": "1", "kind": "unnamed-sources", "text": TEXT, "checks": [check]})
