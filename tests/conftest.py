"""Fixtures: the claim pipeline, loaded once, and the articles with gold beside them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import claimx

ARTICLES = Path(__file__).parent / "articles"


@pytest.fixture(scope="session")
def nlp():
    return claimx.load()


@pytest.fixture(scope="session")
def reader():
    """A process that reads the articles of requests to a server."""
    from claimx.web.reading import ArticleReader

    with ArticleReader(timeout=20) as reader:
        yield reader


@pytest.fixture(scope="session")
def extract(nlp):
    """A function that extracts from a text; memoised, since many rows look at one text."""
    seen: dict[str, claimx.Extraction] = {}

    def run(text: str) -> claimx.Extraction:
        if text not in seen:
            seen[text] = claimx.extract(text, nlp=nlp)
        return seen[text]

    return run


def claims_of(extraction: claimx.Extraction, text: str) -> list[tuple[str, str | None, str | None]]:
    """The claims as (content, cue, source), content pieces joined by " / "."""
    return [
        (
            " / ".join(text[start:end] for start, end in claim.spans),
            claim.cue and claim.cue.text,
            claim.source and claim.source.text,
        )
        for claim in extraction.claims
    ]


def articles() -> list[tuple[str, str, dict]]:
    """(name, text, gold) of every article in tests/articles."""
    return [
        (path.stem, path.read_text(encoding="utf-8"), json.loads(path.with_suffix(".gold.json").read_text("utf-8")))
        for path in sorted(ARTICLES.glob("*.txt"))
    ]
