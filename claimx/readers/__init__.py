"""Articles from files and standard input: plain text, HTML, JSON, and files of many articles.

Readers yield `Article`s one by one, and an `InputError` in the place of each that cannot be read, so that one bad
record or file never hides the others.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from claimx.errors import InputError
from claimx.filenames import suffix_of
from claimx.readers.article import Article, ReadOptions
from claimx.readers.files import MOST_BYTES, bytes_of, decode
from claimx.readers.records import LONGEST, Record, article_of, bounded_lines, holds_many, stream_records

HTML_SUFFIXES = frozenset((".html", ".htm", ".xhtml"))

__all__ = ["Article", "ReadOptions", "read", "read_one"]


def read(inputs: Iterable[str], options: ReadOptions, warn: Callable[[str], None]) -> Iterator[Article | InputError]:
    """Yield the articles of all inputs ("-" is standard input) in order; `warn` is told of guessed encodings."""
    for name in inputs:
        try:
            if name == "-":
                yield from _from_standard_input(options, warn)
            elif holds_many(name):
                yield from _from_records(stream_records(name, options, warn), name, Path(name).name, name, options)
            else:
                yield read_one(name, options, warn)
        except InputError as error:
            yield error


def read_one(name: str, options: ReadOptions, warn: Callable[[str], None], id: str | None = None) -> Article:
    """Read a file that holds one article: text, HTML or a JSON object; its id is that of the object, else `id`, else
    the file's name. Raises `InputError`."""
    return _article(decode(bytes_of(name), name, options.encoding, warn), name, id, suffix_of(name), options)


def article_from(data: bytes, name: str, id: str, options: ReadOptions, warn: Callable[[str], None]) -> Article:
    """Like `read_one`, of bytes that have been read from the file `name`."""
    return _article(decode(data, name, options.encoding, warn), name, id, suffix_of(name), options)


def _article(text: str, name: str, id: str | None, suffix: str, options: ReadOptions) -> Article:
    base = id or Path(name).name
    if suffix in HTML_SUFFIXES:
        return _from_html(text, name, base, name)
    if suffix == ".json":
        return article_of(Record(1, "record", _json(text, name)), name, base, name, options)
    return Article(base, text, path=name)


def _from_standard_input(options: ReadOptions, warn: Callable[[str], None]) -> Iterator[Article | InputError]:
    label = "<stdin>"
    if sys.stdin is None:
        raise InputError.closed()
    stream = sys.stdin.buffer
    first = stream.readline(LONGEST)
    if _is_record(first):  # lines of records are read as they come
        begun = [first]
        lines = bounded_lines(lambda size: begun.pop() if begun else stream.readline(size), b"\n")
        yield from _from_records(_lines(lines, label, options, warn), label, "stdin", None, options)
        return
    data = first + stream.read(MOST_BYTES + 1 - len(first))
    if len(data) > MOST_BYTES:
        raise InputError.too_large(label, MOST_BYTES)
    text = decode(data, label, options.encoding, warn)
    suffix = _looks_like(text)
    if suffix in HTML_SUFFIXES:
        yield _from_html(text, label, "stdin", None)
    elif suffix == ".json":
        value = _json(text, label)
        if isinstance(value, dict):
            yield article_of(Record(1, "record", value), label, "stdin", None, options)
        else:
            records = (Record(n, "record", v) for n, v in enumerate(value, 1))
            yield from _from_records(records, label, "stdin", None, options)
    elif suffix == ".jsonl":  # in an encoding whose lines are not told by bytes
        records = (Record(n, "line", line) for n, line in enumerate(text.split("\n"), 1) if line.strip())
        yield from _from_records(records, label, "stdin", None, options)
    else:
        yield Article("stdin", text)


def _is_record(line: bytes) -> bool:
    """Whether a line is a JSON object, whole."""
    try:
        return b"\0" not in line and isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _lines(
    lines: Iterable[tuple[int, bytes | None]], label: str, options: ReadOptions, warn: Callable[[str], None]
) -> Iterator[Record | InputError]:
    """The records on numbered lines of bytes."""
    for number, line in lines:
        if line is None:
            yield InputError.long_record(label, f"line {number}", LONGEST)
        elif not line.isspace():
            try:
                yield Record(number, "line", decode(line, f"{label}: line {number}", options.encoding or "utf-8", warn))
            except InputError as error:
                yield error


def _from_records(
    records: Iterable[Record | InputError], label: str, base: str, path: str | None, options: ReadOptions
) -> Iterator[Article | InputError]:
    for record in records:
        try:
            if isinstance(record, InputError):
                yield record
            else:
                yield article_of(record, label, f"{base}:{record.number}", path, options)
        except InputError as error:
            yield error


def _json(text: str, label: str):
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError.bad_json(label, f"line {getattr(error, 'lineno', 1)}", error) from None
    if not isinstance(value, (dict, list)):
        raise InputError.not_records(label)
    return value


def _looks_like(text: str) -> str:
    """The suffix that standard input would have as a file."""
    head = text.lstrip()[:512].lower()
    if head.startswith(("<!doctype html", "<html", "<head", "<body")) or "<html" in head:
        return ".html"
    if head.startswith("{"):
        try:
            json.loads(text.lstrip().split("\n", 1)[0])
        except ValueError:
            return ".json"
        return ".jsonl"
    return ".json" if head.startswith("[{") or head.startswith("[\n") else ".txt"


def _from_html(text: str, label: str, base: str, path: str | None) -> Article:
    import trafilatura

    found = trafilatura.bare_extraction(text, include_comments=False, include_tables=False, with_metadata=True)
    body = found.text if found else None
    if not body or not body.strip():
        raise InputError.no_main_text(label)
    return Article(base, body, title=found.title or None, path=path, url=found.url or None)
