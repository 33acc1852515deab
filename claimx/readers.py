"""Articles from files and standard input: plain text, HTML, JSON and JSON lines.

Readers yield `Article`s one by one, and an `InputError` in the place of each that cannot be read, so that one bad
record or file never hides the others.
"""

from __future__ import annotations

import codecs
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from claimx.errors import InputError

HTML_SUFFIXES = frozenset((".html", ".htm", ".xhtml"))
JSON_SUFFIXES = frozenset((".json", ".jsonl", ".ndjson"))
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(slots=True)
class Article:
    """A text to read. `path` is None where it came from standard input."""

    id: str
    text: str
    title: str | None = None
    path: str | None = None
    url: str | None = None


@dataclass(slots=True, frozen=True)
class ReadOptions:
    """How to read: `encoding` None means UTF-8, else what the bytes look like; keys are those of JSON records."""

    encoding: str | None = None
    text_key: str = "text"
    id_key: str = "id"


def read(inputs: Iterable[str], options: ReadOptions, warn: Callable[[str], None]) -> Iterator[Article | InputError]:
    """Yield the articles of all inputs ("-" is standard input) in order; `warn` is told of guessed encodings."""
    for name in inputs:
        try:
            yield from _read_one(name, options, warn)
        except InputError as error:
            yield error


def _read_one(name: str, options: ReadOptions, warn: Callable[[str], None]) -> Iterator[Article | InputError]:
    label = "<stdin>" if name == "-" else name
    text = decode(_bytes(name), label, options.encoding, warn)
    suffix = _looks_like(text) if name == "-" else Path(name).suffix.lower()
    path = None if name == "-" else name
    base = "stdin" if name == "-" else Path(name).name
    if suffix in HTML_SUFFIXES:
        yield _from_html(text, label, base, path)
    elif suffix in JSON_SUFFIXES:
        yield from _from_json(text, label, base, path, options, lines=suffix != ".json")
    else:
        yield Article(base, text, path=path)


def _bytes(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except FileNotFoundError:
        raise InputError.missing(name) from None
    except IsADirectoryError:
        raise InputError.is_folder(name) from None
    except OSError as error:
        raise InputError.unreadable(name, error) from error


def decode(data: bytes, label: str, encoding: str | None, warn: Callable[[str], None]) -> str:
    """Decode `data`; a byte order mark wins, then `encoding`, then UTF-8, then detection. Line ends become "\\n".

    Raises `InputError` for bytes that are no text, or none in the encoding asked for.
    """
    text = None
    for mark, name in _BOMS:
        if data.startswith(mark):
            data, encoding = data[len(mark) :], name
            break
    if encoding:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as error:
            raise InputError.bad_encoding(label, encoding, error.start) from None
    else:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            text = _detect(data, label, warn)
    if "\0" in text:
        raise InputError.binary(label)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _detect(data: bytes, label: str, warn: Callable[[str], None]) -> str:
    if b"\0" in data[:4096] and not (data[1:200:2].count(0) > 40 or data[0:200:2].count(0) > 40):
        raise InputError.binary(label)
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    if best is None:
        raise InputError.unknown_encoding(label)
    # Detection cannot tell the Western one-byte encodings apart; in them news is cp1252.
    name = "cp1252" if _WESTERN.fullmatch(best.encoding) and _decodes(data, "cp1252") else best.encoding
    warn(f"{label}: not UTF-8; read as {name}. Use --encoding to choose another.")
    return data.decode(name)


_WESTERN = re.compile(
    r"cp(125[02478]|1140|437|775|85[08])|latin_1|iso8859_(2|9|14|15)|mac_(roman|latin2|iceland)|hp_roman8"
)


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


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


def _from_json(
    text: str, label: str, base: str, path: str | None, options: ReadOptions, lines: bool
) -> Iterator[Article | InputError]:
    number = 0
    for line, record in _records(text, label, lines):
        if isinstance(record, InputError):
            yield record
            continue
        number += 1
        if not isinstance(record, dict):
            yield InputError.not_text(label, line, "record", type(record).__name__)
            continue
        if options.text_key not in record:
            yield InputError.no_key(label, line, options.text_key, list(record))
            continue
        body = record[options.text_key]
        if not isinstance(body, str):
            yield InputError.not_text(label, line, options.text_key, type(body).__name__)
            continue
        key = record.get(options.id_key)
        title, url = record.get("title"), record.get("url")
        yield Article(
            base
            if key is None and not lines and number == 1 and text.lstrip().startswith("{")
            else f"{base}:{line}"
            if key is None
            else str(key),
            body,
            title=title if isinstance(title, str) else None,
            path=path,
            url=url if isinstance(url, str) else None,
        )


def _records(text: str, label: str, lines: bool) -> Iterator[tuple[int, object]]:
    """Yield (line or number, value) of every record; a bad line becomes an `InputError`."""
    if not lines:
        try:
            value = json.loads(text)
        except ValueError as error:
            line = getattr(error, "lineno", 1)
            raise InputError.bad_json(label, line, error) from None
        if isinstance(value, list):
            yield from enumerate(value, 1)
        elif isinstance(value, dict):
            yield 1, value
        else:
            raise InputError.not_records(label)
        return
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except ValueError as error:
                yield number, InputError.bad_json(label, number, error)
