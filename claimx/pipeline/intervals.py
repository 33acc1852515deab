"""Which of many spans overlap a given one, without looking at all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Generic, TypeVar

T = TypeVar("T")
#: Characters in a bucket: about a sentence or two.
_SIZE = 256


class Intervals(Generic[T]):
    """Items filed under the [start, end) spans they cover; the cost of a look-up is that of what lies near."""

    def __init__(self, items: Iterable[tuple[int, int, T]] = ()) -> None:
        self._buckets: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        self._items: list[T] = []
        for start, end, item in items:
            self.add(start, end, item)

    def add(self, start: int, end: int, item: T) -> None:
        for bucket in range(start // _SIZE, max(start, end - 1) // _SIZE + 1):
            self._buckets[bucket].append((start, end, len(self._items)))
        self._items.append(item)

    def over(self, start: int, end: int) -> list[tuple[int, int, T]]:
        """The (start, end, item) that overlap [start, end), sorted by their spans, then as they were added."""
        found = {
            span
            for bucket in range(start // _SIZE, max(start, end - 1) // _SIZE + 1)
            for span in self._buckets.get(bucket, ())
            if span[0] < end and start < span[1]
        }
        return [(low, high, self._items[number]) for low, high, number in sorted(found)]
