"""Articles to training batches: augmented, cut into word pieces, labelled, windowed and padded."""

from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np
import torch
from articles import PARTS
from augment import Augmenter

from claimx.pipeline.encoder.features import FIRST, NEW_PARAGRAPH, Features, features
from claimx.pipeline.encoder.tags import ENTITY_TAGS, ROLE_TAGS
from claimx.pipeline.quotations.marks import find_quotations

IGNORE = -100
#: Words on either side of a cue that its tagger sees.
REACH = 64


def example(row: dict, tokenizer, augmenter: Augmenter, rng: random.Random):
    """Augment and encode a row: (features, flat, entity and role tags, [(cue, sources, contents)]), ranges in words."""
    text, spans = augmenter(row["text"], row["spans"], row["labels"], rng)
    encoded = features(text, tokenizer, find_quotations(text))

    def words(span) -> tuple[int, int]:
        return encoded.range_of(*span)

    flat, entity, role = (np.zeros(len(encoded.words), np.int64) for _ in range(3))
    links = []
    if row["attributions"] is None:
        flat[:] = IGNORE
    for parts in row["attributions"] or ():
        ranges = {part: [r for i in parts[part] if (r := words(spans[i]))[0] < r[1]] for part in PARTS}
        for part, tag in PARTS.items():
            for start, end in ranges[part]:
                flat[start], flat[start + 1 : end] = tag, tag + 1
        if ranges["cue"] and ranges["content"]:
            links.append((ranges["cue"][0], ranges["source"], ranges["content"]))
    # the outermost of nested names comes last and wins
    for i in sorted((i for i, label in enumerate(row["labels"]) if label), key=lambda i: spans[i][1] - spans[i][0]):
        start, end = words(spans[i])
        if start < end:
            tags, known = (role, ROLE_TAGS) if row["labels"][i] == "ROLE" else (entity, ENTITY_TAGS)
            tag = known.index("B-" + row["labels"][i])
            tags[start], tags[start + 1 : end] = tag, tag + 1
    return encoded, flat, entity, role, links


def windows(encoded: Features, size: int, snippets: float, rng: random.Random) -> list[tuple[int, int, bool]]:
    """Random cuts of an article into windows of at most `size` word pieces, as (first word, end word, whole).

    A window that is whole stands as a text of its own: short articles, and a few paragraphs of the share `snippets`.
    """
    first, pieces = encoded.first, len(encoded.ids)
    if rng.random() < snippets:
        return [snippet(encoded, size, rng) for _ in range(2)] if len(first) else []
    if pieces <= size:
        return [(0, len(first), True)] if len(first) else []
    bounds = np.append(first, pieces)
    out, at = [], -rng.randrange(0, size - 64)
    while at < pieces - 40:
        start = int(np.searchsorted(first, max(0, at), "left"))
        end = int(np.searchsorted(bounds, min(pieces, at + size), "right")) - 1
        if end - start > 40:
            out.append((start, end, False))
        at += size - 32
    return out


def snippet(encoded: Features, size: int, rng: random.Random) -> tuple[int, int, bool]:
    """One to three paragraphs of an article, cut short where they are longer than `size` word pieces."""
    starts = np.flatnonzero(encoded.gap[encoded.first] >= NEW_PARAGRAPH)
    bounds = np.append(encoded.first, len(encoded.ids))
    at = rng.randrange(len(starts))
    after = at + rng.choice([1, 1, 2, 3])
    end = int(starts[after]) if after < len(starts) else len(encoded.first)
    start = int(starts[at])
    return start, min(end, int(np.searchsorted(bounds, bounds[start] + size, "right")) - 1), True


