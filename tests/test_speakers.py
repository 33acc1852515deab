"""Whose claim it is: (article, [name of the speaker of each claim], in the order of the text)."""

import pytest

import claimx


@pytest.fixture
def speakers(extract):
    def run(text):
        extraction = extract(text)
        return [getattr(extraction.speaker_of(claim), "name", None) for claim in extraction.claims]

    return run


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # full name from surname, before and after
        (
            "Chief engineer Tomas Lindqvist inspected the bridge. “It is safe,” Lindqvist said.",
            ["Tomas Lindqvist"],
        ),
        ("“It is safe,” Mr. Lindqvist said. Tomas Lindqvist inspected the bridge.", ["Tomas Lindqvist"]),
        # titles and honorifics stripped
        ("Sen. Maria Okafor said the bill would pass.", ["Maria Okafor"]),
        ("Dr. Nikhil Rao said the drug was safe. Dr. Rao warned that it was costly.", ["Nikhil Rao"] * 2),
        ("The judge, Mrs Justice Calloway, said the trial would last a week.", ["Calloway"]),
        ("Miriam Adeyemi KC said the alarm had been cut.", ["Miriam Adeyemi"]),
        # pronouns
        (
            "Mayor Ada Brandt visited the bridge on Monday. She said it would stay open.",
            ["Ada Brandt"],
        ),
        (
            "Ada Brandt met Tomas Lindqvist at the bridge. He said it was safe. She said it was not.",
            ["Tomas Lindqvist", "Ada Brandt"],
        ),
        # relative pronouns
        ("Rosalind Okafor, who said the bridge was rusty, lives nearby.", ["Rosalind Okafor"]),
        # appositions
        ("Its director, Amihan de los Santos, said the lake was rising.", ["Amihan de los Santos"]),
        ("The deputy mayor, Cai Renjie, said the plan was dead.", ["Cai Renjie"]),
        # nominals with a role the article tells
        ("Sen. Maria Okafor met voters. The senator said the bill would pass.", ["Maria Okafor"]),
        # unnamed, groups, organizations, documents
        ("A spokesman for the ministry said the talks would go on.", ["spokesman for the ministry"]),
        ("Officials said the road was closed.", ["Officials"]),
        ("The World Health Organization said the outbreak was over.", ["World Health Organization"]),
        ("A report published on Monday found that the bolts had sheared.", ["report published on Monday"]),
        # nobody is named
        ("It was reported that the road was closed.", [None]),
    ],
)
def test_speakers(speakers, text, expected):
    assert speakers(text) == expected


def test_two_people_with_one_surname_are_kept_apart(speakers):
    text = (
        "Clinic roof leaks, owner says\n\nPriya Singh and Arjun Singh run the clinic.\n\n"
        "Ms. Singh said the roof leaked. Mr. Singh said the roof was fine."
    )
    assert set(speakers(text)[-2:]) == {"Priya Singh", "Arjun Singh"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Tomas Lindqvist said the bridge was safe.", "person"),
        ("The World Health Organization said the outbreak was over.", "organization"),
        ("Officials said the road was closed.", "group"),
        ("A report published on Monday found that the bolts had sheared.", "document"),
        ("A spokesman for the ministry said the talks would go on.", "unnamed"),
    ],
)
def test_kinds_of_speakers(extract, text, kind):
    assert [speaker.kind for speaker in extract(text).speakers] == [kind]


def test_aliases_are_the_other_forms(extract):
    [speaker] = extract("Tomas Lindqvist inspected the bridge. “It is safe,” Lindqvist said. He left.").speakers
    assert speaker.name == "Tomas Lindqvist"
    assert speaker.aliases == ["Lindqvist"]


def test_speakers_are_listed_in_the_order_they_speak_and_only_if_they_do(extract):
    extraction = extract("Ada Brandt met Tomas Lindqvist. Lindqvist said it was safe. Brandt said it was not.")
    assert [speaker.name for speaker in extraction.speakers] == ["Tomas Lindqvist", "Ada Brandt"]
    assert [speaker.id for speaker in extraction.speakers] == ["s1", "s2"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kim Min-jun runs the port. “We are ready,” Mr. Kim said.", "Kim Min-jun"),
        ("Yesid Palacios Mosquera leads the union. “We are ready,” Palacios said.", "Yesid Palacios Mosquera"),
        ("Nguyen Thi Lan owns the shop. “We are ready,” Ms. Lan said.", "Nguyen Thi Lan"),
        ("Ahmed al-Masri owns the shop. “We are ready,” al-Masri said.", "Ahmed al-Masri"),
        ("Pieter van der Berg owns the shop. “We are ready,” Mr. van der Berg said.", "Pieter van der Berg"),
    ],
)
def test_names_of_many_origins(speakers, text, expected):
    assert speakers(text)[-1] == expected


@pytest.mark.parametrize(
    ("text", "rule", "mention"),
    [
        ("Tomas Lindqvist said the bridge was safe.", "name", "Tomas Lindqvist"),
        ("Ada Brandt met voters. She said the bridge was safe.", "pronoun", "Ada Brandt"),
        ("Ada Brandt, who said the bridge was safe, left.", "relative pronoun", "Ada Brandt"),
        ("Its director, Ada Brandt, said the bridge was safe.", "apposition", "Ada Brandt"),
        ("Sen. Ada Brandt met voters. The senator said the bridge was safe.", "noun phrase", "Ada Brandt"),
        ("Officials said the bridge was safe.", "own words", "Officials"),
    ],
)
def test_evidence_tells_the_rule_and_the_mention(nlp, text, rule, mention):
    [claim] = claimx.extract(text, nlp=nlp, explain=True).claims
    assert claim.evidence is not None
    assert (claim.evidence.rule, claim.evidence.mention.text) == (rule, mention)
    [(start, end)] = claim.evidence.mention.spans
    assert text[start:end] == mention


def test_evidence_is_left_out_unless_asked_for(extract):
    extraction = extract("Tomas Lindqvist said the bridge was safe.")
    assert "evidence" not in extraction.to_dict()["claims"][0]


def test_records_count_mentions_and_show_pronouns(extract):
    text = "Sen. Ada Brandt met voters. Brandt said it rained. She said it was cold. The senator said she would go."
    [speaker] = extract(text).speakers
    assert speaker.name == "Ada Brandt"
    assert speaker.mentions == 4
    assert speaker.pronouns == ["she"]
    assert speaker.aliases == ["Brandt", "The senator"]
