"""What the encoder reads of a text: word pieces with casing, quotation and paragraph features, grouped into words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from claimx.pipeline.quotations import find_quotations

#: Words as the measures count them; every other printing character is a word of its own.
WORD = re.compile(r"\w+(?:[’'.\-]\w+)*|[^\w\s]")
LOWER, TITLE, UPPER, MIXED, OTHER, INNER = range(6)
OUTSIDE, INSIDE, OPENING, CLOSING, NESTED = range(5)
JOINED, SPACED, NEW_PARAGRAPH, FIRST = range(4)


@dataclass(slots=True)
class Encoded:
    """`ids`, `case`, `quote`, `gap`: (pieces,); `first`: first piece of each word; `words`: (words, 2) offsets."""

    text: str
    ids: np.ndarray
    case: np.ndarray
    quote: np.ndarray
    gap: np.ndarray
    first: np.ndarray
    words: np.ndarray
    offsets: np.ndarray


def quotation_states(text: str, quotations) -> np.ndarray:
    """State of every character: outside, inside, opening or closing mark, or inside a nested quotation."""
    states = np.zeros(len(text), np.int8)
    for quotation in quotations:  # outer ones come first
        states[quotation.start : quotation.end] = INSIDE if quotation.depth == 0 else NESTED
        if quotation.depth == 0:
            states[quotation.start] = OPENING
            if quotation.closed:
                states[quotation.end - 1] = CLOSING
    return states


def load_tokenizer(minilm: Path) -> Tokenizer:
    """The tokenizer of a folder of all-MiniLM-L6-v2, set to give every piece of a text."""
    tokenizer = Tokenizer.from_file(str(minilm / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def encode(text: str, tokenizer, quotations=None) -> Encoded:
    encoding = tokenizer.encode(text, add_special_tokens=False)
    offsets = np.array(encoding.offsets, np.int32).reshape(-1, 2)
    keep = offsets[:, 1] > offsets[:, 0]
    offsets, ids = offsets[keep], np.array(encoding.ids, np.int32)[keep]
    states = quotation_states(text, find_quotations(text) if quotations is None else quotations)
    found = np.array([match.span() for match in WORD.finditer(text)], np.int32).reshape(-1, 2)
    starts, ends = offsets[:, 0], offsets[:, 1]
    word_of = np.searchsorted(found[:, 0], starts, side="right") - 1
    is_first = np.ones(len(ids), bool)
    is_first[1:] = word_of[1:] != word_of[:-1]
    first = np.flatnonzero(is_first)
    words = found[word_of[first]] if len(first) else np.zeros((0, 2), np.int32)
    case = np.empty(len(ids), np.int8)
    gap = np.empty(len(ids), np.int8)
    previous = 0
    for i, (s, e) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
        piece = text[s:e]
        if piece.islower():
            case[i] = LOWER if is_first[i] else INNER
        elif piece.isupper():
            case[i] = UPPER if len(piece) > 1 else TITLE
        elif piece[0].isupper():
            case[i] = TITLE
        else:
            case[i] = MIXED if any(c.isalpha() for c in piece) else OTHER
        between = text[previous:s]
        gap[i] = FIRST if i == 0 else NEW_PARAGRAPH if "\n" in between else SPACED if between else JOINED
        previous = e
    quote = states[starts] if len(starts) else np.zeros(0, np.int8)
    return Encoded(text, ids, case, quote, gap, first, words, offsets)
