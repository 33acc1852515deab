"""Roles tied to those who bear them and to organizations: the candidates of each choice, and the choices."""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from claimx.pipeline.affiliations.traits import (
    Membership,
    Place,
    Role,
    Told,
    apart,
    bearing,
    membership,
    no_place,
    nobody,
    placing,
)
from claimx.pipeline.annotations import Entity, Mention, Offsets
from claimx.pipeline.choice import Choice, Values
from claimx.pipeline.words import Words

#: Words on either side of a role in which bearers and organizations are looked for.
_NEAR_BEARERS, _NEAR_ORGANIZATIONS = 40, 80
_BEARERS, _ORGANIZATIONS, _FREQUENT = 8, 12, 3
_NOT_SEEN = -20.0
#: A second bearer of a role in the plural is one from this share of the first one's probability on.
_ALSO = 0.35
#: The least probability of a membership.
_MEMBER = 0.5
NONE = -1
#: R-Texas, D-Ore.: a party, and what somebody represents.
PARTY_CODE = re.compile(r"([A-Z]{1,3})-([A-Z][\w]*(?:\.[\w]+)*\.?)")


@dataclass(slots=True)
class Fact:
    """`entity` bears a role (words; None for a membership), at `organization` (an entity, -1 for none), told by
    `place`.

    `code` is where a party code behind the name tells what is represented. The probabilities are those of bearing it,
    and of the organization.
    """

    entity: int
    role: Role | None
    organization: int
    place: Place | None
    bearing: float
    placing: float
    ties: frozenset = field(default_factory=frozenset)
    code: Offsets | None = None


class Links:
    """The mentions and entities of a text, as those look at them who tie roles to them."""

    def __init__(
        self, words: Words, mentions: Sequence[Mention], entities: Sequence[Entity], usual: Mapping[str, float]
    ) -> None:
        self.words, self.mentions, self.entities, self._usual = words, mentions, entities, usual
        self.places = [Place(i, *words.range_of(m.start, m.end), m) for i, m in enumerate(mentions)]
        self._heads = [words.at(m.head) for m in mentions]
        by_often = Counter({i: len(e.mentions) for i, e in enumerate(entities) if e.kind == "organization"})
        self._frequent = [entity for entity, _ in by_often.most_common(_FREQUENT)]
        self._topic = self._frequent[0] if by_often else NONE
        self._told: dict[int, set[int]] = defaultdict(set)  # bearer -> organizations
        self._of_role: dict[str, set[int]] = defaultdict(set)

    def near(self, role: Role, reach: int, kinds: frozenset[str] | None = None) -> dict[int, Place]:
        """The entities mentioned near a role, each by its nearest place; the nearest entity first."""
        low, high = bisect_left(self._heads, role.start - reach), bisect_right(self._heads, role.end + reach)
        found: dict[int, Place] = {}
        for place in sorted(self.places[low:high], key=lambda p: (apart(role, p), p.start >= role.end)):
            entity = place.mention.entity
            if entity >= 0 and (kinds is None or self.entities[entity].kind in kinds):
                found.setdefault(entity, place)
        return found

    def bearers(self, role: Role) -> tuple[list[int], list[Values]]:
        """Entities that a role may belong to and their traits, nobody (-1) last."""
        near = self.near(role, _NEAR_BEARERS)
        likely = sorted((e for e in role.bearers if e >= 0), key=lambda e: -role.bearers[e])[:4]
        order = list(near)
        chosen = list(dict.fromkeys([*order[:_BEARERS], *(e for e in likely if e in near)]))
        best = max(role.bearers, key=role.bearers.__getitem__, default=NONE)
        people = [p for e, p in near.items() if self.entities[e].kind in ("person", "unnamed")]
        values = []
        for rank, entity in enumerate(chosen):
            place = near[entity]
            between = sum(1 for p in people if p is not place and _is_between(role, p, place))
            network = role.bearers.get(entity, _NOT_SEEN)
            values.append(
                list(bearing(self.words, role, place, self.entities[entity], network, entity == best, rank, between))
            )
        return [*chosen, NONE], [*values, list(nobody(self.words, role))]

    def organizations(self, role: Role, bearers: Sequence[int]) -> tuple[list[int], list[Values], list[Place | None]]:
        """Entities that a role may be at, their traits and the places that tell it, none (-1) last."""
        near = self.near(role, _NEAR_ORGANIZATIONS)
        wanted = [e for e in near if e not in bearers and self._may_be_organization(e)][:_ORGANIZATIONS]
        further = [e for e in self._told_of(bearers) if e not in wanted]
        likely = sorted((e for e in role.organizations if e >= 0), key=lambda e: -role.organizations[e])[:4]
        chosen = list(dict.fromkeys([*wanted, *further, *(e for e in (*likely, *self._frequent) if e not in bearers)]))
        best = max(role.organizations, key=role.organizations.__getitem__, default=NONE)
        own = near_bearers = [near[b] for b in bearers if b in near]
        told_here = self._told_of(bearers)
        lower = self._head_word(role)
        values, places = [], []
        for rank, entity in enumerate(chosen):
            place = near.get(entity) or self._nearest(entity, role)
            told = Told(
                entity in told_here, entity in self._of_role[lower], bool(self._holders(entity)), entity == self._topic
            )
            network = role.organizations.get(entity, _NOT_SEEN)
            values.append(
                list(placing(self.words, role, place, self.entities[entity], own, told, network, entity == best, rank))
            )
            places.append(place)
        is_title = any(b.start == role.end for b in near_bearers)
        usual = self._usual.get(lower, self._usual.get("", 0.0))
        return [*chosen, NONE], [*values, list(no_place(self.words, role, usual, is_title))], [*places, None]

    def code_of(self, role: Role, bearer: int) -> Offsets | None:
        """What a party code behind the name of the bearer of a title says that he represents: Utah of (R-Utah)."""
        for index in self.entities[bearer].mentions:
            place = self.places[index]
            if role.end <= place.start <= role.end + 1 and self.words.lower(place.end) == "(":
                low, _ = self.words.spans[min(place.end + 1, len(self.words.spans) - 1)]
                code = PARTY_CODE.match(self.words.text, low)
                return code.span(2) if code else None
        return None

    def tell(self, role: Role, bearers: Sequence[int], organization: int) -> None:
        """Note a tie, for the choices behind it."""
        if organization >= 0:
            for bearer in bearers:
                self._told[bearer].add(organization)
            self._of_role[self._head_word(role)].add(organization)

    def _told_of(self, bearers: Sequence[int]) -> set[int]:
        return set().union(*(self._told[b] for b in bearers)) if bearers else set()

    def _holders(self, organization: int) -> list[int]:
        return [bearer for bearer, told in self._told.items() if organization in told]

    def _may_be_organization(self, entity: int) -> bool:
        return self.entities[entity].kind in ("organization", "person", "group", "document")

    def _nearest(self, entity: int, role: Role) -> Place:
        return min((self.places[i] for i in self.entities[entity].mentions), key=lambda place: apart(role, place))

    def _head_word(self, role: Role) -> str:
        lower = self.words.lowers[role.end - 1]
        return self.words.lexicon.title_of(lower) or self.words.lexicon.singular_of(lower)


