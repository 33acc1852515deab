"""The rule files: what a linguist edits must stay readable, sorted where it is learnt, and free of contradictions."""

import json
from importlib.resources import files

import pytest

from claimx.pipeline.lexicon import is_role, singular_of
from claimx.rules import load

RULES = sorted(path.name for path in files("claimx.rules").iterdir() if path.name.endswith((".json", ".txt")))


@pytest.mark.parametrize("name", RULES)
def test_rule_files_load(name):
    assert load(name)


def test_learnt_entries_are_sorted_so_that_a_diff_shows_what_changed():
    cues = json.loads((files("claimx.rules") / "cues.json").read_text("utf-8"))["cues"]
    assert list(cues) == sorted(cues)


def test_rates_are_rates():
    lexicon = load("cues.json")
    rates = [rate for cue in lexicon["cues"].values() for rate in cue["frames"].values()]
    assert all(0 <= rate <= 1 for rate in [*rates, *lexicon["defaults"].values()])


def test_a_cue_has_one_type():
    seen: dict[str, str] = {}
    for kind, lemmas in load("types.json").items():
        for lemma in lemmas:
            assert seen.setdefault(lemma, kind) == kind, lemma


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("director", True),
        ("directors", True),
        ("epidemiologists", True),
        ("spokeswomen", True),
        ("sen.", True),
        ("bridge", False),
        ("woman", False),
        ("yesterday", False),
    ],
)
def test_role_words(word, expected):
    assert is_role(word) is expected


@pytest.mark.parametrize(
    ("plural", "singular"),
    [("directors", "director"), ("spokesmen", "spokesman"), ("secretaries", "secretary"), ("boss", "boss")],
)
def test_singulars(plural, singular):
    assert singular_of(plural) == singular
