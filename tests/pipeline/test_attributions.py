"""Who claims what: (text, (content, cue, source)), content pieces joined by " / "."""

import pytest
from conftest import claims_of


@pytest.fixture(scope="module")
def claims(extract):
    return lambda text: claims_of(extract(text), text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“The road is closed,” Mara Dunn said.", ("“The road is closed,”", "said", "Mara Dunn")),
        ("“The road is closed,” said Mara Dunn, a driver.", ("“The road is closed,”", "said", "Mara Dunn, a driver")),
        ("Mara Dunn said, “The road is closed.”", ("“The road is closed.”", "said", "Mara Dunn")),
        ("Mara Dunn said: “The road is closed.”", ("“The road is closed.”", "said", "Mara Dunn")),
        ("‘The road is closed,’ Mara Dunn said.", ("‘The road is closed,’", "said", "Mara Dunn")),
        ("‘The road is closed’, Mara Dunn said.", ("‘The road is closed’", "said", "Mara Dunn")),
        ("“Is the road closed?” Mara Dunn asked.", ("“Is the road closed?”", "asked", "Mara Dunn")),
        ("“The road is closed,” according to Mara Dunn.", ("“The road is closed,”", "according to", "Mara Dunn")),
        ("“The road is closed,” Mara Dunn told the Courier.", ("“The road is closed,”", "told", "Mara Dunn")),
        (
            "“The road,” Mara Dunn said, “is closed until spring.”",
            ("“The road,” / “is closed until spring.”", "said", "Mara Dunn"),
        ),
        (
            "“The road is closed,” Mara Dunn said. “It will stay closed.”",
            ("“The road is closed,” / “It will stay closed.”", "said", "Mara Dunn"),
        ),
        (
            "“The road is closed,” Mara Dunn said.\n\n“It will stay closed for years.”",
            ("“The road is closed,” / “It will stay closed for years.”", "said", "Mara Dunn"),
        ),
        (
            "“The road is closed,” Mara Dunn said. “It will stay closed.\n\n“I know what I am talking about.”",
            (
                "“The road is closed,” / “It will stay closed.\n\n“I know what I am talking about.”",
                "said",
                "Mara Dunn",
            ),
        ),
        ("“The road is closed.”\n\n— Mara Dunn, driver", ("“The road is closed.”", "—", "Mara Dunn, driver")),
        (
            "“The road is closed,” one driver, who has been stuck since May, said.",
            ("“The road is closed,”", "said", "one driver, who has been stuck since May"),
        ),
    ],
)
def test_direct_quotations(claims, text, expected):
    assert claims(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mara Dunn said that the road was closed.", ("that the road was closed", "said", "Mara Dunn")),
        ("Mara Dunn said the road was closed.", ("the road was closed", "said", "Mara Dunn")),
        ("The road was closed, Mara Dunn said.", ("The road was closed", "said", "Mara Dunn")),
        ("According to the mayor, the road was closed.", ("the road was closed", "According to", "the mayor")),
        ("The road was closed, according to the mayor.", ("The road was closed", "according to", "the mayor")),
        ("She told the Courier that the road was closed.", ("that the road was closed", "told", "She")),
        ("The mayor denied that the road was closed.", ("that the road was closed", "denied", "The mayor")),
        (
            "The mayor has not said whether the road is closed.",
            ("whether the road is closed", "has not said", "The mayor"),
        ),
        ("The mayor plans to close the road.", ("to close the road", "plans", "The mayor")),
        ("The mayor called for a new road.", ("a new road", "called for", "The mayor")),
        ("The mayor believes the road is safe.", ("the road is safe", "believes", "The mayor")),
        ("The study found that the road was sinking.", ("that the road was sinking", "found", "The study")),
        ("The mayor asked why the road was closed.", ("why the road was closed", "asked", "The mayor")),
    ],
)
def test_reported_speech(claims, text, expected):
    assert claims(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Mara Hale was quoted as saying that the road was closed.",
            ("that the road was closed", "was quoted as saying", "Mara Hale"),
        ),
        ("As the mayor put it, the road is a disgrace.", ("the road is a disgrace", "put it", "the mayor")),
        ("Mayor Hale: ‘We are ready.’", ("‘We are ready.’", ":", "Mayor Hale")),
    ],
)
def test_other_constructions(claims, text, expected):
    assert claims(text) == [expected]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Asked whether the road was closed, she shrugged.", None),
        ("She asked whether the road was closed.", "She"),
    ],
)
def test_whoever_is_asked_is_not_the_source(claims, text, source):
    assert [(cue.split()[0].lower(), found) for _, cue, found in claims(text)] == [("asked", source)]


