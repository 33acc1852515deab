"""What a batch has found so far, kept on disk: which segments of its journal are done, who makes how many claims."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import astuple
from pathlib import Path

from claimx.batch.journal import Counts, Entry
from claimx.directory import key_of
from claimx.schema import Extraction

_SCHEMA = """
CREATE TABLE IF NOT EXISTS segments (
    number INTEGER PRIMARY KEY, articles INTEGER, failed INTEGER, claims INTEGER, words INTEGER, read INTEGER
);
CREATE TABLE IF NOT EXISTS kinds (kind TEXT PRIMARY KEY, claims INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS speakers (
    kind TEXT, name TEXT, shown TEXT NOT NULL, claims INTEGER NOT NULL, articles INTEGER NOT NULL,
    PRIMARY KEY (kind, name)
) WITHOUT ROWID;
"""
_ADD_KIND = "INSERT INTO kinds VALUES (?, ?) ON CONFLICT DO UPDATE SET claims = claims + excluded.claims"
_ADD_SPEAKER = """
INSERT INTO speakers VALUES (?, ?, ?, ?, 1)
ON CONFLICT DO UPDATE SET claims = claims + excluded.claims, articles = articles + 1
"""


class Ledger:
    """Counts over the articles of finished segments; a segment is counted once, however often it is given."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.executescript(_SCHEMA)

    def done(self) -> int:
        """How many segments have been counted."""
        return self._connection.execute("SELECT count(*) FROM segments").fetchone()[0]

    def counts(self) -> Counts:
        """Sums over the segments that have been counted."""
        row = self._connection.execute(
            "SELECT sum(articles), sum(failed), sum(claims), sum(words), sum(read) FROM segments"
        ).fetchone()
        return Counts(*(value or 0 for value in row))

    @contextmanager
    def segment(self, number: int) -> Iterator[Callable[[Entry, Extraction | None], None]]:
        """A function that counts the entries of the segment `number`, which are kept together or not at all."""
        db = self._connection
        if db.execute("SELECT 1 FROM segments WHERE number = ?", (number,)).fetchone():
            yield lambda entry, extraction: None
            return
        counts = Counts()

        def count(entry: Entry, extraction: Extraction | None) -> None:
            counts.add(*entry[:4])
            if extraction:
                self._count(extraction)

        db.execute("BEGIN")
        try:
            yield count
        except BaseException:
            db.execute("ROLLBACK")
            raise
        db.execute("INSERT INTO segments VALUES (?, ?, ?, ?, ?, ?)", (number, *astuple(counts)))
        db.execute("COMMIT")

    def _count(self, extraction: Extraction) -> None:
        by_speaker = Counter(claim.speaker for claim in extraction.claims)
        self._connection.executemany(_ADD_KIND, Counter(claim.kind for claim in extraction.claims).items())
        for speaker in extraction.speakers:
            key = key_of(speaker)
            if key and speaker.name != speaker.name.lower():  # a name, not "company"
                self._connection.execute(_ADD_SPEAKER, (*key, speaker.name, by_speaker[speaker.id]))

    def kinds(self) -> dict[str, int]:
        return dict(self._connection.execute("SELECT kind, claims FROM kinds"))

    def top_speakers(self, count: int) -> list[tuple[str, int, int]]:
        """(name, claims, articles) of the people and organizations with most claims."""
        return self._connection.execute(
            "SELECT shown, claims, articles FROM speakers ORDER BY claims DESC, articles DESC, shown LIMIT ?", (count,)
        ).fetchall()

    def close(self) -> None:
        self._connection.close()
