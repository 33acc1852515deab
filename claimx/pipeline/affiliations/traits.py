"""What speaks for and against a role being somebody's, and for and against it being at some organization."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto

from claimx.pipeline.annotations import Entity, Mention
from claimx.pipeline.words import Words


class Bearing(Enum):
    """Traits of the choice of whom a role belongs to; `NOBODY…` are those of the choice that it is nobody's."""

    NETWORK = auto()
    NETWORK_SURE = auto()
    NETWORK_BEST = auto()
    INSIDE = auto()
    TITLE = auto()
    NEARLY_TITLE = auto()
    NAME_COMMA_ROLE = auto()
    ROLE_COMMA_NAME = auto()
    COPULA = auto()
    AS = auto()
    POSSESSOR = auto()
    PREPOSITION = auto()
    BEFORE = auto()
    AFTER = auto()
    DISTANCE = auto()
    OTHER_SENTENCE = auto()
    OTHER_PARAGRAPH = auto()
    OTHERS_BETWEEN = auto()
    NEAREST = auto()
    IS_PERSON = auto()
    IS_UNNAMED = auto()
    IS_GROUP = auto()
    IS_OTHER = auto()
    IS_NAME = auto()
    IS_PRONOUN = auto()
    PLURAL_AGREES = auto()
    PLURAL_DIFFERS = auto()
    NOBODY = auto()
    NOBODY_NETWORK = auto()
    NOBODY_SCORE = auto()
    NOBODY_UNKNOWN = auto()


class Placing(Enum):
    """Traits of the choice of the organization of a role; `NONE…` are those of the choice that none is told."""

    NETWORK = auto()
    NETWORK_SURE = auto()
    NETWORK_BEST = auto()
    OF = auto()
    AT = auto()
    FOR = auto()
    IN = auto()
    OTHER_PREPOSITION = auto()
    RIGHT_BEFORE = auto()
    POSSESSIVE_BEFORE = auto()
    INSIDE_ROLE = auto()
    BEARER_OF = auto()
    BEARER_BRACKET = auto()
    BETWEEN = auto()
    BEFORE = auto()
    AFTER = auto()
    DISTANCE = auto()
    OTHER_SENTENCE = auto()
    OTHER_PARAGRAPH = auto()
    NEAREST = auto()
    SECOND = auto()
    FURTHER = auto()
    TOLD_OF_BEARER = auto()
    TOLD_OF_ROLE = auto()
    TOLD_ELSEWHERE = auto()
    OFTEN = auto()
    TOPIC = auto()
    IS_PERSON = auto()
    IS_ORGANIZATION = auto()
    IS_OTHER = auto()
    IS_NAME = auto()
    IS_PRONOUN = auto()
    IS_BEARER = auto()
    IS_WITH_BEARER = auto()
    NONE = auto()
    NONE_NETWORK = auto()
    NONE_USUAL = auto()
    NONE_OF_BEHIND = auto()
    NONE_IS_LONG = auto()
    NONE_IS_TITLE = auto()


class Membership(Enum):
    """Traits of somebody belonging to an organization without a word for the role."""

    ALWAYS = auto()
    NETWORK = auto()
    NETWORK_SURE = auto()
    NOBODY_NETWORK = auto()
    OF = auto()
    BRACKET = auto()
    RIGHT_BEFORE = auto()
    NEAR = auto()
    DISTANCE = auto()
    OTHER_SENTENCE = auto()
    IS_NAME = auto()
    IS_ORGANIZATION = auto()
    BEARER_IS_NAME = auto()


@dataclass(slots=True)
class Role:
    """A role in the text: words [start, end), and what the encoder says of whose it is and at what organization.

    `bearers` and `organizations` are log-probabilities by entity, -1 for none.
    """

    start: int
    end: int
    score: float = 1.0
    bearers: dict[int, float] = field(default_factory=dict)
    organizations: dict[int, float] = field(default_factory=dict)
    plural: bool = False
    plural_bearer: bool = False


@dataclass(slots=True)
class Place:
    """A mention by its words."""

    index: int
    start: int
    end: int
    mention: Mention


_LEAST = -8.0
_PREPOSITIONS = {
    "of": Placing.OF,
    "at": Placing.AT,
    "for": Placing.FOR,
    "with": Placing.FOR,
    "to": Placing.FOR,
    "in": Placing.IN,
    "on": Placing.IN,
    "from": Placing.IN,
}


def apart(role: Role, place: Place) -> int:
    """Words between a role and a mention: 0 where they touch or overlap."""
    return max(place.start - role.end, role.start - place.end, 0)


