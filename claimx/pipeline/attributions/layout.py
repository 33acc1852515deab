"""Statements that layout ascribes, without a verb: transcript turns (``WALLACE: Is that so?``) and signed quotations
(``“Go.” — Jane Doe, engineer``). Reads the text and its quotations alone.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence

from claimx.pipeline.annotations import Attribution, Offsets, Quotation
from claimx.pipeline.attributions.claim_kinds import kind_of
from claimx.pipeline.intervals import Intervals
from claimx.pipeline.quotations.paragraphs import paragraphs
from claimx.rules import PACKAGED, RuleFiles

_MARK = r"[\"“”'‘«„]?"
_CAPITALS = re.compile(
    _MARK + r"(?P<name>(?:(?:[A-Z][A-Z.'’\-]+|[A-Z]\.)(?:\s+(?=[A-Z(])|(?=[:(]|\s*\()))+)(?:\([^)\n]{1,60}\))?:\s+"
)
_NAME = re.compile(
    _MARK
    + r"(?P<name>[A-Z][\w.'’\-]*(?:\s+(?:[A-Z][\w.'’\-]*|de|la|van|der|von|al|bin|of|the)){0,4})"
    + r"(?:\s*\([^)\n]{1,60}\))?:\s+"
)
_SIGNATURE = re.compile(r"\s{0,3}(?P<dash>[—–―]|--?)\s*(?P<name>[A-Z][^\n]{1,100}?)[.\s]*(?=\n|$)")
#: A signature has at most so many words, a signed quotation at least so many.
_SIGNED, _STATEMENT = 14, 3
_WORD = re.compile(r"\w+")


class Layout:
    """Finds what layout ascribes; ``words.json`` has the labels of lines that are nobody's turn ("Note:")."""

    FILES = ("words.json",)

    def __init__(self, rules: RuleFiles = PACKAGED) -> None:
        self._labels = frozenset(rules.load("words.json")["line_labels"])

    def added_to(
        self, attributions: Sequence[Attribution], text: str, quotations: Sequence[Quotation]
    ) -> list[Attribution]:
        """The attributions and those that layout tells, which stand against any whose content overlaps theirs."""
        blocks = paragraphs(text)
        told = self.turns(text, blocks, quotations) + find_signed(text, blocks, quotations)
        outer = Intervals((q.start, q.end, q) for q in quotations if q.depth == 0)
        for attribution in told:
            attribution.kind = kind_of(text, attribution.content, outer)
        contents = Intervals((start, end, a) for a in told for start, end in a.content)
        return [a for a in attributions if not any(contents.over(*span) for span in a.content)] + told

    def turns(self, text: str, blocks: Sequence[Offsets], quotations: Sequence[Quotation]) -> list[Attribution]:
        """One attribution for each turn of a transcript; none where fewer than two paragraphs look like turns."""
        over = Intervals((q.start + 1, q.end, q) for q in quotations if q.end - q.start > 1)
        going_on = {start for start, _ in blocks if over.over(start, start + 1)}
        found = []
        for start, end in blocks:
            capitals = _CAPITALS.match(text, start, end)
            match = capitals or _NAME.match(text, start, end)
            if not match or end - match.end() < 3 or start in going_on:
                continue
            name = match["name"].rstrip()
            if name.lower() not in self._labels:
                found.append((match, name, bool(capitals) and len(name) > 2, end))
        names = Counter(name for _, name, _, _ in found)
        if len(found) < 2:
            return []
        return [
            _attribution(
                (match.end(), end),
                (text.index(":", match.start("name") + len(name)), 1),
                (match.start("name"), match.start("name") + len(name)),
                "transcript turn",
            )
            for match, name, certain, end in found
            if certain or names[name] > 1 and len(found) >= 3
        ]


def find_signed(text: str, blocks: Sequence[Offsets], quotations: Sequence[Quotation]) -> list[Attribution]:
    """One attribution for each quotation that makes up a paragraph and is signed at its end or in the next line."""
    starts = [start for start, _ in blocks]
    found = []
    for quotation in quotations:
        match = _SIGNATURE.match(text, quotation.end)
        if quotation.depth or not match or len(_WORD.findall(match["name"])) > _SIGNED:
            continue
        begin = starts[bisect_right(starts, quotation.start) - 1]
        alone = begin == quotation.start or any(q.end <= begin and q.group == quotation.group for q in quotations)
        statement = len(_WORD.findall(text, quotation.start, quotation.end)) >= _STATEMENT
        if alone and statement and bisect_left(starts, match.start("name")) - bisect_left(starts, begin) <= 2:
            found.append(
                _attribution(
                    (quotation.start, quotation.end),
                    (match.start("dash"), len(match["dash"])),
                    match.span("name"),
                    "signature",
                )
            )
    return found


def _attribution(content: Offsets, cue: tuple[int, int], source: Offsets, rule: str) -> Attribution:
    start, length = cue
    return Attribution(
        content=[content],
        cue=(start, start + length),
        source=source,
        lemma=":" if rule == "transcript turn" else "—",
        type="assertion",
        kind="",
        confidence=0.9,
        rule=rule,
    )
