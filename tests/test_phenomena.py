"""Who speaks, and in what capacity: (article, name of the last speaker, (role, organization) among the affiliations).

One group of rows a phenomenon, over many beats and origins of names. A None for the affiliation asks nothing about it.
"""

import pytest

NAMES = {
    "longest form": [
        ("Rasheeda Bello-Hughes runs the lab. “It works,” Bello-Hughes said.", "Rasheeda Bello-Hughes", None),
        ("“It works,” Bello-Hughes said. Rasheeda Bello-Hughes runs the lab.", "Rasheeda Bello-Hughes", None),
    ],
    "titles, suffixes and nicknames": [
        ("Gov. Dale R. Whitcomb Jr. signed the bill. “It is done,” Whitcomb said.", "Dale R. Whitcomb Jr.", None),
        ("Harold Finch III owns the mill. “We will rebuild,” Mr. Finch said.", "Harold Finch III", None),
        ("Elena “Nena” Duarte owns the club. “We will play,” Duarte said.", "Elena “Nena” Duarte", None),
        ("Lt. Col. Samuel Achterberg led the rescue. “The ice held,” Achterberg said.", "Samuel Achterberg", None),
    ],
    "origins": [
        ("Zhang Meilin runs the plant. “Orders are up,” Zhang said.", "Zhang Meilin", None),
        ("Khalid al-Otaibi owns the fleet. “Prices fell,” al-Otaibi said.", "Khalid al-Otaibi", None),
        ("María Fernández Ochoa leads the strike. “We stay out,” Fernández Ochoa said.", "María Fernández Ochoa", None),
        ("Governor Sutrisno inspected the dam. “The wall is sound,” Sutrisno said.", "Sutrisno", None),
        ("Katrín Jónsdóttir studies the glacier. “It is thinning,” Katrín said.", "Katrín Jónsdóttir", None),
        ("Park Ji-won coaches the team. “We were slow,” Park said.", "Park Ji-won", None),
        ("R. K. Venkataraman heads the dairy. “Milk is short,” Venkataraman said.", "R. K. Venkataraman", None),
        ("Siobhán O’Dwyer chairs the trust. “The roof leaks,” O’Dwyer said.", "Siobhán O’Dwyer", None),
        ("Chidinma Okonkwo sells cloth. “Nobody buys,” Okonkwo said.", "Chidinma Okonkwo", None),
    ],
    "acronyms and short forms": [
        (
            "The Coastal Shipping Authority (CSA) closed the strait.\n\nThe CSA said the closure would last a week.",
            "Coastal Shipping Authority",
            None,
        ),
        (
            "The University of Northfield suspended the trial in May.\n\nThe university said nobody had been harmed.",
            "University of Northfield",
            None,
        ),
    ],
}
COREFERENCE = {
    "pronouns": [
        (
            "Mayor Ada Brandt visited the bridge with engineer Tomas Lindqvist. She said it would stay open.",
            "Ada Brandt",
            None,
        ),
        ("“It is over,” said Nikhil Rao. The crowd left. He added that nobody was hurt.", "Nikhil Rao", None),
        (
            "Ilse Brandt founded Nordlicht Foods in 1990. The company makes soup. It said profits had doubled.",
            "Nordlicht Foods",
            None,
        ),
    ],
    "definite descriptions": [
        ("Sen. Maria Okafor met voters in Leeds. The senator said the bill would pass.", "Maria Okafor", None),
        (
            "Owen Pryce, a goalkeeper, left the club on Friday. The goalkeeper said he was tired.",
            "Owen Pryce",
            ("goalkeeper", None),
        ),
        (
            "Playwright Noor Haddad opened her new play. The playwright said it was her last.",
            "Noor Haddad",
            ("Playwright", None),
        ),
        (
            "Lumen Bank closed forty branches on Monday. The bank said customers had moved online.",
            "Lumen Bank",
            None,
        ),
    ],
    "relative pronouns": [
        ("Tomas Lindqvist, who said the bridge was rusty, lives nearby.", "Tomas Lindqvist", None),
    ],
    "two people": [
        (
            "Pia Lund and Karl Strand walked out of the talks. The two said the offer was an insult.",
            "Pia Lund and Karl Strand",
            None,
        ),
    ],
    "apposed names": [
        ("A fisherman, Kwame Mensah, said the nets were empty.", "Kwame Mensah", ("fisherman", None)),
        (
            "Its co-founder and chief executive, Tyler Reece, said sales had doubled.",
            "Tyler Reece",
            ("chief executive", None),
        ),
        ("One of the owners, retired teacher Mok Yuk-fong, said the lift was broken.", "Mok Yuk-fong", None),
    ],
}
AFFILIATIONS = {
    "chained appositions": [
        (
            "“Rates will rise,” said Hal Brandt, a fellow at Harrow College and a former adviser to the World Bank.",
            "Hal Brandt",
            ("former adviser", "World Bank"),
        ),
    ],
    "the organization owns the role": [
        ("The campaign’s spokesman, Brian Fell, said turnout was high.", "Brian Fell", ("spokesman", "campaign")),
        ("Google’s chief economist, Ines Paz, said prices would fall.", "Ines Paz", ("chief economist", "Google")),
        ("Castletown coach Gemma Hartley said her side was lucky.", "Gemma Hartley", ("coach", "Castletown")),
    ],
    "the organization is told before": [
        (
            "Nordlicht Foods closed its plant on Monday. Its chief executive, Ilse Brandt, said demand had collapsed.",
            "Ilse Brandt",
            ("chief executive", "Nordlicht Foods"),
        ),
        (
            "Lumen Bank closed forty branches. The bank’s chairman, Omar Haddad, said customers had moved online.",
            "Omar Haddad",
            ("chairman", "Lumen Bank"),
        ),
    ],
    "party and district": [
        ("Rep. Dana Ruiz (D-Ohio) said the bill was dead.", "Dana Ruiz", ("Rep.", "D-Ohio")),
        ("Sen. Walt Emery, R-Idaho, said the bill was dead.", "Walt Emery", ("Sen.", "R-Idaho")),
    ],
    "verbs": [
        ("Amara Diallo, who runs the Harbour Clinic, said beds were full.", "Amara Diallo", ("runs", "Harbour Clinic")),
        (
            "Jens Moller, who founded the Baltic Institute, said it was sad.",
            "Jens Moller",
            ("founded", "Baltic Institute"),
        ),
    ],
    "former and acting": [
        ("Acting police chief Rosa Quint said two men were held.", "Rosa Quint", ("Acting police chief", None)),
        (
            "Peter Okoro, the former mayor of Calabar, said the road was lost.",
            "Peter Okoro",
            ("former mayor", "Calabar"),
        ),
    ],
    "told paragraphs later": [
        (
            "“It is safe,” Brandt said.\n\nThe river rose.\n\nHal Brandt is the director of the Marine Institute.",
            "Hal Brandt",
            ("director", "Marine Institute"),
        ),
    ],
}


