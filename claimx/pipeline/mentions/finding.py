"""Mentions of a text: those that the encoder reads, with their edges put right, and those that others have set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from claimx.pipeline.annotations import Mention, Offsets
from claimx.pipeline.encoder.heads import head_of
from claimx.pipeline.encoder.reading import KINDS, Reading
from claimx.pipeline.encoder.spelling import spelling_of
from claimx.pipeline.lexicon import HONORIFICS, SUFFIXES, WORDS
from claimx.pipeline.words import Words

_FORMS = ("name", "pronoun", "nominal")
_POSSESSIVES = ("'s", "’s")
_PAIRS = ("“”", "«»", "()", "[]")
#: What may not begin or end a mention.
_EDGES = frozenset("“”‘’«»„()[],;:.!?-–—'\"…•*")
#: The share of the unnamed and of groups that a phrase has of which nothing is known.
_UNKNOWN = [0.1, 0.1, 0.2, 0.1, 0.5]


def mentions_of(
    words: Words, reading: Reading | None, sources: Iterable[Offsets], given: Iterable[tuple[int, int, str]]
) -> list[Mention]:
    """Mentions in the order of their heads.

    Every one of `sources` (code points) becomes a mention where none stands for it; `given` are names that others have
    set, (start, end, kind), which rule over what the encoder reads in the same place.
    """
    found = _read(words, reading) if reading is not None else []
    _add_given(words, found, given)
    heads = {mention.head for mention in found}
    for source in sources:
        low, high = words.range_of(*source)
        if low < high:
            head = low + head_of(words.words[low:high])
            if words.spans[head][0] not in heads:
                heads.add(words.spans[head][0])
                found.append(_mention(words, low, high, head, _UNKNOWN))
    found.sort(key=lambda mention: mention.head)
    _keep_possessive_names(words, found)
    return found


def _read(words: Words, reading: Reading) -> list[Mention]:
    found = []
    rows = zip(reading.starts.tolist(), reading.ends.tolist(), reading.heads.tolist(), strict=True)
    total = reading.kinds[:, 1:].sum(1, keepdims=True)
    kinds = (reading.kinds[:, 1:] / np.maximum(total, 1e-9)).round(4).tolist()
    for row, (start, end, head) in enumerate(rows):
        mention = _mention(words, *_trimmed(words, start, end, head), head, kinds[row])
        mention.row = row
        found.append(mention)
    return found


def _mention(words: Words, start: int, end: int, head: int, scores: Sequence[float]) -> Mention:
    low, high = words.span(start, end)
    if words.text[low:high].endswith(_POSSESSIVES):
        high -= 2
    form = spelling_of(words.text[low:high]).form
    scores = list(scores)
    return Mention(low, high, words.spans[head][0], _FORMS[form], KINDS[scores.index(max(scores))], scores)


def _trimmed(words: Words, start: int, end: int, head: int) -> tuple[int, int]:
    """The phrase around a head without marks at its edges, within one paragraph, its brackets in pairs."""
    paragraph = words.paragraph
    while paragraph[start] != paragraph[head]:
        start += 1
    while paragraph[end - 1] != paragraph[head]:
        end -= 1
    while start < head and (words.words[start] in _EDGES or words.lowers[start] in HONORIFICS):
        start += 1
        while start < head and words.words[start] == ".":
            start += 1
    while end - 1 > head and words.words[end - 1] in _EDGES and not _is_inner_dot(words, start, end):
        end -= 1
    for opening, closing in _PAIRS:
        inside = words.words[start:end]
        if (opening in inside) != (closing in inside):
            cut = start + inside.index(opening if opening in inside else closing)
            start, end = (cut + 1, end) if cut < head else (start, cut)
    return start, max(end, head + 1)


def _is_inner_dot(words: Words, start: int, end: int) -> bool:
    """Whether a dot at the end of a name is part of it: Sammy Davis Jr."""
    return words.words[end - 1] == "." and words.lowers[end - 2] + "." in SUFFIXES and end < len(words.words)


def _add_given(words: Words, found: list[Mention], given: Iterable[tuple[int, int, str]]) -> None:
    for start, end, kind in given:
        low, high = words.range_of(start, end)
        inside = [m for m in found if start <= m.head < end]
        head = low + head_of(words.words[low:high])
        mention = next((m for m in inside if m.head == words.spans[head][0]), None)
        for other in inside:
            if other is not mention and other.form != "pronoun":
                found.remove(other)
        scores = [1.0 if name == kind else 0.0 for name in KINDS]
        if mention is None:
            found.append(Mention(start, end, words.spans[head][0], "name", kind, scores))
        else:
            mention.start, mention.end, mention.form, mention.kind, mention.scores = start, end, "name", kind, scores


def _keep_possessive_names(words: Words, mentions: list[Mention]) -> None:
    """Names that end in ’s, as “Macy’s” does, keep it: those that stand once with it where nothing is possessed."""
    votes: Counter[str] = Counter()
    for mention in mentions:
        if mention.form == "name" and words.text[mention.end : mention.end + 2] in _POSSESSIVES:
            at = words.at(mention.end)
            base = words.text[mention.start : mention.end]
            votes[base] += 3 if _possesses_nothing(words, at + 1) else -1
        elif mention.form == "name":
            votes[words.text[mention.start : mention.end]] -= 2
    for mention in mentions:
        tail = words.text[mention.end : mention.end + 2]
        if mention.form == "name" and tail in _POSSESSIVES and votes[words.text[mention.start : mention.end]] > 0:
            mention.end += 2


def _possesses_nothing(words: Words, i: int) -> bool:
    """Whether what follows a possessive is no noun: a verb of saying, a preposition, a mark, the end."""
    return i >= len(words.words) or words.words[i] in ".,;:)" or words.lowers[i] in WORDS["after_a_name"]
