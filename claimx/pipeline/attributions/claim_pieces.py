"""Pieces of a claim as intervals: what is left of them without some span, and what stands right before its cue."""

from __future__ import annotations

import re
from collections.abc import Iterable

from claimx.pipeline.annotations import Attribution, Offsets

CLOSING = '”"’»'
_EDGES = " \t\n\r\xa0,;:.–—-"
_SENTENCE_END = re.compile(r"[.!?…][”\"’»)]*\s+|\n")


def cut(text: str, pieces: Iterable[Offsets], *spans: Offsets) -> list[Offsets]:
    """The pieces without `spans`; what is left of a piece that was cut loses white space and marks at its edges."""
    left = list(pieces)
    for start, end in spans:
        kept: list[Offsets] = []
        for low, high in left:
            if high <= start or end <= low:
                kept.append((low, high))
                continue
            parts = (trimmed(text, low, start), trimmed(text, end, high))
            kept += [part for part in parts if part]
        left = kept
    return left


def trimmed(text: str, start: int, end: int) -> Offsets | None:
    """A span without the white space and marks at its edges; None where no word is left."""
    while start < end and text[start] in _EDGES:
        start += 1
    while start < end and text[end - 1] in _EDGES and not text[start:end].endswith("..."):
        end -= 1
    return (start, end) if any(char.isalnum() for char in text[start:end]) else None


def sentence_start(text: str, place: int) -> int:
    """Where the sentence of a place begins, by punctuation alone: an abbreviation ends one too."""
    low = max(0, place - 400)
    ends = [match.end() for match in _SENTENCE_END.finditer(text, low, place)]
    return ends[-1] if ends else low


def subject_of(claim: Attribution, text: str) -> Offsets | None:
    """What of the claim stands right before its cue: the subject, though the network may take some of it for content.

    Words that close a quotation are not part of it.
    """
    start = end = claim.cue[0]
    spans = sorted([*claim.content, *([claim.source] if claim.source else [])], reverse=True)
    for low, high in spans:
        if high > start or text[high:start].strip():
            continue
        closing = max(text.rfind(mark, low, high) for mark in CLOSING if mark != "’")
        start = max(low, closing + 1)
        if closing >= low:
            break
    return trimmed(text, start, end) if start < end else None
