"""Extractions and directories of speakers to text: JSON, JSON lines, CSV, TSV, and a table for people.

Every format is made from the contract in `claimx.schema`. A file is written whole or not at all.
"""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from claimx.errors import OutputError

if TYPE_CHECKING:
    from rich.console import Console

    from claimx.schema import Affiliation, Claim, Extraction, Post, Speaker, SpeakerEntry

FORMATS = ("table", "json", "jsonl", "csv", "tsv")
#: Suffix of an output file -> format.
SUFFIXES = {"json": "json", "jsonl": "jsonl", "ndjson": "jsonl", "csv": "csv", "tsv": "tsv", "txt": "table"}
COLUMNS = ("id", "title", "claim", "kind", "type", "text", "start", "end", "cue", "source", "speaker", "speaker_kind",
           "roles", "organizations", "confidence")  # fmt: skip

SPEAKER_COLUMNS = ("speaker", "kind", "roles", "organizations", "claims", "direct", "mixed", "indirect", "articles",
                   "aliases", "pronouns", "mentions")  # fmt: skip


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
        "roles": _joined(a.role for a in affiliations),
        "organizations": _joined(a.organization for a in affiliations),
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
    else:
        rows = (row_of(extraction, claim) for extraction in extractions for claim in extraction.claims)
        _write_rows(rows, COLUMNS, stream, format)


def write_speakers(entries: Iterable[SpeakerEntry], stream: TextIO, format: str) -> None:
    """Write a directory of speakers to `stream` in a format of `FORMATS` but "table"."""
    if format == "jsonl":
        for entry in entries:
            stream.write(_line(entry.model_dump(mode="json")))
    elif format == "json":
        rows = [entry.model_dump(mode="json") for entry in entries]
        stream.write(json.dumps(rows, ensure_ascii=False, indent=2) + "\n")
    else:
        _write_rows(map(speaker_row_of, entries), SPEAKER_COLUMNS, stream, format)


def speaker_row_of(entry: SpeakerEntry) -> dict[str, object]:
    """One speaker as a flat row; several roles, organizations, articles, ... are joined by "; "."""
    return {
        "speaker": entry.name,
        "kind": entry.kind,
        "roles": _joined(a.role for a in entry.affiliations),
        "organizations": _joined(a.organization for a in entry.affiliations),
        "claims": entry.claims.total,
        **entry.claims.model_dump(),
        "articles": _joined(article.id for article in entry.articles),
        "aliases": _joined(entry.aliases),
        "pronouns": _joined(entry.pronouns),
        "mentions": entry.mentions,
    }


def _joined(values: Iterable[str | None]) -> str:
    return "; ".join(dict.fromkeys(value for value in values if value))


def _write_rows(rows: Iterable[dict], columns: Sequence[str], stream: TextIO, format: str) -> None:
    if format not in ("csv", "tsv"):
        raise ValueError(f"unknown format: {format}")
    dialect = "excel" if format == "csv" else "excel-tab"
    writer = csv.DictWriter(stream, columns, dialect=dialect, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)


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
    explained = any(claim.evidence for claim in extraction.claims)
    table.add_column("Speaker", ratio=3, overflow="fold")
    if explained:
        table.add_column("Found by", ratio=3, overflow="fold")
    table.add_column("Cue", ratio=2, overflow="fold")
    table.add_column("Claim", ratio=6, overflow="fold")
    table.add_column("Kind", no_wrap=True)
    table.add_column("Conf.", justify="right", no_wrap=True)
    colours = {"direct": "green", "mixed": "yellow", "indirect": "cyan"}
    for claim in extraction.claims:
        table.add_row(
            _speaker_cell(extraction, claim),
            *([_evidence_cell(claim)] if explained else []),
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


def _evidence_cell(claim: Claim):
    """pronoun → Lindqvist 0.98"""
    from rich.text import Text

    evidence = claim.evidence
    if evidence is None:
        return Text("—", style="dim")
    cell = Text(evidence.rule)
    source = claim.source.text if claim.source else ""
    if evidence.mention and evidence.mention.text not in source:
        cell.append(f" → {evidence.mention.text}", style="dim")
    if evidence.probability is not None:
        cell.append(f" {min(evidence.probability, 0.99):.2f}", style="dim")
    return cell


def describe(speaker: Speaker | SpeakerEntry) -> list[str]:
    """A speaker's affiliations in words: "chief engineer, Port Authority"."""
    posts: Iterable[Affiliation | Post] = speaker.affiliations
    return list(dict.fromkeys(", ".join(part for part in (a.role, a.organization) if part) for a in posts))


def print_speakers(entries: Sequence[SpeakerEntry], console: Console) -> None:
    """Print a directory of speakers as a table for people."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    several = len({article.id for entry in entries for article in entry.articles}) > 1
    console.print(Text(f"{len(entries)} speakers" if len(entries) != 1 else "1 speaker"))
    if not entries:
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
    table.add_column("Speaker", ratio=4, min_width=14, overflow="fold")
    table.add_column("Kind", no_wrap=True)
    table.add_column("Affiliations", ratio=5, overflow="fold")
    for kind in ("Dir.", "Mix.", "Ind."):  # the kinds of claims
        table.add_column(kind, justify="right", no_wrap=True)
    if several:
        table.add_column("Articles", ratio=3, overflow="fold")
    for entry in entries:
        counts = (str(count or "–") for count in (entry.claims.direct, entry.claims.mixed, entry.claims.indirect))
        table.add_row(
            Text(entry.name, style="bold"),
            Text(entry.kind),
            Text("\n".join(describe(entry)) or "–"),
            *counts,
            *([Text(", ".join(article.id for article in entry.articles))] if several else []),
        )
    console.print(table)


def speakers_to_text(entries: Sequence[SpeakerEntry], width: int = 100) -> str:
    """The table of speakers as plain text, for a file."""
    return _printed(lambda console: print_speakers(entries, console), width)


def to_text(extractions: Iterable[Extraction], width: int = 100) -> str:
    """The tables as plain text, for a file."""

    def fill(console: Console) -> None:
        for extraction in extractions:
            print_table(extraction, console)

    return _printed(fill, width)


def _printed(fill: Callable[[Console], None], width: int) -> str:
    from rich.console import Console

    stream = io.StringIO()
    fill(Console(file=stream, width=width, color_system=None))
    return stream.getvalue()
