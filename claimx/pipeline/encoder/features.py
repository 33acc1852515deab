"""What the encoder reads of a text: word pieces with casing, quotation and paragraph features, grouped into words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from claimx.pipeline.annotations import Quotation
from claimx.pipeline.quotations.paragraphs import paragraphs

if TYPE_CHECKING:
    from tokenizers import Tokenizer

#: Words as the measures count them, but bounded in length, as scripts without spaces and strings of code are not;
#: every other printing character is a word of its own.
WORD = re.compile(r"\w{1,64}(?:[’'.\-]\w{1,64}){0,5}|[^\w\s]")
#: A first paragraph of no more words than these, with more behind it, is a headline.
_HEADLINE = 25
_LEAD = "In the news today."
LOWER, TITLE, UPPER, MIXED, OTHER, INNER = range(6)
OUTSIDE, INSIDE, OPENING, CLOSING, NESTED = range(5)
JOINED, SPACED, NEW_PARAGRAPH, FIRST = range(4)


@dataclass(slots=True)
class Features:
    """`ids`, `case`, `quote`, `gap`: (pieces,); `first`: first piece of each word; `words`: (words, 2) offsets.

    Offsets are Unicode code points into `text`, end exclusive. `lead` is to be read before the text, and forgotten.
    """

    text: str
    ids: np.ndarray
    case: np.ndarray
    quote: np.ndarray
    gap: np.ndarray
    first: np.ndarray
    words: np.ndarray
    lead: Features | None = None

    def range_of(self, start: int, end: int) -> tuple[int, int]:
        """The range of words that touch the code points from `start` to `end`."""
        low = int(np.searchsorted(self.words[:, 1], start, "right"))
        return low, max(low, int(np.searchsorted(self.words[:, 0], end, "left")))


def load_tokenizer(content: bytes) -> Tokenizer:
    """The word-piece tokenizer in the content of a ``tokenizer.json``, set to give every piece of a text."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_buffer(content)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def features(text: str, tokenizer: Tokenizer, quotations: Iterable[Quotation]) -> Features:
    """Features of `text`; `quotations` are those that `find_quotations` found in it, outer ones before inner ones.

    The encoder has learnt that a text begins with its headline. One that has none is led in by a line of ours.
    """
    blocks = paragraphs(text)
    found = _features(text, tokenizer, quotations, blocks)
    if len(blocks) < 2 or len(text[slice(*blocks[0])].split()) > _HEADLINE:
        found.gap[:1] = NEW_PARAGRAPH
        found.lead = _features(_LEAD, tokenizer, (), [(0, len(_LEAD))])
    return found


def _features(
    text: str, tokenizer: Tokenizer, quotations: Iterable[Quotation], blocks: list[tuple[int, int]]
) -> Features:
    encoding = tokenizer.encode(text, add_special_tokens=False)
    offsets = np.array(encoding.offsets, np.int32).reshape(-1, 2)
    keep = offsets[:, 1] > offsets[:, 0]
    found = np.array([match.span() for match in WORD.finditer(text)], np.int32).reshape(-1, 2)
    keep &= np.searchsorted(found[:, 0], offsets[:, 0], side="right") > 0  # a piece before any word belongs to none
    offsets, ids = offsets[keep], np.array(encoding.ids, np.int64)[keep]
    starts = offsets[:, 0]
    word_of = np.searchsorted(found[:, 0], starts, side="right") - 1
    is_first = np.ones(len(ids), bool)
    is_first[1:] = word_of[1:] != word_of[:-1]
    first = np.flatnonzero(is_first)
    case = [
        _case(text[start:end], leads) for (start, end), leads in zip(offsets.tolist(), is_first.tolist(), strict=True)
    ]
    paragraph = np.searchsorted([start for start, _ in blocks], starts, side="right")
    gap = np.full(len(ids), FIRST)
    gap[1:] = np.where(starts[1:] == offsets[:-1, 1], JOINED, SPACED)
    gap[1:][paragraph[1:] != paragraph[:-1]] = NEW_PARAGRAPH
    return Features(
        text,
        ids,
        np.array(case, np.int64),
        _quotation_states(text, quotations)[starts].astype(np.int64),
        gap,
        first,
        found[word_of[first]],
    )


def _case(piece: str, leads: bool) -> int:
    if piece.islower():
        return LOWER if leads else INNER
    if piece.isupper():
        return UPPER if len(piece) > 1 else TITLE
    if piece[0].isupper():
        return TITLE
    return MIXED if any(map(str.isalpha, piece)) else OTHER


def _quotation_states(text: str, quotations: Iterable[Quotation]) -> np.ndarray:
    """State of every character: outside, inside, opening or closing mark, or inside a nested quotation."""
    states = np.zeros(len(text), np.int8)
    for quotation in quotations:
        states[quotation.start : quotation.end] = INSIDE if quotation.depth == 0 else NESTED
        if quotation.depth == 0:
            states[quotation.start] = OPENING
            if quotation.closed:
                states[quotation.end - 1] = CLOSING
    return states
