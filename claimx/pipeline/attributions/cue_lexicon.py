"""The lemma of a cue phrase without a tagger, and the attribution type it gives its claim."""

from __future__ import annotations

import re
from functools import cached_property

from claimx.pipeline.attributions.inflection import regular_forms
from claimx.rules import PACKAGED, RuleFiles
from claimx.schema import AttributionType

_WORD = re.compile(r"[^\W\d_]+(?:[’'\-][^\W\d_]+)*")
#: The attribution types of the Penn Attribution Relations Corpus.
TYPES: tuple[str, ...] = AttributionType.__args__


class CueLexicon:
    """What ``types.json``, ``cue_lemmas.txt``, ``irregular_forms.json`` and ``words.json`` say of cues."""

    FILES = ("cue_lemmas.txt", "irregular_forms.json", "types.json", "words.json")

    def __init__(self, rules: RuleFiles = PACKAGED) -> None:
        words = rules.load("words.json")
        self._function_words = frozenset(words["function_words"]) | frozenset(words["auxiliaries"])
        self._types = {lemma: kind for kind, lemmas in rules.load("types.json").items() for lemma in lemmas}
        self._lemmas = {*rules.load("cue_lemmas.txt"), *self._types}
        self._irregular: dict[str, list[str]] = rules.load("irregular_forms.json")

    def lemma_and_type(self, cue: str) -> tuple[str, str]:
        """Lemma and attribution type of a cue phrase."""
        lemma = self.lemma_of(cue)
        return lemma, self.type_of(lemma, cue)

    def lemma_of(self, cue: str) -> str:
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
        forms = self._forms
        full = [word for word in words if word not in self._function_words and not word.endswith(("ly", "n't"))]
        known = [lemma for word in full if (lemma := forms.get(word) or forms.get(word.removesuffix("s")))]
        first = full[0] if full else words[0]
        return known[0] if known else forms.get(first, first)

    def type_of(self, lemma: str, cue: str) -> str:
        """The attribution type of a cue; `cue` is its text, of which a preposition may decide ("call for")."""
        phrase = f"{lemma} {cue.split()[-1].lower()}" if cue else lemma
        return self._types.get(phrase) or self._types.get(lemma, "assertion")

    @cached_property
    def _forms(self) -> dict[str, str]:
        """Lemma of every form of the known cues; of a form that two of them share, the first in the alphabet."""
        lemmas = [lemma for lemma in sorted(self._lemmas, reverse=True) if lemma.isalpha()]
        forms = {form: lemma for lemma in lemmas for form in regular_forms(lemma)}
        forms |= {lemma: lemma for lemma in lemmas}
        return forms | {form: lemma for lemma, irregular in self._irregular.items() for form in irregular}
