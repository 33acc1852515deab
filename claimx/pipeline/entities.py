"""Entities: which names are one person's, one organization's, one place's."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from collections import Counter, defaultdict

from claimx.pipeline.annotations import Entity, Mention
from claimx.pipeline.article import Article, fold
from claimx.pipeline.forenames import FORENAMES
from claimx.pipeline.lexicon import GENDERED, HONORIFICS, NICKNAMES, PARTICLES, TITLES
from claimx.pipeline.names import name_words
from claimx.pipeline.naming import Naming

_ARTICLE = re.compile(r"^(?:the|The)\s+")


def cluster(
    article: Article, mentions: list[Mention], speaking: set[int], naming: Naming | None = None
) -> list[Entity]:
    """The entities of the mentions; `speaking` are the tokens with which sources begin, `naming` a user's rules."""
    entities: list[Entity] = []
    naming = naming or Naming()
    _cluster_people(article, mentions, entities, speaking, naming)
    _cluster_names(article, mentions, entities, naming)
    names = naming.merge(article, mentions, entities)
    for index, mention in enumerate(mentions):
        if mention.entity >= 0:
            entities[mention.entity].mentions.append(index)
    starts = sorted(mention.start for mention in mentions if mention.label == "PER")
    for entity in entities:
        if entity.label == "PER":
            entity.name = _best_name(article, mentions, entity)
            own = [mentions[index] for index in entity.mentions]
            entity.gender = _gender(article, own) or _told_gender(article, own, starts) or _forename_gender(entity)
    for index, name in names.items():
        entities[index].name = name
    return entities


def _cluster_people(
    article: Article, mentions: list[Mention], entities: list[Entity], speaking: set[int], naming: Naming
) -> None:
    """Full names first, then single names, to the entity whose surname (else forename) they are.

    Of two people with one surname, a bare surname is the one it was used for last; where it speaks, the one who spoke.
    """
    speakers = {
        i for i, mention in enumerate(mentions) if not speaking.isdisjoint(range(mention.start - 3, mention.start + 1))
    }
    by_word: dict[str, list[tuple[int, int]]] = defaultdict(list)  # word -> (entity, how good a handle: 0 surname)
    forms: dict[int, list[list[str]]] = defaultdict(list)
    singles = []
    for index, mention in enumerate(mentions):
        if mention.label != "PER":
            continue
        words = [fold(word) for word in name_words(article.words[mention.start : mention.end])]
        if not words:
            mention.label = "NONE"
            continue
        if len(words) == 1:
            singles.append((index, words[0]))
            continue
        for entity, rank in by_word.get(words[-1], ()):
            fits = rank == 0 and any(_compatible(words, form) for form in forms[entity])
            if fits and not naming.are_apart(article, mention, mentions, index, entity):
                mention.entity = entity
                break
        else:
            mention.entity = len(entities)
            entities.append(Entity("PER", article.slice(mention.start, mention.end)))
            for rank, word in ((0, words[-1]), (1, words[0]), *((2, word) for word in words[1:-1])):
                if len(word) > 1 and word not in PARTICLES:
                    by_word[word].append((mention.entity, rank))
        if words not in forms[mention.entity]:
            forms[mention.entity].append(words)
    titles: dict[int, set[str]] = defaultdict(set)
    places: dict[int, list[int]] = defaultdict(list)  # entity -> indices of its mentions, in order
    first_spoke: dict[int, int] = {}
    for index, mention in enumerate(mentions):
        if mention.entity >= 0:
            places[mention.entity].append(index)
            titles[mention.entity].add(_title(article, mention))
            if index in speakers:
                first_spoke.setdefault(mention.entity, index)
    firsts = {entity: indices[0] for entity, indices in places.items()}
    genders = {entity: _gender(article, [mentions[index] for index in places[entity]]) for entity in forms}

    def note(index: int) -> None:
        entity = mentions[index].entity
        insort(places[entity], index)
        if index in speakers:
            first_spoke[entity] = min(index, first_spoke.get(entity, index))

    for index, word in singles:
        mention = mentions[index]
        candidates = by_word.get(word, ())
        partner = _partner(article, mentions, index)
        if partner and not candidates:  # Bill and Hanna Clark: either may be "Clark"
            mention.entity = len(entities)
            entities.append(Entity("PER", article.slice(mention.start, mention.end)))
            by_word[word].append((mention.entity, 0))
            by_word[partner].append((mention.entity, 0))
            note(index)
            continue
        if not candidates:
            mention.entity = len(entities)
            entities.append(Entity("PER", article.slice(mention.start, mention.end)))
            by_word[word].append((mention.entity, 0))
            note(index)
            continue
        best_rank = min(rank for _, rank in candidates)
        chosen = [entity for entity, rank in candidates if rank == best_rank]
        gender = _honorific(article, mention)
        if len(chosen) > 1 and gender:
            certain = [entity for entity in chosen if genders.get(entity) == gender]
            chosen = certain or [entity for entity in chosen if not genders.get(entity)] or chosen
        if len(chosen) > 1:
            title = _title(article, mention)
            chosen = [entity for entity in chosen if title and title in titles[entity]] or chosen
        if len(chosen) > 1 and index in speakers:
            spoke = [entity for entity in chosen if first_spoke.get(entity, index) < index]
            chosen = spoke or chosen
        last = {entity: _last_before(places[entity], index) for entity in chosen}
        if len(chosen) > 1 and _are_told_together(article, [mentions[i] for i in last.values() if i >= 0]):
            continue  # Bill and Hanna Clark: nothing tells which Clark
        if max(last.values()) >= 0:
            mention.entity = max(chosen, key=lambda entity: last[entity])
        else:
            mention.entity = min(chosen, key=lambda entity: firsts.get(entity, len(mentions)))
        if gender:
            genders[mention.entity] = gender
        note(index)


