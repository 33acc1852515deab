"""Cues: the lemma of a cue phrase without a tagger, and the attribution type it gives its claim."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from claimx.pipeline.lexicon import WORDS
from claimx.rules import load
from claimx.schema import AttributionType

_WORD = re.compile(r"[^\W\d_]+(?:[’'\-][^\W\d_]+)*")
_FUNCTION_WORDS = WORDS["function_words"] | WORDS["auxiliaries"]
_VOWELS = "aeiou"
#: The attribution types of the Penn Attribution Relations Corpus.
TYPES: tuple[str, ...] = AttributionType.__args__
_TYPES = {lemma: kind for kind, lemmas in load("types.json").items() for lemma in lemmas}


def lemma_of(cue: str) -> str:
    """The lemma of the word that ascribes in a cue phrase: "has also called for" -> "call"; lower case.

    A cue without letters is its own lemma, and so is a word of which no list of cues and no list of irregular forms
    knows the lemma.
    """
    lower = " ".join(cue.lower().replace("’", "'").split())
    if lower.startswith("according"):
        return "according to"
    words = _WORD.findall(lower)
    if not words:
        return lower
    forms = _forms()
    full = [word for word in words if word not in _FUNCTION_WORDS and not word.endswith(("ly", "n't"))]
    known = [lemma for word in full if (lemma := forms.get(word) or forms.get(word.removesuffix("s")))]
    first = full[0] if full else words[0]
    return known[0] if known else forms.get(first, first)


def type_of(lemma: str | None, cue: str) -> str:
    """The attribution type of a cue; `cue` is its text, of which a preposition may decide ("call for")."""
    lemma = lemma or ""
    phrase = f"{lemma} {cue.split()[-1].lower()}" if cue else lemma
    return _TYPES.get(phrase) or _TYPES.get(lemma, "assertion")


@cache
def _forms() -> dict[str, str]:
    """Lemma of every form of the known cues; of a form that two of them share, the first in the alphabet."""
    lemmas = {*load("cue_lemmas.txt"), *_TYPES}
    forms = {form: lemma for lemma in sorted(lemmas, reverse=True) if lemma.isalpha() for form in _inflected(lemma)}
    forms |= {lemma: lemma for lemma in lemmas if lemma.isalpha()}
    return forms | {form: lemma for lemma, irregular in load("irregular_forms.json").items() for form in irregular}


def forms_of(word: str) -> list[str]:
    """A lower-case verb or noun in its forms, itself first."""
    irregular = load("irregular_forms.json").get(word)
    return list(dict.fromkeys((word, *_inflected(word), *(irregular or ()))))


def _inflected(lemma: str) -> Iterator[str]:
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
    if len(lemma) > 2 and lemma[-1] not in "wxy" + _VOWELS and lemma[-2] in _VOWELS and lemma[-3] not in _VOWELS:
        yield lemma + lemma[-1] + "ed"
        yield lemma + lemma[-1] + "ing"
