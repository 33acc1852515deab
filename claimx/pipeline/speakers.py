"""``claimx_speakers``: the real-world speaker behind the source of every claim.

Reads tokens, names (`doc._.claimx_mentions`) and source spans, no parse. A source is a name, a pronoun or a noun
phrase: names lead to their entity, pronouns to the best candidate by a few weighted traits, definite noun phrases to
the person or organization whose role or kind they tell; `None` where nothing speaks clearly for anybody.
"""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from claimx.pipeline.annotations import Speaker, set_speakers
from claimx.pipeline.component import RuleComponent
from claimx.pipeline.coreference import PronounResolver
from claimx.pipeline.lexicon import HONORIFICS, KINSHIP, PERSON_NOUNS, TITLES, WORDS, is_role, singular_of
from claimx.pipeline.sources import Source
from claimx.rules import load

_PRONOUNS = load("pronouns.json")
_KINDS = {kind: frozenset(words) for kind, words in load("kinds.json").items() if kind != "same_document"}
_SAME_DOCUMENT = [frozenset(heads) for heads in load("kinds.json")["same_document"]]
_DETERMINERS, _DEFINITE, _RELATIVES = WORDS["determiners"], WORDS["definite"], WORDS["relatives"]
_OWNED = WORDS["possessives"]
_SEPARATORS = WORDS["source_separators"]


@Language.factory(
    "claimx_speakers",
    requires=["doc._.claimx_mentions", "doc._.claimx_attributions", "doc._.claimx_quotations"],
    assigns=["doc._.claimx_speakers"],
)
def create_speakers(nlp: Language, name: str) -> SpeakerResolver:
    return SpeakerResolver(name)


class SpeakerResolver(RuleComponent):
    """Sets ``doc._.claimx_speakers``."""

    def __init__(self, name: str = "claimx_speakers") -> None:
        super().__init__(name)

    def __call__(self, doc: Doc) -> Doc:
        set_speakers(doc, Resolution(doc).speakers())
        return doc


