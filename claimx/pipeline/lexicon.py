"""Words that names, roles and speakers are recognised by, read from the rule files."""

from __future__ import annotations

from functools import lru_cache

from claimx.rules import load

#: The rule files that this module reads.
FILES = ("kinds.json", "pronouns.json", "role_words.json", "roles.txt", "titles.json", "words.json")
_TITLES, _ROLE_WORDS = load("titles.json"), load("role_words.json")
HONORIFICS: dict[str, str] = _TITLES["honorifics"]
TITLES: dict[str, str] = _TITLES["titles"]
SYNONYMS: dict[str, list[str]] = _TITLES["synonyms"]
SUFFIXES: frozenset[str] = frozenset(_TITLES["suffixes"])
PARTICLES: frozenset[str] = frozenset(_TITLES["particles"])
NICKNAMES: dict[str, str] = {short: full for full, shorts in _TITLES["nicknames"].items() for short in shorts}
ROLES: frozenset[str] = load("roles.txt")
KINSHIP: frozenset[str] = frozenset(_ROLE_WORDS["kinship"])
NOT_ROLES: frozenset[str] = frozenset(_ROLE_WORDS["not_roles"]) | KINSHIP
#: Names of one thing that share no word: GOP, Republicans.
SAME_NAMES: list[frozenset[tuple[str, ...]]] = [
    frozenset(tuple(name.split()) for name in names) for names in load("words.json")["same_names"]
]
#: Verbs that tell a post: heads, chairs, founded.
HEADING_VERBS: frozenset[str] = frozenset(_ROLE_WORDS["heading_verbs"])
#: Party names, and what names of nationalities end with.
PARTIES: frozenset[str] = frozenset(_ROLE_WORDS["parties"])
DEMONYM_ENDINGS: tuple[str, ...] = tuple(_ROLE_WORDS["demonym_endings"])
#: Closed classes of words, by what they do in the rules that read them.
WORDS: dict[str, frozenset[str]] = {
    name: frozenset(words)
    for name, words in load("words.json").items()
    if isinstance(words, list) and name != "same_names"
}
PERSON_NOUNS: dict[str, str] = load("words.json")["person_nouns"]
GENDERED: dict[str, str] = load("words.json")["gendered"]
#: Nouns that may stand for one another: company, firm; study, paper.
KIND_NOUNS: list[frozenset[str]] = [
    frozenset(nouns) for name in ("same_document", "same_organization") for nouns in load("kinds.json")[name]
]
#: Pronoun -> what it tells: number, gender, whether it is relative.
PRONOUNS: dict[str, dict] = load("pronouns.json")
#: Words whose singular and the like is remembered: more than an article has, so that common ones are looked at once.
REMEMBERED = 1 << 14
_SUFFIXES = tuple(_ROLE_WORDS["suffixes"])


@lru_cache(REMEMBERED)
def is_role(word: str) -> bool:
    """Whether a lower-case word names a role: director, spokeswoman, epidemiologists."""
    if word in ROLES or word in TITLES and word.endswith("."):
        return True
    singular = singular_of(word)
    return singular in ROLES or singular not in NOT_ROLES and len(singular) > 7 and singular.endswith(_SUFFIXES)


@lru_cache(REMEMBERED)
def singular_of(word: str) -> str:
    """The singular of a lower-case noun, never empty."""
    if word in ROLES or len(word) < 3 or not word.endswith(("s", "men")):
        return word
    if word.endswith("men"):
        return word[:-3] + "man"
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1]


def noun_gender(noun: str) -> str:
    """What a lower-case noun tells of the gender of the person it means: "m", "f" or ""."""
    return PERSON_NOUNS.get(noun, "") or ("f" if noun.endswith("woman") else "m" if noun.endswith("man") else "")
