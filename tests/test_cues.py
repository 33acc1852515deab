"""Lemma and attribution type of cue phrases: (phrase, lemma, type)."""

import pytest

from claimx.pipeline.cues import lemma_of, type_of


@pytest.mark.parametrize(
    ("cue", "lemma", "type_"),
    [
        ("said", "say", "assertion"),
        ("SAID", "say", "assertion"),
        ("has also called for", "call", "eventuality"),
        ("did not believe", "believe", "belief"),
        ("doesn’t think", "think", "belief"),
        ("is expected to", "expect", "belief"),
        ("was quoted as saying", "quote", "assertion"),
        ("declared in a statement", "declare", "assertion"),
        ("According to", "according to", "assertion"),
        ("warnings about", "warn", "assertion"),
        ("denies", "deny", "assertion"),
        ("planned", "plan", "eventuality"),
        ("knew", "know", "fact"),
        (":", ":", "assertion"),
        ("yawped", "yawped", "assertion"),  # a word nobody knows is its own lemma
    ],
)
def test_lemma_and_type(cue, lemma, type_):
    assert (lemma_of(cue), type_of(lemma_of(cue), cue)) == (lemma, type_)
