"""Entities of a text, mention by mention: each is of one of the entities so far, or begins a new one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np

from claimx.pipeline.choice import Choice, Values
from claimx.pipeline.encoder.reading import KINDS
from claimx.pipeline.entities.descriptions import Description, Referent, name_handles
from claimx.pipeline.entities.traits import (
    Context,
    are_two_names,
    are_two_people,
    is_apposed,
    traits_of,
    traits_of_new,
)
from claimx.pipeline.lexicon import Lexicon
from claimx.pipeline.words import Words

#: Entities looked at for a mention: those mentioned last, and those that names or the encoder lead to.
_RECENT, _LED_TO = 14, 6
_NOT_SEEN = -20.0
#: Mentions behind a phrase among which a name that is set beside it is looked for, and the marks before such a name.
_BESIDE, _APPOSING = 5, frozenset((",", "–", "—", "--"))
_UNNAMED = KINDS.index("unnamed")
#: Votes by which the gender of an entity is certain: a title or a pronoun has five.
_SURE_GENDER = 5

#: (row) -> log-probability that it is new, the first row looked at, log-probabilities of going back to each from there
Network = Callable[[int], tuple[float, int, Sequence[float]] | None]


class Candidate(NamedTuple):
    """`entity` is an index of the entities so far, -1 for a new one."""

    entity: int
    values: Values


class Clustering:
    """The state of a text half read. `told`: its mentions in their order; `network` tells of a row of the encoder."""

    def __init__(self, words: Words, told: Sequence[Description], network: Network | None = None) -> None:
        self.words, self.told, self._network = words, told, network
        self.entities: list[Referent] = []
        self.entity_of: list[int] = [-1] * len(told)
        self._rows = {description.row: i for i, description in enumerate(told) if description.row >= 0}
        self._recent: dict[int, None] = {}  # the latest last
        self._by_name: dict[str, list[int]] = defaultdict(list)
        self._by_noun: dict[str, list[int]] = defaultdict(list)
        self._speaker: Referent | None = None
        self._author: dict[int, Referent] = {}
        self._topic: Referent | None = None

    def candidates(self, index: int) -> list[Candidate]:
        """What the mention `index` may be of, the new entity last."""
        told = self.told[index]
        new, shares = self._seen(index)
        handles = (
            name_handles(self.words.lexicon, told.names)
            if told.names
            else {told.noun}
            if told.form == "nominal"
            else set()
        )
        tied = [entity for handle in handles for entity in self._by_name.get(handle, ())[-8:]]
        if told.form == "nominal":
            tied += self._by_noun.get(told.noun, ())[-4:]
        likely = sorted(shares, key=lambda entity: -shares[entity])[:_LED_TO]
        recent = list(islice(reversed(self._recent), _RECENT))
        chosen = dict.fromkeys([*recent, *tied, *likely])
        ranked = [
            e for e in chosen if not self._encloses(e, told) and not differ(self.words.lexicon, told, self.entities[e])
        ]
        if told.joint:
            ranked = [e for e in ranked if self.entities[e].joint and told.joint <= self.entities[e].joint]
        ranked.sort(key=lambda entity: -self.entities[entity].last.head)
        context = self._context(told, ranked, shares, tied)
        found = [
            Candidate(
                entity,
                list(traits_of(self.words, told, self.entities[entity], shares.get(entity, _NOT_SEEN), rank, context)),
            )
            for rank, entity in enumerate(ranked)
        ]
        if told.joint and found:
            return found[:1]  # the same two again
        return [*found, Candidate(-1, list(traits_of_new(told, new, bool(tied))))]

    def name_beside(self, index: int) -> int | None:
        """The name of a person that is set beside a phrase for one person, behind it: the owner, Ana Pires."""
        told = self.told[index]
        if told.sort != "noun" or told.kinds[0] + told.kinds[_UNNAMED] < 0.5:
            return None
        for other in range(index + 1, min(index + _BESIDE, len(self.told))):
            name = self.told[other]
            is_name = name.form == "name" and name.sort == "person"
            if is_name and self.words.lower(told.end) in _APPOSING and is_apposed(self.words, told.end, name.start):
                return None if told.gender and name.gender not in ("", told.gender) else other
        return None

    def add(self, index: int, entity: int) -> int:
        """Give the mention `index` to an entity, -1 for a new one; returns the entity."""
        told = self.told[index]
        if entity < 0:
            entity = len(self.entities)
            self.entities.append(Referent())
        referent = self.entities[entity]
        referent.add(index, told, told.head < self.words.headline)
        self.entity_of[index] = entity
        self._recent.pop(entity, None)
        self._recent[entity] = None
        for handle in name_handles(self.words.lexicon, told.names):
            self._note(self._by_name[handle], entity)
        if told.form == "nominal":
            self._note(self._by_noun[told.noun], entity)
        if told.speaks >= 0:
            self._speaker = referent
        if self._topic is None or len(referent.mentions) > len(self._topic.mentions):
            self._topic = referent
        return entity

    def quoted_by(self, group: int, entity: int) -> None:
        """Note whose the quotation `group` is."""
        self._author[group] = self.entities[entity]

    @staticmethod
    def _note(places: list[int], entity: int) -> None:
        if entity in places:
            places.remove(entity)
        places.append(entity)

    def _seen(self, index: int) -> tuple[float, dict[int, float]]:
        """By the encoder, log-probabilities of a new entity and of entities so far."""
        seen = self._network(self.told[index].row) if self._network and self.told[index].row >= 0 else None
        if seen is None:
            return -1.0, {}
        new, low, rows = seen
        sums: dict[int, float] = defaultdict(float)
        rows = np.asarray(rows)
        for place in np.flatnonzero(rows > -9.0).tolist():
            mention = self._rows.get(low + place)
            if mention is not None and self.entity_of[mention] >= 0:
                sums[self.entity_of[mention]] += float(np.exp(rows[place]))
        return new, {entity: float(np.log(share)) for entity, share in sums.items()}

    def _encloses(self, entity: int, told: Description) -> bool:
        """Whether a phrase of the entity holds the mention, or the mention it: nobody is inside of himself."""
        last = self.entities[entity].last
        assert last is not None
        return (
            last.start < told.end
            and told.start < last.end
            and last.head != told.head
            and (told.form == "pronoun" or last.form == "pronoun")
        )

    def _context(self, told: Description, ranked: list[int], shares: dict[int, float], tied: list[int]) -> Context:
        surname = None
        if told.sort == "person":
            same = [
                e for e in dict.fromkeys(tied) if any(form[-1] == told.names[-1] for form in self.entities[e].forms)
            ]
            surname = max(same, key=lambda e: self.entities[e].last_named, default=None)
        fitting = next((e for e in ranked if fits(told, self.entities[e])), None)
        return Context(
            max(shares.values(), default=0.0),
            self._speaker,
            self._author.get(told.quotation),
            self._topic,
            None if surname is None else self.entities[surname],
            None if fitting is None else self.entities[fitting],
            self._heads_near(told),
        )

    def _heads_near(self, told: Description) -> frozenset[int]:
        """Heads of the mentions before this one in its sentence."""
        sentence = self.words.sentence[told.head]
        recent = (self.entities[entity].last for entity in islice(reversed(self._recent), _RECENT))
        return frozenset(last.head for last in recent if last and self.words.sentence[last.head] == sentence)


def differ(lexicon: Lexicon, told: Description, referent: Referent) -> bool:
    """Whether names or genders show that two are not one: they share no word, or each has words of its own."""
    if told.gender and not referent.genders[told.gender] and referent.genders.total() >= _SURE_GENDER:
        return True
    if not told.names or not referent.forms:
        return False
    two = are_two_people if told.sort == "person" else are_two_names
    full = [form for form in referent.forms if len(form) > 1] if len(told.names) > 1 else []
    if any(two(lexicon, told.names, form) for form in full):
        return True
    return all(two(lexicon, told.names, form) for form in referent.forms)


def fits(told: Description, referent: Referent) -> bool:
    """Whether gender and number allow that a pronoun or noun means somebody."""
    if told.gender and referent.gender not in ("", told.gender):
        return False
    kind = referent.kind
    if told.sort == "he":
        return kind in ("person", "unnamed", "")
    if told.sort == "it":
        return kind in ("organization", "document", "")
    if told.sort == "they":
        return kind in ("group", "organization", "")
    return True


def read(clustering: Clustering, choices: Mapping[str, Choice], apart: Callable[[int, int], bool]) -> list[float]:
    """Give every mention to the entity that is likeliest for it; how likely each was, in the order of mentions.

    A phrase that a name of a person is set beside ("the owner, Ana Pires") is of the one whom the name means. `apart`
    tells whether a user's rules forbid that a mention is of an entity.
    """
    certainties = [0.0] * len(clustering.told)

    def choose(index: int) -> None:
        found = [c for c in clustering.candidates(index) if c.entity < 0 or not apart(index, c.entity)]
        shares = choices[clustering.told[index].sort].probabilities([candidate.values for candidate in found])
        best = max(range(len(found)), key=shares.__getitem__)
        clustering.add(index, found[best].entity)
        certainties[index] = shares[best]

    for index in range(len(clustering.told)):
        if clustering.entity_of[index] >= 0:
            continue
        name = clustering.name_beside(index)
        choose(index if name is None else name)
        if name is not None:
            clustering.add(index, clustering.entity_of[name])
            certainties[index] = certainties[name]
    return certainties