def bearing(words: Words, role: Role, place: Place, entity: Entity, network: float, best: bool, rank: int, between: int
) -> Iterator[tuple[Bearing, float]]:  # fmt: skip
    """Traits of an entity as the bearer of a role, by its `place` next to it."""
    yield Bearing.NETWORK, max(network, _LEAST) / 3
    yield Bearing.NETWORK_SURE, math.exp(network)
    if best:
        yield Bearing.NETWORK_BEST, 1
    yield from _next_to(words, role, place)
    gap = apart(role, place)
    yield Bearing.DISTANCE, math.log(1 + gap) / 3
    yield (Bearing.BEFORE if place.end <= role.start else Bearing.AFTER), 1
    if words.sentence[place.start] != words.sentence[role.start]:
        yield Bearing.OTHER_SENTENCE, 1
    if words.paragraph[place.start] != words.paragraph[role.start]:
        yield Bearing.OTHER_PARAGRAPH, 1
    if rank == 0:
        yield Bearing.NEAREST, 1
    yield Bearing.OTHERS_BETWEEN, min(between, 4) / 2
    kinds = {"person": Bearing.IS_PERSON, "unnamed": Bearing.IS_UNNAMED, "group": Bearing.IS_GROUP}
    yield kinds.get(entity.kind, Bearing.IS_OTHER), 1
    if place.mention.form != "nominal":
        yield (Bearing.IS_NAME if place.mention.form == "name" else Bearing.IS_PRONOUN), 1
    yield (Bearing.PLURAL_AGREES if role.plural == (entity.kind == "group") else Bearing.PLURAL_DIFFERS), 1


def _next_to(words: Words, role: Role, place: Place) -> Iterator[tuple[Bearing, float]]:
    if place.start <= role.start and role.end <= place.end:
        yield Bearing.INSIDE, 1
        return
    if place.start >= role.end:
        between = words.lowers[role.end : place.start]
        if not between or between == ["."]:
            yield Bearing.TITLE, 1
        elif between[0] in (",", "—", "–", "(") and len(between) <= 2:
            yield Bearing.ROLE_COMMA_NAME, 1
        elif between[0] in ("of", "at", "for", "to", "in") and len(between) <= 3:
            yield Bearing.PREPOSITION, 1
        elif len(between) <= 3 and "," not in between:
            yield Bearing.NEARLY_TITLE, 1
        return
    between = words.lowers[place.end : role.start]
    if words.lowers[place.end - 1].endswith("'s") and len(between) <= 3:
        yield Bearing.POSSESSOR, 1
    elif between[:1] in ([","], ["—"], ["–"], ["("]) and len(between) <= 12:
        yield Bearing.NAME_COMMA_ROLE, 1
    elif any(word in words.lexicon.words_of("copulas") for word in between) and len(between) <= 6:
        yield Bearing.COPULA, 1
    elif "as" in between and len(between) <= 6:
        yield Bearing.AS, 1


def nobody(words: Words, role: Role) -> Iterator[tuple[Bearing, float]]:
    """Traits of a role being nobody's."""
    yield Bearing.NOBODY, 1
    network = max(role.bearers.get(-1, -1.0), _LEAST)
    yield Bearing.NOBODY_NETWORK, network / 3
    yield Bearing.NETWORK_SURE, math.exp(network)
    yield Bearing.NOBODY_SCORE, 1 - role.score
    head = words.lowers[role.end - 1].removesuffix("'s")
    if not words.lexicon.is_role(head) and head not in words.lexicon.heading_verbs:
        yield Bearing.NOBODY_UNKNOWN, 1


@dataclass(slots=True)
class Told:
    """What has been told before of an organization and the role in question."""

    of_bearer: bool = False
    of_role: bool = False
    elsewhere: bool = False
    topic: bool = False
    is_bearer: bool = False


