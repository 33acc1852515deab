"""An article's tokens as plain lists, which the components that read no parse go over many times."""

from __future__ import annotations

import unicodedata

from spacy.tokens import Doc


class Article:
    """Tokens of a Doc as plain lists, which the components below read many times."""

    def __init__(self, doc: Doc) -> None:
        self.text = doc.text
        self.words = [token.text for token in doc]
        self.lowers = [word.lower() for word in self.words]
        self.offsets = [token.idx for token in doc]
        self.ends = [start + len(word) for start, word in zip(self.offsets, self.words, strict=True)]
        self.lower_seen = frozenset(word for word in self.words if word.islower())
        #: index of the first token after the first paragraph, which may be a headline; 0 for one paragraph
        self.body = next((i + 1 for i, word in enumerate(self.words) if "\n" in word), 0)
        self.body_words = frozenset(self.words[self.body :])
        self.is_break = ["\n" in word or word in (".", "?", "!") for word in self.words]

    def span(self, start: int, end: int) -> tuple[int, int]:
        return self.offsets[start], self.ends[end - 1]

    def slice(self, start: int, end: int) -> str:
        return self.text[self.offsets[start] : self.ends[end - 1]] if start < end else ""


def fold(word: str) -> str:
    """A word of a name as it is compared: without case, accents and the dot of an initial."""
    plain = unicodedata.normalize("NFD", word.replace("’", "'").rstrip("."))
    return "".join(c for c in plain if not unicodedata.combining(c)).lower()
