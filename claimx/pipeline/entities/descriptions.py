"""What a mention tells by itself, and what an entity has told so far: names, gender, number, role words, place."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from claimx.pipeline.annotations import Mention, Offsets
from claimx.pipeline.encoder.reading import KINDS
from claimx.pipeline.lexicon import Lexicon
from claimx.pipeline.words import Words, without_possessive

#: Sorts of mentions: each has weights of its own.
SORTS = ("he", "it", "they", "first", "relative", "person", "name", "noun", "nouns")
_LITTLE = frozenset((
    "the", "of", "and", "for", "in", "at", "on", "to", "a", "an", "de", "la", "le", "del", "von", "van", "der",
    "&", "-", "’", "'",
))  # fmt: skip


def fold(word: str) -> str:
    """A word of a name as it is compared: without case, accents, possessive ’s and the dot of an initial."""
    plain = unicodedata.normalize("NFD", without_possessive(word).replace("’", "'").rstrip("."))
    return "".join(c for c in plain if not unicodedata.combining(c)).lower()


@dataclass(slots=True)
class Description:
    """One mention, as the choice of its entity sees it. Places are numbers of words."""

    start: int
    end: int
    head: int
    sort: str
    form: str
    kinds: list[float]
    names: tuple[str, ...] = ()
    noun: str = ""
    gender: str = ""
    plural: bool = False
    opening: str = ""
    title: str = ""
    roles: frozenset[str] = frozenset()
    speaks: int = -1
    quotation: int = -1
    subject: bool = False
    row: int = -1
    text: str = ""
    modifiers: frozenset[str] = frozenset()
    joint: frozenset[str] = frozenset()
    demonym: bool = False


class RoleWords(NamedTuple):
    """A role that stands in the text: its head word, and what stands before that."""

    name: str
    modifiers: frozenset[str]


def roles_by_head(words: Words, roles: Iterable[Offsets]) -> dict[int, RoleWords]:
    """Roles, each words [low, high), by the places of their last words."""
    return {
        high - 1: RoleWords(words.lowers[high - 1], frozenset(map(fold, words.words[low : high - 1])) - _LITTLE)
        for low, high in roles
        if low < high
    }


def describe(words: Words, mention: Mention, roles: Mapping[int, RoleWords], speaking: dict[int, int]) -> Description:
    """What a mention tells. `roles`: by the places of their heads; `speaking`: claim of each mention that is a source,
    by the place of its head."""
    start, end = words.range_of(mention.start, mention.end)
    head = words.at(mention.head)
    noun = fold(words.words[head])
    found = Description(start, end, head, "noun", mention.form, mention.scores or [0.2] * len(KINDS))
    found.text = words.text[mention.start : mention.end]
    found.speaks, found.quotation, found.row = speaking.get(head, -1), words.quotation[head], mention.row
    found.subject = start == 0 or words.sentence[start - 1] != words.sentence[start]
    if mention.form == "pronoun":
        _describe_pronoun(words.lexicon, found, words.lowers[head])
    elif mention.form == "name":
        _describe_name(words, found)
    elif noun in ("and", "&"):
        found.noun, found.plural, found.sort = "and", True, "nouns"
        found.joint = frozenset(_last_words(words, start, end))
    else:
        found.noun, found.plural = words.lexicon.singular_of(noun), _is_plural(words, found, noun)
        found.sort = "nouns" if found.plural else "noun"
        found.gender = words.lexicon.noun_gender(found.noun)
        found.modifiers = (
            frozenset(map(fold, words.words[start:head])) - _LITTLE - words.lexicon.words_of("determiners")
        )
    found.opening = _opening(words.lexicon, words.lower(start))
    near = [
        role
        for place, role in _between(roles, start - 3, end + 6)
        if place >= start - 3
        and (place >= start or not _cuts(words, place, start))
        and (place < end or place > end and words.words[end] == ",")
    ]
    found.roles = frozenset(role.name for role in near)
    if found.form == "name":
        found.modifiers = frozenset().union(*(role.modifiers for role in near))
    return found


def _between(roles: Mapping[int, RoleWords], low: int, high: int) -> Iterator[tuple[int, RoleWords]]:
    return ((place, roles[place]) for place in range(low, high) if place in roles)


def _last_words(words: Words, start: int, end: int) -> Iterator[str]:
    """The last words of those who are joined: okoro and diaz of "Mr Okoro and Ana Diaz"."""
    for i in range(start, end):
        is_last = i + 1 == end or words.lowers[i + 1] in ("and", "&", ",")
        if is_last and words.words[i][0].isalnum() and words.lowers[i] not in ("and", "&"):
            yield fold(words.words[i])


def _describe_pronoun(lexicon: Lexicon, found: Description, lower: str) -> None:
    found.noun = lower
    told = lexicon.pronouns.get(lower, {})
    if lower in lexicon.gendered:
        found.sort, found.gender = "he", lexicon.gendered[lower]
    elif told.get("number") == "thing":
        found.sort = "it"
    elif lower in ("they", "them", "their", "theirs", "themselves", "both", "these", "those"):
        found.sort, found.plural = "they", True
    elif told.get("number") == "first" or lower in ("mine", "myself", "ours", "ourselves", "yours", "yourself"):
        found.sort = "first"
    else:
        found.sort = "relative"


def _describe_name(words: Words, found: Description) -> None:
    parts = [fold(word) for word in words.words[found.start : found.end] if any(c.isalnum() for c in word)]
    found.sort = "person" if found.kinds[0] == max(found.kinds) else "name"
    if found.sort == "person":
        parts = [
            part
            for part in parts
            if part not in words.lexicon.honorifics and words.lexicon.suffixes.isdisjoint((part, part + "."))
        ]
        found.title = _title_before(words, found.start)
        found.gender = words.lexicon.honorifics.get(found.title, "") or (
            words.lexicon.forenames.get(parts[0], "") if len(parts) > 1 else ""
        )
    elif len(parts) > 1 and parts[0] in ("the", "a"):
        parts = parts[1:]
    found.names, found.noun = tuple(parts), parts[-1] if parts else ""


def _title_before(words: Words, start: int) -> str:
    before = words.lower(start - 2) if words.lower(start - 1) == "." else words.lower(start - 1)
    lexicon = words.lexicon
    return lexicon.title_of(before) or (before if before in lexicon.honorifics or lexicon.is_title(before) else "")


def _is_plural(words: Words, found: Description, noun: str) -> bool:
    opening = words.lower(found.start)
    if opening in ("a", "an", "one", "another", "this", "that", "each"):
        return False
    return opening in ("these", "those", "two", "three", "several", "some", "many", "few", "both") or (
        words.lexicon.singular_of(noun) != noun and not noun.endswith("ss")
    )


def _opening(lexicon: Lexicon, lower: str) -> str:
    if lower in ("the", "a", "an", "this", "that", "these", "those", "another", "one", "some", "no", "any"):
        return {"an": "a", "these": "this", "those": "this", "that": "this"}.get(lower, lower)
    if lower in lexicon.words_of("possessives"):
        return "its"
    return "possessive" if lower.endswith("'s") else ""


def _cuts(words: Words, place: int, start: int) -> bool:
    return any(not word[0].isalnum() and word not in "-." for word in words.words[place + 1 : start])


@dataclass(slots=True)
class Referent:
    """An entity so far: what its mentions have told."""

    mentions: list[int] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    forms: list[tuple[str, ...]] = field(default_factory=list)
    nouns: set[str] = field(default_factory=set)
    roles: set[str] = field(default_factory=set)
    titles: set[str] = field(default_factory=set)
    modifiers: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    genders: Counter = field(default_factory=Counter)
    plurals: int = 0
    singulars: int = 0
    kinds: list[float] = field(default_factory=lambda: [0.0] * len(KINDS))
    last: Description | None = None
    last_named: int = -10_000
    spoken: int = -1
    joint: frozenset[str] = frozenset()
    first: int = 0
    in_body: int = 0

    def add(self, index: int, told: Description, in_headline: bool) -> None:
        if not self.mentions:
            self.first = told.head
        self.mentions.append(index)
        self.rows.append(told.row)
        if told.names and told.names not in self.forms:
            self.forms.append(told.names)
        self.modifiers |= told.modifiers
        if told.form == "nominal":
            self.nouns.add(told.noun)
        if told.form != "pronoun":
            self.texts.add(told.text.lower())
        self.joint |= told.joint
        if told.names:
            self.last_named = told.head
        self.roles |= told.roles
        if told.title:
            self.titles.add(told.title)
        if told.gender:
            self.genders[told.gender] += 5 if told.sort == "he" or told.title else 2
        if told.sort in ("nouns", "they"):
            self.plurals += 1
        elif told.sort in ("noun", "he", "it", "person"):
            self.singulars += 1
        if told.form != "pronoun":
            self.kinds = [have + more for have, more in zip(self.kinds, told.kinds, strict=True)]
        if told.speaks >= 0:
            self.spoken = told.head
        self.in_body += not in_headline
        self.last = told

    @property
    def gender(self) -> str:
        """The gender that most of it tells, "" where that is nothing, or as much of both."""
        (first, most), *rest = [*self.genders.most_common(2), ("", 0)]
        return first if most and (not rest or rest[0][1] < most) else ""

    @property
    def kind(self) -> str:
        return KINDS[self.kinds.index(max(self.kinds))] if any(self.kinds) else ""


def name_handles(lexicon: Lexicon, names: tuple[str, ...]) -> set[str]:
    """The words of a name by which it may be called again."""
    return {word for word in names if len(word) > 1 and word not in lexicon.particles and word not in _LITTLE}
