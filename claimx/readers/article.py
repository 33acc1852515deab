"""What readers make: an article."""

from __future__ import annotations

from dataclasses import dataclass

from claimx.errors import InputError
from claimx.filenames import shown

#: Code points of the longest text that is read where nobody says otherwise: a thick book.
MAX_CHARS = 5_000_000


@dataclass(slots=True)
class Article:
    """A text to read. `path` is None where it came from standard input.

    Of `id`, `title`, `path` and `url`, what is not Unicode becomes question marks.
    """

    id: str
    text: str
    title: str | None = None
    path: str | None = None
    url: str | None = None

    def __post_init__(self) -> None:
        for name in ("id", "title", "path", "url"):
            value = getattr(self, name)
            if value:
                setattr(self, name, shown(value))

    def check_length(self, limit: int) -> None:
        """Raise `InputError` where the text has more than `limit` characters."""
        if len(self.text) > limit:
            raise InputError.too_long(self.path or self.id, len(self.text), limit)


@dataclass(slots=True, frozen=True)
class ReadOptions:
    """How to read: `encoding` None means UTF-8, else what the bytes look like; keys are those of JSON records.

    A text of more than `max_chars` code points is an error.
    """

    encoding: str | None = None
    text_key: str = "text"
    id_key: str = "id"
    max_chars: int = MAX_CHARS