def test_a_claim_ends_with_its_sentence_after_an_amount(claims):
    found = claims("According to the council, losses could reach £400m. Its clerk, Mara Hale, would not comment.")
    assert found[0][0] == "losses could reach £400m"


def test_interrupted_reported_speech(claims):
    [(content, cue, source)] = claims("Five years ago, she said, the road was open to everybody.")
    assert content == "Five years ago / the road was open to everybody"
    assert (cue, source) == ("she said"[4:], "she")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("“The road is closed,” Mara Dunn said.", "direct"),
        ("Mara Dunn said the road was “a disgrace.”", "mixed"),
        ("Mara Dunn said the road was closed.", "indirect"),
    ],
)
def test_kinds(extract, text, kind):
    assert [claim.kind for claim in extract(text).claims] == [kind]


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("Mara Dunn said the road was closed.", "assertion"),
        ("Mara Dunn thinks the road is closed.", "belief"),
        ("Mara Dunn knows that the road is closed.", "fact"),
        ("Mara Dunn wants to close the road.", "eventuality"),
        ("Mara Dunn called for a new road.", "eventuality"),
    ],
)
def test_types_come_from_the_cue(extract, text, type_):
    assert [claim.type for claim in extract(text).claims] == [type_]


@pytest.mark.parametrize(
    "text",
    [
        "The “green” bridge opened on Monday.",
        "Her novel “The Long Road” sold well.",
        "William “Buddy” Hale drove the bus.",
        "The bus left at noon and reached the coast by night.",
        "",
        " \n ",
    ],
)
def test_scare_quotes_titles_nicknames_and_actions_are_no_claims(claims, text):
    assert claims(text) == []


def test_coordinated_cues_share_a_source(claims):
    found = claims("The minister criticized the engineers and promised to repair the bridge.")
    assert {(cue, source) for _, cue, source in found} >= {("promised", "The minister")}


def test_only_the_outermost_claim_counts(claims):
    [(content, cue, _)] = claims("The mayor said that the engineer had warned that the road would sink.")
    assert content == "that the engineer had warned that the road would sink"
    assert cue == "said"


def test_a_quotation_is_never_torn(extract):
    text = "The mayor said that the road was “a disgrace, and everybody who uses it knows that” but would stay open."
    [claim] = extract(text).claims
    assert "“a disgrace, and everybody who uses it knows that”" in claim.text


def test_transcript_turns(claims):
    text = "DUNN: Is the road closed?\n\nMAYOR HALE: It has been closed since May.\n\nDUNN: And why is that?"
    assert [(content, source) for content, _, source in claims(text)] == [
        ("Is the road closed?", "DUNN"),
        ("It has been closed since May.", "MAYOR HALE"),
        ("And why is that?", "DUNN"),
    ]


def test_a_dateline_is_no_source(claims):
    [(_, _, source)] = claims("LEEDS, May 4 (Reuters) — Mayor Ann Hale said the road was closed.")
    assert source == "Mayor Ann Hale"


def test_confidence_orders_clear_before_doubtful(extract):
    clear = extract("“The road is closed,” Mara Dunn said.").claims[0]
    doubtful = extract("The mayor wants more.").claims
    assert clear.confidence > 0.9
    assert all(claim.confidence < clear.confidence for claim in doubtful)
