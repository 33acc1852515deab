"""The kind of a claim: direct, mixed or indirect, by how much of it stands in quotation marks."""

from __future__ import annotations

import re
from collections.abc import Iterable

from claimx.pipeline.annotations import Offsets, Quotation
from claimx.pipeline.intervals import Intervals

_WORD = re.compile(r"\w+(?:[’'.\-]\w+)*")


def kind_of(text: str, content: Iterable[Offsets], quotations: Intervals[Quotation]) -> str:
    """direct: all words of the content stand in quotation marks; indirect: none; mixed: some."""
    pieces = [(start, end, quotations.over(start, end)) for start, end in content]
    if not any(inside for *_, inside in pieces):
        return "indirect"
    words = quoted = 0
    for start, end, inside in pieces:
        for word in _WORD.finditer(text, start, end):
            words += 1
            quoted += any(low <= word.start() < high for low, high, _ in inside)
    if not quoted:
        return "indirect"
    return "direct" if quoted >= 0.95 * words else "mixed"
