"""Articles, claims, speakers and affiliations as a SQLite database with full-text search.

Tables are tied by foreign keys; spans and other lists are JSON, `negated` is 0 or 1. Search: ``SELECT claims.* FROM
claims JOIN claims_search ON claims_search.rowid = claims.key WHERE claims_search MATCH 'bridge'``.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import BaseModel

    from claimx.schema import Extraction

SCHEMA = """
CREATE TABLE articles (
    key INTEGER PRIMARY KEY, id TEXT NOT NULL, title TEXT, path TEXT, url TEXT, sha256 TEXT NOT NULL,
    model TEXT NOT NULL, model_version TEXT NOT NULL
);
CREATE TABLE speakers (
    key INTEGER PRIMARY KEY, article INTEGER NOT NULL REFERENCES articles(key), id TEXT NOT NULL, name TEXT NOT NULL,
    kind TEXT NOT NULL, aliases TEXT NOT NULL, mentions INTEGER NOT NULL, pronouns TEXT NOT NULL
);
CREATE TABLE affiliations (
    key INTEGER PRIMARY KEY, speaker INTEGER NOT NULL REFERENCES speakers(key), role TEXT, organization TEXT,
    spans TEXT NOT NULL, confidence REAL NOT NULL
);
CREATE TABLE claims (
    key INTEGER PRIMARY KEY, article INTEGER NOT NULL REFERENCES articles(key), id TEXT NOT NULL, kind TEXT NOT NULL,
    type TEXT NOT NULL, negated INTEGER NOT NULL, text TEXT NOT NULL, spans TEXT NOT NULL, cue TEXT, cue_lemma TEXT,
    cue_spans TEXT, source TEXT, source_spans TEXT, speaker INTEGER REFERENCES speakers(key), speaker_confidence REAL,
    confidence REAL NOT NULL, evidence TEXT
);
CREATE VIRTUAL TABLE claims_search USING fts5(
    text, source, content='claims', content_rowid='key', tokenize='unicode61'
);
"""
_AFTER = """
CREATE INDEX claims_of_article ON claims(article);
CREATE INDEX claims_of_speaker ON claims(speaker);
CREATE INDEX speakers_of_article ON speakers(article);
CREATE INDEX speakers_by_name ON speakers(name);
CREATE INDEX affiliations_of_speaker ON affiliations(speaker);
INSERT INTO claims_search(claims_search) VALUES ('rebuild');
"""


def write_sqlite(extractions: Iterable[Extraction], path: str) -> None:
    """Write a database to the file `path`, which must not exist yet."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        # the file is thrown away if this is cut off, so nothing needs to be undone
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + SCHEMA)
        connection.execute("BEGIN")
        keys = _Keys()
        for extraction in extractions:
            _insert(connection, extraction, keys)
        connection.execute("COMMIT")
        connection.executescript(_AFTER)
    finally:
        connection.close()


class _Keys:
    """Primary keys, counted in the order of the articles."""

    def __init__(self) -> None:
        self.article = self.speaker = 0


def _insert(connection: sqlite3.Connection, extraction: Extraction, keys: _Keys) -> None:
    keys.article += 1
    origin, model = extraction.source, extraction.model
    _row(connection, "articles", keys.article, extraction.id, extraction.title, origin.path, origin.url, origin.sha256,
         model.name, model.version)  # fmt: skip
    speakers = {}
    for speaker in extraction.speakers:
        keys.speaker += 1
        speakers[speaker.id] = keys.speaker
        _row(connection, "speakers", keys.speaker, keys.article, speaker.id, speaker.name, speaker.kind,
             _json(speaker.aliases), speaker.mentions, _json(speaker.pronouns))  # fmt: skip
        for affiliation in speaker.affiliations:
            _row(connection, "affiliations", None, keys.speaker, affiliation.role, affiliation.organization,
                 _json(affiliation.spans), affiliation.confidence)  # fmt: skip
    for claim in extraction.claims:
        cue, source = claim.cue, claim.source
        _row(connection, "claims", None, keys.article, claim.id, claim.kind, claim.type, claim.negated, claim.text,
             _json(claim.spans), cue and cue.text, cue and cue.lemma, cue and _json(cue.spans), source and source.text,
             source and _json(source.spans), speakers.get(claim.speaker), claim.speaker_confidence, claim.confidence,
             claim.evidence and _json(claim.evidence))  # fmt: skip


def _row(connection: sqlite3.Connection, table: str, *values) -> None:
    connection.execute(f"INSERT INTO {table} VALUES ({','.join('?' * len(values))})", values)


def _json(value: list | BaseModel) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value.model_dump_json()
