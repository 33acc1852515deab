"""What speaks for and against a mention being of an entity: traits, each with a weight for each sort of mention."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import NamedTuple

from claimx.pipeline.entities.descriptions import Description, Referent
from claimx.pipeline.lexicon import Lexicon
from claimx.pipeline.words import Words


class Trait(Enum):
    """`NEW_…` are traits of the choice that a mention begins an entity of its own."""

    NETWORK = auto()
    NETWORK_SURE = auto()
    NETWORK_BEST = auto()
    SAME_NAME = auto()
    SAME_SURNAME = auto()
    SAME_FORENAME = auto()
    OTHER_FORENAME = auto()
    OTHER_NAME = auto()
    UNNAMED = auto()
    UNNAMED_APART = auto()
    UNNAMED_SPOKE = auto()
    UNNAMED_IN_BODY = auto()
    UNNAMED_OF_SAME_ROLE = auto()
    UNNAMED_OF_OTHER_ROLE = auto()
    UNNAMED_OF_NO_ROLE = auto()
    LAST_OF_SURNAME = auto()
    NAME_WITHIN = auto()
    NAME_AROUND = auto()
    SHARED_WORD = auto()
    ACRONYM = auto()
    SAME_TEXT = auto()
    SAME_NOUN = auto()
    NOUN_IN_NAME = auto()
    NOUN_OF_SAME_SORT = auto()
    NOUN_IS_ROLE = auto()
    NOUN_LIKE_ROLE = auto()
    OTHER_NOUN = auto()
    OTHER_MODIFIERS = auto()
    SAME_MODIFIERS = auto()
    FORMER_ROLE = auto()
    SAME_TITLE = auto()
    OTHER_TITLE = auto()
    SAME_GENDER = auto()
    OTHER_GENDER = auto()
    NO_GENDER = auto()
    SAME_NUMBER = auto()
    OTHER_NUMBER = auto()
    KINDS_AGREE = auto()
    KINDS_DIFFER = auto()
    IS_PERSON = auto()
    IS_ORGANIZATION = auto()
    IS_GROUP = auto()
    IS_DOCUMENT = auto()
    IS_UNNAMED = auto()
    IS_NAMED = auto()
    DISTANCE = auto()
    SENTENCES = auto()
    SAME_SENTENCE = auto()
    LAST_SENTENCE = auto()
    SAME_PARAGRAPH = auto()
    NEAREST = auto()
    SECOND = auto()
    THIRD = auto()
    FURTHER = auto()
    NEAREST_FITTING = auto()
    OFTEN = auto()
    TOPIC = auto()
    WAS_SUBJECT = auto()
    BOTH_SUBJECTS = auto()
    WAS_SAME_PRONOUN = auto()
    WAS_PRONOUN = auto()
    SPOKE_LAST = auto()
    BOTH_SPEAK = auto()
    SPOKE = auto()
    ONLY_THERE_QUOTED = auto()
    ONLY_HERE_QUOTED = auto()
    SPEAKS_HERE = auto()
    QUOTED_BY = auto()
    OVERLAPS = auto()
    APPOSED = auto()
    NAME_APPOSED = auto()
    IN_HEADLINE = auto()
    NEW = auto()
    NEW_NETWORK = auto()
    NEW_A = auto()
    NEW_THE = auto()
    NEW_ITS = auto()
    NEW_THIS = auto()
    NEW_BARE = auto()
    NEW_NUMBERED = auto()
    NEW_UNTIED = auto()
    NEW_QUOTED = auto()
    NEW_SPEAKS = auto()
    NEW_LONG = auto()
    NEW_FULL_NAME = auto()
    NEW_MODIFIED = auto()


#: The least log-probability that is told from another.
_LEAST = -9.0


def traits_of(
    words: Words, told: Description, referent: Referent, network: float, rank: int, context: Context
) -> Iterator[tuple[Trait, float]]:
    """Traits of one candidate; `network`: its log-probability by the encoder, `rank`: its place in order of recency."""
    yield Trait.NETWORK, max(network, _LEAST) / 3
    yield Trait.NETWORK_SURE, math.exp(network)
    if network == context.best and network > _LEAST:
        yield Trait.NETWORK_BEST, 1
    if told.names:
        yield from _names(words.lexicon, told, referent, context)
    elif told.form == "nominal":
        yield from _nouns(words.lexicon, told, referent)
    yield from _agreement(told, referent)
    yield from _place(words, told, referent, rank, context)


class Context(NamedTuple):
    """What holds for all candidates of a mention. `last_speaker`: the referent that spoke last; `author`: the one that
    the quotation around the mention is by; `topic`: the one mentioned most before."""

    best: float
    last_speaker: Referent | None
    author: Referent | None
    topic: Referent | None
    shared_surname: Referent | None
    first_fitting: Referent | None
    near: frozenset[int] = frozenset()

    def is_near(self, referent: Referent) -> bool:
        """Whether the last mention of a referent stands in the sentence of this one."""
        return referent.last is not None and referent.last.head in self.near


def _names(lexicon: Lexicon, told: Description, referent: Referent, context: Context) -> Iterator[tuple[Trait, float]]:
    if not referent.forms:
        yield from _unnamed(lexicon, told, referent, context)
        return
    names = told.names
    if names in referent.forms:
        yield Trait.SAME_NAME, 1
    elif told.sort == "person":
        yield from _people(lexicon, names, referent)
    else:
        mine = set(names)
        if any(set(form) > mine for form in referent.forms):
            yield Trait.NAME_AROUND, 1
        elif any(set(form) < mine for form in referent.forms):
            yield Trait.NAME_WITHIN, 1
        elif any(mine & set(form) - {"the", "of", "and"} for form in referent.forms):
            yield Trait.SHARED_WORD, 1
        elif any(_is_acronym(names, form) or _is_acronym(form, names) for form in referent.forms):
            yield Trait.ACRONYM, 1
        else:
            yield Trait.OTHER_NAME, 1
    if context.shared_surname is referent:
        yield Trait.LAST_OF_SURNAME, 1


def _unnamed(
    lexicon: Lexicon, told: Description, referent: Referent, context: Context
) -> Iterator[tuple[Trait, float]]:
    """Traits of somebody who has had no name so far, as the one whom a name means."""
    yield Trait.UNNAMED, 1
    if told.noun in referent.nouns:
        yield Trait.SAME_NOUN, 1
    if not context.is_near(referent):
        yield Trait.UNNAMED_APART, 1
    if referent.spoken >= 0:
        yield Trait.UNNAMED_SPOKE, 1
    if referent.in_body:
        yield Trait.UNNAMED_IN_BODY, 1
    if told.roles and referent.nouns:
        is_same = not told.roles.isdisjoint(referent.nouns)
        yield (Trait.UNNAMED_OF_SAME_ROLE if is_same else Trait.UNNAMED_OF_OTHER_ROLE), 1
    if not any(map(lexicon.is_role, referent.nouns)):
        yield Trait.UNNAMED_OF_NO_ROLE, 1


def _people(lexicon: Lexicon, names: tuple[str, ...], referent: Referent) -> Iterator[tuple[Trait, float]]:
    forms = referent.forms
    if any(form[-1] == names[-1] for form in forms):
        full = [form for form in forms if len(form) > 1 and form[-1] == names[-1]]
        if len(names) > 1 and full and not any(_same_forename(lexicon, names, form) for form in full):
            yield Trait.OTHER_FORENAME, 1
        else:
            yield Trait.SAME_SURNAME, 1
    elif len(names) == 1 and any(names[0] in form for form in forms):
        yield Trait.SAME_FORENAME, 1
    elif any(len(form) == 1 and form[0] in names for form in forms):
        yield Trait.NAME_WITHIN, 1
    elif len(names) == 1 and any(len(form) > 1 and names[0] == initials_of(form) for form in forms):
        yield Trait.ACRONYM, 1
    elif any(set(form) & set(names) for form in forms):
        yield Trait.SHARED_WORD, 1
    else:
        yield Trait.OTHER_NAME, 1


def _same_forename(lexicon: Lexicon, a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether two full names with one surname can be one person's: equal, initials, or short for the other."""
    x, y = a[0], b[0]
    if x == y or x in b or y in a or lexicon.full_forename(x) == lexicon.full_forename(y):
        return True
    if len(x) > 3 and x[:4] == y[:4]:
        return True
    return x[0] == y[0] and (len(x) <= 2 or len(y) <= 2 or x.startswith(y) or y.startswith(x))


