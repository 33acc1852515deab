"""Sections of a long text, each read for itself, so that time and memory grow with its length and no faster."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from claimx.pipeline.annotations import Quotation
from claimx.pipeline.encoder.features import NEW_PARAGRAPH, Features

#: Words in a section, about: few articles are longer.
SECTION = 2500


def sections(features: Features, quotations: Sequence[Quotation], size: int = SECTION) -> list[Features]:
    """Cut `features` into sections of `size` words and more.

    A cut is made before the first paragraph behind `size` words that stands in no quotation; where none comes within
    as many words again, before any word outside one; where even that is missing, in it.
    """
    count = len(features.words)
    if count <= 2 * size:
        return [features] if count else []
    starts = features.words[:, 0]
    free = np.ones(count, bool)
    for start, end in _extents(quotations):
        free[np.searchsorted(starts, start, "right") : np.searchsorted(starts, end, "left")] = False
    paragraphs = free & (features.gap[features.first] == NEW_PARAGRAPH)
    cuts = [0]
    while count - cuts[-1] > 2 * size:
        low = cuts[-1] + size
        for allowed in (paragraphs, free):
            found = np.flatnonzero(allowed[low : low + size])
            if len(found):
                cuts.append(low + int(found[0]))
                break
        else:
            cuts.append(low + size)
    return [_section(features, start, end) for start, end in zip(cuts, [*cuts[1:], count], strict=True)]


def _extents(quotations: Sequence[Quotation]) -> list[tuple[int, int]]:
    """From the first to the last mark of every quotation, whatever its paragraphs."""
    extents: dict[int, tuple[int, int]] = {}
    for quotation in quotations:
        start, end = extents.get(quotation.group, (quotation.start, quotation.end))
        extents[quotation.group] = min(start, quotation.start), max(end, quotation.end)
    return list(extents.values())


def _section(features: Features, start: int, end: int) -> Features:
    low = features.first[start]
    high = features.first[end] if end < len(features.first) else len(features.ids)
    return Features(
        features.text,
        *(getattr(features, name)[low:high] for name in ("ids", "case", "quote", "gap")),
        features.first[start:end] - low,
        features.words[start:end],
        None if start else features.lead,
    )
