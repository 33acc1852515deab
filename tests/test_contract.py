"""The JSON contract: its schema, and that spans say what the text says, always."""

import hashlib

import jsonschema
import pytest
from conftest import articles

import claimx

ODD = [
    "",
    "\n\n",
    "“",
    "\ufeff“Ünsafe,” sagte Frau Möller. \U0001f600 “Sí,” dijo.",
    "e\u0301lan “va\u0301” said Zoë.",
    "A\u00a0man\u200b said “it is\u00a0so.”",
    "SHE SAID “NO.”",
    "He said\tthat\tit was so.\r\nShe said no.",
]


@pytest.fixture(scope="session")
def validator():
    schema = claimx.json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("text", [*ODD, *(text for _, text, _ in articles())])
def test_spans_say_what_the_text_says(extract, validator, text):
    extraction = extract(text)
    document = extraction.to_dict()
    validator.validate(document)
    assert document["source"]["sha256"] == hashlib.sha256(text.encode()).hexdigest()
    ids = {speaker["id"] for speaker in document["speakers"]}
    assert len(ids) == len(document["speakers"])
    for claim in document["claims"]:
        assert claim["text"] == " … ".join(text[start:end] for start, end in claim["spans"])
        assert claim["spans"] == sorted(claim["spans"])
        for part in (claim["cue"], claim["source"]):
            assert part is None or part["text"] == " … ".join(text[start:end] for start, end in part["spans"])
        assert claim["speaker"] is None or claim["speaker"] in ids
    for speaker in document["speakers"]:
        assert any(claim["speaker"] == speaker["id"] for claim in document["claims"])
        for affiliation in speaker["affiliations"]:
            said = sorted(part for part in (affiliation["role"], affiliation["organization"]) if part)
            assert said == sorted(text[start:end] for start, end in affiliation["spans"])


@pytest.mark.parametrize("text", [text for _, text, _ in articles()])
def test_the_spans_of_a_claim_do_not_overlap(extract, text):
    for claim in extract(text).claims:
        spans = sorted(
            [*claim.spans, *(claim.cue.spans if claim.cue else []), *(claim.source.spans if claim.source else [])]
        )
        assert all(end <= start for (_, end), (start, _) in zip(spans, spans[1:], strict=False)), claim


def test_an_extraction_survives_json(extract):
    extraction = extract(articles()[0][1])
    assert claimx.Extraction.model_validate(extraction.to_dict()) == extraction


def test_filters(extract):
    extraction = extract("“No,” Ann Hale said. The mayor thinks it is over. Officials said it was “over.”")
    assert {claim.kind for claim in extraction.filtered(kinds={"direct"}).claims} == {"direct"}
    assert {claim.type for claim in extraction.filtered(types={"belief"}).claims} == {"belief"}
    assert [speaker.name for speaker in extraction.filtered(speaker="hale").speakers] == ["Ann Hale"]
    assert extraction.filtered(min_confidence=1.0).claims == []
    assert extraction.filtered() == extraction


def test_the_same_text_gives_the_same_result(nlp):
    text = articles()[0][1]
    assert claimx.extract(text, nlp=nlp) == claimx.extract(text, nlp=nlp)


def test_speakers_are_found_by_their_ids(extract):
    found = extract("“No,” Ann Hale said. “Yes,” Bo Rask said. “Perhaps,” Cy Lind said. “Never,” she was told.")
    assert [s and s.name for s in map(found.speaker_of, found.claims)][:3] == ["Ann Hale", "Bo Rask", "Cy Lind"]
    kept = found.filtered(speaker="Lind")
    assert [kept.speaker_of(claim).name for claim in kept.claims] == ["Cy Lind"]
    for ids in (["x", "y", "z"], ["s9", "s2", "s5"], ["", "s", "s1a"]):  # those of other programs
        other = found.model_copy(deep=True)
        given = dict(zip([speaker.id for speaker in found.speakers], ids, strict=False))
        for item, key in [*((s, "id") for s in other.speakers), *((c, "speaker") for c in other.claims)]:
            setattr(item, key, given.get(getattr(item, key)))
        assert list(map(other.speaker_of, other.claims)) == [
            s and s.model_copy(update={"id": given[s.id]}) for s in map(found.speaker_of, found.claims)
        ]
    counts = {key: len(claims) for key, claims in found.claims_by_speaker().items()}
    assert sum(counts.values()) == len(found.claims) and counts["s1"] == 1
