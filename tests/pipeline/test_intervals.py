import random

from claimx.pipeline.intervals import Intervals


def test_over_finds_what_overlaps_and_nothing_else():
    rng = random.Random(7)
    spans = [(start, start + rng.randrange(1, 900), f"item {start}") for start in rng.sample(range(20_000), 300)]
    intervals = Intervals(spans)
    for start in range(0, 21_000, 97):
        end = start + rng.randrange(1, 700)
        expected = sorted((low, high, item) for low, high, item in spans if low < end and start < high)
        assert sorted(intervals.over(start, end)) == expected


def test_items_of_one_span_come_in_the_order_in_which_they_were_added():
    items = [object() for _ in range(50)]
    assert [item for *_, item in Intervals((3, 9, item) for item in items).over(0, 10)] == items