def are_two_people(lexicon: Lexicon, a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether two names cannot be one person's: no word in common, or one surname with two forenames."""
    if len(a) > 1 and len(b) > 1:
        if a[-1] == b[-1]:
            return not _same_forename(lexicon, a, b)
        common = set(a) & set(b)
        short, long = sorted((a[-1], b[-1]), key=len)
        if common and len(common) < min(2, len(a), len(b)) and not long.startswith(short):
            return True  # Tigist Wolde and Wolde Tessema, Szabó Kinga and Szabó Imre
    if set(a) & set(b) or lexicon.full_forename(a[0]) == lexicon.full_forename(b[0]):
        return False
    short, long = sorted((a, b), key=len)
    if "".join(short).replace(".", "") == initials_of(long):
        return False
    return len(short) > 1 or not any(x[:4] == y[:4] for x in short for y in long if len(x) > 3)


def initials_of(names: tuple[str, ...]) -> str:
    """First letters of a person's names, of both parts of a double name."""
    return "".join(part[0] for name in names for part in name.split("-") if part)


def are_two_names(lexicon: Lexicon, a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether two names cannot be of one organization: each has words that the other has not, and none is short for
    the other."""
    mine, other = set(a) - _LITTLE, set(b) - _LITTLE
    if mine <= other or other <= mine or _is_acronym(a, b) or _is_acronym(b, a):
        return False
    if any(_stands_for(a, same) and _stands_for(b, same) for same in lexicon.same_names):
        return False
    if len(mine) == 1 or len(other) == 1:
        short, long = (a, b) if len(mine) == 1 else (b, a)
        return not (len(short[0]) > 2 and long[0].startswith(short[0]))
    return True


def _stands_for(name: tuple[str, ...], same: frozenset[tuple[str, ...]]) -> bool:
    """Whether a name is one of several for the same: also by a party code, the R of R-Texas."""
    code = _PARTY_CODE.match(name[0]) if len(name) == 1 else None
    return name in same or code is not None and (code[1],) in same


_PARTY_CODE = re.compile(r"([a-z]{1,3})-[a-z.]+$")
_LITTLE = frozenset(("the", "of", "and", "for", "in", "on", "at"))


def _is_acronym(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    letters = short[0].replace(".", "") if len(short) == 1 else ""
    return 1 < len(letters) <= 6 and letters == "".join(
        word[0] for word in long if word not in ("of", "the", "and", "for")
    )


def _nouns(lexicon: Lexicon, told: Description, referent: Referent) -> Iterator[tuple[Trait, float]]:
    noun = told.noun
    if told.text.lower() in referent.texts:
        yield Trait.SAME_TEXT, 1
    if noun in referent.nouns:
        yield Trait.SAME_NOUN, 1
        if told.modifiers and referent.modifiers:
            yield (Trait.SAME_MODIFIERS if told.modifiers & referent.modifiers else Trait.OTHER_MODIFIERS), 1
    elif referent.nouns:
        yield Trait.OTHER_NOUN, 1
    if any(noun in form for form in referent.forms):
        yield Trait.NOUN_IN_NAME, 1
    elif any(
        noun in sort and (sort & referent.nouns or any(sort & set(f) for f in referent.forms))
        for sort in lexicon.noun_sorts
    ):
        yield Trait.NOUN_OF_SAME_SORT, 1
    if noun in referent.roles or told.demonym and noun in referent.modifiers:
        yield Trait.NOUN_IS_ROLE, 1
        if noun not in referent.nouns and told.modifiers and referent.modifiers:
            yield (Trait.SAME_MODIFIERS if told.modifiers & referent.modifiers else Trait.OTHER_MODIFIERS), 1
        if not lexicon.temporal.isdisjoint(referent.modifiers - told.modifiers):
            yield Trait.FORMER_ROLE, 1
    elif (
        told.demonym
        and referent.forms
        or any(
            noun in lexicon.synonyms.get(role, ()) or role in lexicon.synonyms.get(noun, ())
            for role in referent.roles | referent.titles
        )
    ):
        yield Trait.NOUN_LIKE_ROLE, 1


def _agreement(told: Description, referent: Referent) -> Iterator[tuple[Trait, float]]:
    if told.title and referent.titles:
        yield (Trait.SAME_TITLE if told.title in referent.titles else Trait.OTHER_TITLE), 1
    if told.gender:
        gender = referent.gender
        if gender:
            yield (Trait.SAME_GENDER if gender == told.gender else Trait.OTHER_GENDER), 1
        else:
            yield Trait.NO_GENDER, 1
    if referent.plurals or referent.singulars:
        plural = referent.plurals > referent.singulars
        yield (Trait.SAME_NUMBER if plural == (told.plural or told.sort == "they") else Trait.OTHER_NUMBER), 1
    total = sum(referent.kinds)
    if total:
        kinds = [share / total for share in referent.kinds]
        if told.form != "pronoun":
            agree = sum(a * b for a, b in zip(kinds, told.kinds, strict=True))
            yield Trait.KINDS_AGREE, agree
            if agree < 0.05:
                yield Trait.KINDS_DIFFER, 1
        for trait, share in zip(_KIND_TRAITS, kinds, strict=True):
            if share > 0.02:
                yield trait, share
    if referent.forms:
        yield Trait.IS_NAMED, 1


_KIND_TRAITS = (Trait.IS_PERSON, Trait.IS_ORGANIZATION, Trait.IS_GROUP, Trait.IS_DOCUMENT, Trait.IS_UNNAMED)
_RANKS = (Trait.NEAREST, Trait.SECOND, Trait.THIRD)


def _place(
    words: Words, told: Description, referent: Referent, rank: int, context: Context
) -> Iterator[tuple[Trait, float]]:
    last = referent.last
    assert last is not None
    apart = max(1, told.head - last.head)
    yield Trait.DISTANCE, math.log(apart) / 3
    sentences = words.sentence[told.head] - words.sentence[last.head]
    yield Trait.SENTENCES, min(sentences, 8) / 4
    if sentences == 0:
        yield Trait.SAME_SENTENCE, 1
    elif sentences == 1:
        yield Trait.LAST_SENTENCE, 1
    if words.paragraph[told.head] == words.paragraph[last.head]:
        yield Trait.SAME_PARAGRAPH, 1
    yield (_RANKS[rank] if rank < len(_RANKS) else Trait.FURTHER), 1
    if context.first_fitting is referent:
        yield Trait.NEAREST_FITTING, 1
    yield Trait.OFTEN, math.log(len(referent.mentions)) / 2
    if context.topic is referent:
        yield Trait.TOPIC, 1
    if last.subject:
        yield (Trait.BOTH_SUBJECTS if told.subject else Trait.WAS_SUBJECT), 1
    if last.form == "pronoun":
        yield (
            (Trait.WAS_SAME_PRONOUN if last.sort == told.sort and last.gender == told.gender else Trait.WAS_PRONOUN),
            1,
        )
    if context.last_speaker is referent:
        yield (Trait.SPOKE_LAST if told.speaks < 0 else Trait.BOTH_SPEAK), 1
    elif referent.spoken >= 0:
        yield Trait.SPOKE, 1
    here, there = told.quotation >= 0, last.quotation >= 0
    if here != there:
        yield (Trait.ONLY_HERE_QUOTED if here else Trait.ONLY_THERE_QUOTED), 1
    if context.author is referent:
        yield Trait.QUOTED_BY, 1
    if last.start < told.end and told.start < last.end:
        yield Trait.OVERLAPS, 1
    elif is_apposed(words, last.end, told.start):
        yield (Trait.NAME_APPOSED if told.form == "name" else Trait.APPOSED), 1
    if not referent.in_body:
        yield Trait.IN_HEADLINE, 1


def is_apposed(words: Words, end: int, start: int) -> bool:
    """Whether a phrase that begins at word `start` is set beside one that ends at `end`: a comma or dash, and then no
    more than titles and adjectives: its lawyer, Senior Counsel Ravindran Pillay."""
    if not 0 < start - end <= 7 or words.words[end] not in (",", "–", "—", "--", "-", "(", ":"):
        return False
    return not any(
        word in words.lexicon.words_of("source_separators") and word not in ("-", ".")
        for word in words.lowers[end + 1 : start]
    )


def traits_of_new(told: Description, network: float, tied: bool) -> Iterator[tuple[Trait, float]]:
    """Traits of the choice that a mention begins an entity of its own; `tied`: its name is that of some entity."""
    yield Trait.NEW, 1
    yield Trait.NEW_NETWORK, max(network, _LEAST) / 3
    yield Trait.NETWORK_SURE, math.exp(network)
    if told.form == "nominal":
        yield _OPENINGS.get(told.opening, Trait.NEW_BARE), 1
        if told.modifiers:
            yield Trait.NEW_MODIFIED, 1
    if told.form != "pronoun" and not tied:
        yield Trait.NEW_UNTIED, 1
    if told.quotation >= 0:
        yield Trait.NEW_QUOTED, 1
    if told.speaks >= 0:
        yield Trait.NEW_SPEAKS, 1
    if told.end - told.start > 4:
        yield Trait.NEW_LONG, 1
    if told.sort == "person" and len(told.names) > 1:
        yield Trait.NEW_FULL_NAME, 1


_OPENINGS = {
    "a": Trait.NEW_A,
    "another": Trait.NEW_A,
    "some": Trait.NEW_A,
    "no": Trait.NEW_A,
    "any": Trait.NEW_A,
    "one": Trait.NEW_NUMBERED,
    "the": Trait.NEW_THE,
    "its": Trait.NEW_ITS,
    "possessive": Trait.NEW_ITS,
    "this": Trait.NEW_THIS,
}
