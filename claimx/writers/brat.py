"""Articles as brat standoff: a folder with ID.txt, ID.ann and the configuration, which `claimx evaluate` reads as well.

Text bounds are Content, Cue and Source, tied by the relations HasCue and HasSource; kind, type and negation are
attributes of the content, its speaker and the confidences a note. Format: https://brat.nlplab.org/standoff.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from claimx.errors import OutputError
from claimx.writers.parts import speaker_line

if TYPE_CHECKING:
    from claimx.schema import Extraction, Reading

#: brat's annotation.conf for these files.
CONFIG = """[entities]
Content
Cue
Source

[relations]
HasCue\tArg1:Content, Arg2:Cue
HasSource\tArg1:Content, Arg2:Source
<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>

[events]

[attributes]
Kind\tArg:Content, Value:direct|mixed|indirect
Type\tArg:Content, Value:assertion|belief|fact|eventuality|question
Negated\tArg:Content
"""
_UNSAFE = re.compile(r"[^\w.-]+")


def write_brat(readings: Iterable[Reading], path: str) -> None:
    """Write the folder `path`, which must be new or empty. Raises `OutputError`."""
    folder = Path(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise OutputError.not_empty(path)
        taken: set[str] = set()
        for reading in readings:
            name = _name(reading.extraction.id, taken)
            (folder / f"{name}.txt").write_text(reading.text, encoding="utf-8", newline="")
            (folder / f"{name}.ann").write_text(_annotation(reading), encoding="utf-8", newline="")
        (folder / "annotation.conf").write_text(CONFIG, encoding="utf-8")
    except OSError as error:
        raise OutputError.failed(path, error) from error


def _name(id: str, taken: set[str]) -> str:
    """A file name for an article, unlike those of the others."""
    base = _UNSAFE.sub("_", id.removesuffix(".txt")).strip("._")[:100] or "article"
    name, number = base, 1
    while name.casefold() in taken:
        number += 1
        name = f"{base}-{number}"
    taken.add(name.casefold())
    return name


def _annotation(reading: Reading) -> str:
    extraction, text = reading.extraction, reading.text
    lines, keys, relations = [], _Keys(), []
    for claim in extraction.claims:
        content = keys.next("T")
        lines.append(_bound(content, "Content", claim.spans, text))
        for label, relation, part in (("Cue", "HasCue", claim.cue), ("Source", "HasSource", claim.source)):
            if part:
                key = keys.next("T")
                lines.append(_bound(key, label, part.spans, text))
                relations.append(f"{keys.next('R')}\t{relation} Arg1:{content} Arg2:{key}")
        lines.append(f"{keys.next('A')}\tKind {content} {claim.kind}")
        lines.append(f"{keys.next('A')}\tType {content} {claim.type}")
        if claim.negated:
            lines.append(f"{keys.next('A')}\tNegated {content}")
        lines.append(f"{keys.next('#')}\tAnnotatorNotes {content}\t{_note(extraction, claim)}")
    return "".join(line + "\n" for line in lines + relations)


class _Keys:
    """T1, T2, R1, ..."""

    def __init__(self) -> None:
        self._last: dict[str, int] = {}

    def next(self, letter: str) -> str:
        self._last[letter] = self._last.get(letter, 0) + 1
        return f"{letter}{self._last[letter]}"


def _bound(key: str, label: str, spans: list[tuple[int, int]], text: str) -> str:
    """A text bound; one that runs over a line end is cut there, as brat wants it."""
    pieces = [piece for start, end in spans for piece in _lines(start, end, text)]
    places = ";".join(f"{start} {end}" for start, end in pieces)
    return f"{key}\t{label} {places}\t{' '.join(text[start:end] for start, end in pieces)}"


def _lines(start: int, end: int, text: str) -> list[tuple[int, int]]:
    return [(start + m.start(), start + m.end()) for m in re.finditer(r"[^\n]+", text[start:end]) if m[0].strip()]


def _note(extraction: Extraction, claim) -> str:
    told = speaker_line(extraction, claim) or "speaker not known"
    sure = f" (confidence {claim.speaker_confidence})" if claim.speaker and claim.speaker_confidence is not None else ""
    return " ".join(f"{claim.id} | {told}{sure} | confidence {claim.confidence}".split())
