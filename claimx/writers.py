"""Extractions to text: JSON, JSON lines, CSV, TSV, and a table for people.

Every format is made from the contract in `claimx.schema`. A file is written whole or not at all.
"""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from claimx.errors import OutputError

if TYPE_CHECKING:
    from rich.console import Console

    from claimx.schema import Claim, Extraction, Speaker

FORMATS = ("table", "json", "jsonl", "csv", "tsv")
#: Suffix of an output file -> format.
SUFFIXES = {"json": "json", "jsonl": "jsonl", "ndjson": "jsonl", "csv": "csv", "tsv": "tsv", "txt": "table"}
COLUMNS = ("id", "title", "claim", "kind", "type", "text", "start", "end", "cue", "source", "speaker", "speaker_kind",
           "roles", "organizations", "confidence")  # fmt: skip


def format_of(path: str) -> str:
    """The format that a file's suffix names; raises `OutputError` for an unknown one."""
    suffix = Path(path).suffix.lower().lstrip(".")
    if suffix not in SUFFIXES:
        raise OutputError.unknown_suffix(path, list(SUFFIXES))
    return SUFFIXES[suffix]


def row_of(extraction: Extraction, claim: Claim) -> dict[str, object]:
    """One claim as a flat row: the speaker's name, roles and organizations in columns of their own."""
    speaker = extraction.speaker_of(claim)
    affiliations = speaker.affiliations if speaker else []
    return {
        "id": extraction.id,
        "title": extraction.title or "",
        "claim": claim.id,
        "kind": claim.kind,
        "type": claim.type,
        "text": claim.text,
        "start": claim.spans[0][0],
        "end": claim.spans[-1][1],
        "cue": claim.cue.text if claim.cue else "",
        "source": claim.source.text if claim.source else "",
        "speaker": speaker.name if speaker else "",
        "speaker_kind": speaker.kind if speaker else "",
        "roles": "; ".join(dict.fromkeys(a.role for a in affiliations if a.role)),
        "organizations": "; ".join(dict.fromkeys(a.organization for a in affiliations if a.organization)),
        "confidence": claim.confidence,
    }


def write(
    extractions: Iterable[Extraction], stream: TextIO, format: str, *, flat: bool = False, many: bool = False
) -> None:
    """Write extractions to `stream` in a format of `FORMATS` but "table". `many` makes json a list."""
    if format == "jsonl" and flat:
        for extraction in extractions:
            for claim in extraction.claims:
                stream.write(_line(row_of(extraction, claim)))
    elif format == "jsonl":
        for extraction in extractions:
            stream.write(_line(extraction.to_dict()))
    elif format == "json":
        documents = [extraction.to_dict() for extraction in extractions]
        stream.write(
            json.dumps(documents if many else documents[0] if documents else None, ensure_ascii=False, indent=2) + "\n"
        )
    elif format in ("csv", "tsv"):
        dialect = "excel" if format == "csv" else "excel-tab"
        writer = csv.DictWriter(stream, COLUMNS, dialect=dialect, lineterminator="\n")
        writer.writeheader()
        for extraction in extractions:
            writer.writerows(row_of(extraction, claim) for claim in extraction.claims)
    else:
        raise ValueError(f"unknown format: {format}")


def _line(value: dict) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"


def write_file(path: str, fill: Callable[[TextIO], None]) -> None:
    """Let `fill` write a file that appears at `path` only when it is complete; raises `OutputError`."""
    target = Path(path)
    try:
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    except OSError as error:
        raise OutputError.failed(path, error) from error
    try:
        with open(handle, "w", encoding="utf-8", newline="") as stream:
            fill(stream)
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, target)
    except OSError as error:
        raise OutputError.failed(path, error) from error
    finally:
        Path(temporary).unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def print_table(extraction: Extraction, console: Console) -> None:
    """Print one article's claims as a table for people."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    counts = ", ".join(
        f"{n} {kind}"
        for kind in ("direct", "mixed", "indirect")
        if (n := sum(c.kind == kind for c in extraction.claims))
    )
    console.print(
        Text(extraction.title or extraction.id, style="bold"),
        Text(f"{len(extraction.claims)} claims ({counts})" if counts else "no claims"),
    )
    if not extraction.claims:
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
    table.add_column("Speaker", ratio=3, overflow="fold")
    table.add_column("Cue", ratio=2, overflow="fold")
    table.add_column("Claim", ratio=6, overflow="fold")
    table.add_column("Kind", no_wrap=True)
    table.add_column("Conf.", justify="right", no_wrap=True)
    colours = {"direct": "green", "mixed": "yellow", "indirect": "cyan"}
    for claim in extraction.claims:
        table.add_row(
            _speaker_cell(extraction, claim),
            Text(claim.cue.text if claim.cue else ""),
            Text(" ".join(claim.text.split())),
            Text(claim.kind, style=colours[claim.kind]),
            f"{min(claim.confidence, 0.99):.2f}",  # no claim is shown as certain
        )
    console.print(table)


def _speaker_cell(extraction: Extraction, claim: Claim):
    from rich.text import Text

    speaker = extraction.speaker_of(claim)
    if speaker is None:
        return Text(claim.source.text if claim.source else "—", style="dim")
    cell = Text(speaker.name, style="bold")
    for described in describe(speaker):
        cell.append("\n" + described, style="not bold dim")
    return cell


def describe(speaker: Speaker) -> list[str]:
    """A speaker's affiliations in words: "chief engineer, Port Authority"."""
    return [", ".join(part for part in (a.role, a.organization) if part) for a in speaker.affiliations]


def to_text(extractions: Iterable[Extraction], width: int = 100) -> str:
    """The tables as plain text, for a file."""
    from rich.console import Console

    stream = io.StringIO()
    console = Console(file=stream, width=width, color_system=None)
    for extraction in extractions:
        print_table(extraction, console)
    return stream.getvalue()