def _partner(article: Article, mentions: list[Mention], index: int) -> str:
    """The surname that a forename shares with the full name behind "and", "" for none."""
    mention = mentions[index]
    following = mentions[index + 1] if index + 1 < len(mentions) else None
    if following is None or following.label != "PER" or following.start != mention.end + 1:
        return ""
    words = [fold(word) for word in name_words(article.words[following.start : following.end])]
    shares = article.lowers[mention.end] == "and" and len(words) > 1 and article.lowers[mention.start] in FORENAMES
    return words[-1] if shares else ""


def _are_told_together(article: Article, mentions: list[Mention]) -> bool:
    """Whether several people are named side by side, so that none is nearer than the others."""
    if len(mentions) < 2:
        return False
    low, high = min(m.end for m in mentions), max(m.start for m in mentions)
    return high - low < 4 and "and" in article.lowers[low:high]


def _last_before(places: list[int], index: int) -> int:
    """The last of `places` before `index`, -1 where there is none."""
    at = bisect_left(places, index)
    return places[at - 1] if at else -1


def _compatible(a: list[str], b: list[str]) -> bool:
    """Whether two full names with one surname can be one person's: equal, initials, or short for the other."""
    x, y = a[0], b[0]
    if x == y or x in b or y in a:
        return True
    if NICKNAMES.get(x, x) == NICKNAMES.get(y, y) or len(x) > 3 and x[:4] == y[:4]:
        return True
    if x[0] == y[0] and (len(x) <= 2 or len(y) <= 2 or x.startswith(y) or y.startswith(x)):
        return True
    return a[-2:] == b[-2:] and len(a) > 2 and len(b) > 2


def _honorific(article: Article, mention: Mention) -> str:
    return HONORIFICS.get(article.lowers[mention.start - 1], "") if mention.start else ""


def _title(article: Article, mention: Mention) -> str:
    """The title before a name, spelt out; "" for none."""
    before = article.lowers[mention.start - 1] if mention.start else ""
    return TITLES.get(before) or (before.rstrip(".") if before in HONORIFICS else "")


def _best_name(article: Article, mentions: list[Mention], entity: Entity) -> str:
    """The fullest form; among forms of one length the one that is not in capitals, then the first."""

    def fullness(index: int):
        mention = mentions[index]
        words = name_words(article.words[mention.start : mention.end])
        shouted = all(word.isupper() for word in words if len(word) > 2) and any(len(word) > 2 for word in words)
        return len(words), not shouted, -index

    best = mentions[max(entity.mentions, key=fullness)]
    return article.slice(best.start, best.end)


def _gender(article: Article, mentions: list[Mention]) -> str:
    votes: Counter = Counter()
    for mention in mentions:
        gender = _honorific(article, mention)
        if gender:
            votes[gender] += 5
        words = [fold(word) for word in name_words(article.words[mention.start : mention.end])]
        if len(words) > 1 and FORENAMES.get(words[0]):
            votes[FORENAMES[words[0]]] += 1
    return votes.most_common(1)[0][0] if votes else ""


def _forename_gender(entity: Entity) -> str:
    """The gender of somebody whom the article calls by one name only, where that is a forename."""
    return FORENAMES.get(fold(entity.name), "") if " " not in entity.name else ""


def _told_gender(article: Article, mentions: list[Mention], starts: list[int]) -> str:
    """The gender of most pronouns between a person's mentions and the next person's: "Clinton said she ..."."""
    votes: Counter = Counter()
    for mention in mentions:
        at = bisect_right(starts, mention.start)
        stop = min(mention.end + 30, starts[at] if at < len(starts) else len(article.words))
        for lower in article.lowers[mention.end : stop]:
            if lower in GENDERED:
                votes[GENDERED[lower]] += 1
                break
    (first, most), *rest = [*votes.most_common(2), ("", 0)]
    return first if most >= 2 and most >= 3 * rest[0][1] else ""


def _cluster_names(article: Article, mentions: list[Mention], entities: list[Entity], naming: Naming) -> None:
    """Organizations and places by their words; acronyms by initials or by the brackets after the full name."""
    known: dict[str, int] = {}
    for index, mention in enumerate(mentions):
        if mention.label not in ("ORG", "LOC", "NORP"):
            continue
        surface = _ARTICLE.sub("", article.slice(mention.start, mention.end))
        key = surface.replace(".", "").lower()
        entity = known.get(key)
        if entity is None and " " not in surface and mention.label == "ORG":
            entity = known.get("first:" + key)
        if entity is None and surface.isupper() and 2 <= len(key) <= 6:
            entity = known.get("acronym:" + key)
        if entity is not None and naming.are_apart(article, mention, mentions, index, entity):
            entity = None
        if entity is None:
            entity = len(entities)
            entities.append(Entity(mention.label, surface))
            known[key] = entity
            if " " in surface and mention.label == "ORG":
                first = "first:" + key.split()[0]
                known[first] = entity if first not in known else None
            initials = "".join(word[0] for word in surface.split() if word[0].isupper()).lower()
            if len(initials) > 1 and " " in surface:
                known.setdefault("acronym:" + initials, entity)
            if index + 1 < len(mentions):
                following = mentions[index + 1]
                if following.start == mention.end + 1 and article.words[mention.end] == "(":
                    known.setdefault(article.slice(following.start, following.end).replace(".", "").lower(), entity)
        mention.entity = entity
