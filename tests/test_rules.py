"""The rule files: what a linguist edits must stay readable, sorted where it is learnt, and free of contradictions."""

from importlib.resources import files

import pytest

from claimx.pipeline.lexicon import Lexicon
from claimx.rules import load

RULES = sorted(path.name for path in files("claimx.rules").iterdir() if path.name.endswith((".json", ".txt")))


@pytest.mark.parametrize("name", RULES)
def test_rule_files_load(name):
    assert load(name)


def test_every_file_is_told_of():
    readme = (files("claimx.rules") / "README.md").read_text("utf-8")
    assert [name for name in RULES if f"`{name}`" not in readme] == []


def test_lemmas_are_sorted_so_that_a_diff_shows_what_changed():
    _, *lemmas = (files("claimx.rules") / "cue_lemmas.txt").read_text("utf-8").splitlines()
    assert lemmas == sorted(set(lemmas))
    assert all(lemma.isalpha() and lemma.islower() for lemma in lemmas)


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
    assert Lexicon().is_role(word) is expected


@pytest.mark.parametrize(
    ("plural", "singular"),
    [("directors", "director"), ("spokesmen", "spokesman"), ("secretaries", "secretary"), ("boss", "boss")],
)
def test_singulars(plural, singular):
    assert Lexicon().singular_of(plural) == singular
