"""What the spelling of mentions tells: their form, and whether two of them share words or initials.

The network is trained on exactly these; what decides later has traits of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

FORMS = NAME, PRONOUN, NOMINAL, ROLE = range(4)
#: Classes of pronouns as the network knows them; 0 is no pronoun.
PRONOUN_CLASSES = (
    "",
    "he him his himself",
    "she her hers herself",
    "it its itself",
    "they them their theirs themselves",
    "i me my mine myself",
    "we us our ours ourselves",
    "you your yours yourself",
    "who whom whose which that",
    "this these those one",
)
_CLASS_OF = {word: number for number, words in enumerate(PRONOUN_CLASSES) for word in words.split()}
_LEFT_OUT = frozenset(
    ["the", "a", "an", "of", "for", "and", "at", "in", "on", "de", "la", "le", "al", "van", "der", "von"]
)
_WORD = re.compile(r"[\w’'.\-]+")


class Spelling(NamedTuple):
    """A mention's form, class of pronoun, its words that count, lower-cased, and its initials or its own capitals."""

    form: int
    pronoun: int
    words: tuple[str, ...]
    initials: str = ""
    capitals: str = ""


def spelling_of(text: str) -> Spelling:
    low = text.lower().strip()
    if low in _CLASS_OF:
        return Spelling(PRONOUN, _CLASS_OF[low], (low,))
    words = _WORD.findall(text)
    counting = (
        [lower for lower in map(str.lower, words) if lower not in _LEFT_OUT] or [w.lower() for w in words] or [low]
    )
    named = [word for word in words if word[:1].isupper() and word.lower() not in _LEFT_OUT]
    is_name = named and (len(named) * 2 > len(counting) or words[-1][:1].isupper())
    initials = "".join(word[0].lower() for word in named) if len(named) > 1 else ""
    alone = len(words) == 1 and words[0].isupper() and len(words[0]) > 1
    capitals = words[0].replace(".", "").lower() if alone else ""
    return Spelling(NAME if is_name else NOMINAL, 0, tuple(counting), initials, capitals)


class Spellings:
    """The spellings of all mentions of a text as numbers, so that many pairs are compared at once."""

    def __init__(self, spellings: Sequence[Spelling]) -> None:
        known: dict[str, int] = {"": 0}

        def number(word: str) -> int:
            return known.setdefault(word, len(known))

        self.is_pronoun = np.array([s.form == PRONOUN for s in spellings], bool)
        self._full = np.array([number(" ".join(s.words)) for s in spellings], np.int64)
        own = [
            ((s.words[0], s.words[-1], s.initials, s.capitals) if s.form != PRONOUN else ("",) * 4) for s in spellings
        ]
        self._parts = np.array([[number(word) for word in row] for row in own], np.int64).reshape(-1, 4)
        self._words = [frozenset(number(w) for w in s.words) if s.form != PRONOUN else frozenset() for s in spellings]

    def compared(self, left: slice, right: slice) -> np.ndarray:
        """Features (left, right, 9) of the pairs, as float32."""

        def equal(a: np.ndarray, b: np.ndarray) -> np.ndarray:
            return (a[:, None] == b[None]) & (a[:, None] != 0)

        (first, last, initials, capitals), (first_, last_, initials_, capitals_) = (
            self._parts[left].T,
            self._parts[right].T,
        )
        full, full_ = self._full[left], self._full[right]
        column: dict[int, int] = {0: 0}
        here, there = (_table(words, column) for words in (self._words[left], self._words[right]))
        here = np.pad(here, ((0, 0), (0, len(column) - here.shape[1])))
        both = here @ there.T
        size, size_ = here.sum(1), there.sum(1)
        shared = both > 0
        last_in, last_of = (
            there[:, [column[word] for word in last.tolist()]].T,
            here[:, [column[word] for word in last_.tolist()]],
        )
        found = [
            equal(full, full_),
            equal(last, last_),
            equal(first, first_),
            last_in > 0,
            last_of > 0,
            shared & (both == size[:, None]),
            shared & (both == size_[None]),
            equal(initials, capitals_) | equal(capitals, initials_),
            equal(full, first_) | equal(first, full_),
        ]
        return np.stack(found, -1).astype(np.float32)


def _table(sets: list[frozenset[int]], column: dict[int, int]) -> np.ndarray:
    """(sets, columns) 1 where a set has the word of a column; unknown words get new columns."""
    rows = [[column.setdefault(word, len(column)) for word in have] for have in sets]
    found = np.zeros((len(sets), len(column)), np.float32)
    for i, row in enumerate(rows):
        found[i, row] = 1
    return found
