"""Names that a user's rules make one or keep apart."""

from __future__ import annotations

from collections.abc import Iterable

from claimx.pipeline.annotations import Entity, Mention
from claimx.pipeline.article import Article, fold

Key = tuple[str, ...]


def key_of(words: Iterable[str]) -> Key:
    """A name as it is compared: its words without case, accents and marks."""
    return tuple(folded for word in words if any(c.isalnum() for c in word) and (folded := fold(word)))


class Naming:
    """`merge`: the name to go by -> other names; `apart`: names of which no two are one."""

    def __init__(self, merge: dict[str, list[str]] | None = None, apart: list[list[str]] | None = None) -> None:
        self._canonical: dict[Key, str] = {}
        for name, others in (merge or {}).items():
            self._canonical |= {key_of(other.split()): name for other in (name, *others)}
        self._apart = [frozenset(key_of(name.split()) for name in names) for names in apart or ()]

    def are_apart(self, article: Article, one: Mention, mentions: list[Mention], index: int, entity: int) -> bool:
        """Whether the rules forbid that a mention is of `entity`, which the first `index` of `mentions` may be."""
        if not self._apart:
            return False
        key = _key(article, one)
        groups = [group for group in self._apart if key in group]
        if not groups:
            return False
        others = {_key(article, mention) for mention in mentions[:index] if mention.entity == entity} - {key}
        return any(not others.isdisjoint(group) for group in groups)

    def merge(self, article: Article, mentions: list[Mention], entities: list[Entity]) -> dict[int, str]:
        """Make one of entities that the rules merge; returns the names they go by."""
        if not self._canonical:
            return {}
        home: dict[str, int] = {}
        moved: dict[int, int] = {}
        for mention in mentions:
            name = self._canonical.get(_key(article, mention)) if mention.entity >= 0 else None
            if name is not None:
                moved.setdefault(mention.entity, home.setdefault(name, mention.entity))
        for mention in mentions:
            mention.entity = moved.get(mention.entity, mention.entity)
        kept = sorted({mention.entity for mention in mentions} - {-1})
        place = {entity: n for n, entity in enumerate(kept)} | {-1: -1}
        for mention in mentions:
            mention.entity = place[mention.entity]
        entities[:] = [entities[entity] for entity in kept]
        return {place[entity]: name for name, entity in home.items() if entity in place}


def _key(article: Article, mention: Mention) -> Key:
    return key_of(article.words[mention.start : mention.end])
