"""Cues that a rule gives, in a user's file or in `cues.json`: they are cues, in all their forms, and only as cues."""

import json
import pickle

import numpy as np
import pytest
import spacy
from spacy.tokens import Doc, Span

import claimx
from claimx.errors import ModelError
from claimx.pipeline.attributions.cue_rules import GivenCues, cue_phrases
from claimx.pipeline.encoder.cues import CueCandidate, are_meant, find_cues
from claimx.rules import PACKAGED
from claimx.user_rules import UserRules

CUES = {"assertion": ["crow", "gripe", "quip", "snark", "pipe up", "go on record that"], "belief": ["spitball"]}


@pytest.fixture(scope="module")
def by_user():
    """The pipeline with the cues of a user."""
    return claimx.load(rules=UserRules(cues=CUES))


@pytest.fixture(scope="module")
def by_file(tmp_path_factory):
    """A saved pipeline, to whose rule file the cues were added."""
    folder = tmp_path_factory.mktemp("saved")
    claimx.load().to_disk(folder)
    path = folder / "claimx_attribution" / "rules" / "cues.json"
    cues = json.loads(path.read_text(encoding="utf-8"))
    for kind, added in CUES.items():
        cues[kind] += added
    path.write_text(json.dumps(cues), encoding="utf-8")
    return spacy.load(folder)


@pytest.fixture(params=["by_user", "by_file"])
def own(request):
    return request.getfixturevalue(request.param)


def found(text, nlp):
    claims = claimx.extract(text, nlp=nlp).claims
    return [(c.cue.text, c.cue.lemma, c.type, c.source and c.source.text, c.text) for c in claims]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“We won,” crowed Ana Pires.", ("crowed", "crow", "assertion", "Ana Pires", "“We won,”")),
        ("“We won,” Ana Pires crows.", ("crows", "crow", "assertion", "Ana Pires", "“We won,”")),
        ("Ana Pires crowed that they had won.", ("crowed", "crow", "assertion", "Ana Pires", "that they had won")),
        (
            "Ana Pires has been crowing that they had won.",
            ("has been crowing", "crow", "assertion", "Ana Pires", "that they had won"),
        ),
        (
            "Ana Pires did not crow that they had won.",
            ("did not crow", "crow", "assertion", "Ana Pires", "that they had won"),
        ),
        ("Luc Morel quipped that it rained.", ("quipped", "quip", "assertion", "Luc Morel", "that it rained")),
        ("It is over, the coach snarked.", ("snarked", "snark", "assertion", "the coach", "It is over")),
        ("Ann Hale spitballs that it is over.", ("spitballs", "spitball", "belief", "Ann Hale", "that it is over")),
        # cues that the model does not see by itself
        ("He griped about the food.", ("griped about", "gripe", "assertion", "He", "the food")),
        ("“Here we go,” Dag Tell piped up.", ("piped up", "pipe up", "assertion", "Dag Tell", "“Here we go,”")),
        (
            "Ann Hale went on record that the road is open.",
            ("went on record that", "go on record that", "assertion", "Ann Hale", "the road is open"),
        ),
    ],
)
def test_a_cue_of_the_rules_is_a_cue(own, text, expected):
    assert found(text, own) == [expected]
    doc = own(text)
    assert [span.id_ for span in doc.spans["claimx_cues"]] == [expected[1]]


@pytest.mark.parametrize(
    "text",
    [
        "A crow sat on the fence.",
        "Two crows were seen near the pool. The mayor left.",
        "The harbor was full of crows on Tuesday, and the ferry left at noon.",
        "Sheryl Crow sang on Friday.",
        "The cock crowed at five.",
        "Her gripe was small.",
        "The quip was old.",
    ],
)
def test_another_word_of_the_same_spelling_is_none(own, text):
    assert found(text, own) == []


def test_claims_beside_them_stay(own, nlp):
    text = "Tomas Tell, who keeps crows, said the ferry was late. Ann Hale denied it had been slow."
    assert found(text, own) == found(text, nlp)


def test_the_rule_file_as_it_comes_adds_nothing(nlp):
    assert "claimx_cues" not in nlp("“We won,” crowed Ana Pires.").spans


def test_a_pipeline_with_other_cues_survives_pickle_and_bytes(by_file):
    text = "He griped about the food."
    expected = found(text, by_file)
    component = by_file.get_pipe("claimx_attribution")
    quoted = spacy.blank("en")
    quoted.add_pipe("claimx_quotations")
    for again in (pickle.loads(pickle.dumps(component)), type(component)().from_bytes(component.to_bytes())):
        [attribution] = again(quoted(text))._.claimx_attributions
        assert attribution.lemma == expected[0][1] == "gripe"


