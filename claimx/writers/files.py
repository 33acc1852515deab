"""Files that appear whole or not at all, compressed as their suffix says."""

from __future__ import annotations

import contextlib
import io
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, TextIO

from claimx.errors import OutputError
from claimx.filenames import compression_of
from claimx.writers import check_installed
from claimx.zstd import zstd_file


def write_file(path: str, fill: Callable[[TextIO], None]) -> None:
    """Let `fill` write a text that appears at `path` only when it is complete; raises `OutputError`."""

    def fill_file(temporary: str) -> None:
        with open(temporary, "wb") as raw, text_into(raw, path) as stream:
            fill(stream)

    replace_file(path, fill_file)


def replace_file(path: str, fill: Callable[[str], None]) -> None:
    """Let `fill` write a file, given by its path, that appears at `path` only when it is complete.

    Raises `OutputError`.
    """
    target = Path(path)
    try:
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        os.close(handle)
    except OSError as error:
        raise OutputError.failed(path, error) from error
    try:
        fill(temporary)
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, target)
    except (OSError, sqlite3.Error) as error:
        raise OutputError.failed(path, error) from error
    finally:
        Path(temporary).unlink(missing_ok=True)


@contextlib.contextmanager
def text_into(raw: IO[bytes], path: str) -> Iterator[TextIO]:
    """UTF-8 text into `raw`, through the compression that `path` ends in."""
    with contextlib.ExitStack() as stack:
        binary = stack.enter_context(bytes_into(raw, path))
        text = io.TextIOWrapper(binary, "utf-8", newline="", write_through=True)
        yield text
        text.flush()
        text.detach()


@contextlib.contextmanager
def bytes_into(raw: IO[bytes], path: str) -> Iterator[IO[bytes]]:
    """Bytes into `raw`, through the compression that `path` ends in. The same bytes give the same file."""
    compression = compression_of(path)
    if compression == ".gz":
        import gzip

        with gzip.GzipFile("", "wb", 6, raw, mtime=0) as stream:
            buffer = io.BufferedWriter(stream, 1 << 16)
            yield buffer
            buffer.flush()
            buffer.detach()
    elif compression == ".zst":
        check_installed(path)
        with zstd_file(raw, "w") as stream:
            buffer = io.BufferedWriter(stream, 1 << 16)
            yield buffer
            buffer.flush()
            buffer.detach()
    else:
        yield raw


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
