"""Candidates: whom a pronoun, a noun phrase or a claim without source may mean, and what speaks for each.

A candidate is a name's entity, a noun phrase that spoke before or stands before, the source's own words as a speaker
not met so far ("new"), or nobody. What speaks for it are traits by name, most of them 1.0; how much each weighs for
which sort of source is in ``rules/speaker_weights.json``, learnt by ``models/learn_speakers.py``.
"""

from __future__ import annotations

import heapq
import itertools
import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter, itemgetter

from spacy.tokens import Doc

from claimx.pipeline.annotations import Mention
from claimx.pipeline.lexicon import (
    KINSHIP,
    PERSON_NOUNS,
    PRONOUNS,
    SYNONYMS,
    TITLES,
    WORDS,
    is_role,
    noun_gender,
    singular_of,
)
from claimx.pipeline.noun_phrases import NounPhrase, find_noun_phrases
from claimx.pipeline.ranking import Candidate
from claimx.pipeline.sources import Source, SourceReader
from claimx.rules import load

KINDS = {kind: frozenset(words) for kind, words in load("kinds.json").items() if not kind.startswith("same")}
_SAME = {
    kind: [frozenset(heads) for heads in load("kinds.json")[f"same_{kind}"]] for kind in ("document", "organization")
}
NEW, NOBODY = ("new",), ("nobody",)
_NUMBERS = {"singular": "he", "plural": "they", "thing": "it", "first": "I"}
_DETERMINERS, _DEFINITE, _POSSESSIVES = WORDS["determiners"], WORDS["definite"], WORDS["possessives"]
#: Kinds of the noun phrases nearby that a pronoun can mean.
_NEARBY = {"he": ("unnamed",), "it": ("organization", "document"), "they": ("group", "organization")}
_TWO = WORDS["two"]
_NEAR = 70  # tokens that a pronoun looks back for noun phrases
_LABELS = {"PER": "person", "ORG": "organization", "LOC": "place", "NORP": "people"}
_MOST = 40  # names that are looked at, the nearest
_LATEST = 40  # mentions of a name that are looked at, the latest
_MANY = 400  # names in an article of which more are not all looked at, and how many are
_FARTHEST = 4000  # mentions that are looked at in search of names
_REACH = 400  # noun phrases that are looked at in search of one, the nearest


_start_of = attrgetter("start")


