"""Roles and organizations that an article ties to a name: titles, appositions, possessives, relative clauses.

Reads tokens and name mentions, no parse: a role phrase is recognised by its last word (``rules/roles.txt``) and by the
words that may stand around it (``rules/role_words.json``).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from claimx.pipeline.annotations import Entity, Mention
from claimx.pipeline.lexicon import HONORIFICS, KINSHIP, NOT_ROLES, SUFFIXES, SYNONYMS, TITLES, is_role, singular_of
from claimx.pipeline.mentions import Article
from claimx.rules import load

Range = tuple[int, int]

_WORDS = load("role_words.json")
_MODIFIERS = frozenset(_WORDS["modifiers"])
_ORG_PREPS = frozenset(_WORDS["organization_prepositions"])
_HEADING = frozenset(_WORDS["heading_verbs"])
_WORKING = frozenset(_WORDS["work_verbs"])
_ORG_NOUNS = frozenset(load("kinds.json")["organization"])
_PARTIES = frozenset(_WORDS["parties"])
_TERRITORIAL = frozenset(_WORDS["territorial"])
_DETERMINERS = frozenset(("a", "an", "the", "one", "another", "this", "that"))
_POSSESSIVES = frozenset(("its", "his", "her", "their", "our", "my", "your"))
_CASE = frozenset(("'s", "’s", "'", "’"))
_DASHES = frozenset(("–", "—", "--", "―", "-"))
_COPULAS = frozenset(("is", "was", "became", "remains", "remained"))
_STOPS = frozenset(
    ["who", "whose", "which", "that", "of", "at", "for", "in", "with", "from", "on", "to", "by", "and", "but", "or", "as", "is", "was", "were", "are", "be", "been", "said", "says", "told", "has", "had", "have", "will", "would", "when", "while", "where", "because", "although", "though", "if", "than", "then", "so", "not", "it", "he", "she", "they", "we", "i", "you", "about", "after", "before", "during", "since", "until", "over", "under", "between", "against", "into", "through", "near", "also", ";", ":", "(", ")", "[", "]", '"', "“", "”", "'", "‘", ".", "?", "!", "…", "—", "–", "--", ","]
)
_CIRCUMSTANCE = frozenset(["in", "at", "during", "regarding", "about", "after", "before", "until", "since", "on", "within", "despite", "amid"])
_PARTY_CODE = re.compile(
    r"\(?\b([RDI]-[A-Z][\w.\-]*(?:\s[A-Z][\w.]*)?)|\((Republican|Democrat|Labour|Conservative|Lib Dem|Green|SNP)\)"
)
_NUMBER = re.compile(r"^\d{1,3}$")


@dataclass(slots=True)
class RoleFact:
    """A role and/or organization of the entity that mention `mention` names; token ranges, end exclusive."""

    mention: int
    role: Range | None
    organization: Range | None


@dataclass(slots=True)
class RolePhrase:
    role: Range | None
    organization: Range | None
    end: int


class RoleReader:
    """Reads role phrases of one article."""

    def __init__(self, article: Article, mentions: list[Mention], entities: list[Entity]) -> None:
        self.article, self.mentions, self.entities = article, mentions, entities
        self.words, self.lowers = article.words, article.lowers
        self.at: dict[int, Mention] = {mention.start: mention for mention in mentions if mention.label != "NONE"}
        self.inside: dict[int, Mention] = {
            i: mention for mention in mentions if mention.label != "NONE" for i in range(mention.start, mention.end)
        }

    def facts(self) -> list[RoleFact]:
        found: list[RoleFact] = []
        for index, mention in enumerate(self.mentions):
            if mention.label != "PER":
                continue
            for phrase in (self._before(mention), self._apposed_before(mention), *self._after(mention)):
                if phrase and (phrase.role or phrase.organization):
                    party = phrase.organization and self.lowers[phrase.organization[1] - 1] in _PARTIES | {"democratic"}
                    if (
                        party and phrase.role and self.lowers[phrase.role[1] - 1] in TITLES
                    ):  # "Republican Rep. Lee Zeldin"
                        found.append(RoleFact(index, None, phrase.organization))
                        phrase.organization = None
                    found.append(RoleFact(index, phrase.role, phrase.organization))
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

    def called(self, role_words: dict[int, set[str]]) -> list[tuple[int, RoleFact]]:
        """(entity, fact) for "the Vermont senator" and the like, where one person alone bears that role."""
        found = []
        for i in range(2, len(self.words)):
            lower = self.lowers[i]
            if i in self.inside or not self.words[i].islower() or not is_role(lower) or singular_of(lower) != lower:
                continue
            mention = self.inside.get(i - 1)
            if mention is None or mention.label not in ("LOC", "ORG", "NORP") or mention.start == 0:
                continue
            if self.lowers[mention.start - 1] != "the" and self.lowers[mention.start] != "the":
                continue
            bearers = [entity for entity, words in role_words.items() if lower in words]
            if len(bearers) == 1 and (i + 1 >= len(self.words) or i + 1 not in self.inside):
                found.append((bearers[0], RoleFact(-1, (i, i + 1), (mention.start, mention.end))))
        return found

    # -- before the name ---------------------------------------------------------------------------------------------

    def _before(self, mention: Mention) -> RolePhrase | None:
        """chief engineer Tomas Lindqvist; Former Attorney General Michael Mukasey; Google's chief economist Jane Doe"""
        end = mention.start
        while end > 0 and self.lowers[end - 1] in HONORIFICS:
            end -= 1
        start = self._walk_left(end)
        if end > start and self.lowers[end - 1] in _PARTIES and self.words[end - 1][0].isupper():
            return RolePhrase(None, (end - 1, end), end)
        head = next((i for i in range(end - 1, start - 1, -1) if self._is_head(i) and self._reaches(i, end)), None)
        if head is None:
            owner = self.inside.get(end - 2) if end > 1 and self.lowers[end - 1] in _CASE else None
            if owner and owner.label == "ORG":  # "The Washington Post's Ed O'Keefe"
                return RolePhrase(None, (owner.start, owner.end), end)
            return None
        return self._split(start, head, end)

    def _reaches(self, head: int, end: int) -> bool:
        """Whether nothing but "of State", "for Labour and Trade" stands between the head and the name."""
        if head == end - 1:
            return True
        return self.lowers[head + 1] in ("of", "for") and end - head <= 7

    def _is_head(self, i: int) -> bool:
        return is_role(self.lowers[i]) and (i not in self.inside or self.inside[i].label != "PER")

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
            if is_role(lower) or lower in _MODIFIERS or (i - 1) in self.inside and self.inside[i - 1].label != "PER":
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
            elif (lower in ("of", "for", "and", "&", "the", "-")) and i > 1 and i < end and self._joins(i - 1, end) or lower == "-" and i > 1:
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

    def _split(self, start: int, head: int, end: int) -> RolePhrase | None:
        """Split the words [start, end) before a name, with the role's last noun at `head`, into organization and role."""
        organization: Range | None = None
        role_start = start
        if self.lowers[start] in _POSSESSIVES:
            organization = self._owner(start)
            role_start = start + 1
        i = role_start
        while i < head:
            mention = self.at.get(i)
            if mention and mention.end <= head:
                if self.lowers[i - 1] in _CASE or mention.label != "LOC" or organization is None:
                    organization = organization or (mention.start, mention.end)
                i = mention.end
                if i < head and self.lowers[i] in _CASE:
                    organization = (mention.start, mention.end)
                    i += 1
                role_start = i if not self._has_temporal(start, mention.start) else role_start
            elif i + 1 < head and self.lowers[i + 1] in _CASE:
                organization = self._owner(i)
                i += 2
                role_start = i
            else:
                i += 1
        if organization is None:
            organization = self._capitalised_owner(role_start, head)
            if organization and not self._has_temporal(role_start, organization[0]):
                role_start = organization[1]
        while role_start < head and self.lowers[role_start] in _DETERMINERS:
            role_start += 1
        field = self._field(head, end)
        return RolePhrase((role_start, field), organization, end)

    def _field(self, head: int, end: int) -> int:
        return end if head + 1 < end and self.lowers[head + 1] in ("of", "for") else head + 1

    def _has_temporal(self, start: int, end: int) -> bool:
        return any(
            self.lowers[i] in ("former", "ex", "acting", "then", "late", "retired", "ex-") for i in range(start, end)
        )

    def _capitalised_owner(self, start: int, head: int) -> Range | None:
        """Padi Growers Brotherhood chairman: capitalised words that no model tagged, before a lower-case role."""
        if not self.words[head][0].islower():
            return None
        end = start
        while end < head and self.words[end][0].isupper() and self.lowers[end] not in _MODIFIERS:
            end += 1
        return (start, end) if end > start and self.lowers[start] not in TITLES else None

    def _owner(self, i: int) -> Range | None:
        """The organization behind "its", "the company('s)", "his": a fitting name or noun phrase before it."""
        lower = self.lowers[i]
        if lower in ("his", "her", "my"):
            return next(
                (
                    (m.start, m.end)
                    for m in reversed(self.mentions)
                    if m.end <= i and m.label == "PER" and i - m.start < 120
                ),
                None,
            )
        if lower in _ORG_NOUNS:
            return self._named_by(i) or (i, i + 1)
        if lower not in ("its", "their", "our"):
            return None
        end = i
        for _ in range(4):  # this sentence, then those before it: the first organization in each is its subject, mostly
            start = end
            while start > 0 and not self.article.is_break[start - 1]:
                start -= 1
            for k in range(start, end):
                mention = self.at.get(k)
                if mention and mention.label == "ORG":
                    return mention.start, mention.end
                if self.lowers[k] in _DETERMINERS and k + 1 < end:
                    run = self._run(k + 1, min(end, k + 5))
                    if (
                        run > k + 1
                        and singular_of(self.lowers[run - 1]) in _ORG_NOUNS
                        and self.words[run - 1].islower()
                    ):
                        return self._named_by(run - 1) or (k + 1, run)
            end = start - 1
            while end > 0 and self.article.is_break[end - 1]:
                end -= 1
            if end <= 0:
                break
        return None

    def _named_by(self, i: int) -> Range | None:
        """The last organization before `i` whose name holds the noun at `i`: the university, for University of Kent."""
        noun = singular_of(self.lowers[i])
        for mention in reversed(self.mentions):
            if mention.end <= i and mention.label == "ORG" and noun in self.lowers[mention.start : mention.end]:
                return mention.start, mention.end
        return None

    def _apposed_before(self, mention: Mention) -> RolePhrase | None:
        """The company's chief executive, Grace Tanaka; The French minister of energy, Ségolène Royal"""
        comma = mention.start - 1
        while (
            comma > 0
            and comma > mention.start - 8
            and self.words[comma] != ","
            and (
                self.lowers[comma] in HONORIFICS
                or self.lowers[comma] in TITLES
                or self.lowers[comma] not in _STOPS
                and "\n" not in self.words[comma]
            )
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

    # -- after the name ----------------------------------------------------------------------------------------------

    def _after(self, mention: Mention):
        i = mention.end
        n = len(self.words)
        if i < n and self.words[i] == "," and i + 1 < n and self.lowers[i + 1] in SUFFIXES:
            i += 2
        code = _PARTY_CODE.match(self.article.text, self.article.offsets[i]) if i < n and self.words[i] == "(" else None
        if code is None and i + 1 < n and self.words[i] == ",":
            code = _PARTY_CODE.match(self.article.text, self.article.offsets[i + 1])
        if code:
            group = 1 if code.group(1) else 2
            low, high = code.span(group)
            organization = self._tokens(low, high)
            yield RolePhrase(None, organization, i)
            while i < n and self.words[i] != ")" and self.article.offsets[i] < high:
                i += 1
            i += i < n and self.words[i] == ")"
        elif i < n and self.words[i] == "(":
            close = next((j for j in range(i + 1, min(n, i + 9)) if self.words[j] == ")"), None)
            if close:
                inner = self.at.get(i + 1)
                if inner and inner.label == "ORG" and inner.end == close:
                    yield RolePhrase(None, (inner.start, inner.end), close)
                elif (
                    close == i + 2
                    and self.words[i + 1].isupper()
                    and 2 <= len(self.words[i + 1]) <= 5
                    and i + 1 not in self.at
                ):
                    yield RolePhrase(None, (i + 1, close), close)
                i = close + 1
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
            return
        if self.words[i] not in (",",) and self.words[i] not in _DASHES and self.words[i] != "(":
            return
        i += 1
        if i + 1 < n and _NUMBER.match(self.words[i]) and self.words[i + 1] == ",":
            i += 2
        if i < n and self.lowers[i] == "who":
            yield from self._relative(i)
            return
        if i < n and self.lowers[i] in ("of", "with", "at", "from") and i + 1 < n:
            organization = self._organization(i + 1, self.lowers[i])
            if organization and self._is_org(organization):
                yield RolePhrase(None, organization, organization[1])
            return
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
            if nominal and verb not in _WORKING and singular_of(self.lowers[nominal[1] - 1]) in _ORG_NOUNS:
                yield RolePhrase((j, j + 1), nominal, nominal[1])

    def _nominal(self, i: int) -> Range | None:
        """the trauma unit, a bakery: a plain noun phrase that an organization's head noun ends"""
        n = len(self.words)
        j = i + 1 if i < n and self.lowers[i] in _DETERMINERS | _POSSESSIVES else i
        end = j
        while end < n and self.lowers[end] not in _STOPS and end - j < 5:
            end += 1
        return (j, end) if end > j and self.lowers[i] in _DETERMINERS | _POSSESSIVES else None

    # -- role phrases ------------------------------------------------------------------------------------------------

    def read(self, i: int, limit: int, known_only: bool = False, plural: bool = False) -> RolePhrase | None:
        """Read a role phrase that starts at `i` and ends before `limit`: the Dallas club's former head of research at X.

        With `known_only`, its last noun must be a known role; with `plural`, it may be one of several people's.
        """
        words, lowers = self.words, self.lowers
        start = i
        indefinite = i < limit and lowers[i] in ("a", "an")
        if i < limit and lowers[i] == "one" and i + 2 < limit and lowers[i + 1] == "of":
            i += 2
            start = i
            plural = True
        if i < limit and lowers[i] in _DETERMINERS:
            i += 1
            start = i
        j = self._run(i, limit)
        if j == i:
            return None
        head = self._head(i, j)
        if (
            head is None and j + 1 < limit and lowers[j] in ("and", "&", ",") and j - i <= 5
        ):  # "global politics and outreach director"
            further = self._run(j + 1, limit)
            head = self._head(j + 1, further) if lowers[j] != "," else None
            j = further if head is not None else j
        if head is None and lowers[j - 1] in _PARTIES and (words[j - 1][0].isupper() or lowers[j - 1] == "independent"):
            return RolePhrase(None, (j - 1, j), j)
        if head is None or lowers[head] in NOT_ROLES:
            if (
                known_only
                or not indefinite
                or j - i > 4
                or lowers[j - 1] in NOT_ROLES
                or any(c.isdigit() for c in "".join(words[i:j]))
                or not words[j - 1].islower()
            ):
                return None
            if lowers[j - 1].endswith(("ed", "ing", "ly", "ese")) or j - 1 in self.inside:
                return None
            head = j - 1
        if any(lowers[k] in KINSHIP or lowers[k] in _DETERMINERS for k in range(i, head + 1)):
            return None
        if not plural and singular_of(lowers[head]) != lowers[head]:
            return None
        if head < j - 1 and lowers[head + 1].endswith(("ed", "ing")) and lowers[start - 1] in _DETERMINERS:
            j = head + 1  # "a driver reached by telephone"
        if head < j - 1 and head + 1 not in self.inside:
            if not all(words[k][0].isupper() for k in range(head + 1, j)) and lowers[head + 1] not in (
                "emeritus",
                "elect",
                "-",
            ):
                return None
        phrase = self._split(start, head, head + 1)
        role, organization, end = phrase.role, phrase.organization, head + 1
        if end < limit and lowers[end] == "emeritus":
            end += 1
            role = (role[0], end)
        told = False  # whether a preposition has told the organization
        for _ in range(3):
            if end + 1 >= limit or lowers[end] not in _ORG_PREPS:
                break
            prep = lowers[end]
            found = self._organization(end + 1, prep)
            if found and found[1] <= limit:
                territorial = lowers[head] in _TERRITORIAL or TITLES.get(lowers[head]) in _TERRITORIAL
                if not told and (self._is_org(found) or territorial or prep not in ("in", "from")):
                    organization, told = found, True  # "director of X at Y" directs X
                end = found[1]
            elif prep in ("of", "for", "in", "to") and end == head + 1:
                stop = self._field_end(end + 1, limit)
                if stop == end + 1:
                    break
                owner = self._nominal_owner(end + 1, stop) if prep != "in" else None
                if owner is None and prep == "to" and lowers[end + 1] in _DETERMINERS:
                    owner = end + 2, stop
                if owner:
                    organization = organization or owner
                elif prep != "in":
                    role = (role[0], stop)
                end = stop
            elif prep in ("at", "for", "with"):
                nominal = self._nominal(end + 1)
                if nominal is None:
                    break
                organization = organization or nominal
                end = nominal[1]
            else:
                break
        return RolePhrase(role, organization, end)

    def _run(self, i: int, limit: int) -> int:
        while i < limit and not self._stops(i):
            i += 1
        return i

    def _head(self, i: int, j: int) -> int | None:
        return next((k for k in range(j - 1, i - 1, -1) if is_role(self.lowers[k]) and self._not_name(k)), None)

    def _stops(self, j: int) -> bool:
        mention = self.inside.get(j)
        if mention is not None and mention.label != "PER":
            return False
        return self.lowers[j] in _STOPS and not (self.lowers[j] == "-") or "\n" in self.words[j]

    def _not_name(self, k: int) -> bool:
        return k not in self.inside

    def _field_end(self, i: int, limit: int) -> int:
        """The end of "state", "environment and energy", "the trauma unit" after a role's preposition."""
        j = i
        while j < limit and j - i < 7:
            lower = self.lowers[j]
            if (
                lower in ("and", "&")
                and j + 1 < limit
                and self.lowers[j + 1] not in _DETERMINERS
                and not is_role(self.lowers[j + 1])
                and self.lowers[j + 1] not in _MODIFIERS
            ):
                j += 1
                continue
            if lower in _STOPS or "\n" in self.words[j]:
                break
            j += 1
        while j > i and self.lowers[j - 1] in ("and", "&"):
            j -= 1
        return j

    def _nominal_owner(self, i: int, end: int) -> Range | None:
        """the company, the city's parks department: a plain noun phrase whose last word names an organization"""
        start = i + 1 if self.lowers[i] in _DETERMINERS | _POSSESSIVES else i
        if start >= end or singular_of(self.lowers[end - 1]) not in _ORG_NOUNS:
            return None
        if start == end - 1 and self.lowers[i] == "the":
            return self._named_by(start) or (start, end)
        return start, end

    def _organization(self, i: int, prep: str) -> Range | None:
        """The name that starts at `i` (after "the"), as far as it goes: University of Bamako, the Bank of England"""
        n = len(self.words)
        start = i
        while start < n and (
            self.lowers[start] in _DETERMINERS
            or self.lowers[start] in HONORIFICS
            or (self.lowers[start] in TITLES and start + 1 in self.at and self.at[start + 1].label == "PER")
            or self.lowers[start] in ("then", "now", "former", "advocacy", "nonprofit", "non-profit", "local")
        ):
            start += 1
        mention = next(
            (
                self.at[k]
                for k in range(start, min(n, start + 6))
                if k in self.at and self.words[k - 1] != "-" and self._plain(start, k)
            ),
            None,
        )
        if mention is None:
            end = start
            while end < n and self.words[end][0].isupper() and self.lowers[end] not in _STOPS:
                end += 1
            if end == start or end - start == 1 and self.lowers[start] in TITLES:
                return None
            return start, self._extended(end)
        if mention.label == "PER" and (prep not in ("for", "to", "with", "heads") or mention.start != start):
            if mention.start != start or prep not in ("of",):
                return None
        begin = mention.start
        if begin != start and all(self.words[k][0].isupper() for k in range(start, begin)):
            begin = start
        end = self._extended(mention.end)
        if end < n and self.lowers[end] in _CASE:  # "the city of Leeds' parks team"
            stop = end + 1
            while stop < n and self.lowers[stop] not in _STOPS and stop - end < 5:
                stop += 1
            if stop > end + 1 and singular_of(self.lowers[stop - 1]) in _ORG_NOUNS:
                end = stop
        elif end < n and self.lowers[end] in _ORG_NOUNS and self.lowers[end] not in ("state",):
            end += 1
        return begin, end

    def _plain(self, start: int, k: int) -> bool:
        return all(
            self.words[j] == "-" or self.lowers[j] not in _STOPS and self.words[j][0].isalnum() for j in range(start, k)
        )

    def _extended(self, end: int) -> int:
        """Carry a name on over "of Oxford", "and Trade" and capitalised words."""
        n = len(self.words)
        while end < n:
            if (
                self.words[end][0].isupper()
                and self.lowers[end] not in _STOPS
                and end in self.inside
                and self.inside[end].label != "PER"
            ):
                end = self.inside[end].end
            elif self.words[end][0].isupper() and end not in self.inside and self.words[end].isalpha() or (
                end + 1 < n
                and self.lowers[end] in ("of", "for", "and", "&", "in")
                and self.words[end + 1][0].isupper()
                and (
                    self.lowers[end] not in ("in",)
                    and self.inside.get(end + 1) is None
                    or self.lowers[end] in ("of", "for")
                    and self.inside.get(end + 1) is not None
                    and self.inside[end + 1].label != "PER"
                )
            ):
                end += 1
            elif (
                end + 2 < n
                and self.lowers[end] in ("of", "for")
                and self.lowers[end + 1] == "the"
                and self.words[end + 2][0].isupper()
            ):
                end += 2
            else:
                break
        return end

    def _is_org(self, span: Range) -> bool:
        mention = self.inside.get(span[1] - 1) or self.inside.get(span[0])
        if mention is None or mention.label == "ORG":
            return True
        return mention.label == "LOC" and span[1] - span[0] > mention.end - mention.start or mention.label == "NORP"

    def _tokens(self, low: int, high: int) -> Range:
        return bisect_right(self.article.offsets, low) - 1, bisect_left(self.article.offsets, high)
