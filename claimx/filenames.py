"""What the name of a file tells: its format, its compression, whether it is an address; and how it is shown."""

from __future__ import annotations

from pathlib import Path

COMPRESSIONS = (".gz", ".zst")


def is_remote(name: str) -> bool:
    """Whether a name is an address for fsspec: s3://bucket/article.txt."""
    return "://" in name


def compression_of(name: str) -> str:
    """ ".gz", ".zst" or nothing."""
    suffix = Path(name).suffix.lower()
    return suffix if suffix in COMPRESSIONS else ""


def suffix_of(name: str) -> str:
    """The lower-case suffix of a file's name without that of its compression: ".jsonl" of news.JSONL.gz."""
    return Path(name[: len(name) - len(compression_of(name))]).suffix.lower()


def shown(name: str) -> str:
    """A name as Unicode text; file names need not be, and what is not becomes question marks."""
    return name.encode("utf-8", "replace").decode("utf-8")
