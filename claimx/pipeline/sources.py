"""Sources: the phrases that claims are ascribed to, cut into their core and what hangs on it, and the names they hold.

Reads tokens and names, no parse.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property

from spacy.tokens import Doc

from claimx.pipeline.annotations import Attribution, Mention, Speaker
from claimx.pipeline.article import article_of, fold
from claimx.pipeline.lexicon import HONORIFICS, PRONOUNS, SUFFIXES, TITLES, WORDS, is_role, singular_of
from claimx.pipeline.roles import RoleFact, RoleReader
from claimx.rules import load

_SEPARATORS = WORDS["source_separators"]
_KINDS = {kind: frozenset(load("kinds.json")[kind]) for kind in ("document", "organization")}
_DROPPED = WORDS["determiners"] | WORDS["possessives"]  # words that open a phrase and are no part of a speaker's name
_OPEN_BRACKETS = WORDS["determiners"] | WORDS["relatives"] | _SEPARATORS
_CLITICS = WORDS["clitics"]
#: Words between a head and a name that make the name another's: a study by Justin Levitt, critics like Mr. Leahy.
_ESTRANGING = frozenset(
    ("by", "like", "for", "from", "including", "such", "than", "to", "with", "who", "whose", "that")
)
_HEADS = frozenset(word for kind in ("document", "organization", "group") for word in load("kinds.json")[kind])


@dataclass(slots=True)
class Source:
    """A source phrase: tokens [start, end), its core noun phrase ending at `core`, and the index of its claim."""

    start: int
    end: int
    core: int
    claim: int


class SourceReader:
    """An article with its mentions, as the resolution of its sources sees it."""

    def __init__(self, doc: Doc) -> None:
        self.article = article_of(doc)
        self.words, self.lowers = self.article.words, self.article.lowers
        self.mentions, self.entities = doc._.claimx_mentions
        self.attributions: list[Attribution] = doc._.claimx_attributions
        self.reader = RoleReader(self.article, self.mentions, self.entities)
        self.facts = self.reader.facts()
        self.role_words = self.reader.role_words(self.facts)
        self.tied = self._tied(self.facts)
        self.starts = [mention.start for mention in self.mentions]
        self.found: dict[tuple, Speaker] = {}
        self.sentence, self.paragraph = self.article.sentence, self.article.paragraph
        self.in_quotation = self.article.within(doc._.claimx_quotations)

    def _tied(self, facts: list[RoleFact]) -> dict[int, set[int]]:
        """Organizations (entities) that the article ties to each person."""
        found: dict[int, set[int]] = {}
        for fact in facts:
            mention = self.reader.inside.get(fact.organization[0]) if fact.organization else None
            if mention is not None and mention.label == "ORG":
                found.setdefault(self.mentions[fact.mention].entity, set()).add(mention.entity)
        return found

    def _source(self, span: tuple[int, int], claim: int) -> Source:
        start, end = self.article.tokens(*span)
        while start < end - 1 and not self.words[start][0].isalnum():
            start += 1
        if end - start == 2 and self.lowers[start] in PRONOUNS and self.lowers[end - 1] in _CLITICS:
            end -= 1  # he's, who's
        core = start + 1
        while core < end:
            if self.lowers[core].endswith(("ed", "ing")) and self._is_head(core - 1):
                break  # "a report published on Monday"
            if self._separates(core):
                mention = self._mention_over(core)
                if mention is None or mention.start == core:
                    break
            core += 1
        based = next(
            (i for i in range(core, min(end, core + 5)) if self.lowers[i] == "based" and self.words[i - 1] == "-"), None
        )
        place = self._mention_over(core - 1)
        if based and place and place.label == "LOC":  # "the Cambridge, Massachusetts-based company"
            core = based + 1
            while core < end and not self._separates(core):
                core += 1
        while core > start + 1 and self.lowers[core - 1] in ("'s", "’s", "'", "’"):
            core -= 1
        if core > start + 2 and self.lowers[core - 1] in SUFFIXES:
            core -= 1
        if core > start + 1 and self.lowers[core - 1] in ("himself", "herself", "themselves", "itself"):
            core -= 1
        return Source(start, end, core, claim)

    def _is_head(self, i: int) -> bool:
        word = self.lowers[i]
        return i not in self.reader.inside and (word in _HEADS or singular_of(word) in _HEADS or is_role(word))

    def _separates(self, i: int) -> bool:
        if self.words[i] == "-":  # a hyphen inside a word does not
            return self.article.ends[i - 1] < self.article.offsets[i]
        return self.lowers[i] in _SEPARATORS or self.words[i] in '"“”'

    def _mentions_between(self, start: int, end: int) -> list[Mention]:
        """The mentions that begin there."""
        return self.mentions[bisect_left(self.starts, start) : bisect_left(self.starts, end)]

    def _mention_over(self, i: int):
        at = bisect_right(self.starts, i) - 1
        for k in range(at, max(-1, at - 3), -1):
            if self.mentions[k].start <= i < self.mentions[k].end and self.mentions[k].label != "NONE":
                return self.mentions[k]
        return None

    def _names_in(self, source: Source):
        """The people whom the core of the source names: at its end, in an apposition right after it, or coordinated."""
        found = []
        previous_end = None
        for mention in self._mentions_between(source.start, source.end):
            if mention.label != "PER":
                continue
            if not found:
                end = mention.end
                if self._is_titled_at_end(source, mention) or self.lowers[mention.start - 1] in ("named", "called"):
                    return [mention]
                closes = (
                    end >= source.core
                    and mention.start < source.core
                    and not (self._is_possessive(end) and end + 1 < source.end)
                )
                beyond = mention.start > source.core
                if closes or beyond and (self._is_apposed(source, mention) or self._is_titled(source, mention)):
                    found.append(mention)
                    previous_end = end
            elif previous_end is not None and self._joins(previous_end, mention.start):
                found.append(mention)
                previous_end = mention.end
        if len(found) > 1 and "and" not in self.lowers[found[0].end : found[-1].start]:
            found = found[:1]
        return found

    def _joins(self, start: int, end: int) -> bool:
        """Whether nothing but "and", titles, roles, a party or an age stand between two names."""
        while start < end and self.words[start] == "(":
            start = next((i + 1 for i in range(start, end) if self.words[i] == ")"), end)
        between = range(start, end)
        return any(self.lowers[i] in ("and", "&", ",") for i in between) and all(
            self.lowers[i] in ("and", "&", ",")
            or self.article.is_title(i)
            or self.words[i].isdigit()
            or self.words[i][0].isupper()
            or self.article.is_role(i)
            for i in between
        )

    def _is_titled_at_end(self, source: Source, mention) -> bool:
        """his son and campaign manager, Nilton Brito; one of the owners, retired teacher Mok Yuk-fong"""
        if mention.start <= source.core or self._mention_over(source.core - 1) is not None:
            return False
        rest = self.words[mention.end : source.end]
        if rest and rest[0] not in (",", "(", "–", "—"):
            return False
        before = mention.start - 1
        while before > source.core and (self.words[before] == "," or self.lowers[before] in HONORIFICS):
            before -= 1
        return (
            self.article.is_role(before)
            and (self._is_head(source.core - 1) or self.lowers[source.core - 1] == "one")
            and not any(lower in _ESTRANGING for lower in self.lowers[source.core : before])
        )

    def _is_apposed(self, source: Source, mention) -> bool:
        """Its secretary-general, Brahima Ilboudo; the agent, the former defender Kwabena Asiedu"""
        i = mention.start - 1
        while i > source.core and mention.start - i < 8 and not self._separates(i):
            i -= 1
        if self.words[i] not in (",", "–", "—", "―", "-", "--") or any(
            self.lowers[k] in ("who", "which", "whose") for k in range(source.start, i)
        ):
            return False
        after = self.words[mention.end] if mention.end < source.end else ","
        return (
            after in (",", "–", "—", "-", "of", "at", "from", "(", "who")
            and self._mention_over(source.core - 1) is None
        )

    def _is_titled(self, source: Source, mention) -> bool:
        """Secretary of State Hal Brandt: a title with its field before the name"""
        between = range(source.core + 1, mention.start)
        return (
            self.lowers[source.core] in ("of", "for")
            and is_role(self.lowers[source.core - 1])
            and self.words[source.core - 1][0].isupper()
            and len(between) > 0
            and all(self.words[i][0].isupper() or self.lowers[i] == "and" for i in between)
            and not any(self.lowers[i] in TITLES or is_role(self.lowers[i]) for i in between)
        )

    def _is_possessive(self, end: int) -> bool:
        return end < len(self.words) and self.lowers[end] in ("'s", "’s")

    def _coordinated(self, source: Source) -> bool:
        """Minera Alto Loa and Compañía Huasco: two names side by side"""
        if source.core + 1 >= source.end or self.lowers[source.core] != "and":
            return False
        following = self._mention_over(source.core + 1)
        return following is not None and following.end >= source.end

    def _apposed_organization(self, source: Source):
        """a carrier, PrairieCell; the ship's manager, Piraeus-based Thalassinos Marine"""
        if source.core >= source.end or self.words[source.core] != ",":
            return None
        for mention in self._mentions_between(source.core, source.end):
            if mention.label == "ORG" and mention.start - source.core <= 4:
                rest = self.words[mention.end : source.end]
                between = self.lowers[source.core + 1 : mention.start]
                if (not rest or rest[0] in (",", "of", "in")) and not any(
                    word in _SEPARATORS - {"-"} for word in between
                ):
                    return mention
        return None

    def _handle(self, source: Source) -> int | None:
        """A person whom no model tagged here: MS. CONTEH-BRIGHT, Poon, or NTB for Nino Tsereteli-Bokeria."""
        start = source.start
        while start < source.core - 1 and self.article.is_title(start):
            start += 1
        word = self.article.slice(start, source.core)
        if not word[0].isupper() or self.lowers[source.core - 1] in self.article.lower_seen:
            return None
        index = self._by_name.get(fold(word))
        letters = word.replace(".", "")
        if index is None and letters.isupper() and 2 <= len(letters) <= 5:
            return self._by_short_form.get(letters)
        return index

    @cached_property
    def _by_name(self) -> dict[str, int]:
        """The first person of each part of a name."""
        people = [index for index, entity in enumerate(self.entities) if entity.label == "PER"]
        return {fold(part): index for index in reversed(people) for part in self.entities[index].name.split()}

    @cached_property
    def _by_short_form(self) -> dict[str, int]:
        """The first person or organization of each short form."""
        entities = [index for index, entity in enumerate(self.entities) if entity.label in ("PER", "ORG")]
        return {form: index for index in reversed(entities) for form in self._short_forms(index)}

    def _short_forms(self, entity: int) -> set[str]:
        """The initials of an entity's name, and those of its forms that are capitals alone."""
        name = self.entities[entity].name
        capitals = [part[0] for part in re.split(r"[\s\-]+", name) if part and part[0].isupper()]
        mentions = (self.mentions[i] for i in self.entities[entity].mentions)
        forms = (self.article.slice(mention.start, mention.end) for mention in mentions)
        return {"".join(capitals)} | {form.replace(".", "") for form in forms if form.isupper()}

    def _entity(self, index: int) -> tuple[tuple, str, str]:
        """Key, kind and name of an entity as a speaker."""
        entity = self.entities[index]
        if entity.label == "PER":
            return ("entity", index), "person", entity.name
        if entity.label == "NORP":
            return ("entity", index), "group", entity.name
        head = singular_of(re.split(r" (?:of|for|on|in|by|at) ", entity.name)[0].split()[-1].lower())
        is_document = head in _KINDS["document"] and head not in _KINDS["organization"] and " " in entity.name
        return ("entity", index), "document" if is_document else "organization", entity.name

    def phrase_name(self, source: Source) -> str:
        """The words of a source without its determiner and what a comma or dash cuts off."""
        start, end = source.start + (self.lowers[source.start] in _DROPPED), source.end
        if start < end and self.lowers[start] in WORDS["relatives"]:
            start = source.start  # some who
        for i in range(source.core, source.end):
            if self.words[i] in (",", "–", "—", "―", ";", "("):
                end = end if self._coordinates(i, source.end) else i
                break
        return self.article.slice(start if start < end else source.start, end)

    def _coordinates(self, comma: int, end: int) -> bool:
        """Whether a comma joins nouns (families, supporters and officials) rather than opens a bracket."""
        if comma + 1 >= end or self.words[comma] != "," or "and" not in self.lowers[comma:end]:
            return False
        following = self.lowers[comma + 1]
        bracket = following in _OPEN_BRACKETS or following.endswith(("ed", "ing"))
        return not bracket and singular_of(self.lowers[comma - 1]) != self.lowers[comma - 1]