class CandidateFinder(SourceReader):
    """Finds the candidates for the sources of one article, in the order in which they are resolved."""

    def __init__(self, doc: Doc) -> None:
        super().__init__(doc)
        self.names: dict[int, list[Mention]] = defaultdict(list)
        for mention in self.mentions:
            if mention.entity >= 0 and mention.label != "NONE":
                self.names[mention.entity].append(mention)
        named = [mention for mention in self.mentions if mention.entity >= 0 and mention.label != "NONE"]
        self.named_at, self.named = [m.start for m in named], [m.entity for m in named]  # of each name, in order
        self.by_name_word: dict[str, list[int]] = defaultdict(list)  # word of a name -> entities
        for entity in self.names:
            for word in sorted(set(self.entities[entity].name.lower().split())):
                self.by_name_word[word].append(entity)
        self.bearers: dict[str, list[int]] = defaultdict(list)  # word of a role -> entities
        for entity, words in self.role_words.items():
            for word in sorted(words):
                self.bearers[word].append(entity)
        self.phrases: dict[tuple, list[int]] = defaultdict(list)  # key of a phrase -> head tokens of its mentions
        self.noun_phrases = find_noun_phrases(self.article, self.reader.inside)
        #: noun -> head of the first noun phrase with it that has more words
        self.first_told: dict[str, int] = {}
        self.by_noun: dict[str, list[int]] = defaultdict(list)  # noun -> indices of the noun phrases with it
        self.by_singular: dict[str, list[int]] = defaultdict(list)
        for index, phrase in enumerate(self.noun_phrases):
            noun = self.lowers[phrase.head]
            self.by_noun[noun].append(index)
            self.by_singular[singular_of(noun)].append(index)
            if phrase.end - phrase.start > 1:
                self.first_told.setdefault(noun, phrase.head)
        self.pairs = self._pairs()
        self.described = self._described()
        self.author = self._author()
        self.phrase_heads: set[int] = set()  # all of these tokens
        self.recent: dict[tuple, None] = {}  # keys of the speakers so far, the latest last, each once
        self.recent_phrases: dict[tuple, None] = {}  # those of noun phrases
        self.last_person: int | None = None  # the entity of the last person who spoke
        self.spoke_at: dict[tuple, int] = {}  # key -> token at which it spoke last
        self.narrator: tuple | None = None  # whom "I" meant last

    # what an article says about its people

    def _described(self) -> dict[int, set[str]]:
        """Words beside each person's names: roles the article ties to it, appositions, "is a ..."."""
        found: dict[int, set[str]] = defaultdict(set)
        for entity, words in self.role_words.items():
            found[entity] |= words
        for mention in self.mentions:
            if mention.label != "PER" or mention.entity < 0:
                continue
            words = found[mention.entity]
            i = mention.start - 1
            while i >= 0 and mention.start - i < 7 and not self.article.is_break[i] and self.words[i] not in ",;“”\"'’":
                words.update(self._senses(i))
                i -= 1
            end = mention.end
            if end < len(self.words) and (self.words[end] in ",–—(" or self.lowers[end] in WORDS["copulas"]):
                for j in range(end + 1, min(end + 13, len(self.words))):
                    if self.article.is_break[j] or self.words[j] in '“”"':
                        break
                    words.update(self._senses(j))
        return found

    def _senses(self, i: int) -> tuple[str, ...]:
        lower = self.lowers[i]
        if len(lower) < 3 or lower in WORDS["function_words"] or not lower[0].isalpha():
            return ()
        word = TITLES.get(lower, singular_of(lower))
        return (word, *SYNONYMS.get(word, ()))

    def _pairs(self) -> list[tuple[int, int]]:
        """Tokens [start, end) of two or three people named together: Goodlatte and Chairman Trey Gowdy."""
        found: list[tuple[int, int]] = []
        people = [mention for mention in self.mentions if mention.label == "PER"]
        for first, second in itertools.pairwise(people):
            between = range(first.end, second.start)
            if len(between) > 9 or "and" not in self.lowers[first.end : second.start] or first.entity == second.entity:
                continue
            if all(self.lowers[i] in ("and", ",", "of", "(", ")") or self.words[i][0].isupper() for i in between):
                found.append((first.start, second.end))
        return found

    def _author(self) -> int:
        """The entity in a byline ("By Jane Doe"), -1 where there is none."""
        for i in range(min(len(self.words) - 1, 80)):
            if self.lowers[i] == "by" and (i == 0 or "\n" in self.words[i - 1]):
                mention = self._mention_over(i + 1)
                if mention and mention.label == "PER":
                    return mention.entity
        return -1

    # sorts of sources

    def sort_of(self, source: Source) -> str:
        """The sort of a source that names nobody: he, it, they, I, none, or what its noun tells (person, ...)."""
        if source.start == source.end:
            return "none"
        first, head = self.lowers[source.start], self.lowers[source.core - 1]
        if source.core - source.start == 1 and first in PRONOUNS:
            return _NUMBERS.get(PRONOUNS[first].get("number"), "other")
        singular = singular_of(head)
        if singular == head and head not in KINDS["group"]:
            if (
                head in PERSON_NOUNS
                or head.endswith("-old")
                or head in KINSHIP
                or self.article.is_role(source.core - 1)
            ):
                return "person"
        else:
            return "group"
        return next((kind for kind in ("document", "organization") if head in KINDS[kind]), "other")

    def gender_of(self, source: Source, sort: str) -> str:
        """What a source tells of the gender of the person it means: "m", "f" or ""."""
        head = self.lowers[source.core - 1]
        if sort == "he":
            return PRONOUNS[head].get("gender", "")
        return noun_gender(head) if sort == "person" else ""

    # candidates

    def candidates(self, source: Source, sort: str) -> list[Candidate]:
        """Whom `source` may mean, each with its traits."""
        found = self._with_names(source, sort)
        found += self._spoken(source, sort)
        known = {candidate.key[1] for candidate in found if candidate.key[0] == "phrase"}
        found += self._nearby(source, sort, known)
        if sort in ("they", "group"):
            found += self._paired(source, sort, known)
        if sort not in ("he", "it", "they", "none"):
            found.append(self._new(source, sort))
        found.append(self._nobody(source, sort))
        return found

    def _with_names(self, source: Source, sort: str) -> list[Candidate]:
        at, head = source.start, self.lowers[source.core - 1] if source.core > source.start else ""
        gender = self.gender_of(source, sort)
        labels = ("PER",) if sort in ("he", "person") else ("PER", "ORG") if sort == "I" else tuple(_LABELS)
        ahead = at < self.article.headline or at < 80 or sort == "I"

        def row_of(entity: int) -> tuple[int, list[Mention], list[Mention]] | None:
            """An entity that may be meant, with its last mentions before the source and the first behind it."""
            told = self.entities[entity]
            if told.label not in labels or gender and told.gender not in ("", gender):
                return None
            mentions = self.names[entity]
            count = bisect_left(mentions, at, key=_start_of)
            last = bisect_left(mentions, source.end, count, key=_start_of)
            if sort == "person" and any(self._is_possessive(mention.end) for mention in mentions[count:last]):
                return None  # nobody is one's own lawyer
            behind = mentions[last : last + 1]
            return (entity, mentions[max(0, count - _LATEST) : count], behind) if count or ahead and behind else None

        rows = list(filter(None, map(row_of, self._entities_near(at, ahead))))
        rows.sort(key=lambda row: -row[1][-1].start if row[1] else 10_000 + row[2][0].start)
        wanted = {head, singular_of(head), TITLES.get(head, head)} if sort == "person" else {head, singular_of(head)}
        modifiers = self._modifiers(source)
        opening = self._opening(source, sort)
        bearers = self._some(self.bearers, wanted) if sort == "person" else []
        employers = self._employers()
        alike = self._some(self.by_name_word, wanted, row_of)
        ranks: dict[str, int] = defaultdict(int)
        found = []
        for entity, before, behind in rows[:_MOST]:
            told = self.entities[entity]
            label, rank = _LABELS[told.label], ranks[told.label]
            ranks[told.label] += 1
            traits = {label: 1.0, "mentions": math.log1p(len(told.mentions)), f"{label} for {opening}": 1.0}
            place = {f"{label} {min(rank, 4)}": 1.0}
            place.update(self._position(at, before) if before else {"only behind": 1.0})
            evidence = ""
            if told.label == "PER":
                if " " not in told.name and ("entity", entity) not in self.found:
                    traits["bare name"] = 1.0
                if gender and told.gender:
                    traits["gender agrees"] = 1.0
                if sort == "person":
                    evidence = self._add_role(traits, entity, wanted, modifiers, bearers, opening)
            else:
                words = {word for part in told.name.lower().split() for word in (part, singular_of(part))}
                if wanted & words:
                    evidence = "noun in name"
                    if len(alike) == 1:
                        traits["alone has noun in name"] = 1.0
                elif any(head in heads and words & heads for heads in _SAME["organization"]):
                    evidence = "like noun in name"
                if evidence:
                    traits[evidence] = traits[f"{evidence}, {opening}"] = 1.0
                self._add_modifiers(traits, modifiers, words)
                if entity in employers:
                    traits["of last speaker"] = 1.0
            for trait, value in place.items():
                traits[f"{evidence}: {trait}" if evidence else trait] = value
            if any(m.start < source.end for m in self._mentions_from(entity, source.start)):
                traits["inside source"] = 1.0
            if self.names[entity][0].start < self.article.headline:
                traits["in headline"] = 1.0
            if entity == self.author:
                traits["author"] = 1.0
            key = ("entity", entity)
            if key == self.narrator:
                traits["narrator"] = 1.0
            self._add_speaking(traits, key, at, opening)
            _, kind, name = self._entity(entity)
            nearest = before[-1] if before else behind[0]
            found.append(Candidate(key, traits, kind, name, nearest.end - 1))
        return found

    def _add_role(
        self, traits: dict[str, float], entity: int, wanted: set, modifiers: set, bearers: list[int], opening: str
    ) -> str:
        """What the article says of a person in the words of the source: a role it ties to them, words beside them."""
        words = self.role_words.get(entity, set())
        described = self.described.get(entity, set())
        told = "bears role" if wanted & words else "described so" if wanted & described else "not described so"
        traits[told] = traits[f"{told}, {opening}"] = 1.0
        if wanted & words and len(bearers) == 1:
            traits["alone bears role"] = 1.0
        shared = len(modifiers & (words | described))
        if shared:
            traits[f"{told}: modifiers told"] = float(min(shared, 2))
        elif modifiers:
            traits[f"{told}: modifiers untold"] = 1.0
        return told

    def _modifiers(self, source: Source) -> set[str]:
        words = {singular_of(word) for word in self.lowers[source.start : max(source.start, source.core - 1)]}
        return {word for word in words - _DETERMINERS - _POSSESSIVES if word[0].isalnum()}

    def _employers(self) -> set[int]:
        """Organizations that the article ties to the last person who spoke."""
        return self.tied.get(self.last_person, set()) if self.last_person is not None else set()

    def _is_person(self, entity: int) -> bool:
        return self.entities[entity].label == "PER"

    def _opening(self, source: Source, sort: str) -> str:
        """How a source begins: the, a, its, a bare noun, a name; pronouns stand for themselves."""
        if sort == "none":
            return "none"
        first = self.lowers[source.start]
        if source.core - source.start == 1 and first in PRONOUNS:
            return first if sort in ("I", "other") else "pronoun"
        if source.core - source.start == 1:
            return "capital" if self.words[source.start][0].isupper() else "bare"
        if self.lowers[source.core - 1] in KINSHIP:
            return "kin"
        if first in _POSSESSIVES:
            return "its"
        if first in ("a", "an", "one", "another", "some", "any", "no", "each"):
            return "a"
        if first in _DEFINITE:
            return "the" if first == "the" else "this"
        if self._mention_over(source.start) is not None:
            return "name"
        return "capital" if self.words[source.start][0].isupper() else "bare"

    def _mentions_from(self, entity: int, place: int) -> list[Mention]:
        """The first mention of an entity from a token on, as a list of one or none."""
        mentions = self.names[entity]
        at = bisect_left(mentions, place, key=_start_of)
        return mentions[at : at + 1]

    def _entities_near(self, at: int, ahead: bool) -> Iterable[int]:
        """All entities; of very many, those mentioned nearest before a token, and if asked for ahead of it."""
        if len(self.names) <= _MANY:
            return self.names
        place = bisect_left(self.named_at, at)
        before = dict.fromkeys(self.named[max(0, place - _FARTHEST) : place][::-1])
        found = dict.fromkeys(itertools.islice(before, _MANY // 2))
        if ahead:
            behind = dict.fromkeys(self.named[place : place + _FARTHEST])
            found |= dict.fromkeys(itertools.islice((entity for entity in behind if entity not in found), _MANY // 2))
        return found

    @staticmethod
    def _some(by_word: dict[str, list[int]], wanted: set[str], allowed: Callable = lambda entity: True) -> list[int]:
        """The entities under some words; two of them are enough to tell that there are several."""
        found: dict[int, None] = {}
        for word in sorted(wanted):
            for entity in itertools.islice(by_word.get(word, ()), _FARTHEST):
                if entity not in found and allowed(entity):
                    found[entity] = None
                    if len(found) == 2:
                        return list(found)
        return list(found)

    def _spoken(self, source: Source, sort: str) -> list[Candidate]:
        """The noun phrases that spoke before."""
        at, head = source.start, self.lowers[source.core - 1] if source.core > source.start else ""
        gender, modifiers, opening = self.gender_of(source, sort), self._modifiers(source), self._opening(source, sort)
        found: list[Candidate] = []
        for key in itertools.islice(reversed(self.recent_phrases), _REACH):
            if len(found) == 8:
                break
            speaker = self.found[key]
            told = noun_gender(key[2])
            if sort == "he" and speaker.kind in ("organization", "document") or gender and told not in ("", gender):
                continue
            traits = {"phrase": 1.0, f"phrase, {speaker.kind}": 1.0, f"phrase {min(len(found), 4)}": 1.0}
            traits[f"phrase for {opening}"] = 1.0
            self._add_likeness(traits, head, key[2], sort)
            self._add_modifiers(traits, modifiers, set(speaker.name.lower().split()))
            if gender and told:
                traits["gender agrees"] = 1.0
            places = self.phrases[key]
            if places:
                traits.update(self._distance(at, places[-1]))
            self._add_speaking(traits, key, at, opening)
            found.append(Candidate(key, traits, speaker.kind, speaker.name, places[-1] if places else -1))
        return found

    def _nearby(self, source: Source, sort: str, known: set[str]) -> list[Candidate]:
        """Noun phrases before the source that have said nothing: with its head noun, or near a pronoun."""
        at, head = source.start, self.lowers[source.core - 1] if source.core > source.start else ""
        modifiers = self._modifiers(source)
        found: list[Candidate] = []
        for phrase in self._phrases_before(at, head, sort):
            if phrase.head in self.phrase_heads:
                continue
            noun = self.lowers[phrase.head]
            if phrase.end - phrase.start == 1 and self.first_told.get(noun, phrase.head) < phrase.head:
                continue  # stands for a fuller one before
            if sort in _NEARBY:
                if at - phrase.head > _NEAR or len(found) == 6:
                    break
                if phrase.kind not in _NEARBY[sort]:
                    continue
            elif sort in ("I", "none") or len(found) == 6:
                break
            traits = {"noun phrase": 1.0, f"noun phrase, {phrase.kind}": 1.0, f"noun phrase {min(len(found), 4)}": 1.0}
            self._add_likeness(traits, head, noun, sort)
            if sort not in _NEARBY and not ("same noun" in traits or "like noun" in traits):
                continue
            name = self.article.slice(phrase.start, phrase.end)
            if name.lower() in known:
                continue
            known = known | {name.lower()}
            self._add_modifiers(traits, modifiers, set(self.lowers[phrase.start : phrase.end]))
            if self.lowers[phrase.start - 1] in ("a", "an"):
                traits["indefinite"] = 1.0
            if phrase.end - phrase.head > 1:
                traits["long"] = 1.0
            traits.update(self._distance(at, phrase.head))
            found.append(Candidate(("phrase", name.lower(), noun), traits, phrase.kind, name, phrase.head))
        return found

    def _phrases_before(self, at: int, head: str, sort: str) -> Iterator[NounPhrase]:
        """Noun phrases before a token, the nearest first: for pronouns all, else those with a noun like `head`."""
        if sort in ("I", "none"):
            return
        if sort in _NEARBY:
            places = self._before(range(len(self.noun_phrases)), at)
        else:
            like = {noun for heads in _SAME.get(sort, ()) if head in heads for noun in heads}
            rows = [self.by_singular.get(singular_of(head), []), *(self.by_noun.get(noun, []) for noun in sorted(like))]
            merged = heapq.merge(*(self._before(row, at) for row in rows), reverse=True)
            places = (place for place, _ in itertools.groupby(merged))
        for place in itertools.islice(places, _REACH):
            yield self.noun_phrases[place]

    def _before(self, places: Sequence[int], at: int) -> Iterator[int]:
        """Of indices of noun phrases, those whose heads stand before a token, the nearest first."""
        count = bisect_left(places, at, key=lambda place: self.noun_phrases[place].head)
        return (places[i] for i in range(count - 1, -1, -1))

    def _paired(self, source: Source, sort: str, known: set[str]) -> list[Candidate]:
        """People named together before a plural: the two men, both senators, they."""
        found: list[Candidate] = []
        count = bisect_right(self.pairs, source.start, key=itemgetter(1))
        for start, end in reversed(self.pairs[max(0, count - _REACH) : count]):
            if len(found) == 3:
                break
            key = self.group_key(start, end)
            if key[1] in known:
                continue
            traits = {"pair": 1.0, f"pair {len(found)}": 1.0, f"pair for {self._opening(source, sort)}": 1.0}
            if not _TWO.isdisjoint(self.lowers[source.start : source.core]):
                traits["pair for two"] = 1.0
            traits.update(self._distance(source.start, start))
            found.append(Candidate(key, traits, "group", self.article.slice(start, end), end - 1))
        return found

    def group_key(self, start: int, end: int) -> tuple:
        """The key of a phrase that names several people: the same people are the same group."""
        low, high = (bisect_left(self.mentions, place, key=_start_of) for place in (start, end))
        people = {m.entity for m in self.mentions[low:high] if m.label == "PER" and m.entity >= 0}
        if len(people) > 1:
            return "phrase", " & ".join(map(str, sorted(people))), ""
        return "phrase", self.article.slice(start, end).lower(), self.lowers[end - 1]

    def _add_modifiers(self, traits: dict[str, float], modifiers: set[str], words: set[str]) -> None:
        """Whether the words that modify a source are among those of a candidate's name."""
        if modifiers & words:
            traits["modifier in name"] = 1.0
        missing = modifiers - words - {singular_of(word) for word in words}
        if missing:
            traits["modifier not in name"] = 1.0
        if any(word not in self.article.lower_seen for word in missing):
            traits["name not in name"] = 1.0

    @staticmethod
    def _add_likeness(traits: dict[str, float], head: str, noun: str, sort: str) -> None:
        if noun == head or singular_of(noun) == singular_of(head):
            traits["same noun"] = 1.0
        elif sort in _SAME and any(head in heads and noun in heads for heads in _SAME[sort]):
            traits["like noun"] = 1.0

    def _new(self, source: Source, sort: str) -> Candidate:
        traits = {"new": 1.0, f"new for {self._opening(source, sort)}": 1.0}
        traits[f"new of {min(source.end - source.start, 5)}"] = 1.0
        if source.end > source.core:
            traits["new, with more behind"] = 1.0
        if source.start < self.article.headline:
            traits["new in headline"] = 1.0
        if sort == "person":
            head = self.lowers[source.core - 1]
            wanted = {head, TITLES.get(head, head)}
            bearers = sum(bool(wanted & words) for words in self.described.values())
            traits[f"new, described so {min(bearers, 2)}"] = 1.0
        kind = "group" if sort == "I" else "unnamed" if sort in ("person", "other") else sort
        return Candidate(NEW, traits, kind, self.phrase_name(source))

    def _nobody(self, source: Source, sort: str) -> Candidate:
        traits = {"nobody": 1.0, f"nobody for {self._opening(source, sort)}": 1.0}
        if source.start < len(self.words) and self.in_quotation[source.start]:
            traits["nobody, in quotation"] = 1.0
        if sort == "none":
            traits[f"nobody, {self.attributions[source.claim].kind}"] = 1.0
        return Candidate(NOBODY, traits)

    # traits

    def _add_speaking(self, traits: dict[str, float], key: tuple, at: int, opening: str) -> None:
        """Whether a candidate was the last one to speak, or the one before."""
        for name, latest in zip(("last speaker", "speaker before"), reversed(self.recent), strict=False):
            if latest == key:
                gap = self.paragraph[at] - self.paragraph[min(at, self.spoke_at[key])]
                where = "same paragraph" if gap == 0 else "paragraph before" if gap == 1 else "further"
                traits[f"{name}, {where}"] = 1.0
                traits[f"{name} for {opening}"] = 1.0
        if key in self.found:
            traits["has spoken"] = 1.0

    def _distance(self, at: int, place: int) -> dict[str, float]:
        sentences = self.sentence[at] - self.sentence[place]
        paragraphs = self.paragraph[at] - self.paragraph[place]
        traits = {
            f"sentence {sentences if sentences < 3 else '3-5' if sentences < 6 else '6+'}": 1.0,
            f"paragraph {min(paragraphs, 3)}": 1.0,
        }
        if self.in_quotation[place]:
            traits["in quotation"] = 1.0
        return traits

    def _position(self, at: int, mentions: list[Mention]) -> dict[str, float]:
        last = mentions[-1]
        traits = self._distance(at, last.start)
        if self._is_possessive(last.end):
            traits["possessive"] = 1.0
        subjects = [m for m in mentions[-4:] if not self.in_quotation[m.start] and self._is_subject(m)]
        if subjects:
            distance = self.sentence[at] - self.sentence[subjects[-1].start]
            traits[f"subject {distance if distance < 3 else '3+'}"] = 1.0
        if any(self.paragraph[m.start] == self.paragraph[at] for m in mentions[:-1]):
            traits["again in paragraph"] = 1.0
        return traits

    def _is_subject(self, mention: Mention) -> bool:
        """Whether a name stands where subjects stand: first in its sentence, titles aside, or first in a clause."""
        i = mention.start - 1
        while i >= 0 and (self.article.is_title(i) or is_role(self.lowers[i]) or self.words[i][0].isupper()):
            i -= 1
        if i < 0 or self.article.is_break[i] or self.words[i] in '“"':
            return True
        return self.lowers[i] in WORDS["subject_leads"]
