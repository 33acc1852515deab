"""How well claims were found: token overlap of content, source and speaker, against hand-made gold.

Claims are paired one to one, best token Dice first, at 0.5 or more; a pair counts for `sources` if the sources share
a word or both are absent, for `speakers` if the names end in the same word. `affiliations` are (speaker, role,
organization) facts of people.
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
    matched = pairs(gold_words, found_words)
    n, m = len(found_words), len(gold_words)
    scores = {"contents": Score(len(matched), n, m), "sources": Score(0, n, m), "speakers": Score(0, n, m)}
    for i, j in matched:
        claim = extraction.claims[j]
        a, b = words(text, located[i][1]), words(text, claim.source.spans if claim.source else [])
        scores["sources"].right += bool(a & b) or not a and not b
        want, got = gold["claims"][i]["speaker"], extraction.speaker_of(claim)
        scores["speakers"].right += _last(want) == _last(got.name if got else None)
    want = {_fact(s["name"], a) for s in gold["speakers"] if s["kind"] == "person" for a in s["affiliations"]}
    got = {_fact(s.name, a.model_dump()) for s in extraction.speakers if s.kind == "person" for a in s.affiliations}
    scores["affiliations"] = Score(len(want & got), len(got), len(want))
    return scores


def _last(name: str | None) -> str | None:
    return name.split()[-1].lower() if name else None


def _fact(name: str, affiliation: dict) -> tuple:
    role, organization = (
        part and part.removeprefix("the ").lower() for part in (affiliation["role"], affiliation["organization"])
    )
    return _last(name), role, organization
