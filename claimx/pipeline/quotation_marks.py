"""Finds quotations by their marks, on characters alone.

Marks are matched within a paragraph; an unclosed mark opens a quotation only where the next paragraph opens with a
mark again, and swallows nothing elsewhere. One pass over the marks: linear in the length of the text.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from claimx.pipeline.annotations import Quotation
from claimx.pipeline.paragraphs import paragraphs
from claimx.pipeline.patterns import any_of
from claimx.rules import load

_RULES = load("marks.json")
_SYMBOLS = {
    symbol: (family, side)
    for family in ("double", "guillemets", "single")
    for side, symbols in _RULES[family].items()
    for symbol in symbols
}
_MARK = re.compile(any_of(_SYMBOLS))
_ELISIONS = frozenset(_RULES["elisions"])
_WORD = re.compile(r"\w+")
_FEET = re.compile(r"\d['’′]\s?\d{1,2}$")
_OPENING_BRACKETS = "([{<—–―-/|:="
_ENDING = ",.?!…;:—–-)]"


class _Mark(NamedTuple):
    start: int
    end: int
    symbol: str
    family: str
    can_open: bool
    can_close: bool
    #: a close that may as well be an apostrophe ("farmers' market", "goin' home")
    weak: bool


@dataclass(slots=True, eq=False)
class _Open:
    mark: _Mark
    group: int


def find_quotations(text: str) -> list[Quotation]:
    """Return every quotation of `text`, nested ones included, in the order of their opening marks.

    Offsets are Unicode code points and include the marks. Pieces of one quotation that runs over several paragraphs
    share a `group`.
    """
    found: list[Quotation] = []
    carried: int | None = None
    spans = paragraphs(text)
    paragraph_marks = [_marks(text, start, end) for start, end in spans]
    for (_, end), (next_start, _), marks, next_marks in zip(
        spans, [*spans[1:], (len(text), 0)], paragraph_marks, [*paragraph_marks[1:], []], strict=False
    ):
        pairs, unclosed = _match(marks, carried)
        goes_on = _continued(unclosed, next_marks, next_start)
        stray = {opening.mark.start for opening in unclosed if opening is not goes_on}
        if stray:  # what stood inside a stray mark is matched afresh without it: an unclosed mark swallows nothing
            kept = [mark for mark in marks if mark.start not in stray]
            pairs, unclosed = _match(kept, carried if kept and kept[0] is marks[0] else None)
            goes_on = next((opening for opening in unclosed if goes_on and opening.mark is goes_on.mark), None)
        found += [Quotation(opening.mark.start, closing.end, group=opening.group) for opening, closing in pairs]
        if goes_on:
            found.append(Quotation(goes_on.mark.start, end, group=goes_on.group, closed=False))
        carried = goes_on.group if goes_on else None
    found.sort(key=lambda quotation: (quotation.start, -quotation.end))
    _set_depth(found)
    return found


def _marks(text: str, start: int, end: int) -> list[_Mark]:
    matches = _MARK.finditer(text, start, end)
    marks = (_classify(text, match.start(), match.end(), match.group(), start, end) for match in matches)
    return [mark for mark in marks if mark]


def _classify(text: str, start: int, end: int, symbol: str, lower: int, upper: int) -> _Mark | None:
    """Say what the mark at [start, end) can be, from the characters around it; None for an apostrophe."""
    family, side = _SYMBOLS[symbol]
    before = text[start - 1] if start > lower else " "
    after = text[end] if end < upper else " "
    starts = (
        before.isspace() or before in _OPENING_BRACKETS or (before in _SYMBOLS and before != symbol) or before == "`"
    )
    ends = (
        after.isspace()
        or after in _ENDING
        or after in "}>/|"
        or (after in _SYMBOLS and after != symbol)
        or after == "'"
    )
    opens_here, closes_here = starts and not after.isspace(), ends and not before.isspace()
    if family == "single":
        return _classify_single(text, start, end, symbol, side, before, after, opens_here, closes_here, upper)
    if side == "straight":
        if before.isdigit() and _FEET.search(text, max(lower, start - 5), start):
            return None
        if before.isdigit() and after.isspace() and text[end + 1 : end + 2].islower():
            return _Mark(start, end, symbol, family, False, closes_here, True)  # a 12" pipe, or "in 2012" after all
        either = opens_here == closes_here
        return _Mark(start, end, symbol, family, opens_here or either, closes_here or either, False)
    if family == "guillemets":
        return _Mark(start, end, symbol, family, side == "left" or opens_here, side == "right" or closes_here, False)
    if side == "open":
        return _Mark(start, end, symbol, family, not (closes_here and not opens_here), closes_here, False)
    return _Mark(start, end, symbol, family, opens_here and not closes_here, True, False)


def _classify_single(text, start, end, symbol, side, before, after, opens_here, closes_here, upper) -> _Mark | None:
    if before.isalnum() and after.isalnum():
        return None
    word = _WORD.match(text, end, upper)
    if opens_here and not closes_here:
        if word and (word.group().lower() in _ELISIONS or word.group()[0].isdigit() and side != "open"):
            return None
        if not word and after not in _SYMBOLS and after not in "[(.…$£€#@":
            return None
        return _Mark(start, end, symbol, "single", True, False, False)
    if closes_here and side != "open":
        follows = text[end + 1 : end + 2]
        running_on = after.isspace() and follows.isalnum()
        clipped = before in "sSzx" or text[max(0, start - 2) : start] == "in" or text[start - 1 : start] == "o"
        return _Mark(start, end, symbol, "single", False, True, before.isalnum() and running_on and clipped)
    if side == "open":
        return _Mark(start, end, symbol, "single", True, closes_here, False)
    return None


def _match(marks: list[_Mark], carried: int | None) -> tuple[list[tuple[_Open, _Mark]], list[_Open]]:
    """Pair opening with closing marks; return the pairs and the openings left unclosed.

    `carried` is the group of a quotation of the paragraph before, which the first mark goes on with.
    """
    pairs: list[tuple[_Open, _Mark]] = []
    stack: list[_Open] = []
    depth: Counter = Counter()
    firm_close_ahead = _firm_closes(marks)
    for index, mark in enumerate(marks):
        if index == 0 and carried is not None:
            stack.append(_Open(mark, carried))
            depth[mark.family] += 1
        elif mark.can_close and depth[mark.family] and _closes(mark, stack, firm_close_ahead[index]):
            while stack[-1].mark.family != mark.family:
                depth[stack.pop().mark.family] -= 1
            pairs.append((stack.pop(), mark))
            depth[mark.family] -= 1
        elif mark.can_open:
            stack.append(_Open(mark, mark.start))
            depth[mark.family] += 1
    return pairs, stack


def _closes(mark: _Mark, stack: list[_Open], firm_close_ahead: bool) -> bool:
    if mark.family == "single":
        return stack[-1].mark.family == "single" and not (mark.weak and firm_close_ahead)
    if mark.family == "guillemets":
        return mark.symbol != stack[-1].mark.symbol or not mark.can_open
    return not mark.weak or stack[-1].mark.family == "double"


def _firm_closes(marks: list[_Mark]) -> list[bool]:
    """For each mark, whether a firm single close comes after it and before the next single opening."""
    ahead, firm = [False] * len(marks), False
    for index in range(len(marks) - 1, -1, -1):
        ahead[index] = firm
        mark = marks[index]
        if mark.family == "single":
            firm = True if mark.can_close and not mark.weak else False if mark.can_open else firm
    return ahead


def _continued(unclosed: list[_Open], following: list[_Mark], start: int) -> _Open | None:
    """The unclosed opening that the next paragraph, starting with `following`, goes on from."""
    if not following or following[0].start != start or not following[0].can_open:
        return None
    return next((entry for entry in reversed(unclosed) if entry.mark.family == following[0].family), None)


def _set_depth(quotations: list[Quotation]) -> None:
    enclosing: list[int] = []
    for quotation in quotations:
        while enclosing and enclosing[-1] <= quotation.start:
            enclosing.pop()
        quotation.depth = len(enclosing)
        enclosing.append(quotation.end)
