"""From the source of a claim to its mention, from the mention to its entity, from the entity to a speaker."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from enum import Enum, auto

from spacy.tokens import Doc

from claimx.pipeline.annotations import Attribution, Entity, Evidence, Mention, Offsets, Speaker
from claimx.pipeline.choice import Choice
from claimx.pipeline.encoder.heads import head_of
from claimx.pipeline.entities.naming import phrase_name
from claimx.pipeline.entities.traits import is_apposed
from claimx.pipeline.mentions.finding import joint_of
from claimx.pipeline.words import Words


class Certainty(Enum):
    """What tells how sure a speaker is."""

    ALWAYS = auto()
    NAMED_HERE = auto()
    PRONOUN = auto()
    NOMINAL = auto()
    OWN_WORDS = auto()
    LOG_ODDS_NAME = auto()
    LOG_ODDS_PRONOUN = auto()
    LOG_ODDS_NOMINAL = auto()
    NAME_LOG_ODDS = auto()
    IS_PERSON = auto()
    IS_ORGANIZATION = auto()
    IS_GROUP = auto()
    IS_DOCUMENT = auto()
    IS_UNNAMED = auto()
    UNREAD = auto()
    SEVERAL_NAMES = auto()
    ONE_WORD = auto()


_RULES = {"name": "name", "pronoun": "pronoun", "nominal": "noun phrase"}


class Resolution:
    """The `speakers` of a Doc, and the `evidence` for that of each claim (None where nobody is behind it)."""

    def __init__(self, doc: Doc, words: Words, certainty: Choice) -> None:
        self.words, self._certainty = words, certainty
        self.mentions: list[Mention] = doc._.claimx_mentions
        self.entities: list[Entity] = doc._.claimx_entities
        self.attributions: list[Attribution] = doc._.claimx_attributions
        self._by_head = {mention.head: index for index, mention in enumerate(self.mentions)}
        self._by_start: dict[int, list[int]] = defaultdict(list)
        for index, mention in enumerate(self.mentions):
            self._by_start[mention.start].append(index)
        self._heads = sorted(self._by_head)
        self.evidence: list[Evidence | None] = []
        found: dict[int, Speaker] = {}
        for number, attribution in enumerate(self.attributions):
            index = self.mention_of(attribution.source) if attribution.source else None
            self.evidence.append(None if index is None else self._told(index))
            if index is not None and self._is_told(self.mentions[index].entity):
                entity = self.mentions[index].entity
                found.setdefault(entity, self._speaker(entity)).attributions.append(number)
        self.speakers = list(found.values())

    def _is_told(self, entity: int) -> bool:
        """Whether the article says who an entity is: not by pronouns alone."""
        return any(self.mentions[i].form != "pronoun" for i in self.entities[entity].mentions)

    def mention_of(self, source: Offsets) -> int | None:
        """The mention that a source is: the one at its head, else a name in it, else any that begins with it."""
        words = self.words
        low, high = words.range_of(*source)
        if low >= high:
            return None
        joint = joint_of(words, self.mentions, low, high)
        if joint is not None:
            return self._by_head.get(words.spans[joint][0])
        index = self._by_head.get(words.spans[low + head_of(words.words[low:high])][0])
        if index is not None:
            return self._apposed(index, low, high)
        inside = [self._by_head[start] for start, _ in words.spans[low:high] if start in self._by_head]
        named = [i for i in inside if self.mentions[i].form == "name"]
        return next(iter([*named, *inside]), None)

    def _apposed(self, index: int, low: int, high: int) -> int:
        """The mention at the head of a source, or the name that it is told to be: the minister, Ana Pires."""
        mention = self.mentions[index]
        if mention.form != "nominal":
            return index
        entity = self.entities[mention.entity]
        for start, _ in self.words.spans[low:high]:
            other = self._by_head.get(start)
            if other is None or self.mentions[other].form != "name":
                continue
            own = self.mentions[other]
            beside = is_apposed(
                self.words, self.words.range_of(mention.start, mention.end)[1], self.words.at(own.start)
            )
            if own.entity == mention.entity or beside and own.kind == "person" and entity.kind in ("person", "unnamed"):
                return other
        return index

    def _told(self, index: int) -> Evidence:
        mention = self.mentions[index]
        entity = self.entities[mention.entity]
        rule = _RULES[mention.form] if entity.name or mention.form == "name" else "own words"
        confidence = self._certainty.probability(self.values(index))
        return Evidence(rule, self._nearest_name(index), round(confidence, 4))

    def _nearest_name(self, index: int) -> Offsets | None:
        """The name of the entity at or last before a mention, else the first behind it."""
        own = self.entities[self.mentions[index].entity].mentions
        named = [i for i in own if self.mentions[i].form == "name"] or [index]
        best = max((i for i in named if i <= index), default=named[0])
        return self.mentions[best].start, self.mentions[best].end

    def values(self, index: int) -> Iterator[tuple[Certainty, float]]:
        """What tells how sure it is that the mention `index` means its entity, and that this is called so."""
        mention = self.mentions[index]
        entity = self.entities[mention.entity]
        form = {"name": Certainty.NAMED_HERE, "pronoun": Certainty.PRONOUN, "nominal": Certainty.NOMINAL}[mention.form]
        odds = {
            "name": Certainty.LOG_ODDS_NAME,
            "pronoun": Certainty.LOG_ODDS_PRONOUN,
            "nominal": Certainty.LOG_ODDS_NOMINAL,
        }[mention.form]
        yield Certainty.ALWAYS, 1
        yield form, 1
        yield odds, _log_odds(mention.certainty)
        own = [self.mentions[i] for i in entity.mentions]
        named = [m for m in own if m.form == "name"]
        if not named and mention.form == "nominal":
            yield Certainty.OWN_WORDS, 1
        if named and mention.form != "name":
            yield Certainty.NAME_LOG_ODDS, _log_odds(max(m.certainty for m in named[-3:]))
        yield Certainty[f"IS_{entity.kind.upper()}"], 1
        if mention.row < 0:
            yield Certainty.UNREAD, 1
        surnames = {self.words.text[m.start : m.end].split()[-1].lower() for m in named}
        if entity.kind == "person" and len(surnames) > 1:
            yield Certainty.SEVERAL_NAMES, 1
        if entity.name and " " not in entity.name:
            yield Certainty.ONE_WORD, 1

    def _speaker(self, index: int) -> Speaker:
        entity = self.entities[index]
        own = [self.mentions[i] for i in entity.mentions]
        name = entity.name or self._words_of(own)
        speaker = Speaker(name, entity.kind, index)
        speaker.mentions = _apart(own)
        for mention in own:
            lower = self.words.text[mention.start : mention.end].lower()
            if mention.form == "pronoun" and lower in self.words.lexicon.gendered and lower not in speaker.pronouns:
                speaker.pronouns.append(lower)
        return speaker

    def _words_of(self, own: list[Mention]) -> str:
        """What somebody without a name is called: by the fullest of the phrases."""
        phrases = [m for m in own if m.form != "pronoun"] or own
        best = max(phrases, key=lambda m: (min(len(self.words.text[m.start : m.end].split()), 9), -m.start))
        return phrase_name(self.words, best)


def _apart(own: list[Mention]) -> list[Offsets]:
    """The places of mentions, none inside another."""
    found: list[Offsets] = []
    for start, end in sorted({(m.start, m.end) for m in own}, key=lambda span: (span[0], -span[1])):
        if not found or start >= found[-1][1]:
            found.append((start, end))
    return found


def _log_odds(probability: float) -> float:
    probability = min(max(probability, 1e-4), 1 - 1e-4)
    return math.log(probability / (1 - probability)) / 4
