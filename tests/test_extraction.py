"""The last component on annotations made by hand, without a model: what is certain enough, and what is told of it."""

import pytest
import spacy

import claimx
from claimx.pipeline.annotations import (
    Affiliation,
    Attribution,
    Evidence,
    Speaker,
    set_attributions,
    set_quotations,
    set_speakers,
)
from claimx.pipeline.extraction import ExtractionBuilder

TEXT = "Ann Hale, the mayor of Leeds, said it was over. She denied that it rained. He said no. It was said."


def place(words: str, after: int = 0) -> tuple[int, int]:
    start = TEXT.index(words, after)
    return start, start + len(words)


def doc_of(affiliations=(1.0, 1.0)):
    """Three claims of two speakers, and one of nobody. Of the first speaker a rule is sure, and a model at 0.6."""
    doc = spacy.blank("en")(TEXT)

    def attribution(content, cue, source, negated=False):
        return Attribution([content], cue, source, "say", "assertion", "indirect", 0.9, "by hand", negated)

    she, he = place("She"), place("He")
    set_quotations(doc, [])
    set_attributions(
        doc,
        [
            attribution(place("it was over"), place("said"), place("Ann Hale, the mayor of Leeds,")),
            attribution(place("that it rained"), place("denied"), she, negated=True),
            attribution(place("no", he[0]), place("said", he[0]), he),
            attribution(place("It"), place("said", place("It")[0]), None),
        ],
    )
    known = [
        Affiliation(place("mayor"), None, affiliations[0]),
        Affiliation(None, place("Leeds"), affiliations[1]),
    ]
    hale = Speaker("Ann Hale", "person", 0, [place("Ann Hale"), she], [0, 1], known, ["she"])
    other = Speaker("Bo Lund", "person", 1, [he], [2])
    evidence = [
        Evidence("name"),
        Evidence("pronoun", place("Ann Hale"), 0.6),
        Evidence("pronoun", None, 0.9, 0.4),
        None,
    ]
    set_speakers(doc, [hale, other], evidence)
    return doc


def found(doc, **options) -> dict:
    return ExtractionBuilder(**options)(doc)._.claimx


@pytest.mark.parametrize(
    ("min_speaker", "speakers", "names"),
    [
        (0.0, ["s1", "s1", "s2", None], ["Ann Hale", "Bo Lund"]),
        (0.4, ["s1", "s1", "s2", None], ["Ann Hale", "Bo Lund"]),
        (0.5, ["s1", "s1", None, None], ["Ann Hale"]),
        (0.7, ["s1", None, None, None], ["Ann Hale"]),
        (1.0, ["s1", None, None, None], ["Ann Hale"]),
    ],
)
def test_a_claim_whose_speaker_is_less_certain_has_none(min_speaker, speakers, names):
    result = found(doc_of(), min_speaker=min_speaker)
    assert [claim["speaker"] for claim in result["claims"]] == speakers
    assert [speaker["name"] for speaker in result["speakers"]] == names
    # told all the same: what a rule decides is certain, the confidence goes before the probability, nobody has none
    assert [claim["speaker_confidence"] for claim in result["claims"]] == [1.0, 0.6, 0.4, None]


def test_a_source_that_is_not_certain_enough_is_no_mention():
    for least, mentions in ((0.0, 2), (0.7, 1)):
        doc = doc_of()
        [hale, *_] = found(doc, min_speaker=least)["speakers"]
        assert hale["mentions"] == mentions
        assert [span.id_ for span in doc.spans["claimx_speakers"]].count("s1") == mentions


def test_a_speaker_who_is_first_no_longer_leaves_its_id_to_the_next():
    doc = doc_of()
    speakers = doc._.claimx_speakers
    set_speakers(
        doc, speakers, [Evidence("pronoun", None, 0.1), Evidence("pronoun", None, 0.1), Evidence("name"), None]
    )
    result = found(doc, min_speaker=0.5)
    assert [(s["id"], s["name"]) for s in result["speakers"]] == [("s1", "Bo Lund")]
    assert [claim["speaker"] for claim in result["claims"]] == [None, None, "s1", None]


