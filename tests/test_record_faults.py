"""The records of `tests/articles` beside their gold: what is wrong in them is known, and none of it is expected.

`articles/known-faults.tsv` has a line for each fault, as `python tests/test_record_faults.py` prints them. A line goes
when the records no longer have the fault; none is added.
"""

import copy
import json
from pathlib import Path

import pytest
from conftest import ARTICLES, articles
from record_faults import faults

KNOWN = Path(ARTICLES / "known-faults.tsv").read_text("utf-8").splitlines()


def found() -> list[str]:
    records = [json.loads(line) for line in Path(ARTICLES / "records.jsonl").read_text("utf-8").splitlines()]
    rows = zip(articles(), records, strict=True)
    return [f"{name}\t{fault}" for (name, text, gold), record in rows for fault in faults(text, gold, record)]


FOUND = found()


def test_records_have_no_other_faults():
    assert [fault for fault in FOUND if fault not in KNOWN] == []


@pytest.mark.parametrize("fault", [pytest.param(f, marks=pytest.mark.xfail(strict=True), id=f) for f in KNOWN])
def test_known_fault(fault):
    assert fault not in FOUND


TEXT = "Mayor Ann Hale of Elm did not say the pool was shut. It may rain, she thinks. Asked why, Hale left."
GOLD = {
    "claims": [
        {
            "content": ["the pool was shut"],
            "cue": "did not say",
            "source": "Mayor Ann Hale of Elm",
            "speaker": "Ann Hale",
            "negated": True,
        },
        {"content": ["It may rain"], "cue": "thinks", "source": "she", "speaker": "Ann Hale"},
        {"content": ["why"], "cue": "Asked", "source": None, "speaker": None, "optional": True},
    ],
    "speakers": [
        {
            "name": "Ann Hale",
            "also": ["Hale"],
            "kind": "person",
            "affiliations": [{"role": "Mayor", "organization": "Elm"}],
        }
    ],
}


def _span(words: str) -> dict:
    start = TEXT.index(words)
    return {"text": words, "spans": [[start, start + len(words)]]}


RECORD = {
    "claims": [
        {
            **_span("the pool was shut"),
            "cue": _span("did not say"),
            "source": _span("Mayor Ann Hale of Elm"),
            "speaker": "s1",
            "negated": True,
        },
        {**_span("It may rain"), "cue": _span("thinks"), "source": _span("she"), "speaker": "s1", "negated": False},
    ],
    "speakers": [
        {"id": "s1", "name": "Hale", "kind": "person", "affiliations": [{"role": "Mayor", "organization": "Elm"}]},
        {"id": "s2", "name": "Bob Hale", "kind": "person", "affiliations": []},
    ],
}


def _extra(record):
    claim = {**_span("left"), "cue": _span("Asked"), "source": None, "speaker": None, "negated": False}
    record["claims"].append(claim)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda record: None, []),
        (lambda record: record["claims"].pop(), ["missing: It may rain"]),
        (_extra, ["extra: left"]),
        (lambda r: r["claims"][1].update(_span("It may rain, she")), ["content of It may rain: It may rain, she"]),
        (lambda r: r["claims"][0].update(cue=_span("say")), ["cue of the pool was shut: say"]),
        (lambda r: r["claims"][1].update(source=None), ["source of It may rain: None"]),
        (lambda r: r["claims"][1].update(speaker="s2"), ["speaker of It may rain: Bob Hale"]),
        (lambda r: r["claims"][1].update(speaker=None), ["speaker of It may rain: None"]),
        (lambda r: r["claims"][0].update(negated=False), ["negated of the pool was shut: False"]),
        (lambda r: r["speakers"][0].update(kind="group"), ["kind of Ann Hale: group"]),
        (lambda r: r["speakers"][0]["affiliations"].clear(), ["affiliation missing of Ann Hale: Mayor, Elm"]),
        (
            lambda r: r["speakers"][0]["affiliations"].append({"role": None, "organization": "pool"}),
            ["affiliation extra of Ann Hale: None, pool"],
        ),
    ],
)
def test_every_kind_of_fault_is_found(change, expected):
    record = copy.deepcopy(RECORD)
    change(record)
    assert faults(TEXT, GOLD, record) == expected


if __name__ == "__main__":
    print("\n".join(FOUND))