def _is_between(role: Role, other: Place, place: Place) -> bool:
    low, high = (place.end, role.start) if place.end <= role.start else (role.end, place.start)
    return low <= other.start and other.end <= high


def read(links: Links, roles: Sequence[Role], bearing_choice: Choice, placing_choice: Choice) -> Iterator[Fact]:
    """The facts that roles tell, in the order of the text."""
    for role in roles:
        entities, values = links.bearers(role)
        shares = bearing_choice.probabilities(values)
        best = max(range(len(entities)), key=shares.__getitem__)
        if entities[best] == NONE:
            continue
        bearers = {entities[best]: shares[best]}
        if role.plural:
            bearers |= {e: 1.0 for e, p in zip(entities, shares, strict=True) if e != NONE and p > _ALSO * shares[best]}
        organizations, values, places = links.organizations(role, list(bearers))
        placed = placing_choice.probabilities(values)
        chosen = max(range(len(organizations)), key=placed.__getitem__)
        links.tell(role, list(bearers), organizations[chosen])
        for bearer, share in bearers.items():
            role = replace(
                role, plural_bearer=links.entities[bearer].kind == "group" or role.plural and len(bearers) > 1
            )
            ties = frozenset(trait for trait, _ in values[chosen])
            code = links.code_of(role, bearer)
            yield Fact(
                bearer,
                role,
                organizations[chosen],
                places[chosen],
                share,
                placed[chosen] if code is None else 1.0,
                ties,
                code,
            )


def memberships(links: Links, scored: Sequence[tuple[Place, dict[int, float]]], choice: Choice) -> Iterator[Fact]:
    """Facts that mentions of organizations tell without a role; `scored`: log-probabilities by entity, -1 for none."""
    for place, shares in scored:
        entity = place.mention.entity
        if entity < 0:
            continue
        for member, network in shares.items():
            if member < 0 or member == entity or network < math.log(0.05):
                continue
            if links.entities[member].kind not in ("person", "unnamed"):
                continue
            where = min(
                (links.places[i] for i in links.entities[member].mentions), key=lambda p: abs(p.start - place.start)
            )
            values = list(membership(links.words, place, where, links.entities[entity], network, shares.get(-1, -1.0)))
            probability = choice.probability(values)
            if probability >= _MEMBER:
                yield Fact(member, None, entity, place, probability, 1.0)


__all__ = ["NONE", "Fact", "Links", "Membership", "memberships", "read"]
