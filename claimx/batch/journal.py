"""The journal of a batch: what became of each task, in their order, appended as it comes and whole at any moment.

A line is ``r`` (record) or ``e`` (error), claims, words, bytes of input read, and the line for the output, parted by
tabs. Its place is that of its task, so the number of lines is where a batch goes on. Lines are kept in segments of
equal numbers of tasks; a line that was cut short when the batch ended is dropped, and its article read again.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from claimx.batch.failing import failing
from claimx.batch.worker import Outcome

_LINE = re.compile(rb"([re])\t(\d+)\t(\d+)\t(\d+)\t(\{.*\}\n)")
#: Seconds between two times that the disk is told to keep what was written.
_SYNC = 5.0


@dataclass(slots=True)
class Counts:
    """Articles (records and failures), failures among them, claims, words, and bytes of input."""

    articles: int = 0
    failed: int = 0
    claims: int = 0
    words: int = 0
    read: int = 0

    def add(self, failed: bool, claims: int, words: int, read: int) -> None:
        self.articles += 1
        self.failed += failed
        self.claims += claims
        self.words += words
        self.read += read


class Journal:
    """Appends outcomes to segments of `size` tasks in `folder`; `counts` are of all that is kept.

    `first` is the segment to begin with and `counts` what the segments before it held. Raises `BatchError` where it
    cannot be written.
    """

    def __init__(self, folder: Path, size: int, *, first: int = 0, counts: Counts | None = None) -> None:
        self.folder, self.size, self.first = folder, size, first
        self.counts = counts or Counts()
        self._file: int | None = None
        self._synced = time.monotonic()
        for segment in self.segments():
            self._recover(segment)

    def segment(self, number: int) -> Path:
        return self.folder / f"journal-{number:05}"

    def segments(self) -> list[Path]:
        """The segments there are, in their order."""
        found, number = [], self.first
        while (path := self.segment(number)).exists():
            found.append(path)
            number += 1
        return found

    def _recover(self, path: Path) -> None:
        """Count the lines of a segment, and cut it off after the last whole one."""
        whole = 0
        with open(path, "r+b") as stream:
            for line in stream:
                parts = _LINE.fullmatch(line)
                if not parts:
                    break
                whole += len(line)
                tag, *numbers, _ = parts.groups()
                self.counts.add(tag == b"e", *map(int, numbers))
            stream.truncate(whole)

    def append(self, outcomes: Iterable[Outcome]) -> None:
        """Keep the outcomes of the next tasks."""
        lines: list[bytes] = []
        for outcome in outcomes:
            tag = "e" if outcome.failed else "r"
            head = f"{tag}\t{outcome.claims}\t{outcome.words}\t{outcome.read}\t"
            lines.append((head + outcome.line).encode("utf-8"))
            self.counts.add(outcome.failed, outcome.claims, outcome.words, outcome.read)
            if self.counts.articles % self.size == 0:
                self._write(b"".join(lines))
                self.close()
                lines = []
        if lines:
            self._write(b"".join(lines))

    def _write(self, data: bytes) -> None:
        path = self._current()
        with failing(str(path)):
            if self._file is None:
                self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
            while data:
                data = data[os.write(self._file, data) :]
            if time.monotonic() - self._synced > _SYNC:
                self._sync(path)

    def _current(self) -> Path:
        """The segment of the last line."""
        return self.segment((self.counts.articles - 1) // self.size)

    def _sync(self, path: Path) -> None:
        os.fsync(self._file)
        self._synced = time.monotonic()
        os.stat(path)  # a file that was removed can be written, but that helps nobody

    def close(self) -> None:
        """Let the disk keep all that was written."""
        if self._file is not None:
            path = self._current()
            try:
                with failing(str(path)):
                    self._sync(path)
            finally:
                os.close(self._file)
                self._file = None


class Entry(NamedTuple):
    """A line of the journal, taken apart; `line` is the one for the output."""

    failed: bool
    claims: int
    words: int
    read: int
    line: bytes


def entries_of(segment: Path) -> Iterator[Entry]:
    """The lines of a segment."""
    with open(segment, "rb") as stream:
        for line in stream:
            tag, claims, words, read, found = line.split(b"\t", 4)
            yield Entry(tag == b"e", int(claims), int(words), int(read), found)
