"""Coreference of sources: whom he, she, they and it mean.

Pronouns of a person go to the candidate with the highest weighted sum of traits, whose weights
(``rules/speaker_weights.json``) are learnt by ``models/learn_speakers.py``.
"""

from __future__ import annotations

import math
from bisect import bisect_left

from claimx.pipeline.lexicon import HONORIFICS, PERSON_NOUNS, TITLES, WORDS, is_role, singular_of
from claimx.pipeline.sources import Source, SourceReader
from claimx.rules import load

_KINDS = {kind: frozenset(load("kinds.json")[kind]) for kind in ("document", "organization")}
_WEIGHTS: dict[str, float] = load("speaker_weights.json")
_REACH = 400  # tokens a pronoun looks back
_DETERMINERS = WORDS["determiners"]


class PronounResolver(SourceReader):
    """Resolves the pronouns of one article; what it returns is (key, kind, name) of a speaker, or (None, "", "")."""

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

    def _pronoun(self, source: Source, traits: dict):
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

    def _salient_organization(self, before: int, reach: int):
        """The organization that the last `reach` tokens name and the article names most, if it does so twice."""
        found = {
            m.entity for m in self.mentions if m.label == "ORG" and m.entity >= 0 and 0 < before - m.start <= reach
        }
        best = max(found, key=lambda entity: (len(self.entities[entity].mentions), -entity), default=None)
        return best if best is not None and len(self.entities[best].mentions) > 1 else None

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
        return PERSON_NOUNS.get(key[2], "") or (
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
        """Whether a name stands where subjects stand: first in its sentence, titles aside, or first in a clause."""
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
        return self.lowers[i] in WORDS["subject_leads"]

    def _apposed_to(self, before: int):
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
