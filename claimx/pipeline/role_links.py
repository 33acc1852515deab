"""Which person bears a role that an article names, and in which organization: the candidates and their traits.

Roles are those that the rules of `roles.py` read beside names, that a model tagged, and that sources and descriptions
consist of. Weights: ``rules/affiliation_weights.json``, learnt by ``models/learn_affiliations.py``.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TypeVar

from spacy.tokens import Doc

from claimx.pipeline.annotations import Mention, Speaker
from claimx.pipeline.article import article_of
from claimx.pipeline.lexicon import HONORIFICS, KINSHIP, TITLES, WORDS, is_role, noun_gender, singular_of
from claimx.pipeline.noun_phrases import NounPhrase, find_noun_phrases, kind_of_noun, phrase_start
from claimx.pipeline.ranking import Candidate
from claimx.pipeline.role_phrases import Range, RolePhrase
from claimx.pipeline.roles import RoleFact, RoleReader
from claimx.rules import load

_WORDS = load("role_words.json")
_COUNTING = WORDS["two"] | WORDS["determiners"] | {"all", "three"}
_MODIFIERS = frozenset(_WORDS["modifiers"])
_MODIFYING = frozenset(_WORDS["temporal"] + _WORDS["ranks"])
_POSTS = frozenset(_WORDS["territorial"])
_SAME = [frozenset(heads) for heads in load("kinds.json")["same_organization"]]
NOBODY, NOWHERE = ("nobody",), ("nowhere",)
_LABELS = {"PER": "person", "ORG": "organization", "LOC": "place", "NORP": "people"}
_DEMONYMS = tuple(_WORDS["demonym_endings"])
_CASE = frozenset(("'s", "’s", "'", "’"))
_DETERMINERS, _POSSESSIVES = WORDS["determiners"], WORDS["possessives"]
_PREPOSITIONS = frozenset(("of", "at", "for", "in", "with", "from", "on", "to", "by"))
_MOST = 12  # organizations that are looked at, the nearest
_SALIENT = 3  # organizations that an article names most
_FURTHEST = 9  # sentences; beyond, all distances are one
#: Organizations in an article of which more are not all looked at; facts, roles and nouns looked at on either side.
_MANY, _NEAREST = 400, 100
T = TypeVar("T")


@dataclass(slots=True)
class RoleSpan:
    """A role in the text: its tokens, its head, the organization that the rules read with it, and who may bear it.

    `rules` holds the persons (entities) the rules tie it to and by which; `tellers` those whose source it is; and
    `described` whom it stands for, with the probability.
    """

    role: Range
    head: int
    organization: Range | None = None
    rules: dict[int, str] = field(default_factory=dict)
    tellers: set[int] = field(default_factory=set)
    described: tuple[int, float] | None = None
    tagged: bool = False


@dataclass(slots=True)
class Place:
    """Where an organization may be read: token range, the entity it names (-1 for a noun phrase), and its label."""

    span: Range
    entity: int
    label: str


class LinkFinder:
    """The roles of one article with the candidates for their bearers and organizations."""

    def __init__(self, doc: Doc) -> None:
        self.article = article_of(doc)
        self.words, self.lowers = self.article.words, self.article.lowers
        self.mentions, self.entities = doc._.claimx_mentions
        self.speakers: list[Speaker] = doc._.claimx_speakers
        self.reader = RoleReader(self.article, self.mentions, self.entities)
        self.facts = self.reader.facts()
        self.speaking = {speaker.entity for speaker in self.speakers}
        self.spoke = {
            speaker.entity: sorted(bisect_left(self.article.offsets, start) for start, _ in speaker.mentions)
            for speaker in self.speakers
            if speaker.entity >= 0 and speaker.kind == "organization"
        }
        self.starts = [mention.start for mention in self.mentions]
        self.is_tagged = "claimx_roles" in doc.spans
        self.sentence = self.article.sentence
        self.in_quotation = self.article.within(doc._.claimx_quotations)
        self.nouns = [
            phrase for phrase in find_noun_phrases(self.article, self.reader.inside) if phrase.kind == "organization"
        ]
        self.organizations_named = [
            i for i, entity in enumerate(self.entities) if entity.label == "ORG" and entity.mentions
        ]
        #: head of a noun phrase -> the organization (entity) that it stands for
        self.resolved = {d.end - 1: d.entity for d in doc._.claimx_descriptions if d.kind == "organization"}
        self.organizations_at = sorted(
            (self.mentions[i].start, entity)
            for entity in self.organizations_named
            for i in self.entities[entity].mentions
        )
        self.roles = self._roles(doc)
        self._index()
        self.salient = self._salient()

    def _index(self) -> None:
        """File facts and roles under the people they are of."""
        self.facts_of: dict[int, list[RoleFact]] = defaultdict(list)
        for fact in sorted(self.facts, key=lambda fact: fact.mention):
            self.facts_of[self.mentions[fact.mention].entity].append(fact)
        self.roles_told_of: dict[int, list[RoleSpan]] = defaultdict(list)
        #: how many roles of a sense a person bears by rule
        self.borne: Counter[tuple[int, str]] = Counter()
        self.bearing: set[int] = set()
        for role in self.roles:
            for entity in {*(role.described or ())[:1], *role.tellers}:
                self.roles_told_of[entity].append(role)
            for entity in role.rules:
                self.borne[entity, self._sense(role.head)] += 1
                self.bearing.add(entity)

    # roles

    def _roles(self, doc: Doc) -> list[RoleSpan]:
        found: dict[int, RoleSpan] = {}
        for fact in self.facts:
            if fact.role:
                span = self._at(found, fact.role)
                span.organization = span.organization or fact.organization
                span.rules.setdefault(self.mentions[fact.mention].entity, fact.rule)
        for start, end in self.article.roles:
            head = self.article.head_of(start, end)
            if head not in found:
                low = min(start, phrase_start(self.article, head + 1))
                phrase = self.reader.read(low, min(len(self.words), head + 12), plural=True)
                if phrase and phrase.role and phrase.role[0] <= head < phrase.role[1]:
                    found[head] = RoleSpan(phrase.role, head, phrase.organization)
                else:
                    found[head] = RoleSpan((start, end), head)
            found[head].tagged = True
        for speaker in self.speakers:
            for phrase in self.told_by_sources(speaker) if speaker.entity >= 0 else ():
                if phrase.role:
                    span = self._at(found, phrase.role)
                    span.organization = span.organization or phrase.organization
                    span.tellers.add(speaker.entity)
        for description in doc._.claimx_descriptions:
            if description.kind == "person" and description.end - 1 in found:
                found[description.end - 1].described = description.entity, description.probability
        kept = [span for span in found.values() if self._is_role(span)]
        for span in kept:
            self._trim(span)
        return sorted(kept, key=lambda span: span.head)

    def _is_role(self, span: RoleSpan) -> bool:
        """Not a relative, not an owner (the authority's), and more than former, acting or elder."""
        lower = self.lowers[span.head]
        if lower in KINSHIP or lower.endswith(("'s", "’s")) or kind_of_noun(lower) in ("organization", "document"):
            return False
        name = self.reader.inside.get(span.head)
        if name is not None and name.end > span.head + 1:  # Justice, in Justice Department
            return False
        return any(self.lowers[i] not in _MODIFYING for i in range(span.role[0], span.head + 1))

    def _trim(self, span: RoleSpan) -> None:
        """Take marks off the start of a role, and titles of honour off its end: chairman Sheikh, member Hon."""
        start, end = span.role
        while start < span.head and (not self.words[start][0].isalnum() or self.lowers[start] in _COUNTING):
            start += 1
        while end - 1 > span.head and (self.lowers[end - 1] in HONORIFICS or not self.words[end - 1][0].isalnum()):
            end -= 1
        while end - 1 == span.head > start and self.lowers[span.head] in HONORIFICS:
            end, span.head = end - 1, span.head - 1
        span.role = start, end

    def _at(self, found: dict[int, RoleSpan], role: Range) -> RoleSpan:
        head = self.article.head_of(*role)
        span = found.setdefault(head, RoleSpan(role, head))
        if role[1] - role[0] > span.role[1] - span.role[0]:
            span.role = role
        return span

    def told_by_sources(self, speaker: Speaker) -> Iterator[RolePhrase]:
        """What noun phrases that a speaker was mentioned by say: "a spokesman for the ministry"."""
        for start, end in speaker.mentions:
            low, high = self.article.tokens(start, end)
            people = any(i in self.reader.inside and self.reader.inside[i].label == "PER" for i in range(low, high))
            if not people and (high - low > 1 or self.article.is_role(low)):
                phrase = self.reader.read(low, high, known_only=True, plural=True)
                if phrase:
                    yield phrase

    def _salient(self) -> dict[int, int]:
        """The organizations that the article names most, with their rank."""
        counts = {i: len(e.mentions) for i, e in enumerate(self.entities) if e.label == "ORG" and len(e.mentions) > 1}
        ranked = sorted(counts, key=lambda entity: (-counts[entity], entity))
        return {entity: rank for rank, entity in enumerate(ranked[:_SALIENT])}

    # who bears a role

    def sort_of(self, span: RoleSpan) -> str:
        """Whether a role is one person's or of several; apart where no model tags roles and a missing tag is silent."""
        lower = self.lowers[span.head]
        number = "several" if singular_of(lower) != lower and lower not in TITLES else "one"
        return number if self.is_tagged else f"{number}, no tags"

    def bearers(self, span: RoleSpan) -> list[Candidate]:
        """The people who may bear a role, and nobody."""
        near = self._near(span)
        people = dict.fromkeys([*span.rules, *span.tellers, *near])
        if span.described:
            people.setdefault(span.described[0])
        noun = self.lowers[span.head]
        gender = noun_gender(noun)
        found = []
        for entity in people:
            told = self.entities[entity]
            if told.label != "PER" or gender and told.gender not in ("", gender):
                continue
            traits = dict.fromkeys(near.get(entity, ()), 1.0)
            traits["person"] = 1.0
            if entity in span.rules:
                traits["by rule"] = traits[f"by rule, {span.rules[entity]}"] = 1.0
                traits[f"by rule, {'tagged' if span.tagged else 'untagged'}"] = 1.0
            elif span.rules:
                traits["another by rule"] = 1.0
            if entity in span.tellers:
                traits["source"] = 1.0
            if span.described and span.described[0] == entity:
                traits["described"] = 1.0
                traits["described, probability"] = span.described[1]
            if entity in self.speaking:
                traits["speaks"] = 1.0
            if self._bears(entity, span):
                traits["bears it elsewhere"] = 1.0
            found.append(Candidate(("entity", entity), traits))
        found.append(Candidate(NOBODY, self._nobody(span)))
        return found

    def _bears(self, entity: int, span: RoleSpan) -> bool:
        return self.borne[entity, self._sense(span.head)] > (entity in span.rules)

    def _sense(self, i: int) -> str:
        return TITLES.get(self.lowers[i], singular_of(self.lowers[i]))

    def _nobody(self, span: RoleSpan) -> dict[str, float]:
        lower = self.lowers[span.head]
        traits = {"nobody": 1.0, f"nobody: {'tagged' if span.tagged else 'untagged'}": 1.0}
        traits[f"nobody: {self._opening(span)}"] = 1.0
        traits[f"nobody: {'a rule' if span.rules else 'no rule'}"] = 1.0
        if self.in_quotation[span.head]:
            traits["nobody: in quotation"] = 1.0
        if span.head < self.article.headline:
            traits["nobody: in headline"] = 1.0
        if lower in KINSHIP:
            traits["nobody: kinship"] = 1.0
        if not is_role(lower):
            traits["nobody: unlisted"] = 1.0
        traits[f"nobody: {self._sense(span.head)}"] = 1.0
        traits[f"nobody: {min(span.role[1] - span.role[0], 5)} words"] = 1.0
        return traits

    def _opening(self, span: RoleSpan) -> str:
        low = min(span.role[0], phrase_start(self.article, span.head + 1))
        first = self.lowers[low]
        before = self.lowers[span.role[0] - 1] if span.role[0] else ""
        if before in _CASE or first in _POSSESSIVES or before in _POSSESSIVES:
            return "its"
        if first in ("a", "an", "one", "another"):
            return "a"
        if first in _DETERMINERS:
            return "the"
        return "name" if low in self.reader.inside else "bare"

    def _near(self, span: RoleSpan) -> dict[int, list[str]]:
        """The people in the sentence of a role, and how their nearest names stand to it."""
        found: dict[int, list[str]] = {}
        at = bisect_left(self.starts, span.role[0])
        behind = 0
        for mention in self.mentions[at : at + 8]:
            if self.sentence[mention.start] != self.sentence[span.head]:
                break
            if mention.label == "PER" and mention.entity >= 0 and mention.start >= span.role[1]:
                found.setdefault(mention.entity, []).append(self._ahead(span, mention))
                found[mention.entity].append(f"name {min(behind, 2)} ahead")
                behind += 1
        before = 0
        for mention in reversed(self.mentions[max(0, at - 8) : at]):
            if self.sentence[mention.start] != self.sentence[span.head]:
                break
            if mention.label == "PER" and mention.entity >= 0:
                found.setdefault(mention.entity, []).append(self._behind(span, mention))
                found[mention.entity].append(f"name {min(before, 2)} behind")
                before += 1
        return found

    def _ahead(self, span: RoleSpan, mention: Mention) -> str:
        between = range(span.role[1], mention.start)
        if not between:
            return "name follows"
        if len(between) < 5 and all(
            self.words[i][0].isupper() or self.lowers[i] in HONORIFICS or self.words[i] == "-" for i in between
        ):
            return "name follows titles"
        if any(self.words[i] == "," for i in between):
            commas = sum(self.words[i] == "," for i in between)
            if commas == 1 and len(between) < 10 and not any(self.lowers[i] in WORDS["copulas"] for i in between):
                return "name follows comma"
            return "name after commas"
        return f"name ahead, {'near' if len(between) < 6 else 'far'}"

    def _behind(self, span: RoleSpan, mention: Mention) -> str:
        between = range(mention.end, span.role[0])
        lowers = [self.lowers[i] for i in between]
        size = "near" if len(between) < 5 else "far" if len(between) < 12 else "farther"
        if not lowers:
            return "name before"
        if lowers[0] in _CASE:
            return f"name possessive, {size}"
        if lowers[0] in (",", "–", "—", "("):
            if "who" in lowers[:3]:
                return f"name who, {size}"
            commas = lowers.count(",")
            return f"name apposed, {size}, {min(commas, 3)}"
        if lowers[0] == "and":
            return "name and"
        if any(lower in WORDS["copulas"] for lower in lowers[:3]):
            return f"name is, {size}"
        if lowers[-1] in ("as", "named", "called") or len(lowers) > 1 and lowers[-2] in ("as",):
            return f"name as, {size}"
        return f"name behind, {size}"

    # organizations

    def organizations(self, span: RoleSpan, bearer: int) -> tuple[list[Candidate], dict[tuple, Range]]:
        """The organizations in which a person may bear a role, and none; with the tokens of each by its key."""
        places = self._places(span, bearer)
        opening = self._opening(span)
        sense = self._sense(span.head)
        if sense in ("executive", "officer") and span.head > span.role[0]:
            sense = self._sense(span.head - 1)
        rows: dict[tuple, list[tuple[Place, list[str]]]] = defaultdict(list)
        for place, how in places:
            key = ("entity", place.entity) if place.entity >= 0 else ("phrase", self._plain(place.span))
            rows[key].append((place, how))
        found, tokens = [], {}
        ranked = sorted(rows, key=lambda key: min(abs(place.span[0] - span.head) for place, _ in rows[key]))
        for rank, key in enumerate(ranked):
            place, _ = min(rows[key], key=lambda row: ("by rule" not in row[1], abs(row[0].span[0] - span.head)))
            traits = dict.fromkeys((how for _, hows in rows[key] for how in hows), 1.0)
            for how in list(traits):
                traits[f"{place.label}, {how}"] = 1.0
            traits[place.label] = 1.0
            traits[f"{place.label} of {opening}"] = 1.0
            traits[f"{place.label} of {sense}"] = 1.0
            kind = "post" if sense in _POSTS or sense in TITLES.values() else "role"
            traits[f"{place.label} of a {kind}"] = 1.0
            if place.span[1] - place.span[0] == 1 and self.lowers[place.span[0]].endswith(_DEMONYMS):
                traits["demonym"] = traits[f"demonym of a {kind}"] = 1.0
            traits[f"rank {min(rank, 4)}"] = 1.0
            traits[f"{place.label}, {'no rule' if span.organization is None else 'a rule'}"] = 1.0
            if key[0] == "entity":
                self._add_likeness(traits, span, place, opening)
            if place.entity in self.salient:
                traits[f"salient {self.salient[place.entity]}"] = 1.0
                traits[f"salient of {opening}"] = 1.0
            found.append(Candidate(key, traits))
            tokens[key] = place.span
        nowhere = {"nowhere": 1.0, f"nowhere of {opening}": 1.0, f"nowhere of {sense}": 1.0}
        nowhere[f"nowhere, {'no rule' if span.organization is None else 'a rule'}"] = 1.0
        nowhere[f"nowhere of a {'post' if sense in _POSTS or sense in TITLES.values() else 'role'}"] = 1.0
        nowhere[f"nowhere, {span.rules.get(bearer, 'not beside the name')}"] = 1.0
        found.append(Candidate(NOWHERE, nowhere))
        return found, tokens

    def _add_likeness(self, traits: dict[str, float], span: RoleSpan, place: Place, opening: str) -> None:
        """Whether an organization's name holds a noun beside the role: the federation's president, bureau chief."""
        low = phrase_start(self.article, span.head + 1)
        beside = set(self.lowers[low : span.head])
        if span.organization:
            beside.update(self.lowers[span.organization[0] : span.organization[1]])
        nouns = {singular_of(lower) for lower in beside if lower.isalpha() and len(lower) > 2}
        words = {singular_of(word) for word in self.entities[place.entity].name.lower().split()}
        if nouns & words:
            traits["noun in name"] = 1.0
        elif any(nouns & heads and words & heads for heads in _SAME):
            traits["like noun in name"] = 1.0
        mentions = self.entities[place.entity].mentions
        count = bisect_left(mentions, span.role[0], key=lambda i: self.mentions[i].start)
        if count:
            last = self.mentions[mentions[count - 1]].start
            here, there = self.sentence[span.head], self.sentence[last]
            leads = all(self.sentence[i] != there for i in range(last - 2, last - 1)) if last > 2 else True
            if leads and here - there < 2:
                traits["subject"] = traits[f"subject of {opening}"] = 1.0
        spoke = self.spoke.get(place.entity, ())
        count = bisect_left(spoke, span.head)
        if count and span.head - spoke[count - 1] < 80:
            traits["has just spoken"] = traits[f"has just spoken, {opening}"] = 1.0

    def _plain(self, span: Range) -> str:
        words = self.lowers[span[0] : span[1]]
        return " ".join(word for word in words if word not in _DETERMINERS)

    def _places(self, span: RoleSpan, bearer: int) -> list[tuple[Place, list[str]]]:
        found = []
        if span.organization:
            found.append((self._place(span.organization), ["by rule"]))
            entity = self.resolved.get(span.organization[1] - 1)
            if entity is not None:
                phrase = NounPhrase(*span.organization, span.organization[1] - 1, "organization")
                found.append((self._of_noun(phrase)[0], ["by rule, noun"]))
        for fact in self._nearest(self.facts_of.get(bearer, ()), span.head, lambda fact: self.starts[fact.mention]):
            if fact.organization:
                near = abs(self.mentions[fact.mention].start - span.head) < 12
                how = (
                    "alone" if fact.role is None else "with its role" if self._same(fact, span) else "with another role"
                )
                found.append(
                    (self._place(fact.organization), [f"told {how}", f"told {how}, {'near' if near else 'far'}"])
                )
        for other in self._nearest(self.roles_told_of.get(bearer, ()), span.head, lambda other: other.head):
            if other is not span and other.organization:
                how = "with its role" if self._sense(other.head) == self._sense(span.head) else "with another role"
                found.append((self._place(other.organization), [f"called {how}"]))
        at = bisect_left(self.starts, span.head)
        for mention in self.mentions[max(0, at - 12) : at + 12]:
            if mention.label not in _LABELS or mention.entity == bearer or mention.entity < 0:
                continue
            if self.sentence[mention.start] == self.sentence[span.head]:
                found.append((self._of_mention(mention), self._where(span, mention.start, mention.end)))
        found += self._elsewhere(span)
        found += self._inside(span)
        for phrase in self._nearest(self.nouns, span.head, lambda phrase: phrase.head):
            if (
                self.sentence[phrase.head] == self.sentence[span.head]
                and not span.role[0] <= phrase.head < span.role[1]
            ):
                place, how = self._of_noun(phrase)
                found.append((place, [*self._where(span, phrase.start, phrase.head + 1), *how]))
        return found

    def _elsewhere(self, span: RoleSpan) -> list[tuple[Place, list[str]]]:
        """The organizations that other sentences name, the nearest ones."""
        here = self.sentence[span.head]
        begin, end = bisect_left(self.sentence, here), bisect_right(self.sentence, here)
        rows = []
        for entity in self._organizations_near(begin):
            places = self.entities[entity].mentions
            count = bisect_left(places, begin, key=lambda i: self.mentions[i].start)
            if count:
                mention = self.mentions[places[count - 1]]
                rows.append((here - self.sentence[mention.start], mention, "before"))
            elif self.mentions[places[0]].start >= end:
                mention = self.mentions[places[0]]
                rows.append((self.sentence[mention.start] - here, mention, "ahead"))
        rows.sort(key=lambda row: (row[2] == "ahead", row[0]))
        found = []
        for rank, (distance, mention, side) in enumerate(rows[:_MOST]):
            how = f"{distance if distance < 4 else '4+' if distance < _FURTHEST else '9+'} sentences {side}"
            found.append((self._of_mention(mention), [how, f"elsewhere {min(rank, 4)}"]))
        return found

    def _organizations_near(self, place: int) -> list[int]:
        """All organizations that are named; of very many, those whose mentions are nearest to a token."""
        if len(self.organizations_named) <= _MANY:
            return self.organizations_named
        at = bisect_left(self.organizations_at, place, key=itemgetter(0))
        near = self.organizations_at[max(0, at - _MANY) : at + _MANY]
        return sorted({entity for _, entity in near})

    def _nearest(self, items: Sequence[T], place: int, place_of: Callable[[T], int]) -> Sequence[T]:
        """Of items in the order of their places, those nearest to a token, where there are very many."""
        at = bisect_left(items, place, key=place_of)
        return items[max(0, at - _NEAREST) : at + _NEAREST]

    def _inside(self, span: RoleSpan) -> list[tuple[Place, list[str]]]:
        """What a role may begin with that is its organization: Castletroy coach, school board member."""
        low, found = span.role[0], []
        end = low
        while (
            end < span.head
            and not self._modifies(end)
            and (self.words[end][0].isupper() or end > low and self.words[end][0].isdigit())
        ):
            end += 1
        if end > low:
            first = "first in sentence" if low == 0 or self.article.is_break[low - 1] else "in sentence"
            how = ["prefix", f"prefix, {first}", f"prefix of {min(end - low, 3)}"]
            found.append((self._place((low, end)), how))
        for phrase in self._nearest(self.nouns, span.head, lambda phrase: phrase.head):
            if low <= phrase.head < span.head:
                start = phrase_start(self.article, phrase.head + 1)
                start += self.lowers[start] in _DETERMINERS or self.lowers[start] in _POSSESSIVES
                place = Place((min(start, phrase.head), phrase.head + 1), -1, "noun")
                found.append((place, ["prefix", f"prefix of {min(phrase.head + 1 - start, 3)}"]))
        return found

    def _modifies(self, i: int) -> bool:
        return is_role(self.lowers[i]) or self.lowers[i] in _MODIFIERS

    def _of_noun(self, phrase: NounPhrase) -> tuple[Place, list[str]]:
        """A noun phrase as an organization: the one that it stands for, where that is known."""
        entity = self.resolved.get(phrase.head)
        if entity is None:
            return Place((phrase.start, phrase.head + 1), -1, "noun"), []
        before = [self.mentions[i] for i in self.entities[entity].mentions if self.mentions[i].start < phrase.head]
        mention = before[-1] if before else self.mentions[self.entities[entity].mentions[0]]
        return self._of_mention(mention), ["by a noun"]

    def _same(self, fact: RoleFact, span: RoleSpan) -> bool:
        return fact.role is not None and self._sense(self.article.head_of(*fact.role)) == self._sense(span.head)

    def _place(self, span: Range) -> Place:
        """An organization that the rules read: the entity of the name that it is, or is built on."""
        for i in range(span[1] - 1, span[0] - 1, -1):
            mention = self.reader.inside.get(i)
            if mention is not None and mention.label in _LABELS and mention.entity >= 0:
                if mention.start <= span[0] and mention.end >= span[1]:
                    return Place(span, mention.entity, _LABELS[mention.label])
                break
        named = self.words[span[0]][0].isupper()
        return Place(span, -1, "name" if named else "noun")

    def _of_mention(self, mention: Mention) -> Place:
        return Place((mention.start, mention.end), mention.entity, _LABELS[mention.label])

    def _where(self, span: RoleSpan, start: int, end: int) -> list[str]:
        """How a name or noun phrase stands to a role in its sentence."""
        low, high = span.role
        if end <= low:
            between = self.lowers[end:low]
            if not between:
                return ["right before"]
            if between[0] in _CASE and len(between) < 4:
                return ["owner"]
            return [f"before, {'near' if len(between) < 6 else 'far'}"]
        if start >= high:
            between = self.lowers[high:start]
            words = [word for word in between if word not in _DETERMINERS]
            if not words:
                return ["right behind"]
            if len(words) == 1 and words[0] in _PREPOSITIONS:
                return [f"behind {words[0]}"]
            if words[0] in _PREPOSITIONS and len(words) < 8 and "," not in words:
                return ["behind a preposition"]
            return [f"behind, {'near' if len(words) < 6 else 'far'}"]
        return ["inside, head"] if start <= span.head < end else ["inside"]

    # organizations without a role

    def memberships(self) -> list[tuple[int, RoleFact, list[Candidate]]]:
        """What the rules read of a person's organization without a role: (person, fact, whether it counts or not)."""
        found = []
        for fact in self.facts:
            if fact.role is None and fact.organization:
                entity = self.mentions[fact.mention].entity
                place = self._place(fact.organization)
                word = self.words[fact.organization[0] - 1] if fact.organization[0] else ""
                first = self.words[fact.organization[0]]
                code = "-" in first or any(self.words[i] == "-" for i in range(*fact.organization)) and len(first) < 3
                traits = {"counts": 1.0, f"counts, {place.label}": 1.0, f"counts, {fact.rule}": 1.0}
                traits[f"counts, after {word.lower()}"] = 1.0
                if code:
                    traits["counts, code"] = 1.0
                if entity in self.bearing:
                    traits["counts, has a role"] = 1.0
                traits[f"counts, {self.lowers[fact.organization[1] - 1]}"] = 1.0
                found.append((entity, fact, [Candidate(("counts",), traits), Candidate(NOWHERE, {"nowhere": 1.0})]))
        return found
