"""The articles to train on, as augmentation and training take them."""

from __future__ import annotations

from pathlib import Path

from settings import read_jsonl

#: First flat tag of each part of an attribution; its inside tag follows.
PARTS = {"source": 1, "cue": 3, "content": 5}


def load_articles(path: Path) -> list[dict]:
    """Rows of prepare.py to train on, with all spans in one list, so that they move together in augmentation."""
    rows = []
    for article in read_jsonl(path):
        if article["part"] != "train":
            continue
        spans: list[tuple[int, int]] = []
        labels: list[str] = []
        attributions = []
        for a in article["attributions"] or ():
            parts = {}
            for part in PARTS:
                parts[part] = list(range(len(spans), len(spans) + len(a[part])))
                spans += [tuple(span) for span in a[part]]
                labels += [""] * len(a[part])
            attributions.append(parts)
        for start, end, label in article["entities"]:
            spans.append((start, end))
            labels.append(label)
        row = {
            "text": article["text"],
            "spans": spans,
            "labels": labels,
            "attributions": None if article["attributions"] is None else attributions,
        }
        rows += [row] * article["weight"]
    return rows
