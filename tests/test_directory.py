"""Speakers over many articles: (articles, expected rows)."""

import pytest

from claimx.directory import directory
from claimx.schema import Extraction


def article(id: str, *speakers: tuple) -> Extraction:
    """An extraction with one indirect claim for each speaker: (name, kind, [(role, organization)])."""
    claims = [
        {
            "id": f"c{n}",
            "kind": "indirect",
            "type": "assertion",
            "text": "it rained",
            "spans": [[0, 9]],
            "cue": None,
            "source": None,
            "speaker": f"s{n}",
            "confidence": 0.9,
        }
        for n in range(1, len(speakers) + 1)
    ]
    rows = [
        {
            "id": f"s{n}",
            "name": name,
            "kind": kind,
            "aliases": [],
            "mentions": 2,
            "pronouns": [],
            "affiliations": [{"role": role, "organization": organization, "spans": []} for role, organization in posts],
        }
        for n, (name, kind, posts) in enumerate(speakers, 1)
    ]
    model = {"name": "m", "version": "1"}
    return Extraction(id=id, source={"sha256": "0"}, model=model, claims=claims, speakers=rows)


PERSON, ORGANIZATION, GROUP = "person", "organization", "group"


@pytest.mark.parametrize(
    ("first", "second", "rows"),
    [
        # one full name, affiliations that agree or are not told
        (("Ada Brandt", PERSON, [("mayor", None)]), ("Ada Brandt", PERSON, []), 1),
        (("Ada Brandt", PERSON, [("mayor", "Leeds")]), ("Ada Brandt", PERSON, [("former mayor", None)]), 1),
        (("José Peña", PERSON, []), ("Jose Pena", PERSON, []), 1),
        # one full name, two people
        (("Ada Brandt", PERSON, [("mayor", "Leeds")]), ("Ada Brandt", PERSON, [("goalkeeper", "Vale")]), 2),
        # never by surname alone
        (("Brandt", PERSON, [("mayor", None)]), ("Brandt", PERSON, [("mayor", None)]), 2),
        (("Ada Brandt", PERSON, []), ("Brandt", PERSON, []), 2),
        # organizations by their name, groups and documents never
        (("World Bank", ORGANIZATION, []), ("the World Bank", ORGANIZATION, []), 1),
        (("officials", GROUP, []), ("officials", GROUP, []), 2),
        (("report", "document", []), ("report", "document", []), 2),
    ],
)
def test_who_is_one_over_two_articles(first, second, rows):
    entries = directory([article("a", first), article("b", second)])
    assert len(entries) == rows
    assert sum(entry.claims.total for entry in entries) == 2
    if rows == 1:
        assert [appearance.id for appearance in entries[0].articles] == ["a", "b"]


def test_two_namesakes_are_told_apart_by_what_they_are():
    articles = [
        article("a", ("Ada Brandt", PERSON, [("mayor", "Leeds")])),
        article("b", ("Ada Brandt", PERSON, [("goalkeeper", "Vale")])),
        article("c", ("Ada Brandt", PERSON, [("Vale goalkeeper", None)])),
        article("d", ("Ada Brandt", PERSON, [])),
    ]
    found = [[appearance.id for appearance in entry.articles] for entry in directory(articles)]
    assert sorted(found) == [["a"], ["b", "c"], ["d"]]


def test_speakers_of_one_article_stay_apart():
    [extraction] = [article("a", ("Ada Brandt", PERSON, []), ("Ada Brandt", PERSON, []))]
    assert len(directory([extraction])) == 2


def test_most_claims_come_first():
    many = article("a", ("World Bank", ORGANIZATION, []), ("Ada Brandt", PERSON, []))
    more = article("b", ("Ada Brandt", PERSON, []))
    assert [entry.name for entry in directory([many, more])] == ["Ada Brandt", "World Bank"]
