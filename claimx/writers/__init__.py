"""Extractions to files and terminals. Every format is made from the contract in `claimx.schema`."""

from __future__ import annotations

from importlib.util import find_spec

from claimx.errors import OutputError
from claimx.filenames import compression_of, suffix_of

#: What `extract` and `speakers` write, and what `batch` does.
FORMATS = ("table", "json", "jsonl", "csv", "tsv")
DATASETS = ("jsonl", "csv", "tsv", "parquet", "sqlite")
#: Suffix of an output file -> format.
_SUFFIXES = {"json": "json", "jsonl": "jsonl", "ndjson": "jsonl", "csv": "csv", "tsv": "tsv", "txt": "table",
             "parquet": "parquet", "sqlite": "sqlite", "sqlite3": "sqlite", "db": "sqlite"}  # fmt: skip


def format_of(path: str, formats: tuple[str, ...] = FORMATS) -> str:
    """The format of `formats` that a file's suffix names, that of a compression aside; raises `OutputError`."""
    suffix = suffix_of(path).lstrip(".")
    packed = compression_of(path) and _SUFFIXES.get(suffix) in ("parquet", "sqlite")  # of themselves, or not at all
    if packed or _SUFFIXES.get(suffix) not in formats:
        raise OutputError.unknown_suffix(path, [known for known, format in _SUFFIXES.items() if format in formats])
    return _SUFFIXES[suffix]


def check_installed(path: str, format: str = "") -> None:
    """Raise `OutputError` where a package is missing that writing `path` in `format` takes."""
    needed = {"pyarrow": format == "parquet", "zstandard": compression_of(path) == ".zst"}
    for package, is_needed in needed.items():
        if is_needed and find_spec(package) is None:
            raise OutputError.needs(path, package, "batch")
