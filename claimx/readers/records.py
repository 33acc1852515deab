"""Files of many articles as streams of records: JSON lines, a JSON list, CSV, TSV, Parquet. Never held whole.

A record is what one article is made of: its place in the file and its value, of which `article_of` makes an `Article`.
A line of JSON stays a string until then, so that whoever streams a file need not parse it.
"""

from __future__ import annotations

import contextlib
import csv
import itertools
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, AnyStr

from claimx.errors import InputError
from claimx.filenames import compression_of, is_remote, suffix_of
from claimx.readers.article import Article, ReadOptions
from claimx.readers.files import opened, text_stream

Warn = Callable[[str], None]
#: Code points of the longest record; a longer one is an error of its own.
LONGEST = 32 << 20
_DEEPEST = 100  # lists and objects in each other
_DELIMITERS = {".csv": (",", ";", "\t", "|"), ".tsv": ("\t",)}
TABLES = frozenset((".csv", ".tsv", ".parquet"))
LINES = frozenset((".jsonl", ".ndjson"))


@dataclass(slots=True)
class Record:
    """`number` counts from 1 in the units of `unit` (line, record, row); `value` is a JSON text, a dict, or anything
    that is no article. `read` is how many bytes of the file have been read so far, which may be compressed."""

    number: int
    unit: str
    value: Any
    read: int = 0

    @property
    def place(self) -> str:
        return f"{self.unit} {self.number}"


def holds_many(name: str) -> bool:
    """Whether a file is a stream of records: by its suffix, of .json by its first character. Raises `InputError`."""
    suffix = suffix_of(name)
    if suffix != ".json":
        return suffix in LINES or suffix in TABLES
    with opened(name) as (stream, _):
        head = stream.read(4096)
    head = head.lstrip(b"\xef\xbb\xbf\xfe\xff \t\r\n\0")
    return head.startswith(b"[")


def stream_records(name: str, options: ReadOptions, warn: Warn) -> Iterator[Record | InputError]:
    """The records of a file, and an `InputError` in the place of each that cannot be read; after some there is no more.

    A file without any record is an `InputError` too.
    """
    suffix = suffix_of(name)
    reader = _parquet if suffix == ".parquet" else _table if suffix in TABLES else _lines
    reader = _list if suffix == ".json" else reader
    found = False
    try:
        for record in reader(name, options, warn):
            found = True
            yield record
    except InputError as error:
        found = True
        yield error
    if not found:
        yield InputError.no_articles(name)


def article_of(record: Record, label: str, id: str, path: str | None, options: ReadOptions) -> Article:
    """The article that a record of the file `label` holds; `id` is for one that has none.

    Raises `InputError`.
    """
    value, place = record.value, record.place
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError) as error:
            raise InputError.bad_json(label, place, error) from None
    if not isinstance(value, dict):
        raise InputError.not_text(label, place, "record", type(value).__name__)
    if options.text_key not in value:
        raise InputError.no_key(label, place, options.text_key, list(value))
    text = value[options.text_key]
    if not isinstance(text, str):
        raise InputError.not_text(label, place, options.text_key, type(text).__name__)
    if not _is_encodable(text):
        raise InputError.half_character(label, place)
    key = value.get(options.id_key)
    title, url = value.get("title"), value.get("url")
    return Article(
        id if key is None or key == "" else str(key),
        text,
        title=title if isinstance(title, str) else None,
        path=path,
        url=url if isinstance(url, str) else None,
    )


def _lines(name: str, options: ReadOptions, warn: Warn) -> Iterator[Record | InputError]:
    with opened(name) as (stream, told):
        lines = text_stream(stream, name, options.encoding, warn)
        number = 0
        try:
            for number, line in bounded_lines(lines.readline, "\n"):
                if line is None:
                    yield InputError.long_record(name, f"line {number}", LONGEST)
                elif not line.isspace():
                    yield _checked(Record(number, "line", line, told()), line, name, lines.encoding)
        except UnicodeDecodeError:
            raise InputError.bad_encoding(name, lines.encoding, f"line {number + 1}") from None


def bounded_lines(readline: Callable[[int], AnyStr], end: AnyStr) -> Iterator[tuple[int, AnyStr | None]]:
    """Lines and their numbers, from 1; None in the place of one of more than `LONGEST`, which is never held whole."""
    for number in itertools.count(1):
        line = readline(LONGEST)
        if not line:
            return
        if len(line) == LONGEST and not line.endswith(end):
            while (more := readline(LONGEST)) and not more.endswith(end):
                pass
            yield number, None
        else:
            yield number, line


