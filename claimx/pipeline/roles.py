"""Roles and organizations that an article ties to a name: titles, appositions, possessives, relative clauses.

Reads tokens and name mentions, no parse.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from claimx.pipeline.annotations import Mention
from claimx.pipeline.lexicon import HONORIFICS, SUFFIXES, SYNONYMS, TITLES, WORDS, is_role, singular_of
from claimx.pipeline.role_phrases import PhraseReader, RolePhrase
from claimx.rules import load

Range = tuple[int, int]

_WORDS = load("role_words.json")
_MODIFIERS = frozenset(_WORDS["modifiers"])
_ORG_PREPS = frozenset(_WORDS["organization_prepositions"])
_HEADING = frozenset(_WORDS["heading_verbs"])
_WORKING = frozenset(_WORDS["work_verbs"])
_ORG_NOUNS = frozenset(load("kinds.json")["organization"])
_PARTIES = frozenset(_WORDS["parties"])
_DETERMINERS = frozenset(("a", "an", "the", "one", "another", "this", "that"))
_POSSESSIVES = WORDS["possessives"]
_CASE = frozenset(("'s", "’s", "'", "’"))
_DASHES = frozenset(("–", "—", "--", "―", "-"))
_COPULAS = WORDS["copulas"]
_STOPS = WORDS["phrase_ends"]
_CIRCUMSTANCE = WORDS["circumstance"]
_PARTY_CODE = re.compile(
    r"\(?\b([RDI]-[A-Z][\w.\-]*(?:\s[A-Z][\w.]*)?)"
    r"|\(([A-Z]{2,5}-[A-Z]\w+(?:\s[A-Z]\w+)?|[RDI]|Republican|Democrat|Labour|Conservative|Lib Dem|Green|SNP)\)"
)
_CLAUSE = 12  # tokens of a relative clause in which an organization is looked for
_CLAUSE_ENDS = frozenset((",", ";", ":", "(", ")", "“", "”", '"', "–", "—", "who", "which"))
_NUMBER = re.compile(r"^\d{1,3}$")


@dataclass(slots=True)
class RoleFact:
    """A role and/or organization of the entity that mention `mention` names; token ranges, end exclusive.

    `rule` says where they stand: before the name, apposed before it, or behind it.
    """

    mention: int
    role: Range | None
    organization: Range | None
    rule: str


class RoleReader(PhraseReader):
    """Reads what stands before, after and instead of the names of one article."""

    def facts(self) -> list[RoleFact]:
        found: list[RoleFact] = []
        for index, mention in enumerate(self.mentions):
            if mention.label != "PER":
                continue
            before = self._before(mention)
            titled = any(phrase.role and self.lowers[phrase.role[1] - 1] in TITLES for phrase in before)
            read = [("before", phrase) for phrase in before]
            read.append(("apposed before", self._apposed_before(mention)))
            read += [("behind", phrase) for phrase in self._after(mention, titled)]
            for rule, phrase in read:
                if phrase and (phrase.role or phrase.organization):
                    party = phrase.organization and self.lowers[phrase.organization[1] - 1] in _PARTIES | {"democratic"}
                    if (
                        party and phrase.role and self.lowers[phrase.role[1] - 1] in TITLES
                    ):  # "Republican Rep. Lee Zeldin"
                        found.append(RoleFact(index, None, phrase.organization, rule))
                        phrase.organization = None
                    found.append(RoleFact(index, phrase.role, phrase.organization, rule))
        return found

    def role_words(self, facts: list[RoleFact]) -> dict[int, set[str]]:
        """Words by which the article calls each person (entity): senator and its synonyms, Vermont."""
        found: dict[int, set[str]] = {}
        for fact in facts:
            words = found.setdefault(self.mentions[fact.mention].entity, set())
            if fact.role:
                for i in range(*fact.role):
                    word = TITLES.get(self.lowers[i], singular_of(self.lowers[i]))
                    words.add(word)
                    words.update(SYNONYMS.get(word, ()))
            if fact.organization:
                words.update(self.lowers[fact.organization[0] : fact.organization[1]])
        return found

    def _before(self, mention: Mention) -> list[RolePhrase]:
        """chief engineer Tomas Lindqvist; Former Attorney General Michael Mukasey; Chairman Rep. Jane Doe"""
        end = mention.start
        while end > 0 and self.lowers[end - 1] in HONORIFICS:
            end -= 1
        start = self._walk_left(end)
        if end > start and self.lowers[end - 1] in _PARTIES and self.words[end - 1][0].isupper():
            return [RolePhrase(None, (end - 1, end), end)]
        head = next((i for i in range(end - 1, start - 1, -1) if self._is_head(i) and self._reaches(i, end)), None)
        if head is None:
            owner = self.inside.get(end - 2) if end > 1 and self.lowers[end - 1] in _CASE else None
            if owner and owner.label == "ORG":  # "The Washington Post's Ed O'Keefe"
                return [RolePhrase(None, (owner.start, owner.end), end)]
            return []
        if (
            head > start
            and self.words[head].endswith(".")
            and self._is_head(head - 1)
            and is_role(self.lowers[head - 1])
        ):
            post = self._split(start, head - 1, head)  # a post before a title
            return [post, RolePhrase((head, head + 1), None, end)]
        return [self._split(start, head, end)]

    def _reaches(self, head: int, end: int) -> bool:
        """Whether nothing but "of State", "for Labour and Trade" stands between the head and the name."""
        if head == end - 1:
            return True
        return self.lowers[head + 1] in ("of", "for") and end - head <= 7

    def _is_head(self, i: int) -> bool:
        return self.article.is_role(i) and (i not in self.inside or self.inside[i].label != "PER")

    def _walk_left(self, end: int) -> int:
        words, lowers = self.words, self.lowers
        i = end
        while i > 0 and end - i < 14:
            word, lower = words[i - 1], lowers[i - 1]
            if lower in _CASE and i > 1:
                i -= 1
                mention = self.inside.get(i - 1)
                i = mention.start if mention else i - 1
                return i - 1 if i and lowers[i - 1] in ("the",) else i
            mention = self.inside.get(i - 1)
            if self.article.is_role(i - 1) or lower in _MODIFIERS or mention and mention.label != "PER":
                i -= 1
            elif (
                word[0].isupper()
                and word not in ("The", "A", "An", "But", "And", "In", "On", "At", "As")
                and lower not in _STOPS
                and lower not in _POSSESSIVES
            ):
                if (i - 1) in self.inside and self.inside[i - 1].label == "PER":
                    mention = self.inside[i - 1]
                    return mention.start if i < end else i  # "Clinton spokesman Josh Schwerin"
                i -= 1
            elif (
                (lower in ("of", "for", "and", "&", "the", "-"))
                and i > 1
                and i < end
                and self._joins(i - 1, end)
                or lower == "-"
                and i > 1
            ):
                i -= 1
            else:
                break
        # one or two plain nouns ("the rugby captain"), where a determiner or a name shows that a noun phrase begins
        for extra in (1, 2):
            j = i - extra
            if (
                i == end
                or j <= 0
                or not lowers[j].isalpha()
                or lowers[j] in _STOPS
                or lowers[j] in _DETERMINERS
                or lowers[j] in _POSSESSIVES
            ):
                break
            before = lowers[j - 1]
            if (
                before in _DETERMINERS
                or before in _POSSESSIVES
                or before in _CASE
                or (j - 1) in self.inside
                and self.inside[j - 1].label in ("ORG", "NORP")
            ):
                i = j
                if before in _CASE or (j - 1) in self.inside:
                    return self._walk_left_owner(j)
                break
        if i < end and i > 0 and lowers[i - 1] in _POSSESSIVES:
            i -= 1
        return i

    def _walk_left_owner(self, i: int) -> int:
        j = i - 1
        if self.lowers[j] in _CASE:
            j -= 1
        mention = self.inside.get(j)
        return mention.start if mention else j

    def _joins(self, i: int, end: int) -> bool:
        """Whether the preposition at `i` joins a role to its field: Secretary of State, Minister for Labour."""
        before = self.lowers[i - 1]
        if self.lowers[i] == "the":
            return self.lowers[i - 1] in ("of", "for") and self._joins(i - 1, end)
        if self.lowers[i] in ("and", "&"):
            return (
                self.words[i - 1][0].isupper()
                and self.words[i + 1][0].isupper()
                and any(self.lowers[k] in ("of", "for") for k in range(max(0, i - 4), i))
            )
        return (
            is_role(before)
            and self.words[i + 1][0].isupper()
            or is_role(before)
            and self.words[i + 1].islower()
            and end - i <= 3
        )

    def _apposed_before(self, mention: Mention) -> RolePhrase | None:
        """The company's chief executive, Grace Tanaka; The French minister of energy, Ségolène Royal"""
        comma = mention.start - 1
        while (
            comma > 0
            and comma > mention.start - 8
            and self.words[comma] != ","
            and (self.article.is_title(comma) or self.lowers[comma] not in _STOPS and "\n" not in self.words[comma])
        ):
            comma -= (
                1  # "its chairman, the cement heir Hernando Uribe-Lanz", "the head of the search, Lt. Col. Hendrawan"
            )
        if comma < 2 or self.words[comma] != ",":
            return None
        start = comma - 1
        while (
            start > 0
            and comma - start < 14
            and self.words[start] not in ',.;:?!“”"()'
            and "\n" not in self.words[start]
        ):
            lower = self.lowers[start]
            if (lower in _DETERMINERS or lower in _POSSESSIVES) and self.lowers[start - 1] not in _ORG_PREPS:
                break
            if lower in _CASE and start > 0:
                owner = self.inside.get(start - 1)
                start = owner.start if owner else start - 1
                if start > 0 and self.lowers[start - 1] == "the":
                    start -= 1
                break
            start -= 1
        owned = any(self.lowers[k] in _CASE for k in range(start, comma))
        if not owned and self.lowers[start] not in _DETERMINERS and self.lowers[start] not in _POSSESSIVES:
            start += 1
            if not self.words[start][0].isupper():
                return None
        if start and self.lowers[start - 1] in _CIRCUMSTANCE:
            return None
        phrase = self.read(start, comma, known_only=True)
        after = self.words[mention.end] if mention.end < len(self.words) else "."
        if (
            phrase
            and phrase.end == comma
            and phrase.role
            and (after in (",", ".", "—", "–", ")", "’s", "'s") or after.islower())
        ):
            return phrase
        return None

    def _after(self, mention: Mention, titled: bool):
        """What stands behind a name; `titled`: whether a title stands before it."""
        n = len(self.words)
        i = mention.end
        if i + 1 < n and self.words[i] == "," and self.lowers[i + 1] in SUFFIXES:
            i += 2
        i, told = self._code(i, titled)
        yield from told
        if i >= n:
            return
        lower = self.lowers[i]
        if lower in ("of", "at", "with", "from"):
            organization = self._organization(i + 1, lower)
            if organization and (lower != "from" or self._is_org(organization)):
                yield RolePhrase(None, organization, organization[1])
                i = organization[1]
                if i >= n:
                    return
        if self.lowers[i] in _COPULAS and i + 1 < n:
            start = i + 2 if self.lowers[i + 1] in ("also", "now", "then", "still", "once") else i + 1
            if start < n and self.lowers[start] in ("a", "an", "the", "its", "one"):
                yield from self._chain(start, known_only=True)
        elif self.words[i] in (",", "(") or self.words[i] in _DASHES:
            yield from self._apposed_after(i + 1)
        elif lower in _HEADING:  # Ingrid Holm teaches law at the University of Aarhus
            yield from self._relative(i - 1)

    def _code(self, i: int, titled: bool) -> tuple[int, list[RolePhrase]]:
        """(R-Ariz.), D-Mass., (SNP), (Vt.): return the token behind it, and what it tells."""
        n = len(self.words)
        if i + 1 >= n or self.words[i] not in ("(", ","):
            return i, []
        code = _PARTY_CODE.match(self.article.text, self.article.offsets[i + (self.words[i] == ",")])
        if code:
            low, high = code.span(1 if code.group(1) else 2)
            told = [RolePhrase(None, self.article.tokens(low, high), i)]
            while i < n and self.words[i] != ")" and self.article.offsets[i] < high:
                i += 1
            return i + (i < n and self.words[i] == ")"), told
        close = next((j for j in range(i + 1, min(n, i + 9)) if self.words[j] == ")"), None)
        if self.words[i] != "(" or close is None:
            return i, []
        inner = self.at.get(i + 1)
        whole = inner is not None and inner.end == close
        initials = close == i + 2 and inner is None and self.words[i + 1].isupper() and 2 <= len(self.words[i + 1]) <= 5
        place = titled and close <= i + 3 and (self.words[i + 1].endswith(".") or self.words[close - 1] == "." or whole)
        if whole and inner.label == "ORG" or initials or place:
            return close + 1, [RolePhrase(None, (i + 1, close), close)]
        return close + 1, []

    def _apposed_after(self, i: int):
        """a fellow at Y, 54, who heads Z; Democrat of California"""
        n = len(self.words)
        if i + 1 < n and _NUMBER.match(self.words[i]) and self.words[i + 1] == ",":
            i += 2
        if i + 1 >= n:
            return
        lower = self.lowers[i]
        if lower == "who":
            yield from self._relative(i)
        elif lower in _PARTIES and self.words[i][0].isupper() and self.lowers[i + 1] == "of":
            place = self._organization(i + 2, "of")
            if place:
                yield RolePhrase(None, place, place[1])
            yield RolePhrase(None, (i, i + 1), i + 1)
        elif lower in ("of", "with", "at", "from"):
            organization = self._organization(i + 1, lower)
            if organization and self._is_org(organization):
                yield RolePhrase(None, organization, organization[1])
        else:
            yield from self._chain(i)

    def _chain(self, i: int, known_only: bool = False):
        """a fellow at Y and a former adviser to Z, chair of W"""
        n = len(self.words)
        for turn in range(4):
            if (
                i >= n
                or turn
                and self.lowers[i] not in _DETERMINERS
                and not is_role(self.lowers[i])
                and self.lowers[i] not in _MODIFIERS
            ):
                return
            phrase = self.read(i, min(n, i + 24), known_only=known_only or bool(turn))
            if phrase is None:
                return
            yield phrase
            i = phrase.end
            if (
                i + 1 < n
                and self.lowers[i] in ("and", "or")
                or i + 1 < n
                and self.words[i] == ","
                and self.lowers[i + 1] in _DETERMINERS
            ):
                i += 1
            elif i + 2 < n and self.words[i] == "," and self.lowers[i + 1] == "and":
                i += 2
            elif i + 1 < n and self.lowers[i] == "who":
                yield from self._relative(i)
                return
            else:
                return

    def _relative(self, i: int):
        """who heads the clinic; who has led Greenpeace since 2019; who is director of the zoo"""
        n = len(self.words)
        j = i + 1
        while j < n and self.lowers[j] in (
            "has",
            "had",
            "have",
            "also",
            "now",
            "once",
            "currently",
            "previously",
            "formerly",
        ):
            j += 1
        if j + 1 >= n:
            return
        verb = self.lowers[j]
        if verb in ("is", "was", "are", "were") and j + 1 < n:
            yield from self._chain(j + 1, known_only=True)
        elif verb in _HEADING:
            k = j + 1
            if self.lowers[k] in ("for", "at", "in", "as", "over", "on", "with", "to"):
                if self.lowers[k] == "as":
                    yield from self._chain(k + 1, known_only=True)
                    return
                k += 1
            organization = self._organization(k, "heads")
            if organization and self._is_org(organization):
                yield RolePhrase(None if verb in _WORKING else (j, j + 1), organization, organization[1])
                return
            nominal = self._nominal(k)
            after = nominal[1] if nominal else k + 1
            if after + 1 < n and self.lowers[after] in ("at", "for", "of"):
                organization = self._organization(after + 1, "at")
                if organization and self._is_org(organization):
                    yield RolePhrase(None, organization, organization[1])
                    return
            if nominal and singular_of(self.lowers[nominal[1] - 1]) in _ORG_NOUNS:
                yield RolePhrase(None if verb in _WORKING else (j, j + 1), nominal, nominal[1])
                return
        yield from self._acting_for(j)

    def _acting_for(self, i: int):
        """follows the company for Dunmore Securities; helped draft the controls at the Commerce Department"""
        for k in range(i + 1, min(i + _CLAUSE, len(self.words) - 1)):
            if self.words[k] in _CLAUSE_ENDS or self.article.is_break[k]:
                return
            if self.lowers[k] in ("at", "for"):
                organization = self._organization(k + 1, "at")
                if organization and self._is_org(organization):
                    yield RolePhrase(None, organization, organization[1])
                    return
