"""Lemma and attribution type of cue phrases: (phrase, lemma, type)."""

import pytest

from claimx.pipeline.attributions.cue_lexicon import CueLexicon
from claimx.pipeline.attributions.inflection import forms_of
from claimx.rules import RuleFiles


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
    lexicon = CueLexicon()
    assert (lexicon.lemma_of(cue), lexicon.type_of(lemma, cue)) == (lemma, type_)


def test_rule_files_decide():
    rules = RuleFiles({"types.json": '{"belief": ["yawp"]}', "cue_lemmas.txt": "", "irregular_forms.json": "{}"})
    lexicon = CueLexicon(rules)
    assert (lexicon.lemma_of("yawped"), lexicon.type_of("yawp", "yawped")) == ("yawp", "belief")
    assert (lexicon.lemma_of("said"), lexicon.type_of("think", "thinks")) == ("said", "assertion")


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("crow", {"crow", "crows", "crowed", "crowing"}),
        ("deny", {"deny", "denies", "denied", "denying"}),
        ("hope", {"hope", "hopes", "hoped", "hoping"}),
        ("quip", {"quip", "quips", "quiped", "quiping", "quipped", "quipping"}),
        ("moan", {"moan", "moans", "moaned", "moaning"}),
        ("preach", {"preach", "preaches", "preached", "preaching"}),
        ("go", {"go", "goes", "going", "went", "gone"}),
    ],
)
def test_forms(word, forms):
    found = forms_of(word, {"go": ["went", "gone"]})
    assert found[0] == word
    assert set(found) - {"goed"} == forms