def placing(words: Words, role: Role, place: Place, entity: Entity, bearers: list[Place], told: Told, network: float,
            best: bool, rank: int) -> Iterator[tuple[Placing, float]]:  # fmt: skip
    """Traits of an entity as the organization of a role, by its `place` next to it; `bearers`: whose it is, places."""
    yield Placing.NETWORK, max(network, _LEAST) / 3
    yield Placing.NETWORK_SURE, math.exp(network)
    if best:
        yield Placing.NETWORK_BEST, 1
    yield from _tied(words, role, place, bearers)
    gap = apart(role, place)
    yield Placing.DISTANCE, math.log(1 + gap) / 3
    yield (Placing.BEFORE if place.end <= role.start else Placing.AFTER), 1
    if words.sentence[place.start] != words.sentence[role.start]:
        yield Placing.OTHER_SENTENCE, 1
    if words.paragraph[place.start] != words.paragraph[role.start]:
        yield Placing.OTHER_PARAGRAPH, 1
    yield (Placing.NEAREST, Placing.SECOND, Placing.FURTHER)[min(rank, 2)], 1
    for flag, trait in ((told.of_bearer, Placing.TOLD_OF_BEARER), (told.of_role, Placing.TOLD_OF_ROLE),
                        (told.elsewhere, Placing.TOLD_ELSEWHERE), (told.topic, Placing.TOPIC),
                        (told.is_bearer, Placing.IS_BEARER)):  # fmt: skip
        if flag:
            yield trait, 1
    yield Placing.OFTEN, math.log(len(entity.mentions)) / 3
    kinds = {"person": Placing.IS_PERSON, "organization": Placing.IS_ORGANIZATION}
    yield kinds.get(entity.kind, Placing.IS_OTHER), 1
    if place.mention.form != "nominal":
        yield (Placing.IS_NAME if place.mention.form == "name" else Placing.IS_PRONOUN), 1
    if any(words.sentence[place.start] == words.sentence[bearer.start] for bearer in bearers):
        yield Placing.IS_WITH_BEARER, 1


def _tied(words: Words, role: Role, place: Place, bearers: list[Place]) -> Iterator[tuple[Placing, float]]:
    if place.start >= role.end:
        between = words.lowers[role.end : place.start]
        if between and len(between) <= 4 and between[0] in _PREPOSITIONS:
            yield _PREPOSITIONS[between[0]], 1
        elif between and len(between) <= 3 and between[-1] in words.lexicon.words_of("source_separators"):
            yield Placing.OTHER_PREPOSITION, 1
    elif place.end <= role.start:
        if place.end == role.start:
            owns = words.lowers[place.end - 1].endswith("'s") or place.mention.form == "pronoun"
            yield (Placing.POSSESSIVE_BEFORE if owns else Placing.RIGHT_BEFORE), 1
        elif role.start - place.end <= 2:
            yield Placing.BETWEEN, 1
    else:
        yield Placing.INSIDE_ROLE, 1
    for bearer in bearers:
        between = words.lowers[bearer.end : place.start]
        if (
            bearer.end <= place.start
            and 0 < len(between) <= 4
            and between[0] in ("of", "from", "at", "for", "in", "with")
        ):
            yield Placing.BEARER_OF, 1
        elif bearer.end <= place.start and "(" in between[:2] and len(between) <= 5:
            yield Placing.BEARER_BRACKET, 1


def no_place(words: Words, role: Role, usual: float, is_title: bool) -> Iterator[tuple[Placing, float]]:
    """Traits of no organization being told; `usual`: log odds that roles of this word are told with none."""
    yield Placing.NONE, 1
    network = max(role.organizations.get(-1, -1.0), _LEAST)
    yield Placing.NONE_NETWORK, network / 3
    yield Placing.NETWORK_SURE, math.exp(network)
    yield Placing.NONE_USUAL, usual
    if words.lower(role.end) in ("of", "at", "for"):
        yield Placing.NONE_OF_BEHIND, 1
    if role.end - role.start > 3:
        yield Placing.NONE_IS_LONG, 1
    if is_title:
        yield Placing.NONE_IS_TITLE, 1


def membership(words: Words, place: Place, member: Place, entity: Entity, network: float, nobody: float
) -> Iterator[tuple[Membership, float]]:  # fmt: skip
    """Traits of the one mentioned at `member` belonging to the organization at `place`."""
    yield Membership.ALWAYS, 1
    yield Membership.NETWORK, max(network, _LEAST) / 3
    yield Membership.NETWORK_SURE, math.exp(network)
    yield Membership.NOBODY_NETWORK, max(nobody, _LEAST) / 3
    between = words.lowers[member.end : place.start] if member.end <= place.start else []
    if between and len(between) <= 4 and between[0] in _PREPOSITIONS:
        yield Membership.OF, 1
    if "(" in between and len(between) <= 4:
        yield Membership.BRACKET, 1
    if place.end <= member.start and member.start - place.end <= 3:
        yield Membership.RIGHT_BEFORE, 1
    gap = max(place.start - member.end, member.start - place.end, 0)
    yield Membership.DISTANCE, math.log(1 + gap) / 3
    if gap < 6:
        yield Membership.NEAR, 1
    if words.sentence[place.start] != words.sentence[member.start]:
        yield Membership.OTHER_SENTENCE, 1
    if place.mention.form == "name":
        yield Membership.IS_NAME, 1
    if entity.kind == "organization":
        yield Membership.IS_ORGANIZATION, 1
    if member.mention.form == "name":
        yield Membership.BEARER_IS_NAME, 1
