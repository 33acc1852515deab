"""Sections of a long text, read one after another, so that time grows with its length and memory hardly at all."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from claimx.pipeline.annotations import Quotation
from claimx.pipeline.encoder.features import NEW_PARAGRAPH, Features
from claimx.pipeline.encoder.windows import Window, windows

#: Words in a section, about: few articles are longer.
SECTION = 2500
#: Words that a section sees beyond its ends, so that what it says does not depend on where the cuts are.
MARGIN = 200


@dataclass(slots=True)
class Section:
    """Words `start` to `end` of a text are read; what is said of the words `first` to `last` is kept.

    `windows` are those of the whole text, whatever the sections: a section runs the ones that it touches.
    """

    whole: Features
    windows: list[Window]
    start: int
    end: int
    first: int
    last: int

    @property
    def features(self) -> Features:
        """The features of the words that are read."""
        return _cut(self.whole, self.start, self.end)


def sections(
    features: Features, quotations: Sequence[Quotation], size: int = SECTION, margin: int = MARGIN
) -> list[Section]:
    """Cut `features` into sections of `size` words and more.

    A cut is made before the first paragraph behind `size` words that stands in no quotation; where none comes within
    as many words again, before any word outside one; where even that is missing, in it. Quotations of up to `size`
    words that reach into a margin are read whole.
    """
    count = len(features.words)
    lows, highs = _extents(features, quotations)
    short = highs - lows <= size
    cuts = _cuts(features, lows, highs, size)
    cut = windows(features)
    lasts = [window.last for window in cut]
    found = []
    for first, last in zip(cuts, [*cuts[1:], count], strict=True):
        start, end = max(0, first - margin), min(count, last + margin)
        start = int(lows[short & (lows < start) & (start < highs)].min(initial=start))
        end = int(highs[short & (lows < end) & (end < highs)].max(initial=end))
        own = cut[bisect_right(lasts, start) : bisect_right(lasts, end - 1) + 1]
        found.append(Section(features, own, start, end, first, last))
    return found if count else []


def _cuts(features: Features, lows: np.ndarray, highs: np.ndarray, size: int) -> list[int]:
    count = len(features.words)
    cuts = [0]
    if count <= 2 * size:
        return cuts
    free = np.ones(count, bool)
    for low, high in zip(lows.tolist(), highs.tolist(), strict=True):
        free[low + 1 : high] = False
    paragraphs = free & (features.gap[features.first] == NEW_PARAGRAPH)
    while count - cuts[-1] > 2 * size:
        low = cuts[-1] + size
        for allowed in (paragraphs, free):
            found = np.flatnonzero(allowed[low : low + size])
            if len(found):
                cuts.append(low + int(found[0]))
                break
        else:
            cuts.append(low + size)
    return cuts


def _extents(features: Features, quotations: Sequence[Quotation]) -> tuple[np.ndarray, np.ndarray]:
    """First and end words of every quotation, from its first mark to its last, whatever its paragraphs."""
    extents: dict[int, tuple[int, int]] = {}
    for quotation in quotations:
        start, end = extents.get(quotation.group, (quotation.start, quotation.end))
        extents[quotation.group] = min(start, quotation.start), max(end, quotation.end)
    bounds = np.array(list(extents.values()), np.int64).reshape(-1, 2)
    starts = features.words[:, 0]
    return np.searchsorted(starts, bounds[:, 0], "left"), np.searchsorted(starts, bounds[:, 1], "left")


def _cut(features: Features, start: int, end: int) -> Features:
    low = features.first[start]
    high = features.first[end] if end < len(features.first) else len(features.ids)
    return Features(
        features.text,
        *(getattr(features, name)[low:high] for name in ("ids", "case", "quote", "gap")),
        features.first[start:end] - low,
        features.words[start:end],
        None if start else features.lead,
    )
