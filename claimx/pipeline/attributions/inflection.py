"""The forms of a verb or noun, without a dictionary: regular ones by spelling, others from ``irregular_forms.json``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

_VOWELS = "aeiou"
#: One vowel and one consonant at the end: plan, planned. The u of "quip" is no vowel.
_DOUBLED = re.compile(r"(?:[^aeiou]|qu)[aeiou][^aeiouwxy]$")


def forms_of(word: str, irregular: Mapping[str, Sequence[str]]) -> list[str]:
    """A lower-case verb or noun in its forms, itself first; `irregular` has those of some words."""
    return list(dict.fromkeys((word, *regular_forms(word), *irregular.get(word, ()))))


def regular_forms(lemma: str) -> Iterator[str]:
    """Regular forms of a verb or noun: says, denies, pushes; denied, hoped, planned; hoping, planning."""
    stem = lemma
    if lemma.endswith("y") and lemma[-2:-1] not in _VOWELS:
        stem = lemma[:-1] + "i"
    yield stem + ("es" if stem != lemma or lemma.endswith(("s", "sh", "ch", "x", "z", "o")) else "s")
    if lemma.endswith("e"):
        yield lemma + "d"
        yield lemma[:-1] + "ing"
        return
    yield stem + "ed"
    yield lemma + "ing"
    if _DOUBLED.search(lemma):
        yield lemma + lemma[-1] + "ed"
        yield lemma + lemma[-1] + "ing"