def test_the_confidence_of_a_speaker_that_another_component_left_out_is_told():
    doc = doc_of()
    set_speakers(doc, [], [Evidence("pronoun", None, 0.3, 0.2), None, None, None])
    result = found(doc)
    assert result["speakers"] == []
    assert [claim["speaker_confidence"] for claim in result["claims"]] == [0.2, None, None, None]


@pytest.mark.parametrize(
    ("min_affiliation", "kept"), [(0.0, ["mayor", "Leeds"]), (0.5, ["mayor", "Leeds"]), (0.6, ["mayor"]), (1.0, [])]
)
def test_affiliations_that_are_less_certain_are_left_out(min_affiliation, kept):
    doc = doc_of(affiliations=(0.8, 0.5))
    [hale, _] = found(doc, min_affiliation=min_affiliation)["speakers"]
    assert [a["role"] or a["organization"] for a in hale["affiliations"]] == kept
    assert [a["confidence"] for a in hale["affiliations"]] == [0.8, 0.5][: len(kept)]
    assert len(doc._.claimx_speakers[0].affiliations) == 2  # what others have set stays


def test_what_is_set_survives_a_trip_to_bytes():
    doc = doc_of(affiliations=(0.8, 0.5))
    again = spacy.tokens.Doc(doc.vocab).from_bytes(doc.to_bytes())
    assert [a.negated for a in again._.claimx_attributions] == [False, True, False, False]
    assert again._.claimx_evidence == doc._.claimx_evidence
    assert again._.claimx_speakers == doc._.claimx_speakers
    assert found(again, min_speaker=0.5) == found(doc, min_speaker=0.5)


def test_annotations_of_an_earlier_version_have_defaults():
    doc = doc_of()
    for row in doc.user_data["claimx_attributions"]:
        del row["negated"]
    for row in doc.user_data["claimx_speakers"]:
        for affiliation in row["affiliations"]:
            del affiliation["confidence"]
    for row in filter(None, doc.user_data["claimx_evidence"]):
        del row["confidence"]
    result = found(doc)
    assert [claim["speaker_confidence"] for claim in result["claims"]] == [1.0, 0.6, 0.9, None]
    assert [claim["negated"] for claim in result["claims"]] == [False] * 4
    assert [a["confidence"] for a in result["speakers"][0]["affiliations"]] == [1.0, 1.0]


def test_confidences_have_three_digits():
    doc = doc_of(affiliations=(2 / 3, 1.0))
    set_speakers(doc, doc._.claimx_speakers, [Evidence("pronoun", None, 2 / 3)] * 3 + [None])
    result = found(doc)
    assert result["claims"][0]["speaker_confidence"] == result["speakers"][0]["affiliations"][0]["confidence"] == 0.667


def test_thresholds_are_options_of_the_pipeline_that_are_saved(tmp_path):
    nlp = claimx.load(min_speaker=0.7, min_affiliation=0.6)
    nlp.to_disk(tmp_path / "saved")
    for again, expected in (
        (spacy.load(tmp_path / "saved"), (0.7, 0.6)),
        (claimx.load(str(tmp_path / "saved")), (0.7, 0.6)),
        (claimx.load(str(tmp_path / "saved"), min_speaker=0.2), (0.2, 0.6)),
        (claimx.load(), (0.0, 0.0)),  # those of the trained model
    ):
        component = again.get_pipe("claimx_extraction")
        assert (component.min_speaker, component.min_affiliation) == expected
        config = again.config["components"]["claimx_extraction"]
        assert (config["min_speaker"], config["min_affiliation"]) == expected


def test_a_pipeline_that_was_saved_without_thresholds_takes_them(tmp_path):
    nlp = claimx.load()
    nlp.to_disk(tmp_path / "saved")
    config = tmp_path / "saved" / "config.cfg"
    lines = config.read_text("utf-8").splitlines(keepends=True)
    config.write_text("".join(line for line in lines if not line.startswith("min_")), encoding="utf-8")
    (tmp_path / "saved" / "claimx_extraction" / "options.json").unlink()
    again = claimx.load(str(tmp_path / "saved"), min_speaker=0.4).get_pipe("claimx_extraction")
    assert (again.min_speaker, again.min_affiliation) == (0.4, 0.0)
