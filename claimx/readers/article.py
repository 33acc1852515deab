"""What readers make: an article."""

from __future__ import annotations

from dataclasses import dataclass


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