def test_an_unknown_type_is_told_with_its_file(tmp_path):
    claimx.load().to_disk(tmp_path)
    (tmp_path / "claimx_attribution" / "rules" / "cues.json").write_text('{"assertoin": ["crow"]}')
    with pytest.raises(ModelError, match=r"cues\.json .*'assertoin'.*assertion"):
        claimx.load(str(tmp_path))


# Without a model -----------------------------------------------------------------------------------------------------


def doc_of(words, cues=()):
    doc = Doc(spacy.blank("en").vocab, words.split())
    doc.spans["cues"] = [Span(doc, start, end, label, span_id=id) for start, end, label, id in cues]
    return doc


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("She crowed and CROWS", [("crowed", "crow"), ("CROWS", "crow")]),
        ("She scarecrows", []),
        ("We went on record that it went on", [("went on record that", "go on record that")]),
        ("They ’re quipping", [("quipping", "quip")]),
    ],
)
def test_phrases_are_found_in_all_forms(words, expected):
    doc = doc_of(words)
    cue_phrases(CUES, PACKAGED).add_to(doc, "cues")
    assert [(span.text, span.id_) for span in doc.spans["cues"]] == expected
    assert {span.label_ for span in doc.spans["cues"]} <= {"assertion"}


def test_of_two_rules_the_longer_counts_then_the_first():
    doc = doc_of(
        "He piped up and crowed",
        [(1, 2, "belief", "pipe"), (1, 3, "assertion", "pipe up"), (4, 5, "fact", "crow"), (4, 5, "belief", "crow")],
    )
    given = GivenCues(doc.spans["cues"])
    assert given.lemma_and_type((3, 11)) == ("pipe up", "assertion")
    assert given.lemma_and_type((13, 22)) == ("crow", "fact")  # "d crowed", whatever the words beside it
    assert given.lemma_and_type((11, 15)) is None
    doc = doc_of("He dixit", [(1, 2, "CUE", "")])
    assert GivenCues(doc.spans["cues"]).lemma_and_type((3, 8)) is None


def flat_of(*probabilities):
    """Flat tags of words that are a cue with the given probability, or nothing."""
    flat = np.zeros((len(probabilities), 7), np.float32)
    flat[:, 4] = probabilities
    flat[:, 0] = 1 - flat[:, 4]
    return flat


@pytest.mark.parametrize(
    ("probabilities", "given", "expected"),
    [
        ([0, 0.9, 0.9, 0], [], [(1, 3, False)]),
        ([0, 0.3, 0.3, 0], [], []),
        ([0, 0, 0, 0], [(1, 2)], [(1, 2, True)]),
        ([0, 0.9, 0.9, 0], [(2, 3)], [(1, 3, True)]),  # with its auxiliary
        ([0, 0.2, 0.3, 0], [(2, 3)], [(1, 3, True)]),  # though no cue by itself
        ([0, 0.9, 0, 0], [(1, 4)], [(1, 4, True)]),  # a phrase that is longer
        ([0.9, 0, 0, 0.9], [(1, 2)], [(0, 1, False), (1, 2, True), (3, 4, False)]),
        ([0, 0.9, 0.9, 0.9], [(1, 2), (3, 4)], [(1, 4, True)]),
    ],
)
def test_given_cues_and_those_of_the_network_are_one(probabilities, given, expected):
    cues = find_cues(flat_of(*probabilities), [CueCandidate(*span, 1.0, given=True) for span in given])
    assert [(cue.start, cue.end, cue.given) for cue in cues] == expected


@pytest.mark.parametrize(
    ("cue", "source", "ambiguous", "meant"),
    [(0.0, 0.1, True, False), (0.3, 0.1, True, True), (0.0, 0.8, True, True), (0.0, 0.1, False, True)],
)
def test_an_ambiguous_word_needs_a_chance_or_a_source(cue, source, ambiguous, meant):
    tags = np.zeros((1, 4, 5), np.float32)
    tags[0, 2, 1] = source
    candidate = CueCandidate(0, 1, 1.0, given=True, ambiguous=ambiguous)
    assert are_meant([candidate], flat_of(cue, 0, 0, 0), tags).tolist() == [meant]