class Resolution(PronounResolver):
    """The state of resolving one article, source by source in the order of the text."""

    def speakers(self) -> list[Speaker]:
        order = sorted(
            (self._source(a.source, i) for i, a in enumerate(self.attributions) if a.source),
            key=lambda source: (
                source.start < self.article.headline,
                source.start,
                source.end,
            ),  # a headline looks ahead
        )
        for source in order:
            key, kind, name = self._resolve(source)
            if key is None:
                continue
            speaker = self.found.get(key)
            if speaker is None:
                entity = key[1] if isinstance(key, tuple) and key[0] == "entity" else -1
                speaker = self.found[key] = Speaker(name, kind, entity)
            speaker.attributions.append(source.claim)
            speaker.mentions.append(self.article.span(source.start, source.end))
            self.last.append(key)
        for speaker in self.found.values():
            if speaker.entity >= 0:
                names = [self.mentions[i] for i in self.entities[speaker.entity].mentions]
                speaker.mentions = sorted({*speaker.mentions, *(self.article.span(m.start, m.end) for m in names)})
        return list(self.found.values())

    def _resolve(self, source: Source):
        """Return (key, kind, name) of the speaker, (None, "", "") where it is unknown."""
        first = self.lowers[source.start]
        if source.core - source.start == 1 and first in _PRONOUNS:
            alone = source.end == source.core or self.words[source.core] in (",", "–", "—", "―", "(")
            return self._pronoun(source, _PRONOUNS[first]) if alone else self._phrase(source, "group")
        names = self._names_in(source)
        if (
            len(names) > 1
            or names
            and self.lowers[source.core : source.core + 1] == ["and"]
            and source.core + 1 < source.end
        ):
            return self._phrase(source, "group")
        if names:
            return self._entity(names[0].entity)
        mention = self._mention_over(source.core - 1)
        if mention and mention.end >= source.core and mention.label != "PER":
            modified = source.end - source.core > 1 and self.words[source.core] not in (",", "(")
            if self._coordinated(source) or mention.label == "NORP" and modified:
                return self._phrase(source, "group")
            rest = self.lowers[source.start : mention.start]
            if (
                all(word in _DETERMINERS or word in HONORIFICS or not word[0].isalpha() for word in rest)
                or mention.label == "ORG"
                and rest[-1:] != ["'s"]
            ):
                return self._entity(mention.entity)
        organization = self._apposed_organization(source)
        if organization:
            return self._entity(organization.entity)
        handle = self._handle(source)
        if handle is not None:
            return self._entity(handle)
        return self._nominal(source)

    def _relative(self, source: Source):
        """who, which, that: the name or noun phrase right before, or the name that this is in apposition to."""
        personal = self.lowers[source.start] in ("who", "whom")
        end = source.start
        while end > 0 and self.words[end - 1] in (",", "–", "—", "―", "-", "(", ")"):
            end -= 1
        named = self._mention_over(end - 1)
        if named and personal and named.label != "PER":
            person = self._apposed_to(named.start) or self._person_of(named.start)
            return self._entity((person or named).entity)
        if named:
            return self._entity(named.entity)
        start = self._phrase_start(end)
        if start >= end or not self.words[start][0].isalpha():
            return None, "", ""
        apposed = self._apposed_to(end)
        bracketed = end < source.start or start > 1 and self.words[start - 1] == ","
        if apposed and bracketed and (apposed.label == "PER") == personal:
            return self._entity(apposed.entity)
        core = start + 1
        while core < end and self.lowers[core] not in _SEPARATORS:
            core += 1
        phrase = Source(start, end, core, source.claim)
        if self.lowers[start] in _PRONOUNS and core - start == 1:
            return (None, "", "") if _PRONOUNS[self.lowers[start]].get("relative") else self._phrase(phrase, "group")
        names = self._names_in(phrase)
        return self._entity(names[0].entity) if names else self._nominal(phrase)

    def _phrase_start(self, end: int) -> int:
        """Where the noun phrase that ends before token `end` begins."""
        start = end - 1
        while start > 0 and end - start < 9 and self.lowers[start] not in _DETERMINERS:
            word = self.words[start - 1]
            if word in ',.;:“”"' or "\n" in word or self.lowers[start - 1] in WORDS["before_phrases"]:
                break
            start -= 1
        return start

    def _person_of(self, before: int):
        """Marco Rubio of Florida, who …"""
        person = self._mention_over(before - 2)
        return person if person and person.label == "PER" and self.lowers[before - 1] in ("of", "from", "in") else None

    def _nominal(self, source: Source):
        head = self.lowers[source.core - 1]
        if head in _KINDS["unresolved"] and source.core - source.start == 1:
            return None, "", ""
        singular = singular_of(head)
        first = self.lowers[source.start]
        plural = singular != head or head in _KINDS["group"]
        definite = (
            first in _DEFINITE
            or first not in _DETERMINERS
            and (source.start < self.article.headline or self._mention_over(source.start) is not None)
        )
        if not plural and (is_role(head) or head in PERSON_NOUNS or head.endswith("-old")):
            person = self._person_by_role(source, head) if definite else None
            if person is not None:
                return self._entity(person)
            plain = head in PERSON_NOUNS or head.endswith("-old")  # the 28-year-old, the candidate: anybody at hand
            if (
                plain
                and first in ("the", "this", "that")
                and not any(key[0] == "phrase" and key[2] == head for key in self.last)
            ):
                found = self._described(source, head)
                if found is not None:
                    return self._entity(found)
            return self._phrase(source, "unnamed")
        if plural:
            return self._phrase(source, "group")
        if head in _KINDS["document"]:
            return self._phrase(source, "document")
        if head in _KINDS["organization"]:
            if (
                definite
                and source.end == source.core
                and source.end - source.start <= 5
                and first in ("the", "this", "that")
            ):
                mention = self._last_mention(source.start, "ORG", 2000, singular)
                if mention:
                    return self._entity(mention.entity)
                if source.core - source.start == 2 and head not in WORDS["public_bodies"]:
                    entity = self._salient_organization(source.start, 150)
                    if entity is not None:
                        return self._entity(entity)
            return self._phrase(source, "organization")
        if head in KINSHIP:
            person = self._person_by_role(source, head)
            return self._entity(person) if person is not None else self._phrase(source, "unnamed")
        if self.words[source.core - 1][0].isupper():
            if (
                all(
                    word[0].isupper() or not word[0].isalpha()
                    for word in self.words[source.start + (first in _DETERMINERS) : source.core]
                )
                and head not in self.article.lower_seen
            ):
                return self._phrase(
                    source, "person" if source.core - source.start < 4 and first != "the" else "organization"
                )
            return self._phrase(source, "unnamed")
        return self._phrase(source, "document" if head.endswith(("ing", "ance", "data")) else "unnamed")

    def _described(self, source: Source, head: str) -> int | None:
        """Whom a description means that the article has not tied to anybody: the one it is just speaking of."""
        traits = self._candidates(source.start, PERSON_NOUNS.get(head, ""))
        if not traits:
            return None
        best = self._choose(traits)
        near = ("last speaker, same paragraph", "last speaker, paragraph before", "subject 0", "subject 1")
        return best[1] if best[0] == "entity" and any(name in traits[best] for name in near) else None

    def _person_by_role(self, source: Source, head: str) -> int | None:
        """The person whom the article calls by the role that heads the source, nearest before it."""
        modifiers = {singular_of(word) for word in self.lowers[source.start : source.core - 1]} - _DETERMINERS
        best, best_score = None, 0.0
        wanted = {head, TITLES.get(head, head)}
        for entity, words in self.role_words.items():
            if not wanted & words:
                continue
            before = [self.mentions[i] for i in self.entities[entity].mentions if self.mentions[i].start < source.start]
            if not before and source.start < self.article.headline:  # a headline names the role, the story the person
                before = [self.mentions[self.entities[entity].mentions[0]]]
            if not before:
                continue
            overlap = len(modifiers & words)
            score = (
                (1.0 if overlap or not modifiers else 0.6)
                + 1.5 * overlap
                - 0.002 * abs(source.start - before[-1].start)
            )
            if ("entity", entity) in self.last[-2:]:
                score += 0.5
            if score > best_score:
                best, best_score = entity, score
        return best

    def _coordinates(self, comma: int, end: int) -> bool:
        """Whether a comma joins nouns (families, supporters and officials) rather than opens a bracket."""
        if comma + 1 >= end or self.words[comma] != "," or "and" not in self.lowers[comma:end]:
            return False
        following = self.lowers[comma + 1]
        bracket = following in _DETERMINERS | _RELATIVES | _SEPARATORS or following.endswith(("ed", "ing"))
        return not bracket and singular_of(self.lowers[comma - 1]) != self.lowers[comma - 1]

    def _phrase(self, source: Source, kind: str):
        """A speaker known by a noun phrase alone; the same words, or "the" with the same head, are the same speaker."""
        start = source.start + (self.lowers[source.start] in _DETERMINERS or self.lowers[source.start] in _OWNED)
        end = source.end
        for i in range(source.core, source.end):
            if self.words[i] in (",", "–", "—", "―", ";", "("):
                end = end if self._coordinates(i, source.end) else i
                break
        if start >= end:
            start = source.start
        name = self.article.slice(start, end)
        head = self.lowers[source.core - 1]
        looks_back = self.lowers[source.start] in _DEFINITE or source.start < self.article.headline
        if looks_back and source.core - source.start <= 3 and source.end - source.core <= 1:
            same = (
                next((heads for heads in _SAME_DOCUMENT if head in heads), (head,)) if kind == "document" else (head,)
            )
            for key in reversed(self.last):
                if key[0] == "phrase" and key[2] in same and self.found[key].kind == kind:
                    return key, kind, self.found[key].name
        return ("phrase", name.lower(), head), kind, name
