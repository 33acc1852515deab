"""How well claims were found: token overlap of content, source and speaker, against hand-made gold.

Claims are paired one to one, best token Dice first, at 0.5 or more; a pair counts for `sources` if the sources share
a word or both are absent, for `speakers` if the names end in the same word. `affiliations` are (speaker, role,
organization) facts of people.

What is `optional` in gold, a claim or an affiliation on which careful readers differ, is neither asked for nor counted
when it is found; the names under `also` are as good as a speaker's name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_WORD = re.compile(r"\w+(?:[’'.\-]\w+)*")


@dataclass
class Score:
    right: int = 0
    found: int = 0
    gold: int = 0

    @property
    def f1(self) -> float:
        return 200 * self.right / (self.found + self.gold) if self.found + self.gold else 100.0


def words(text: str, spans) -> set[int]:
    return {m.start() for start, end in spans for m in _WORD.finditer(text, start, end)}


def locate(text: str, claim: dict) -> tuple[list, list]:
    """Spans of a gold claim's content and source, which it gives as strings."""
    content, at = [], 0
    for piece in claim["content"]:
        start = text.index(piece, at)
        at = start + len(piece)
        content.append((start, at))
    if not claim["source"]:
        return content, []
    places = [m.start() for m in re.finditer(re.escape(claim["source"]), text)]
    start = min(places, key=lambda place: min(abs(place - content[0][0]), abs(place - content[0][1])))
    return content, [(start, start + len(claim["source"]))]


def pairs(gold: list[set], found: list[set]) -> list[tuple[int, int]]:
    scored = sorted(
        (-2 * len(g & f) / (len(g) + len(f)), i, j) for i, g in enumerate(gold) for j, f in enumerate(found) if g & f
    )
    out, left, right = [], set(), set()
    for dice, i, j in scored:
        if dice <= -0.5 and i not in left and j not in right:
            out.append((i, j))
            left.add(i)
            right.add(j)
    return out


def compare(text: str, gold: dict, extraction) -> dict[str, Score]:
    located = [locate(text, claim) for claim in gold["claims"]]
    gold_words = [words(text, content) for content, _ in located]
    found_words = [words(text, claim.spans) for claim in extraction.claims]
    optional = {i for i, claim in enumerate(gold["claims"]) if claim.get("optional")}
    every = pairs(gold_words, found_words)
    matched = [(i, j) for i, j in every if i not in optional]
    n, m = len(found_words) - (len(every) - len(matched)), len(gold_words) - len(optional)
    scores = {"contents": Score(len(matched), n, m), "sources": Score(0, n, m), "speakers": Score(0, n, m)}
    names = {speaker["name"]: also_called(speaker) for speaker in gold["speakers"]}
    for i, j in matched:
        claim = extraction.claims[j]
        a, b = words(text, located[i][1]), words(text, claim.source.spans if claim.source else [])
        scores["sources"].right += bool(a & b) or not a and not b
        want, got = gold["claims"][i]["speaker"], extraction.speaker_of(claim)
        scores["speakers"].right += _last(got.name if got else None) in {_last(n) for n in names.get(want, [None])}
    scores["affiliations"] = _affiliations(gold, extraction, names)
    return scores


def also_called(speaker: dict) -> list[str]:
    """The names of a gold speaker that are right."""
    return [speaker["name"], *speaker.get("also", [])]


def _affiliations(gold: dict, extraction, names: dict[str, list[str]]) -> Score:
    people = [(s["name"], a) for s in gold["speakers"] if s["kind"] == "person" for a in s["affiliations"]]
    every = {_fact(name, a, names): a.get("optional", False) for name, a in people}
    got = {
        _fact(s.name, a.model_dump(), names) for s in extraction.speakers if s.kind == "person" for a in s.affiliations
    }
    want = {fact for fact, optional in every.items() if not optional}
    return Score(len(want & got), len(got - (every.keys() - want)), len(want))


def _last(name: str | None) -> str | None:
    return name.split()[-1].lower() if name else None


def _fact(name: str, affiliation: dict, names: dict[str, list[str]]) -> tuple:
    role, organization = (
        part and part.removeprefix("the ").lower() for part in (affiliation["role"], affiliation["organization"])
    )
    fullest = (full for full, also in names.items() if organization in map(str.lower, also))
    return _last(name), role, next(fullest, organization)
