"""Corrections of what the network finds, in kinds of cases in which a rule is nearly always right.

``corrections.json`` has the words. Each kind is an object that takes a claim and gives it back, changed or not. They
read the text and its quotations alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from claimx.pipeline.annotations import Attribution, Offsets, Quotation
from claimx.pipeline.attributions.claim_kinds import kind_of
from claimx.pipeline.attributions.claim_pieces import sentence_start, trimmed
from claimx.pipeline.attributions.cue_lexicon import CueLexicon
from claimx.pipeline.attributions.source_corrections import (
    CutSources,
    Interpreters,
    Partitives,
    Passives,
    QuotedAs,
    Words,
    being,
)
from claimx.pipeline.intervals import Intervals
from claimx.pipeline.patterns import any_of
from claimx.rules import PACKAGED, RuleFiles

_ENDED = re.compile(r"[.!?…][”\"’»]$")


class Corrections:
    """All kinds, with the words of ``corrections.json``; those whose cue changed get its lemma from a `CueLexicon`."""

    FILES = ("corrections.json", *CueLexicon.FILES)

    def __init__(self, rules: RuleFiles = PACKAGED) -> None:
        words = rules.load("corrections.json")
        passives = words["passives"]
        is_being, _ = being(passives["auxiliaries"], passives["adverbs"])
        self._kinds: tuple[Callable[[Attribution, str], Attribution], ...] = (
            Passives(passives),
            QuotedAs(words["quoted_as"], is_being),
            Partitives(words["partitives"]),
            CutSources(words["cut_sources"]),
            Interpreters(words["interpreters"]),
            Disputes(words["disputes"]),
            Questions(words["questions"]),
        )
        self._is_empty = EmptyContents(words["empty"])
        self._lexicon = CueLexicon(rules)

    def corrected(
        self,
        attributions: Sequence[Attribution],
        text: str,
        quotations: Sequence[Quotation],
        *,
        given: Collection[Offsets] = (),
        questions: bool = False,
        empty: bool = False,
    ) -> list[Attribution]:
        """The attributions as they should be, in their order; those whose cue is among `given` stay as they are.

        A question that nobody is named to put ("was asked whether …") is kept with `questions`, and a claim with
        nothing in it ("denied it") with `empty`.
        """
        outer = Intervals((q.start, q.end, q) for q in quotations if q.depth == 0)
        found = []
        for claim in attributions:
            if claim.cue not in given:
                claim = self._corrected(claim, text)
                is_bare_question = claim.type == "question" and not claim.source
                if is_bare_question and not questions or not empty and self._is_empty(claim, text):
                    continue
            found.append(replace(claim, kind=kind_of(text, claim.content, outer)))
        return found

    def _corrected(self, claim: Attribution, text: str) -> Attribution:
        for correction in self._kinds:
            claim = correction(claim, text)
        return claim if claim.lemma else replace(claim, lemma=self._lexicon.lemma_of(text[slice(*claim.cue)]))


class Disputes:
    """ "“…” X disputes that.": the quotation of the sentence before is not what X says; one that follows is."""

    def __init__(self, words: Words) -> None:
        self._verbs = frozenset(words["verbs"])
        self._object = re.compile(rf"{any_of(words['objects'])}\b(?P<stop>[.!?…]\s+)?", re.IGNORECASE)

    def __call__(self, claim: Attribution, text: str) -> Attribution:
        """The claim without what it disputes."""
        end = claim.cue[1]
        after = next((piece for piece in claim.content if piece[0] >= end), None)
        if not after or claim.lemma not in self._verbs or text[end : after[0]].strip():
            return claim
        match = self._object.match(text, *after)
        if not match:
            return claim
        begin = sentence_start(text, min(claim.cue[0], *claim.source or claim.cue))
        content = [p for p in claim.content if p[1] > begin or not _ENDED.search(text[slice(*p)])]
        if match["stop"]:
            content[content.index(after)] = match.end(), after[1]
        return replace(claim, content=content)


class Questions:
    """ "asked whether …": of the type `question`."""

    def __init__(self, words: Words) -> None:
        self._asking = re.compile(rf"\b{any_of(words['cues'])}\b", re.IGNORECASE)
        self._asked = re.compile(rf"{any_of(words['openings'])}\b", re.IGNORECASE)

    def __call__(self, claim: Attribution, text: str) -> Attribution:
        """The claim, of the type that it has."""
        cue = text[slice(*claim.cue)]
        asked = self._asked.fullmatch(cue.split()[-1]) or any(self._asked.match(text, *p) for p in claim.content)
        return replace(claim, type="question") if asked and self._asking.search(cue) else claim


class EmptyContents:
    """Contents that only point: "denied it", "backed both men". A relative pronoun does not."""

    def __init__(self, words: Words) -> None:
        self._nothing = re.compile(
            rf"(?:{any_of(words['prepositions'])}\s+)?"
            rf"(?:{any_of(words['words'])}|(?:{any_of(words['determiners'])}\s+)+{any_of(words['people'])})",
            re.IGNORECASE,
        )

    def __call__(self, claim: Attribution, text: str) -> bool:
        """Whether the content of a claim is one of them."""
        if len(claim.content) != 1 or claim.content[0][0] < claim.cue[1]:
            return False
        span = trimmed(text, *claim.content[0])
        return bool(span and self._nothing.fullmatch(text, *span))
