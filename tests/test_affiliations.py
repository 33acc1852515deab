"""In what capacity: (text, {(role, organization)}) of the one person who speaks."""

import pytest


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # before the name
        ("Chief engineer Tomas Lindqvist said it was safe.", {("Chief engineer", None)}),
        ("Google chief economist Hal Brandt said it was safe.", {("chief economist", "Google")}),
        ("Google's chief economist, Hal Brandt, said it was safe.", {("chief economist", "Google")}),
        ("Tillerson aide Hal Brandt said it was safe.", {("aide", "Tillerson")}),
        ("Secretary of State Hal Brandt said it was safe.", {("Secretary of State", None)}),
        ("White House press secretary Hal Brandt said it was safe.", {("press secretary", "White House")}),
        # behind the name
        (
            "Hal Brandt, director of the Marine Institute, said it was safe.",
            {("director", "Marine Institute")},
        ),
        ("Hal Brandt, a seamstress, said it was safe.", {("seamstress", None)}),
        (
            "Hal Brandt, a professor at Oxford University and a former adviser to the World Bank, said it was safe.",
            {("professor", "Oxford University"), ("former adviser", "World Bank")},
        ),
        ("Hal Brandt of the Marine Institute said it was safe.", {(None, "Marine Institute")}),
        ("Hal Brandt, who heads the Marine Institute, said it was safe.", {("heads", "Marine Institute")}),
        ("Hal Brandt, 54, a nurse at Mercy Hospital, said it was safe.", {("nurse", "Mercy Hospital")}),
        # party and district
        ("Sen. Hal Brandt (R-Ariz.) said it was safe.", {("Sen.", "R-Ariz.")}),
        ("Rep. Hal Brandt, D-Mass., said it was safe.", {("Rep.", "D-Mass.")}),
        # apposition before the name
        (
            "The medical superintendent of the civil hospital, Dr Hal Brandt, said it was safe.",
            {("medical superintendent", "civil hospital")},
        ),
        # told elsewhere in the article
        (
            "“It is safe,” Brandt said.\n\nThe river rose.\n\nHal Brandt is the director of the Marine Institute.",
            {("director", "Marine Institute")},
        ),
    ],
)
def test_affiliations(extract, text, expected):
    [speaker] = extract(text).speakers
    assert speaker.name == "Hal Brandt" or speaker.name == "Tomas Lindqvist"
    found = {(a.role, a.organization.removeprefix("the ") if a.organization else None) for a in speaker.affiliations}
    assert found == expected


@pytest.mark.parametrize(
    "text",
    [
        "Hal Brandt, 54, said it was safe.",
        "Hal Brandt, a mother of three, said it was safe.",
        "Hal Brandt, of Leeds, said it was safe.",
        "Hal Brandt, whose house burned down, said it was safe.",
        "Hal Brandt, her brother, said it was safe.",
    ],
)
def test_ages_relatives_and_residences_are_no_affiliations(extract, text):
    [speaker] = extract(text).speakers
    assert speaker.affiliations == []


def test_unnamed_speakers_have_affiliations(extract):
    [speaker] = extract("A spokesman for the Defense Ministry said the talks would go on.").speakers
    assert [(a.role, a.organization) for a in speaker.affiliations] == [("spokesman", "Defense Ministry")]


def test_roles_and_organizations_are_verbatim(extract):
    text = "Hal Brandt, a professor at Oxford University, said it was safe."
    [speaker] = extract(text).speakers
    for affiliation in speaker.affiliations:
        assert sorted(text[start:end] for start, end in affiliation.spans) == sorted(
            part for part in (affiliation.role, affiliation.organization) if part
        )
