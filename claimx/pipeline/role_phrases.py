"""Role phrases: "the Dallas club's former head of research", read forward from their first word.

A phrase is recognised by its last noun (``rules/roles.txt``); its organization is told by a possessive, by a name
inside it, or by a preposition behind it.
"""

from __future__ import annotations

from dataclasses import dataclass

from claimx.pipeline.annotations import Entity, Mention
from claimx.pipeline.article import Article
from claimx.pipeline.lexicon import HONORIFICS, KINSHIP, NOT_ROLES, TITLES, WORDS, is_role, singular_of
from claimx.rules import load

Range = tuple[int, int]

_WORDS = load("role_words.json")
_ORG_PREPS = frozenset(_WORDS["organization_prepositions"])
_ORG_NOUNS = frozenset(load("kinds.json")["organization"])
_MODIFIERS = frozenset(_WORDS["modifiers"])
_PARTIES = frozenset(_WORDS["parties"])
_TEMPORAL = frozenset(_WORDS["temporal"])
_TERRITORIAL = frozenset(_WORDS["territorial"])
_DETERMINERS = frozenset(("a", "an", "the", "one", "another", "this", "that"))
_POSSESSIVES = WORDS["possessives"]
_CASE = frozenset(("'s", "’s", "'", "’"))
_STOPS = WORDS["phrase_ends"]


@dataclass(slots=True)
class RolePhrase:
    """A role and/or organization, and the token after the phrase; token ranges, end exclusive."""

    role: Range | None
    organization: Range | None
    end: int


class PhraseReader:
    """Reads role phrases of one article."""

    def __init__(self, article: Article, mentions: list[Mention], entities: list[Entity]) -> None:
        self.article, self.mentions, self.entities = article, mentions, entities
        self.words, self.lowers = article.words, article.lowers
        self.at: dict[int, Mention] = {mention.start: mention for mention in mentions if mention.label != "NONE"}
        self.inside: dict[int, Mention] = {
            i: mention for mention in mentions if mention.label != "NONE" for i in range(mention.start, mention.end)
        }

    def read(self, i: int, limit: int, known_only: bool = False, plural: bool = False) -> RolePhrase | None:
        """Read a role phrase from `i` that ends before `limit`: the Dallas club's former head of research at X.

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
        based = next((k for k in range(i, min(limit - 1, i + 5)) if lowers[k] == "based" and words[k - 1] == "-"), None)
        if based is not None:  # "a Washington-based developer": a residence
            i = start = based + 1
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
        named = head + 1 in self.inside or all(words[k][0].isupper() for k in range(head + 1, j))
        if head < j - 1 and not named and lowers[head + 1] not in ("emeritus", "elect", "-"):
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
                if owner is None and prep == "to" and lowers[end + 1] in _DETERMINERS and end + 2 < stop:
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
        return next((k for k in range(j - 1, i - 1, -1) if self.article.is_role(k) and self._not_name(k)), None)

    def _stops(self, j: int) -> bool:
        mention = self.inside.get(j)
        if mention is not None and mention.label != "PER":
            return False
        return self.lowers[j] in _STOPS and self.lowers[j] != "-" or "\n" in self.words[j]

    def _not_name(self, k: int) -> bool:
        return k not in self.inside

    def _split(self, start: int, head: int, end: int) -> RolePhrase | None:
        """Split the words [start, end), with the role's last noun at `head`, into organization and role."""
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
        return any(self.lowers[i] in _TEMPORAL for i in range(start, end))

    def _capitalised_owner(self, start: int, head: int) -> Range | None:
        """Padi Growers Brotherhood chairman: capitalised words that no model tagged, before a lower-case role."""
        if not self.words[head][0].islower():
            return None
        if start + 1 == head and (start == 0 or self.article.is_break[start - 1]):
            return None  # the capital of a sentence's first word tells nothing
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

    def _nominal(self, i: int) -> Range | None:
        """the trauma unit, a bakery: a plain noun phrase that an organization's head noun ends"""
        n = len(self.words)
        j = i + 1 if i < n and self.lowers[i] in _DETERMINERS | _POSSESSIVES else i
        end = j
        while end < n and self.lowers[end] not in _STOPS and end - j < 5:
            end += 1
        return (j, end) if end > j and self.lowers[i] in _DETERMINERS | _POSSESSIVES else None

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
        if mention.label == "PER" and (mention.start != start or prep not in ("for", "to", "with", "heads", "of")):
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
            elif (
                self.words[end][0].isupper()
                and end not in self.inside
                and self.words[end].isalpha()
                or (
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
