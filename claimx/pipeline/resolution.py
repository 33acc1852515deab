"""The speaker behind the source of every claim of an article, and the evidence for it.

A source that names somebody leads to the entity of that name. Pronouns, noun phrases ("the senator", "the company")
and claims without a source are resolved among candidates (`candidates.py`, `ranking.py`), and so are roles and
organizations that stand for a name elsewhere; `None` where the article does not tell.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from claimx.pipeline.annotations import Description, Evidence, Mention, Offsets, Speaker
from claimx.pipeline.candidates import NEW, NOBODY, CandidateFinder
from claimx.pipeline.lexicon import GENDERED, HONORIFICS, PRONOUNS, WORDS, is_role, singular_of
from claimx.pipeline.noun_phrases import kind_of_noun, phrase_start
from claimx.pipeline.ranking import Candidate, Ranker
from claimx.pipeline.sources import Source
from claimx.rules import load

_DETERMINERS = WORDS["determiners"]
_EMPTY = WORDS["function_words"] | WORDS["source_separators"]
_MODIFIERS = frozenset(load("role_words.json")["modifiers"])
_RANKER = Ranker("speaker_weights.json")
#: Traits of a pair that stands near enough for "the two" to mean it.
_NEAR_PAIR = frozenset(("sentence 0", "sentence 1", "sentence 2"))
#: Least probability of a description that counts as a mention.
_LIKELY = 0.5
#: Sort of a source -> the rule that its evidence names, where it is not a noun phrase.
_RULES = {"he": "pronoun", "it": "pronoun", "they": "pronoun", "I": "pronoun", "none": "no source"}
_DASHES = frozenset(("–", "—", "―", "-"))


@dataclass(slots=True)
class Referent:
    """Whom a source means: key, kind and name, None for nobody; the rule by which, and the token that tells it."""

    key: tuple | None
    kind: str
    name: str
    rule: str
    place: int = -1
    probability: float | None = None


class Resolution(CandidateFinder):
    """The state of resolving one article, source by source in the order of the text."""

    def speakers(self) -> list[Speaker]:
        """The speakers in the order in which they were found; `evidence` says how."""
        self.evidence: list[Evidence | None] = [None] * len(self.attributions)
        self.descriptions: list[Description] = []
        sources = list(map(self._source_of, range(len(self.attributions))))
        described = [*self._roles(sources), *self._organizations()]
        for source in sorted([*sources, *described], key=self._when):
            if source.claim < 0:
                self._describes(source)
            else:
                self._speaks(source, self._resolve(source))
        told: dict[int, list[Offsets]] = defaultdict(list)
        for description in self.descriptions:
            if description.entity >= 0 and description.probability >= _LIKELY:
                told[description.entity].append(self.article.span(description.start, description.end))
        for speaker in self.found.values():
            speaker.mentions = self._mentions(speaker, told[speaker.entity] if speaker.entity >= 0 else [])
        return list(self.found.values())

    def _mentions(self, speaker: Speaker, told: list[Offsets]) -> list[Offsets]:
        """Every mention of a speaker in the order of the text: names, sources that hold none, and descriptions."""
        names = [self.article.span(m.start, m.end) for m in self.names[speaker.entity]] if speaker.entity >= 0 else []
        others: list[Offsets] = []
        for start, end in sorted({*speaker.mentions, *told}):
            before = bisect_left(names, (end, end))  # names stand in order, none over another
            if not any(low < end and start < high for low, high in (*names[max(0, before - 1) : before], *others[-1:])):
                others.append((start, end))
        return sorted({*names, *others})

    def _source_of(self, index: int) -> Source:
        attribution = self.attributions[index]
        if attribution.source:
            return self._source(attribution.source, index)
        at = self.article.tokens(*min(span for span in (attribution.cue, *attribution.content) if span))[0]
        return Source(at, at, at, index)

    def _roles(self, sources: list[Source]) -> Iterator[Source]:
        """The phrases that tell one person's role instead of the name, outside of sources: the Florida senator."""
        taken = {i for source in sources for i in range(source.start, source.core)}
        for start, end in self.article.roles:
            head = self.article.head_of(start, end)
            lower = self.lowers[head]
            named = head + 1 < len(self.words) and head + 1 in self.reader.inside
            if named or head in taken or head in self.reader.inside or singular_of(lower) != lower:
                continue
            if lower in _MODIFIERS or kind_of_noun(lower) in ("organization", "document"):
                continue
            low = min(start, phrase_start(self.article, head + 1))
            source = Source(low, end, head + 1, -1)
            if self._opening(source, "person") in ("the", "its", "this", "name", "bare", "capital"):
                yield source

    def _organizations(self) -> Iterator[Source]:
        """The organizations that are told by a noun beside a role: the company's chief executive, head of the bank."""
        heads = {self.article.head_of(*role) for role in self.article.roles}
        heads |= {self.article.head_of(*fact.role) for fact in self.facts if fact.role}
        for phrase in self.noun_phrases:
            beside = any(i in heads for i in range(phrase.head - 4, phrase.head + 6))
            if phrase.kind == "organization" and beside and phrase.start:
                source = Source(phrase.start - 1, phrase.head + 1, phrase.head + 1, -1)
                if self._opening(source, "organization") in ("the", "its", "this"):
                    yield source

    def _describes(self, source: Source) -> None:
        """Note whom a role means that stands for a name."""
        sort = self.sort_of(source)
        kind = "organization" if sort == "organization" else "person"
        best, probability = _RANKER.choose(kind, self.candidates(source, kind))
        if best.key[0] == "entity":
            self.descriptions.append(Description(source.start, source.core, best.key[1], probability, kind))

    def _when(self, source: Source) -> tuple:
        return source.start < self.article.headline, source.start, source.end  # a headline looks ahead

    def _speaks(self, source: Source, referent: Referent) -> None:
        """Note that a referent speaks."""
        if referent.key is None:
            return
        speaker = self.found.get(referent.key)
        if speaker is None:
            entity = referent.key[1] if referent.key[0] == "entity" else -1
            speaker = self.found[referent.key] = Speaker(referent.name, referent.kind, entity)
        speaker.attributions.append(source.claim)
        self.recent.pop(referent.key, None)
        self.recent[referent.key] = None
        if referent.key[0] == "phrase":
            self.recent_phrases.pop(referent.key, None)
            self.recent_phrases[referent.key] = None
        elif self._is_person(referent.key[1]):
            self.last_person = referent.key[1]
        self.spoke_at[referent.key] = source.start
        if source.end > source.start:
            speaker.mentions.append(self.article.span(source.start, source.end))
            lower = self.lowers[source.start]
            if source.core - source.start == 1 and lower in GENDERED and lower not in speaker.pronouns:
                speaker.pronouns.append(lower)
            if referent.key[0] == "phrase":
                self.phrases[referent.key].append(source.core - 1)
                self.phrase_heads.add(source.core - 1)
        self.evidence[source.claim] = Evidence(referent.rule, self._mention_at(referent.place), referent.probability)

    def _mention_at(self, place: int) -> Offsets | None:
        """The name at a token, or the token alone."""
        if place < 0:
            return None
        name = self.reader.inside.get(place)
        return self.article.span(name.start, name.end) if name else self.article.span(place, place + 1)

    def _resolve(self, source: Source) -> Referent:
        if source.start == source.end:
            return self._ranked(source)
        first = self.lowers[source.start]
        names = self._names_in(source)
        if source.core - source.start == 1 and first in PRONOUNS and not names:
            alone = (
                source.end == source.core or self.words[source.core] in ("(", ",") or self.words[source.core] in _DASHES
            )
            if PRONOUNS[first].get("relative") and (alone or first in ("who", "whom")):
                return self._relative(source)
            return self._ranked(source) if alone else self._group(source)
        joined = self.lowers[source.core : source.core + 1] == ["and"] and source.core + 1 < source.end
        if len(names) > 1 or names and (joined and names[0].start < source.core or self._goes_on(source, names[0])):
            return self._group(source)
        if names and names[0].start >= source.core and self.sort_of(source) == "group":
            names = []  # the two leading Republicans, Donald J. Trump and Ted Cruz
        if names:
            return self._named(names[0], "name" if names[0].start < source.core else "apposition")
        mention = self._mention_over(source.core - 1)
        if mention and mention.end >= source.core and mention.label != "PER":
            modified = source.end - source.core > 1 and self.words[source.core] not in (",", "(")
            if self._coordinated(source) or mention.label == "NORP" and modified:
                return self._group(source)
            rest = self.lowers[source.start : mention.start]
            plain = all(word in _DETERMINERS or word in HONORIFICS or not word[0].isalpha() for word in rest)
            if plain or mention.label == "ORG" and rest[-1:] != ["'s"]:
                return self._named(mention, "name")
        organization = self._apposed_organization(source)
        if organization:
            return self._named(organization, "apposition")
        if joined:
            return self._group(source)
        handle = self._handle(source)
        if handle is not None:
            return self._of_entity(handle, "part of a name", source.core - 1)
        return self._ranked(source)

    def _goes_on(self, source: Source, name: Mention) -> bool:
        """The bishop, Lionel Peiris, and the chief trustee; Elizabeth Warren (D-Mass.) and a clutch of others"""
        end = name.end
        if self.words[end : end + 1] == ["("]:
            end = next((i + 1 for i in range(end, source.end) if self.words[i] == ")"), source.end)
            if self.lowers[end : end + 1] == ["and"]:
                return end + 1 < source.end
        told = self.lowers[end : end + 3]
        return told[:2] == [",", "and"] and end + 2 < source.end or told == [",", "along", "with"]

    def _of_entity(self, entity: int, rule: str, place: int, probability: float | None = None) -> Referent:
        return Referent(*self._entity(entity), rule, place, probability)

    def _named(self, mention: Mention, rule: str) -> Referent:
        """Whom a name names: nobody known, where two people bear it and nothing tells them apart."""
        if mention.entity < 0:
            return Referent(None, "", "", rule)
        return self._of_entity(mention.entity, rule, mention.end - 1)

    def _group(self, source: Source) -> Referent:
        key = self.group_key(source.start, source.end)
        before = (pair for pair in self.pairs if pair[1] <= source.start)
        fuller = next((pair for pair in before if self.group_key(*pair) == key), None)
        name = self.article.slice(*fuller) if fuller else self.phrase_name(source)
        return Referent(key, "group", name, "own words", source.core - 1)

    def _ranked(self, source: Source) -> Referent:
        """The most probable candidate; the gender of a person becomes known by a "he" or "she" that means them."""
        sort = self.sort_of(source)
        candidates = self.candidates(source, sort)
        both = next((c for c in candidates if "pair for two" in c.traits and not _NEAR_PAIR.isdisjoint(c.traits)), None)
        if both is not None:  # too rare for a weight to be learnt: the two, both men
            return Referent(both.key, both.kind, both.name, "noun phrase", both.place)
        best, probability = self._choose(source, sort, candidates)
        rule = _RULES.get(sort, "noun phrase")
        if best.key == NOBODY or best.key == NEW and self._says_nothing(best.name):
            return Referent(None, "", "", rule, probability=probability)
        if best.key == NEW:
            kind = self._kind_of_new(source, best.kind)
            key = ("phrase", best.name.lower(), self.lowers[source.core - 1])
            return Referent(key, kind, best.name, "own words", source.core - 1, probability)
        if best.key[0] == "entity" and sort == "he":
            entity = self.entities[best.key[1]]
            entity.gender = entity.gender or self.gender_of(source, sort)
        if sort == "I":
            self.narrator = best.key
        return Referent(best.key, best.kind, best.name, rule, best.place, probability)

    @staticmethod
    def _says_nothing(name: str) -> bool:
        """Whether a source cut wrong holds no word that could name anybody: "the", "of", "1"."""
        words = name.lower().split()
        return all(word in _EMPTY and word not in PRONOUNS or not word[0].isalpha() for word in words)

    def _choose(self, source: Source, sort: str, candidates: list[Candidate]) -> tuple[Candidate, float]:
        return _RANKER.choose(sort, candidates)

    def _kind_of_new(self, source: Source, kind: str) -> str:
        """The kind of a speaker known by its own words: a capitalised phrase is a name that no model tagged."""
        head = self.lowers[source.core - 1]
        start = source.start + (self.lowers[source.start] in _DETERMINERS)
        if kind == "unnamed" and not is_role(head) and self.words[source.core - 1][0].isupper():
            capitals = all(word[0].isupper() or not word[0].isalpha() for word in self.words[start : source.core])
            if capitals and head not in self.article.lower_seen:
                is_person = source.core - source.start < 4 and self.lowers[source.start] != "the"
                return "person" if is_person else "organization"
        if kind == "unnamed" and head.endswith(("ing", "ance", "data")):
            return "document"
        return kind

    def _relative(self, source: Source) -> Referent:
        """who, which, that: the name or noun phrase right before, or the name that this is in apposition to."""
        rule = "relative pronoun"
        personal = self.lowers[source.start] in ("who", "whom")
        end = source.start
        while end > 0 and (self.words[end - 1] in _DASHES or self.words[end - 1] in (",", "(", ")")):
            end -= 1
        named = self._mention_over(end - 1)
        if named:
            if personal and named.label != "PER":
                named = self._apposed_to(named.start) or self._person_of(named.start) or named
            return self._named(named, rule)
        start = phrase_start(self.article, end)
        if start >= end or not self.words[start][0].isalpha():
            return Referent(None, "", "", rule)
        apposed = self._apposed_to(end)
        bracketed = end < source.start or start > 1 and self.words[start - 1] == ","
        if apposed and bracketed and (apposed.label == "PER") == personal:
            return self._named(apposed, rule)
        core = start + 1
        while core < end and self.lowers[core] not in WORDS["source_separators"]:
            core += 1
        phrase = Source(start, end, core, source.claim)
        if self.lowers[start] in PRONOUNS and core - start == 1:
            return Referent(None, "", "", rule) if PRONOUNS[self.lowers[start]].get("relative") else self._group(phrase)
        names = self._names_in(phrase)
        return self._named(names[0], rule) if names else self._ranked(phrase)

    def _person_of(self, before: int) -> Mention | None:
        """Marco Rubio of Florida, who ..."""
        person = self._mention_over(before - 2)
        return person if person and person.label == "PER" and self.lowers[before - 1] in ("of", "from", "in") else None

    def _apposed_to(self, before: int) -> Mention | None:
        """The name that an apposition ending at token `before` belongs to: "Jane Doe, a judge in Leeds"."""
        for mention in reversed(self.mentions[: bisect_left(self.starts, before)]):
            if before - mention.end > 14 or self.sentence[mention.start] != self.sentence[before - 1]:
                return None
            if (
                mention.end + 1 < before
                and self.words[mention.end] in (",", "–", "—")
                and (
                    self.lowers[mention.end + 1] in _DETERMINERS
                    or is_role(self.lowers[mention.end + 1])
                    or self.words[mention.end + 1].isdigit()
                )
            ):
                return mention
        return None
