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
        self._buckets: dict[int, list[tuple[int, int, T]]] = defaultdict(list)
        for start, end, item in items:
            self.add(start, end, item)

    def add(self, start: int, end: int, item: T) -> None:
        for bucket in range(start // _SIZE, max(start, end - 1) // _SIZE + 1):
            self._buckets[bucket].append((start, end, item))

    def over(self, start: int, end: int) -> list[tuple[int, int, T]]:
        """The (start, end, item) that overlap [start, end), sorted by their spans."""
        found = {
            (low, high, id(item)): (low, high, item)
            for bucket in range(start // _SIZE, max(start, end - 1) // _SIZE + 1)
            for low, high, item in self._buckets.get(bucket, ())
            if low < end and start < high
        }
        return [found[key] for key in sorted(found)]
