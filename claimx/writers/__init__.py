"""Extractions to files and terminals. Every format is made from the contract in `claimx.schema` and the text it is of.

A format is one function of one module, which is imported when it is asked for: ``(readings, stream, **options)`` for
text, ``(readings, path)`` for files and folders. Formats that show no text get extractions in the place of readings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Literal, TextIO

from claimx import zstd
from claimx.errors import OutputError
from claimx.filenames import compression_of, suffix_of

if TYPE_CHECKING:
    from claimx.schema import Extraction, Reading


@dataclass(frozen=True, slots=True)
class Format:
    """A format of output: `writer` is ``module:function``, `made` what that writes to.

    Without `package`, which `extra` of claimx brings, it cannot be written.
    """

    name: str
    writer: str
    about: str
    suffixes: tuple[str, ...] = ()
    made: Literal["stream", "file", "folder"] = "stream"
    shows_text: bool = True
    package: str = ""
    extra: str = ""

    def function(self) -> Callable[..., None]:
        module, _, name = self.writer.partition(":")
        return getattr(import_module(f"claimx.writers.{module}"), name)


_ALL = (
    Format("list", "terminal:write_list", "for people: claim by claim"),
    Format("table", "terminal:write_table", "for people: one claim a row"),
    Format("text", "terminal:write_text", "for people: the article with its claims marked"),
    Format("json", "text:write_json", "the contract: one document, of several articles a list", ("json",),
           shows_text=False),
    Format("jsonl", "text:write_jsonl", "one document a line", ("jsonl", "ndjson"), shows_text=False),
    Format("csv", "text:write_csv", "one claim a row", ("csv",), shows_text=False),
    Format("tsv", "text:write_tsv", "one claim a row", ("tsv",), shows_text=False),
    Format("html", "html:write_html", "a report that opens in any browser", ("html", "htm")),
    Format("markdown", "markdown:write_markdown", "a report in Markdown", ("md", "markdown"), shows_text=False),
    Format("parquet", "parquet:write_parquet", "one claim a row, typed", ("parquet",), "file", False, "pyarrow",
           "batch"),
    Format("sqlite", "sqlite:write_sqlite", "tables with keys and full-text search", ("sqlite", "sqlite3", "db"),
           "file", False),
    Format("spacy", "docbin:write_docbin", "a DocBin of spaCy, with spans and extensions", ("spacy",), "file"),
    Format("brat", "brat:write_brat", "a folder of brat standoff (.txt and .ann)", (), "folder"),
    Format("labelstudio", "labelstudio:write_labelstudio", "tasks with predictions for Label Studio"),
    Format("prodigy", "prodigy:write_prodigy", "tasks with spans and relations for Prodigy"),
    Format("webannotation", "webannotation:write_webannotation", "W3C Web Annotations in JSON-LD", ("jsonld",)),
    Format("schemaorg", "schemaorg:write_schemaorg", "schema.org in JSON-LD: Quotation, Claim, Person",
           shows_text=False),
)  # fmt: skip
FORMATS: dict[str, Format] = {format.name: format for format in _ALL}
#: What people read on a terminal.
VIEWS = ("list", "table", "text")
#: What `speakers` writes, and what `batch` does.
TABLES = ("table", "json", "jsonl", "csv", "tsv")
DATASETS = ("jsonl", "csv", "tsv", "parquet", "sqlite")


def format_of(path: str, formats: Iterable[str] = tuple(FORMATS)) -> str:
    """The format of `formats` that a file's suffix names, that of a compression aside; raises `OutputError`."""
    suffix, formats = suffix_of(path).lstrip("."), tuple(formats)
    known = {suffix: format.name for format in _ALL for suffix in format.suffixes if format.name in formats}
    known["txt"] = next((view for view in VIEWS if view in formats), "")
    name = known.get(suffix)
    packed = compression_of(path) and name and FORMATS[name].made == "file"  # of themselves, or not at all
    if packed or not name:
        raise OutputError.unknown_suffix(path, [suffix for suffix, name in known.items() if name])
    return name


def check_installed(path: str, format: str = "") -> None:
    """Raise `OutputError` where a package is missing that writing `path` in `format` takes."""
    needed = [(zstd.PACKAGE, "batch")] if compression_of(path) == ".zst" else []
    if format and FORMATS[format].package:
        needed.append((FORMATS[format].package, FORMATS[format].extra))
    for package, extra in needed:
        try:
            found = find_spec(package)
        except ModuleNotFoundError:  # the package it would be in
            found = None
        if not found:
            raise OutputError.needs(path, package, extra)


def write(readings: Iterable[Reading], stream: TextIO, format: str, **options: Any) -> None:
    """Write articles to `stream` in a format of `FORMATS` that is made of text.

    Options of json: `many`, whether there may be several articles, which makes a list even of one; of jsonl: `flat`;
    of list, table and text: `color` and `width`, in columns.
    """
    chosen = FORMATS[format]
    chosen.function()(_shown(readings, chosen), stream, **options)


def save(readings: Iterable[Reading], path: str, format: str | None = None, **options: Any) -> None:
    """Write articles to `path`, whole or not at all, in `format`, else that of the path's suffix.

    Raises `OutputError` where the suffix names none, where a package is missing, and where it cannot be written.
    """
    from claimx.writers.files import replace_file, write_file

    chosen = FORMATS[format or format_of(path)]
    check_installed(path, chosen.name)
    if chosen.made == "stream":
        write_file(path, lambda stream: write(readings, stream, chosen.name, **options))
    elif chosen.made == "file":
        replace_file(path, lambda temporary: chosen.function()(_shown(readings, chosen), temporary))
    else:
        chosen.function()(_shown(readings, chosen), path)


def _shown(readings: Iterable[Reading], format: Format) -> Iterable[Reading] | Iterable[Extraction]:
    return readings if format.shows_text else (reading.extraction for reading in readings)
