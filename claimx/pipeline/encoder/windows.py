"""Windows over an article that is longer than what the encoder reads at once."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from claimx.pipeline.encoder.features import NEW_PARAGRAPH, Features
from claimx.pipeline.encoder.tags import WINDOW

#: Word pieces that a window sees on either side of the words whose tags are read off it.
CONTEXT = 32


class Window(NamedTuple):
    """Words `start` to `end` are read; the tags of `first` to `last` are kept."""

    start: int
    end: int
    first: int
    last: int


def windows(features: Features, size: int = WINDOW, context: int = CONTEXT) -> list[Window]:
    """Cut an article into windows of at most `size` word pieces (one word may be longer), about equally long.

    Every word is kept from exactly one window, which sees up to `context` pieces on both sides of what is kept. Where
    a paragraph begins close to a cut, the cut is made there.
    """
    count, pieces = len(features.first), len(features.ids)
    if pieces <= size:
        return [Window(0, count, 0, count)] if count else []
    bounds = np.append(features.first, pieces)
    paragraphs = np.flatnonzero(features.gap[features.first] == NEW_PARAGRAPH)
    begins = bounds[paragraphs]
    room = size - 2 * context
    out, first = [], 0
    while first < count:
        left = bounds[first]
        parts = -(-(pieces - left) // room)
        last = count
        if parts > 1:
            aim, most = left + (pieces - left) / parts, left + room
            # integers all of them: a float would have the array copied
            last = int(np.searchsorted(bounds, math.floor(aim), "right")) - 1
            low = np.searchsorted(begins, math.ceil(aim) - context)
            near = paragraphs[low : np.searchsorted(begins, most, "right")]
            if len(near):
                last = int(near[np.abs(bounds[near] - aim).argmin()])
            last = max(last, first + 1)
        start = int(np.searchsorted(bounds, max(0, left - context), "left"))
        end = int(np.searchsorted(bounds, bounds[last] + context, "right")) - 1
        out.append(Window(min(start, first), max(end, last), first, last))
        first = last
    return out
