"""Phrases of a rule, found in a text word by word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from spacy.tokens import Doc, Span


class Phrases:
    """Phrases to find, each given as its words in one string, the label of its spans, and their id."""

    def __init__(self, rows: Iterable[tuple[str, str, str]] = ()) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str, str]]] = defaultdict(list)
        for phrase, label, id in rows:
            words = tuple(_folded(phrase).split())
            self._by_first[words[0]].append((words, label, id))
        for phrases in self._by_first.values():
            phrases.sort(key=lambda row: -len(row[0]))

    def add_to(self, doc: Doc, key: str) -> None:
        """Add the phrases of a Doc to ``doc.spans[key]``, behind what is there."""
        found = [Span(doc, start, end, label, span_id=id) for start, end, label, id in self._in(doc)]
        doc.spans[key] = [*doc.spans.get(key, ()), *found]

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._by_first)

    def _in(self, doc: Doc) -> Iterator[tuple[int, int, str, str]]:
        """Where phrases stand as (start, end, label, id) of tokens: the longest at each place, none over another."""
        if not self._by_first:
            return
        words = [_folded(token.text) for token in doc]
        i = 0
        while i < len(words):
            for phrase, label, id in self._by_first.get(words[i], ()):
                if tuple(words[i : i + len(phrase)]) == phrase:
                    yield i, i + len(phrase), label, id
                    i += len(phrase) - 1
                    break
            i += 1


def _folded(text: str) -> str:
    return text.lower().replace("’", "'")
