"""Noun phrases that no name is part of and that people may refer back to: "a report by the council", "two officials".

Found by their head nouns (``rules/kinds.json``, ``rules/roles.txt``), read from tokens and names, no parse.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from functools import lru_cache

from claimx.pipeline.article import Article
from claimx.pipeline.lexicon import KINSHIP, PERSON_NOUNS, REMEMBERED, WORDS, is_role, singular_of
from claimx.rules import load

_KIND_OF = {
    word: kind for kind in ("group", "organization", "document") for word in load("kinds.json")[kind]
}  # a word of two kinds has the later one
_DETERMINERS, _POSSESSIVES, _SEPARATORS = WORDS["determiners"], WORDS["possessives"], WORDS["source_separators"]
_JOINS = frozenset(("of", "by", "from", "for", "at", "on", "in"))
_LONGEST = 9


@dataclass(slots=True)
class NounPhrase:
    """Tokens [start, end) without the determiner, the head among them, and the kind of speaker it could be."""

    start: int
    end: int
    head: int
    kind: str


def find_noun_phrases(article: Article, named: Container[int]) -> list[NounPhrase]:
    """Noun phrases in the order of the text; `named` holds the tokens of names."""
    words, lowers = article.words, article.lowers
    found = []
    for i, lower in enumerate(lowers):
        if not lower[0].isalpha() or i in named:
            continue
        kind = kind_of_noun(lower) or ("unnamed" if article.is_role(i) else None)
        following = lowers[i + 1] if i + 1 < len(words) else "."
        is_modifier = (
            i + 1 < len(words)
            and i + 1 not in named
            and words[i + 1].islower()
            and (following in _KIND_OF or is_role(following))
        )
        if kind is None or is_modifier:
            continue
        start, end = phrase_start(article, i + 1), i + 1
        if following in _JOINS:
            end += 1
            while (
                end < len(words)
                and end - i < _LONGEST
                and words[end][0].isalnum()
                and lowers[end] not in _SEPARATORS
                and not article.is_break[end]
            ):
                end += 1
            end = end if end > i + 2 else i + 1
        if start < i and (lowers[start] in _DETERMINERS or lowers[start] in _POSSESSIVES):
            start += 1
        found.append(NounPhrase(start, end, i, kind))
    return found


@lru_cache(REMEMBERED)
def kind_of_noun(lower: str) -> str | None:
    """The kind of speaker that a noun names: group, organization, document, unnamed; None for other words."""
    singular = singular_of(lower)
    if is_role(lower) or singular in PERSON_NOUNS or singular in KINSHIP:
        return "unnamed" if singular == lower else "group"
    return _KIND_OF.get(lower) or _KIND_OF.get(singular)


def phrase_start(article: Article, end: int) -> int:
    """Where the noun phrase that ends before token `end` begins."""
    start = end - 1
    while start > 0 and end - start < _LONGEST and article.lowers[start] not in _DETERMINERS:
        word = article.words[start - 1]
        if word in ',.;:“”"' or "\n" in word or article.lowers[start - 1] in WORDS["before_phrases"]:
            break
        start -= 1
    return start
