"""Bytes and text of files: local or remote (fsspec), plain or compressed (.gz, .zst), in any encoding."""

from __future__ import annotations

import codecs
import contextlib
import io
import os
import re
import stat
import threading
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import IO

from claimx import zstd
from claimx.errors import InputError
from claimx.filenames import compression_of, is_remote
from claimx.printable import printable

#: The most bytes of a file that holds one article, decompressed. Files of many articles are streamed.
MOST_BYTES = 64 << 20
#: What is looked at of a stream to tell its encoding.
_SAMPLE = 1 << 18
_BUFFER = 1 << 13
#: Seconds that a named pipe may have nobody who writes to it.
_PATIENCE = 10.0
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WESTERN = re.compile(
    r"cp(125[02478]|1140|437|775|85[08])|latin_1|iso8859_(2|9|14|15)|mac_(roman|latin2|iceland)|hp_roman8"
)


@contextlib.contextmanager
def opened(name: str) -> Iterator[tuple[IO[bytes], Callable[[], int]]]:
    """A file as a decompressed stream of bytes, and a function that tells how many bytes of it have been read.

    Raises `InputError` where it cannot be opened or, while it is read, where it is damaged.
    """
    with contextlib.ExitStack() as stack:
        try:
            raw = stack.enter_context(_open(name))
            stream = stack.enter_context(_decompressed(raw, name))
        except InputError:
            raise
        except OSError as error:
            raise InputError.of(name, error) from error
        except ValueError as error:
            raise InputError.unreadable(name, error) from error
        try:
            yield stream, raw.tell
        except (EOFError, zlib.error) as error:
            raise InputError.damaged(name, error) from error
        except OSError as error:
            damaged = error.errno is None  # BadGzipFile has no number
            raise (InputError.damaged if damaged else InputError.unreadable)(name, error) from error
        except InputError:
            raise
        except UnicodeDecodeError as error:  # of encodings that cannot keep what is broken
            raise InputError.bad_encoding(name, error.encoding, "cut short or damaged") from None
        except Exception as error:
            if type(error).__name__ == "ZstdError":
                raise InputError.damaged(name, error) from error
            raise


def _open(name: str) -> IO[bytes]:
    if not is_remote(name):
        opening = _open_pipe if stat.S_ISFIFO(os.stat(name).st_mode) else partial(open, mode="rb", buffering=_SAMPLE)
        return opening(name)
    try:
        import fsspec
    except ImportError:
        raise InputError.needs(name, "fsspec", "ray") from None
    try:
        return fsspec.open(name, "rb").open()
    except ImportError as error:  # the package for this sort of address
        raise InputError.unreadable(name, error) from error


def _open_pipe(name: str) -> IO[bytes]:
    """Open a named pipe, which lasts until somebody opens it to write. Raises `InputError` where nobody does."""
    found: list[IO[bytes] | OSError] = []

    def wait() -> None:
        try:
            found.append(open(name, "rb", buffering=_SAMPLE))  # noqa: SIM115
        except OSError as error:
            found.append(error)

    waiting = threading.Thread(target=wait, daemon=True)
    waiting.start()
    waiting.join(_PATIENCE)
    if not found:
        raise InputError.silent(name, _PATIENCE)
    if isinstance(found[0], OSError):
        raise found[0]
    return found[0]


def _decompressed(raw: IO[bytes], name: str) -> IO[bytes]:
    compression = compression_of(name)
    if compression == ".gz":
        import gzip

        return io.BufferedReader(gzip.GzipFile(fileobj=raw), _SAMPLE)
    if compression == ".zst":
        try:
            return io.BufferedReader(zstd.zstd_file(raw), _SAMPLE)
        except ImportError:
            raise InputError.needs(name, zstd.PACKAGE, "batch") from None
    return raw


def bytes_of(name: str) -> bytes:
    """The bytes of a file, decompressed. Raises `InputError`."""
    with opened(name) as (stream, _):
        data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise InputError.too_large(name, MOST_BYTES)
    return data


def decode(data: bytes, label: str, encoding: str | None, warn: Callable[[str], None]) -> str:
    """Decode `data`; a byte order mark wins, then `encoding`, then UTF-16 that shows as such, then UTF-8, then
    detection. Line ends become "\\n".

    Raises `InputError` for bytes that are no text, or none in the encoding asked for.
    """
    text = None
    mark, marked = _mark_of(data)
    data, encoding = data[mark:], marked or encoding or _wide(data, label, warn)
    if encoding:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as error:
            raise InputError.bad_encoding(label, encoding, f"byte {error.start}") from None
    else:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            text = data.decode(_detected(data, label, warn))
    if "\0" in text:
        raise InputError.binary(label)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def text_stream(
    stream: IO[bytes], label: str, encoding: str | None, warn: Callable[[str], None], newline: str | None = None
) -> io.TextIOWrapper:
    """A stream of bytes as text. Bytes that are none in its encoding become lone surrogates."""
    stream = stream if hasattr(stream, "peek") else io.BufferedReader(stream, _SAMPLE)
    sample = stream.peek(_SAMPLE)
    mark, marked = _mark_of(sample)
    stream.read(mark)
    chosen = marked or encoding or _wide(sample[: len(sample) & ~1], label, warn) or _encoding_of(sample, label, warn)
    return io.TextIOWrapper(stream, chosen, errors="surrogateescape", newline=newline)


def _mark_of(data: bytes) -> tuple[int, str | None]:
    return next(((len(mark), name) for mark, name in _BOMS if data.startswith(mark)), (0, None))


def _wide(data: bytes, label: str, warn: Callable[[str], None]) -> str | None:
    """UTF-16 without a mark, where most characters are ASCII, of which one byte is zero."""
    sample = data[: 1 << 12]
    if b"\0" in sample and len(sample) >= 8 and len(data) % 2 == 0:
        for name, zeros, others in (("utf-16-le", 1, 0), ("utf-16-be", 0, 1)):
            if 2 * sample[zeros::2].count(0) > len(sample[zeros::2]) and not sample[others::2].count(0):
                warn(_guessed(label, name))
                return name
    return None


def _guessed(label: str, encoding: str) -> str:
    return f"{printable(label)}: not UTF-8; read as {encoding}. Use --encoding to choose another."


def _encoding_of(sample: bytes, label: str, warn: Callable[[str], None]) -> str:
    """UTF-8 where any line beyond ASCII is: some bad lines make no other encoding."""
    lines = sample.split(b"\n")
    lines = [line for line in (lines[:-1] if len(sample) >= _BUFFER else lines) if not line.isascii()]
    if not lines or any(_decodes(line, "utf-8") for line in lines):
        return "utf-8"
    return _detected(sample, label, warn)


def _detected(data: bytes, label: str, warn: Callable[[str], None]) -> str:
    if b"\0" in data[:4096]:
        raise InputError.binary(label)
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    if best is None:
        raise InputError.unknown_encoding(label)
    # Detection cannot tell the Western one-byte encodings apart; in them news is cp1252.
    name = "cp1252" if _WESTERN.fullmatch(best.encoding) and _decodes(data, "cp1252") else best.encoding
    warn(_guessed(label, name))
    return name


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