def rows(groups: dict) -> list:
    return [pytest.param(*row, id=f"{group} {n}") for group, found in groups.items() for n, row in enumerate(found)]


@pytest.mark.parametrize(("text", "name", "affiliation"), rows(NAMES | COREFERENCE | AFFILIATIONS))
def test_the_last_speaker(extract, text, name, affiliation):
    extraction = extract(text)
    speaker = extraction.speaker_of(extraction.claims[-1])
    assert speaker is not None
    assert speaker.name == name
    if affiliation:
        assert affiliation in [(a.role, a.organization) for a in speaker.affiliations]


@pytest.mark.parametrize(
    "text",
    [
        "Bill and Hanna Clark run the farm. The farm is old. Clark said the barn had burned.",
        "It was said that the road was closed.",
    ],
)
def test_nobody_rather_than_a_guess(extract, text):
    extraction = extract(text)
    assert extraction.claims
    assert extraction.claims[-1].speaker is None


@pytest.mark.parametrize(
    "text",
    [
        "Hal Brandt, 54, said it was safe.",
        "Hal Brandt, a mother of three, said it was safe.",
        "Hal Brandt, of Leeds, said it was safe.",
        "Her brother, Hal Brandt, said it was safe.",
        "Hal Brandt, who won the lottery in May, said it was safe.",
        "Hal Brandt, a Norwegian, said it was safe.",
    ],
)
def test_what_is_no_affiliation(extract, text):
    [speaker] = extract(text).speakers
    assert speaker.affiliations == []


def test_one_mention_of_two_people_is_one_group(extract):
    text = (
        "Pia Lund and Karl Strand walked out. Both said the offer was an insult. Lund and Strand said they were tired."
    )
    extraction = extract(text)
    assert [speaker.name for speaker in extraction.speakers] == ["Pia Lund and Karl Strand"]


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("The Brandts said they would stay. Ada Brandt runs the shop.", "Brandts", "group"),
        (
            "The Federal Bureau of Statistics (FBS) closed. The F.B.S. said it had no money.",
            "Federal Bureau of Statistics",
            "organization",
        ),
        ("Justice Department spokesman Kyle Reyes said charges were likely.", "Kyle Reyes", "person"),
    ],
)
def test_families_acronyms_and_departments(extract, text, name, kind):
    extraction = extract(text)
    speaker = extraction.speaker_of(extraction.claims[-1] if kind != "group" else extraction.claims[0])
    assert (speaker.name, speaker.kind) == (name, kind)
    if kind == "person":
        assert [(a.role, a.organization) for a in speaker.affiliations] == [("spokesman", "Justice Department")]


@pytest.mark.parametrize(
    "text",
    [
        "Rep. Ada Brandt (D-Md., s) said so. The s said no.",
        "S AGENT, NICO FARR OF FARR TALENT, REFUSED TO TALK BUT DENIED HIS CLIENT HAD IT.",
        "men said it rained. The men said no.",
        "’s said that it rained",
        "(Brandt) said, (",
        "Ada Brandt said it rained. Tomas Lindqvist, an adviser to the",
        "said said said. He’s said it. Who’s said it?",
    ],
)
def test_broken_text_breaks_nothing(extract, text):
    for claim in extract(text).claims:
        assert all(text[start:end] in claim.text for start, end in claim.spans)
