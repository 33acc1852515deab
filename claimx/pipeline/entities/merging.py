"""Names that a user's rules make one or keep apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from claimx.pipeline.annotations import Entity, Mention
from claimx.pipeline.entities.descriptions import fold
from claimx.pipeline.words import Words

Key = tuple[str, ...]


def key_of(words: Iterable[str]) -> Key:
    """A name as it is compared: its words without case, accents and marks."""
    return tuple(folded for word in words if any(c.isalnum() for c in word) and (folded := fold(word)))


class NamingRules:
    """`merge`: the name to go by -> other names; `apart`: names of which no two are one."""

    def __init__(self, merge: dict[str, list[str]] | None = None, apart: list[list[str]] | None = None) -> None:
        self._canonical: dict[Key, str] = {}
        for name, others in (merge or {}).items():
            self._canonical |= {key_of(other.split()): name for other in (name, *others)}
        self._apart = [frozenset(key_of(name.split()) for name in names) for names in apart or ()]

    def are_apart(self, name: str, others: Iterable[str]) -> bool:
        """Whether the rules forbid that a name is of an entity with these other names."""
        if not self._apart:
            return False
        key = key_of(name.split())
        groups = [group for group in self._apart if key in group]
        if not groups:
            return False
        keys = {key_of(other.split()) for other in others} - {key}
        return any(not keys.isdisjoint(group) for group in groups)

    def merge(self, words: Words, mentions: Sequence[Mention], entities: list[Entity]) -> None:
        """Make one of entities that the rules merge, under the names that they go by."""
        if not self._canonical:
            return
        home: dict[str, int] = {}
        moved: dict[int, int] = {}
        for mention in mentions:
            name = self._canonical.get(key_of(words.text[mention.start : mention.end].split()))
            if name is not None and mention.entity >= 0:
                moved.setdefault(mention.entity, home.setdefault(name, mention.entity))
        for mention in mentions:
            mention.entity = moved.get(mention.entity, mention.entity)
        kept = sorted({mention.entity for mention in mentions} - {-1})
        place = {entity: n for n, entity in enumerate(kept)} | {-1: -1}
        entities[:] = [entities[entity] for entity in kept]
        for entity in entities:
            entity.mentions = []
        for index, mention in enumerate(mentions):
            mention.entity = place[mention.entity]
            if mention.entity >= 0:
                entities[mention.entity].mentions.append(index)
        for name, entity in home.items():
            entities[place[entity]].name = name