class Batches:
    """An endless stream of batches, each of windows of like length."""

    def __init__(self, rows, tokenizer, augmenter: Augmenter, *, size: int, per_batch: int, seed: int) -> None:
        self.rows, self.tokenizer, self.augmenter = rows, tokenizer, augmenter
        self.size, self.per_batch, self.rng = size, per_batch, random.Random(seed)

    def __iter__(self):
        while True:
            order = list(range(len(self.rows)))
            self.rng.shuffle(order)
            pool: list = []
            for i in order:
                made = example(self.rows[i], self.tokenizer, self.augmenter, self.rng)
                cuts = windows(made[0], self.size, self.augmenter.shares["snippets"], self.rng)
                pool += [(made, cut) for cut in cuts]
                if len(pool) > self.per_batch * 24:
                    yield from self._batches(pool)
                    pool = []
            yield from self._batches(pool)

    def _batches(self, pool: list) -> Iterator[dict]:
        """Windows of about one length together, the batches in any order."""
        self.rng.shuffle(pool)
        pool.sort(key=lambda item: item[1][1] - item[1][0])
        batches = [pool[j : j + self.per_batch] for j in range(0, len(pool), self.per_batch)]
        self.rng.shuffle(batches)
        yield from (collate(batch) for batch in batches if len(batch) > self.per_batch // 2)


def collate(batch) -> dict:
    """Pad a batch. Tags within eight words of a window's inner edge are not learnt from, nor cues near it."""
    bounds = []
    for (encoded, *_), (start, end, _) in batch:
        low = int(encoded.first[start])
        bounds.append((low, int(encoded.first[end]) if end < len(encoded.first) else len(encoded.ids)))
    size, length, longest = len(batch), max(high - low for low, high in bounds), max(b - a for _, (a, b, _) in batch)
    pieces = {name: np.zeros((size, length), np.int64) for name in ("ids", "case", "quote", "gap")}
    mask, is_word = np.zeros((size, length), bool), np.zeros((size, longest), bool)
    first, word_quote, word_gap = (np.zeros((size, longest), np.int64) for _ in range(3))
    flat, entity, role = (np.full((size, longest), IGNORE, np.int64) for _ in range(3))
    cues = []
    for k, (((encoded, tags, names, posts, links), (a, b, whole)), (low, high)) in enumerate(
        zip(batch, bounds, strict=True)
    ):
        n, words, total = high - low, b - a, len(encoded.first)
        for name, values in pieces.items():
            values[k, :n] = getattr(encoded, name)[low:high]
        mask[k, :n], is_word[k, :words] = True, True
        first[k, :words] = encoded.first[a:b] - low
        word_quote[k, :words], word_gap[k, :words] = encoded.quote[encoded.first[a:b]], encoded.gap[encoded.first[a:b]]
        flat[k, :words], entity[k, :words], role[k, :words] = tags[a:b], names[a:b], posts[a:b]
        if whole:
            pieces["gap"][k, 0] = word_gap[k, 0] = FIRST
        if a > 0 and not whole:
            flat[k, :8] = IGNORE
        if b < total and not whole:
            flat[k, words - 8 : words] = IGNORE
        for (start, end), source, content in links:
            middle = (start + end - 1) // 2
            near_edge = middle - a < 20 and a > 0 or b - middle < 20 and b < total
            if start >= a and end <= b and (whole or not near_edge):
                cues.append((k, start - a, end - a, _cut(source, a, b), _cut(content, a, b)))
    tensors = {"mask": mask, "is_word": is_word, "first": first, "flat": flat, "entity": entity, "role": role}
    tensors |= {"word_quote": word_quote, "word_gap": word_gap, **pieces}
    return {name: torch.from_numpy(value) for name, value in tensors.items()} | {"cues": cues}


def _cut(runs, start: int, end: int):
    return [(max(a, start) - start, min(b, end) - start) for a, b in runs if a < end and b > start]


def link_inputs(cues, batch: dict, rng: random.Random, device) -> dict:
    """Windows of words around each cue, with the cue marked (its extent sometimes off by a word) and the gold tags."""
    longest = batch["first"].shape[1]
    count, length = len(cues), min(2 * REACH, longest)
    start, middle, row = (np.zeros(count, np.int64) for _ in range(3))
    is_cue, gold = (np.zeros((count, longest), np.int64) for _ in range(2))
    for i, (k, a, b, source, content) in enumerate(cues):
        row[i], middle[i] = k, (a + b - 1) // 2
        if source is not None and rng.random() < 0.25:
            chance = rng.random()
            if b - a > 1 and chance < 0.6:
                a, b = (a, b - 1) if chance < 0.3 else (a + 1, b)
            else:
                a, b = (a, min(longest, b + 1)) if chance < 0.8 else (max(0, a - 1), b)
        is_cue[i, a:b] = 1
        for tag, runs in ((1, source or []), (3, content or [])):
            for s, e in runs:
                gold[i, s:e] = tag + 1
                gold[i, s] = tag
        start[i] = max(0, min(middle[i] - REACH, longest - length))
    place = lambda values: torch.from_numpy(values).to(device)  # noqa: E731
    index, row = place(start)[:, None] + torch.arange(length, device=device)[None], place(row)
    is_cue, gold = place(is_cue), place(gold)
    return {
        "row": row,
        "index": index,
        "distance": index - place(middle)[:, None],
        "is_cue": torch.gather(is_cue, 1, index),
        "gold": torch.gather(gold, 1, index),
        "weight": is_cue.float() / is_cue.sum(1, keepdim=True).clamp(min=1),
        "mask": batch["is_word"][row[:, None], index],
        "quote": batch["word_quote"][row[:, None], index],
        "gap": batch["word_gap"][row[:, None], index],
    }
