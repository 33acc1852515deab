"""``claimx_speakers``: the real-world speaker behind the source of every claim.

Reads tokens, names (`doc._.claimx_mentions`) and source spans, no parse. A source is a name, a pronoun or a noun
phrase: names lead to their entity, pronouns to the best candidate by a few weighted traits, definite noun phrases to
the person or organization whose role or kind they tell; `None` where nothing speaks clearly for anybody.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Doc

from claimx.pipeline.annotations import Attribution, Speaker, set_speakers
from claimx.pipeline.lexicon import HONORIFICS, KINSHIP, TITLES, is_role, singular_of
from claimx.pipeline.mentions import Article, fold
from claimx.pipeline.roles import RoleReader
from claimx.rules import load

_PRONOUNS = load("pronouns.json")
_KINDS = {kind: frozenset(words) for kind, words in load("kinds.json").items() if kind != "same_document"}
_SAME_DOCUMENT = [frozenset(heads) for heads in load("kinds.json")["same_document"]]
_WEIGHTS: dict[str, float] = load("speaker_weights.json")
_REACH = 400  # tokens a pronoun looks back
_DETERMINERS = frozenset(
    ("the", "a", "an", "this", "that", "these", "those", "one", "another", "some", "any", "no", "each")
)
_DEFINITE = frozenset(("the", "this", "that", "these", "those", "its", "his", "her", "their"))
_OWNED = frozenset(("its", "his", "her", "their", "our", "my"))
_RELATIVES = frozenset(("who", "which", "whose", "that", "whom"))
_SEPARATORS = frozenset(
    ["who", "which", "that", "whose", "whom", "of", "in", "at", "for", "from", "on", "with", "to", "by", ",", "(", "–", "—", "―", "--", "-", ";", ":", "and", "or", "as", "about", "against", "during", "after", "before", "under", "over", "among", "between", "near", "outside", "inside", "including", "like"]
)
_PERSON_NOUNS = {
    "man": "m",
    "woman": "f",
    "boy": "m",
    "girl": "f",
    "mother": "f",
    "father": "m",
    "old": "",
    "native": "",
    "businessman": "m",
    "businesswoman": "f",
    "actress": "f",
    "actor": "m",
    "congresswoman": "f",
    "congressman": "m",
    "billionaire": "",
    "millionaire": "",
    "lady": "f",
    "candidate": "",
    "nominee": "",
    "frontrunner": "",
    "politician": "",
    "front-runner": "",
    "mogul": "",
    "veteran": "",
    "hopeful": "",
    "contender": "",
    "defendant": "",
    "author": "",
    "star": "",
    "singer": "",
    "rival": "",
    "leader": "",
    "resident": "",
}


@dataclass(slots=True)
class _Source:
    """A source phrase: tokens [start, end), its core noun phrase ending at `core`, and the index of its claim."""

    start: int
    end: int
    core: int
    claim: int


@Language.factory(
    "claimx_speakers",
    requires=["doc._.claimx_mentions", "doc._.claimx_attributions", "doc._.claimx_quotations"],
    assigns=["doc._.claimx_speakers"],
)
def create_speakers(nlp: Language, name: str) -> SpeakerResolver:
    return SpeakerResolver(name)


class SpeakerResolver:
    """Sets ``doc._.claimx_speakers``."""

    def __init__(self, name: str = "claimx_speakers") -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        set_speakers(doc, Resolution(doc).speakers())
        return doc


class Resolution:
    """The state of resolving one article, source by source in the order of the text."""

    def __init__(self, doc: Doc) -> None:
        self.article = Article(doc)
        self.words, self.lowers = self.article.words, self.article.lowers
        self.mentions, self.entities = doc._.claimx_mentions
        self.attributions: list[Attribution] = doc._.claimx_attributions
        self.reader = RoleReader(self.article, self.mentions, self.entities)
        self.role_words = self.reader.role_words(self.reader.facts())
        self.starts = [mention.start for mention in self.mentions]
        self.found: dict[object, Speaker] = {}
        self.last: list[object] = []  # keys of the speakers so far, the latest last
        self._sentences()
        self._quoted(doc._.claimx_quotations)

    def _sentences(self) -> None:
        self.sentence, self.paragraph = [], []
        sentence = paragraph = 0
        for word, is_break in zip(self.words, self.article.is_break, strict=True):
            self.sentence.append(sentence)
            self.paragraph.append(paragraph)
            sentence += is_break
            paragraph += "\n" in word

    def _quoted(self, quotations) -> None:
        self.in_quotation = bytearray(len(self.words))
        for quotation in quotations:
            low, high = self._tokens(quotation.start, quotation.end)
            self.in_quotation[low:high] = b"\1" * (high - low)

    def _tokens(self, start: int, end: int) -> tuple[int, int]:
        return max(0, bisect_right(self.article.offsets, start) - 1), bisect_left(self.article.offsets, end)

    # -- speakers ----------------------------------------------------------------------------------------------------

    def speakers(self) -> list[Speaker]:
        order = sorted(
            (self._source(a.source, i) for i, a in enumerate(self.attributions) if a.source),
            key=lambda source: (self.paragraph[source.start] == 0, source.start, source.end),  # a headline looks ahead
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

    def _source(self, span: tuple[int, int], claim: int) -> _Source:
        start, end = self._tokens(*span)
        while start < end - 1 and not self.words[start][0].isalnum():
            start += 1
        core = start + 1
        while core < end:
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
        if core > start + 1 and self.lowers[core - 1] in ("himself", "herself", "themselves", "itself"):
            core -= 1
        return _Source(start, end, core, claim)

    def _separates(self, i: int) -> bool:
        if self.words[i] == "-":  # a hyphen inside a word does not
            return self.article.ends[i - 1] < self.article.offsets[i]
        return self.lowers[i] in _SEPARATORS or self.words[i] in '"“”'

    def _mention_over(self, i: int):
        at = bisect_right(self.starts, i) - 1
        for k in range(at, max(-1, at - 3), -1):
            if self.mentions[k].start <= i < self.mentions[k].end and self.mentions[k].label != "NONE":
                return self.mentions[k]
        return None

    def _resolve(self, source: _Source):
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
                and not rest[-1:] == ["'s"]
            ):
                return self._entity(mention.entity)
        organization = self._apposed_organization(source)
        if organization:
            return self._entity(organization.entity)
        handle = self._handle(source)
        if handle is not None:
            return self._entity(handle)
        return self._nominal(source)

    def _coordinated(self, source: _Source) -> bool:
        """Minera Alto Loa and Compañía Huasco: two names side by side"""
        if source.core + 1 >= source.end or self.lowers[source.core] != "and":
            return False
        following = self._mention_over(source.core + 1)
        return following is not None and following.end >= source.end

    def _apposed_organization(self, source: _Source):
        """a carrier, PrairieCell; the ship's manager, Piraeus-based Thalassinos Marine"""
        if source.core >= source.end or self.words[source.core] != ",":
            return None
        for mention in self.mentions[bisect_left(self.starts, source.core) :]:
            if mention.start >= source.end:
                return None
            if mention.label == "ORG" and mention.start - source.core <= 4:
                rest = self.words[mention.end : source.end]
                between = self.lowers[source.core + 1 : mention.start]
                if (not rest or rest[0] in (",", "of", "in")) and not any(
                    word in _SEPARATORS - {"-"} for word in between
                ):
                    return mention
        return None

    def _handle(self, source: _Source) -> int | None:
        """A person whom no model tagged here: MS. CONTEH-BRIGHT, Poon, or NTB for Nino Tsereteli-Bokeria."""
        start = source.start
        while start < source.core - 1 and (self.lowers[start] in HONORIFICS or self.lowers[start] in TITLES):
            start += 1
        word = self.article.slice(start, source.core)
        if not word[0].isupper() or self.lowers[source.core - 1] in self.article.lower_seen:
            return None
        wanted = fold(word)
        for index, entity in enumerate(self.entities):
            if entity.label == "PER" and wanted in (fold(part) for part in entity.name.split()):
                return index
        if word.isupper() and 2 <= len(word) <= 4:
            for index, entity in enumerate(self.entities):
                if (
                    entity.label in ("PER", "ORG")
                    and "".join(part[0] for part in re.split(r"[\s\-]+", entity.name) if part) == word
                ):
                    return index
        return None

    def _names_in(self, source: _Source):
        """The people whom the core of the source names: at its end, in an apposition right after it, or coordinated."""
        found = []
        at = bisect_left(self.starts, source.start)
        previous_end = None
        for mention in self.mentions[at:]:
            if mention.start >= source.end:
                break
            if mention.label != "PER":
                continue
            if not found:
                end = mention.end
                closes = (
                    end >= source.core
                    and mention.start < source.core
                    and not (self._is_possessive(end) and end + 1 < source.end)
                )
                if closes or mention.start > source.core and self._is_apposed(source, mention):
                    found.append(mention)
                    previous_end = end
            elif (
                previous_end is not None
                and mention.start - previous_end <= 3
                and any(word in ("and", "&", ",") for word in self.lowers[previous_end : mention.start])
                and all(
                    word in ("and", "&", ",") or word in HONORIFICS or word in TITLES
                    for word in self.lowers[previous_end : mention.start]
                )
            ):
                found.append(mention)
                previous_end = mention.end
        if len(found) > 1 and "and" not in self.lowers[found[0].end : found[-1].start]:
            found = found[:1]
        return found

    def _is_apposed(self, source: _Source, mention) -> bool:
        """Its secretary-general, Brahima Ilboudo; the agent, the former defender Kwabena Asiedu"""
        i = mention.start - 1
        while i > source.core and mention.start - i < 8 and not self._separates(i):
            i -= 1
        if self.words[i] not in (",", "–", "—", "―", "-") or any(
            self.lowers[k] in ("who", "which", "whose") for k in range(source.start, i)
        ):
            return False
        after = self.words[mention.end] if mention.end < source.end else ","
        return (
            after in (",", "–", "—", "-", "of", "at", "from", "(", "who")
            and self._mention_over(source.core - 1) is None
        )

    def _is_possessive(self, end: int) -> bool:
        return end < len(self.words) and self.lowers[end] in ("'s", "’s")

    def _entity(self, index: int):
        entity = self.entities[index]
        if entity.label == "PER":
            return ("entity", index), "person", entity.name
        if entity.label == "NORP":
            return ("entity", index), "group", entity.name
        last = singular_of(entity.name.split()[-1].lower())
        kind = (
            "document"
            if last in _KINDS["document"] and last not in _KINDS["organization"] and " " in entity.name
            else "organization"
        )
        return ("entity", index), kind, entity.name

    # -- pronouns ----------------------------------------------------------------------------------------------------

    def _pronoun(self, source: _Source, traits: dict):
        if traits.get("relative"):
            return self._relative(source)
        number = traits.get("number")
        if number == "singular":
            return self._person_before(source.start, traits["gender"])
        if number == "plural":
            for key in reversed(self.last[-6:]):
                if self.found[key].kind in ("group", "organization"):
                    return key, self.found[key].kind, self.found[key].name
        if number == "thing":
            for key in reversed(self.last[-4:]):
                if self.found[key].kind in ("organization", "document"):
                    return key, self.found[key].kind, self.found[key].name
            mention = self._last_mention(source.start, "ORG", 80)
            if mention:
                return self._entity(mention.entity)
        return None, "", ""

    def _last_mention(self, before: int, label: str, reach: int, containing: str = ""):
        for mention in reversed(self.mentions[: bisect_left(self.starts, before)]):
            if before - mention.start > reach:
                return None
            if (
                mention.label == label
                and mention.end <= before
                and (not containing or containing in self.lowers[mention.start : mention.end])
            ):
                return mention
        return None

    def _person_before(self, at: int, gender: str):
        """The best candidate for he or she at token `at`; its gender becomes known by that."""
        traits = self._candidates(at, gender)
        if not traits:
            return None, "", ""
        best = self._choose(traits)
        if best[0] == "phrase":
            return best, self.found[best].kind, self.found[best].name
        if gender and not self.entities[best[1]].gender:
            self.entities[best[1]].gender = gender
        return self._entity(best[1])

    def _choose(self, traits: dict[tuple, dict[str, float]]) -> tuple:
        """The candidate with the highest weighted sum of traits."""
        scores = {
            key: sum(_WEIGHTS.get(name, 0.0) * value for name, value in row.items()) for key, row in traits.items()
        }
        return max(scores, key=lambda key: scores[key])

    def _candidates(self, at: int, gender: str) -> dict[tuple, dict[str, float]]:
        """The people of the last few paragraphs before token `at`, with what speaks for and against each."""
        seen: dict[tuple, list] = {}
        for mention in self.mentions[bisect_left(self.starts, at - _REACH) : bisect_left(self.starts, at)]:
            if mention.label == "PER":
                seen.setdefault(("entity", mention.entity), []).append(mention)
        people = [key for key in self.last if self.found[key].kind in ("person", "unnamed")]
        speakers = list(dict.fromkeys(reversed(people)))[:2]
        for key in speakers:  # a speaker goes on by pronouns alone
            seen.setdefault(key, [])
        seen = {key: mentions for key, mentions in seen.items() if not gender or self._gender(key) in ("", gender)}
        recency = sorted(seen, key=lambda key: -seen[key][-1].start if seen[key] else 0)
        out = {}
        for key, mentions in seen.items():
            row = {f"recency {min(recency.index(key), 3)}": 1.0}
            if key[0] == "phrase":
                row["unnamed"] = 1.0
            else:
                entity = self.entities[key[1]]
                row["mentions"] = math.log1p(len(entity.mentions))
                if " " not in entity.name and key not in self.found:
                    row["bare name"] = 1.0
            if self._gender(key):
                row["gender known"] = 1.0
            if mentions:
                row.update(self._position(at, mentions))
            for rank, name in enumerate(("last speaker", "speaker before")):
                if rank < len(speakers) and speakers[rank] == key:
                    gap = self.paragraph[at] - self.paragraph[min(at, self._tokens(*self.found[key].mentions[-1])[0])]
                    row[
                        f"{name}, {'same paragraph' if gap == 0 else 'paragraph before' if gap == 1 else 'further'}"
                    ] = 1.0
            out[key] = row
        return out

    def _gender(self, key: tuple) -> str:
        if key[0] == "entity":
            return self.entities[key[1]].gender
        return _PERSON_NOUNS.get(key[2], "") or (
            "f" if key[2].endswith("woman") else "m" if key[2].endswith("man") else ""
        )

    def _position(self, at: int, mentions: list) -> dict[str, float]:
        last = mentions[-1]
        sentences = self.sentence[at] - self.sentence[last.start]
        paragraphs = self.paragraph[at] - self.paragraph[last.start]
        row = {
            f"sentence {sentences if sentences < 3 else '3-5' if sentences < 6 else '6+'}": 1.0,
            f"paragraph {min(paragraphs, 3)}": 1.0,
        }
        if self.in_quotation[last.start]:
            row["in quotation"] = 1.0
        if self._is_possessive(last.end):
            row["possessive"] = 1.0
        subjects = [m for m in mentions[-4:] if not self.in_quotation[m.start] and self._is_subject(m)]
        if subjects:
            distance = self.sentence[at] - self.sentence[subjects[-1].start]
            row[f"subject {distance if distance < 3 else '3+'}"] = 1.0
        if any(self.paragraph[m.start] == self.paragraph[at] for m in mentions[:-1]):
            row["again in paragraph"] = 1.0
        return row

    def _is_subject(self, mention) -> bool:
        """Whether a name stands where subjects stand: first in its sentence, titles aside, or before a comma or verb."""
        i = mention.start - 1
        while i >= 0 and (
            self.lowers[i] in HONORIFICS
            or self.lowers[i] in TITLES
            or is_role(self.lowers[i])
            or self.words[i][0].isupper()
        ):
            i -= 1
        if i < 0 or self.article.is_break[i] or self.words[i] in '“"':
            return True
        return self.lowers[i] in (
            ",",
            "but",
            "and",
            "that",
            "when",
            "while",
            "as",
            "because",
            "said",
            "says",
            "where",
            "if",
            "although",
        )

    def _relative(self, source: _Source):
        """who, which, that: the name or noun phrase right before."""
        end = source.start
        while end > 0 and self.words[end - 1] in (",", "–", "—", "―", "-", "(", ")"):
            end -= 1
        named = self._mention_over(end - 1)
        if named:
            apposed = (
                self._apposed_to(named.start)
                if self.lowers[source.start] in ("who", "whom") and named.label != "PER"
                else None
            )
            return self._entity(apposed.entity if apposed else named.entity)
        if end < source.start:
            apposed = self._apposed_to(end)
            if apposed and (apposed.label == "PER") == (self.lowers[source.start] in ("who", "whom")):
                return self._entity(apposed.entity)
        start = end - 1
        while (
            start > 0
            and end - start < 9
            and self.lowers[start] not in _DETERMINERS
            and self.words[start - 1] not in ',.;:“”"'
            and self.lowers[start - 1]
            not in (
                "that",
                "by",
                "from",
                "with",
                "of",
                "and",
                "to",
                "for",
                "is",
                "was",
                "are",
                "were",
                "said",
                "told",
                "on",
                "in",
                "at",
            )
            and "\n" not in self.words[start - 1]
        ):
            start -= 1
        if start >= end or not self.words[start][0].isalpha():
            return None, "", ""
        core = start + 1
        while core < end and self.lowers[core] not in _SEPARATORS:
            core += 1
        phrase = _Source(start, end, core, source.claim)
        if self.lowers[start] in _PRONOUNS and core - start == 1:
            return (None, "", "") if _PRONOUNS[self.lowers[start]].get("relative") else self._phrase(phrase, "group")
        names = self._names_in(phrase)
        return self._entity(names[0].entity) if names else self._nominal(phrase)

    def _apposed_to(self, before: int):
        """The name that an apposition ending at token `before` belongs to: "Jane Doe, a judge in Leeds"."""
        for mention in reversed(self.mentions[: bisect_left(self.starts, before)]):
            if before - mention.end > 14 or self.sentence[mention.start] != self.sentence[before - 1]:
                return None
            if (
                mention.end < before
                and self.words[mention.end] in (",", "–", "—")
                and (
                    self.lowers[mention.end + 1] in _DETERMINERS
                    or is_role(self.lowers[mention.end + 1])
                    or self.words[mention.end + 1].isdigit()
                )
            ):
                return mention
        return None

    # -- noun phrases ------------------------------------------------------------------------------------------------

    def _nominal(self, source: _Source):
        head = self.lowers[source.core - 1]
        if head in _KINDS["unresolved"] and source.core - source.start == 1:
            return None, "", ""
        singular = singular_of(head)
        first = self.lowers[source.start]
        plural = singular != head or head in _KINDS["group"]
        definite = (
            first in _DEFINITE
            or first not in _DETERMINERS
            and (self.paragraph[source.start] == 0 or self._mention_over(source.start) is not None)
        )
        if not plural and (is_role(head) or head in _PERSON_NOUNS or head.endswith("-old")):
            person = self._person_by_role(source, head) if definite else None
            if person is not None:
                return self._entity(person)
            plain = head in _PERSON_NOUNS or head.endswith("-old")  # the 28-year-old, the candidate: anybody at hand
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
        if head in _KINDS["document"] and head not in ("paper",):
            return self._phrase(source, "document")
        if head in _KINDS["organization"]:
            if (
                definite
                and source.end == source.core
                and source.end - source.start <= 5
                and first in ("the", "this", "that")
            ):
                mention = self._last_mention(source.start, "ORG", 2000, singular) or (
                    self._last_mention(source.start, "ORG", 150)
                    if source.core - source.start == 2
                    and head
                    not in ("government", "court", "jury", "state", "city", "county", "campaign", "administration")
                    else None
                )
                if mention:
                    return self._entity(mention.entity)
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

    def _described(self, source: _Source, head: str) -> int | None:
        """Whom a description means that the article has not tied to anybody: the one it is just speaking of."""
        traits = self._candidates(source.start, _PERSON_NOUNS.get(head, ""))
        if not traits:
            return None
        best = self._choose(traits)
        near = ("last speaker, same paragraph", "last speaker, paragraph before", "subject 0", "subject 1")
        return best[1] if best[0] == "entity" and any(name in traits[best] for name in near) else None

    def _person_by_role(self, source: _Source, head: str) -> int | None:
        """The person whom the article calls by the role that heads the source, nearest before it."""
        modifiers = {singular_of(word) for word in self.lowers[source.start : source.core - 1]} - _DETERMINERS
        best, best_score = None, 0.0
        wanted = {head, TITLES.get(head, head)}
        for entity, words in self.role_words.items():
            if not wanted & words:
                continue
            before = [self.mentions[i] for i in self.entities[entity].mentions if self.mentions[i].start < source.start]
            if not before and self.paragraph[source.start] == 0:  # a headline names the role, the story the person
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

    def _phrase(self, source: _Source, kind: str):
        """A speaker known by a noun phrase alone; the same words, or "the" with the same head, are the same speaker."""
        start = source.start + (self.lowers[source.start] in _DETERMINERS or self.lowers[source.start] in _OWNED)
        end = source.end
        for i in range(source.core, source.end):
            if self.words[i] in (",", "–", "—", "―", ";", "("):
                end = (
                    i
                    if "and" not in self.lowers[i : source.end] or self.lowers[i + 1] in _DETERMINERS | _RELATIVES
                    else end
                )
                break
        if start >= end:
            start = source.start
        name = self.article.slice(start, end)
        head = self.lowers[source.core - 1]
        looks_back = self.lowers[source.start] in _DEFINITE or self.paragraph[source.start] == 0
        if looks_back and source.core - source.start <= 3 and source.end - source.core <= 1:
            same = (
                next((heads for heads in _SAME_DOCUMENT if head in heads), (head,)) if kind == "document" else (head,)
            )
            for key in reversed(self.last):
                if key[0] == "phrase" and key[2] in same and self.found[key].kind == kind:
                    return key, kind, self.found[key].name
        return ("phrase", name.lower(), head), kind, name
