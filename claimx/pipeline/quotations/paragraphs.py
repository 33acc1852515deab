"""Paragraphs of plain text: the frame in which quotation marks are opened, closed and reset."""

from __future__ import annotations

import re
from statistics import median

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_LINE = re.compile(r"\n+")
#: Lines of hard-wrapped text (old wire copy, e-mail) are rarely longer than this many characters.
_WRAP_WIDTH = 100


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Return the (start, end) code-point offsets of each paragraph, white space trimmed.

    A line break ends a paragraph, except in hard-wrapped text, where only a blank line does.
    """
    separator = _BLANK_LINE if is_hard_wrapped(text) else _LINE
    spans, start = [], 0
    for match in separator.finditer(text):
        spans.append((start, match.start()))
        start = match.end()
    spans.append((start, len(text)))
    return [trimmed for span in spans if (trimmed := _trim(text, *span))]


def is_hard_wrapped(text: str) -> bool:
    """Tell whether single line breaks in `text` come from wrapping rather than from paragraphs.

    They do where blank lines separate paragraphs and most lines inside them break in mid-sentence.
    """
    if not _BLANK_LINE.search(text):
        return False
    inner = [line.strip() for block in _BLANK_LINE.split(text) for line in block.split("\n")[:-1]]
    inner = [line for line in inner if line]
    if len(inner) < 3 or median(map(len, inner)) > _WRAP_WIDTH or median(map(len, inner)) < 40:
        return False
    broken = sum(line[-1].isalnum() or line[-1] in ",;-" for line in inner)
    return broken > 0.6 * len(inner)


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None
