"""Extractions and directories of speakers to text: JSON, JSON lines, CSV, TSV; made from the contract alone."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from claimx.schema import Claim, Extraction, SpeakerEntry

COLUMNS = ("id", "title", "claim", "kind", "type", "negated", "text", "start", "end", "cue", "source", "speaker",
           "speaker_confidence", "speaker_kind", "roles", "organizations", "confidence")  # fmt: skip

#: What makes a spreadsheet take a cell for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")

SPEAKER_COLUMNS = ("speaker", "kind", "roles", "organizations", "claims", "direct", "mixed", "indirect", "articles",
                   "aliases", "pronouns", "mentions")  # fmt: skip


def typed_row_of(extraction: Extraction, claim: Claim) -> dict[str, object]:
    """One claim as a flat row: the speaker's roles and organizations are lists, what is not known None."""
    speaker = extraction.speaker_of(claim)
    affiliations = speaker.affiliations if speaker else []
    return {
        "id": extraction.id,
        "title": extraction.title or None,
        "claim": claim.id,
        "kind": claim.kind,
        "type": claim.type,
        "negated": claim.negated,
        "text": claim.text,
        "start": claim.spans[0][0],
        "end": claim.spans[-1][1],
        "cue": claim.cue.text if claim.cue else None,
        "source": claim.source.text if claim.source else None,
        "speaker": speaker.name if speaker else None,
        "speaker_confidence": claim.speaker_confidence,
        "speaker_kind": speaker.kind if speaker else None,
        "roles": _distinct(a.role for a in affiliations),
        "organizations": _distinct(a.organization for a in affiliations),
        "confidence": claim.confidence,
    }


def row_of(extraction: Extraction, claim: Claim) -> dict[str, object]:
    """One claim as a flat row of text: several roles or organizations are joined by "; ", what is not known empty."""
    row = typed_row_of(extraction, claim)
    return {
        name: "" if value is None else "; ".join(value) if isinstance(value, list) else value
        for name, value in row.items()
    }


def write_jsonl(extractions: Iterable[Extraction], stream: TextIO, *, flat: bool = False) -> None:
    """Write one article a line; with `flat`, one claim a line."""
    for extraction in extractions:
        rows = (row_of(extraction, claim) for claim in extraction.claims) if flat else [extraction.to_dict()]
        stream.writelines(map(_line, rows))


def write_json(extractions: Iterable[Extraction], stream: TextIO, *, many: bool = False) -> None:
    """Write one document, or a list of them: of several articles, and with `many` even of one."""
    documents = [extraction.to_dict() for extraction in extractions]
    made = documents if many or len(documents) > 1 else documents[0] if documents else None
    stream.write(json.dumps(made, ensure_ascii=False, indent=2) + "\n")


def write_csv(
    extractions: Iterable[Extraction], stream: TextIO, *, escape: bool = True, dialect: str = "excel"
) -> None:
    """Write one claim a row, with true and false. With `escape`, no text begins like a formula; see `escaped`."""
    rows = (row_of(extraction, claim) for extraction in extractions for claim in extraction.claims)
    _write_rows(rows, COLUMNS, stream, dialect, escape)


def write_tsv(extractions: Iterable[Extraction], stream: TextIO, *, escape: bool = True) -> None:
    """Write one claim a row, parted by tabs; see `write_csv`."""
    write_csv(extractions, stream, escape=escape, dialect="excel-tab")


def escaped(value: object) -> object:
    """A cell that no spreadsheet takes for a formula: text that begins with = + - @, a tab or a line end gets a '.

    See https://owasp.org/www-community/attacks/CSV_Injection; what stands in the cell is otherwise as it was.
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def write_speakers(entries: Iterable[SpeakerEntry], stream: TextIO, format: str, *, escape: bool = True) -> None:
    """Write a directory of speakers to `stream` in a format of `TABLES` but "table"."""
    if format == "jsonl":
        for entry in entries:
            stream.write(_line(entry.model_dump(mode="json")))
    elif format == "json":
        rows = [entry.model_dump(mode="json") for entry in entries]
        stream.write(json.dumps(rows, ensure_ascii=False, indent=2) + "\n")
    else:
        dialect = {"csv": "excel", "tsv": "excel-tab"}[format]
        _write_rows(map(speaker_row_of, entries), SPEAKER_COLUMNS, stream, dialect, escape)


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
    return "; ".join(_distinct(values))


def _distinct(values: Iterable[str | None]) -> list[str]:
    return list(dict.fromkeys(value for value in values if value))


def _write_rows(rows: Iterable[dict], columns: Sequence[str], stream: TextIO, dialect: str, escape: bool) -> None:
    writer = csv.DictWriter(_Rows(stream), columns, dialect=dialect, lineterminator="\r\n")
    writer.writeheader()
    rows = ({name: _plain(value) for name, value in row.items()} for row in rows)
    if escape:
        rows = ({name: escaped(value) for name, value in row.items()} for row in rows)
    writer.writerows(rows)


def _plain(value: object) -> object:
    """A cell in which yes and no are told as R, pandas and DuckDB all know them."""
    return str(value).lower() if isinstance(value, bool) else value


class _Rows:
    """Ends rows by "\\n". The csv module is told "\\r\\n", since it quotes no line end but those of its rows."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, row: str) -> None:
        self.stream.write(row.removesuffix("\r\n") + "\n")


def _line(value: dict) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"