def _list(name: str, options: ReadOptions, warn: Warn) -> Iterator[Record | InputError]:
    import codecs

    import ijson

    with opened(name) as (stream, told):
        text = text_stream(stream, name, options.encoding, warn)
        recoded = text.buffer if text.encoding == "utf-8" else codecs.EncodedFile(text.buffer, "utf-8", text.encoding)
        number = 0
        try:
            for number, value in enumerate(_items(ijson.basic_parse(recoded, use_float=True)), 1):
                yield Record(number, "record", value, told())
        except (ijson.JSONError, UnicodeError, RecursionError) as error:
            raise InputError.bad_json(name, f"record {number + 1}", error) from None


def _items(events: Iterable[tuple[str, Any]]) -> Iterator[Any]:
    """The items of a list, of the events of a parser. Raises `RecursionError` where one is nested too deeply.

    ijson's own way (`ijson.items`) keeps the path to every value, which of a hundred thousand brackets are gigabytes.
    """
    from ijson.common import ObjectBuilder

    depth, builder = 0, None
    for event, value in events:
        if event.startswith("end_"):
            depth -= 1
        if depth > 0:
            builder = builder or ObjectBuilder()
            builder.event(event, value)
            if depth == 1 and not event.startswith("start_"):
                yield builder.value
                builder = None
        if event.startswith("start_"):
            depth += 1
            if depth > _DEEPEST:
                raise RecursionError(f"nested more than {_DEEPEST} deep")


def _table(name: str, options: ReadOptions, warn: Warn) -> Iterator[Record | InputError]:
    csv.field_size_limit(LONGEST)
    with opened(name) as (stream, told):
        text = text_stream(stream, name, options.encoding, warn, newline="")
        head = text.readline(LONGEST)
        if not head.strip():
            return
        columns, delimiter = _header(head, suffix_of(name), options.text_key)
        if options.text_key not in columns:
            raise InputError.no_key(name, "line 1", options.text_key, columns)
        rows = csv.reader(text, delimiter=delimiter)
        for number in itertools.count(1):
            try:
                row = next(rows, None)
            except (csv.Error, UnicodeDecodeError) as error:
                raise InputError.bad_table(name, f"row {number}", error) from None
            if row is None:
                return
            if row:
                record = Record(number, "row", dict(zip(columns, row, strict=False)), told())
                yield _checked(record, record.value.get(options.text_key, ""), name, text.encoding)


def _header(line: str, suffix: str, text_key: str) -> tuple[list[str], str]:
    """Names of columns and the delimiter: the first with which one of them is that of the text."""
    for delimiter in _DELIMITERS[suffix]:
        [columns] = csv.reader([line], delimiter=delimiter)
        if text_key in columns:
            return columns, delimiter
    [columns] = csv.reader([line], delimiter=_DELIMITERS[suffix][0])
    return columns, _DELIMITERS[suffix][0]


def _checked(record: Record, text: str, name: str, encoding: str) -> Record | InputError:
    """The record, unless its text was not in the encoding: see `text_stream`."""
    return record if _is_encodable(text) else InputError.bad_encoding(name, encoding, record.place)


def _is_encodable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _parquet(name: str, options: ReadOptions, warn: Warn) -> Iterator[Record | InputError]:
    try:
        import pyarrow
        import pyarrow.parquet as parquet
    except ImportError:
        raise InputError.needs(name, "pyarrow", "batch") from None
    with contextlib.ExitStack() as stack:
        source: str | IO[bytes] = name
        if is_remote(name) or compression_of(name):
            source, _ = stack.enter_context(opened(name))
        try:
            file = stack.enter_context(parquet.ParquetFile(source))
            names = file.schema_arrow.names
            if options.text_key not in names:
                raise InputError.no_key(name, "row 1", options.text_key, names)
            columns = list(dict.fromkeys(c for c in (options.text_key, options.id_key, "title", "url") if c in names))
            size, total, number = Path(name).stat().st_size if source is name else 0, file.metadata.num_rows, 0
            for batch in file.iter_batches(batch_size=64, columns=columns):
                for value in batch.to_pylist():
                    number += 1
                    yield Record(number, "row", value, size * number // total)
        except FileNotFoundError:
            raise InputError.missing(name) from None
        except (pyarrow.ArrowException, OSError) as error:
            raise InputError.damaged(name, error) from error
