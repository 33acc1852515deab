"""Corrections of what the network finds, in kinds of cases in which a rule is nearly always right.

`claimx/rules/corrections.json` has the words. Each kind has a function that takes a claim and gives it back, changed or
not. Reads the text and its quotations alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from claimx.pipeline.annotations import Attribution, Offsets, Quotation
from claimx.pipeline.claim_pieces import sentence_start, trimmed
from claimx.pipeline.cues import lemma_of
from claimx.pipeline.intervals import Intervals
from claimx.pipeline.kinds import kind_of
from claimx.pipeline.patterns import any_of
from claimx.pipeline.source_corrections import interpreted, partitive, passive, quoted_as
from claimx.rules import load

_RULES = load("corrections.json")
_EMPTY, _DISPUTES, _QUESTIONS = (_RULES[kind] for kind in ("empty", "disputes", "questions"))
_NOTHING = re.compile(
    rf"(?:{any_of(_EMPTY['prepositions'])}\s+)?"
    rf"(?:{any_of(_EMPTY['words'])}|(?:{any_of(_EMPTY['determiners'])}\s+)+{any_of(_EMPTY['people'])})",
    re.IGNORECASE,
)
_DISPUTING = frozenset(_DISPUTES["verbs"])
_OBJECT = re.compile(rf"{any_of(_DISPUTES['objects'])}\b(?P<stop>[.!?…]\s+)?", re.IGNORECASE)
_ENDED = re.compile(r"[.!?…][”\"’»]$")
_ASKING = re.compile(rf"\b{any_of(_QUESTIONS['cues'])}\b", re.IGNORECASE)
_ASKED = re.compile(rf"{any_of(_QUESTIONS['openings'])}\b", re.IGNORECASE)


def corrected(
    attributions: Sequence[Attribution],
    text: str,
    quotations: Sequence[Quotation],
    *,
    given: Collection[Offsets] = (),
    questions: bool = False,
    empty: bool = False,
) -> list[Attribution]:
    """The attributions as they should be, in their order; those whose cue is among `given` stay as they are.

    A question that nobody is named to put ("was asked whether …") is kept with `questions`, and a claim with nothing
    in it ("denied it") with `empty`.
    """
    outer = Intervals((q.start, q.end, q) for q in quotations if q.depth == 0)
    found = []
    for claim in attributions:
        if claim.cue not in given:
            claim = _corrected(claim, text)
            if is_empty(claim, text) and not empty or claim.type == "question" and not claim.source and not questions:
                continue
        found.append(replace(claim, kind=kind_of(text, claim.content, outer)))
    return found


def _corrected(claim: Attribution, text: str) -> Attribution:
    for correction in CORRECTIONS:
        claim = correction(claim, text)
    return claim if claim.lemma else replace(claim, lemma=lemma_of(text[slice(*claim.cue)]))


def disputed(claim: Attribution, text: str) -> Attribution:
    """ "“…” X disputes that.": the quotation of the sentence before is not what X says; one that follows is."""
    end = claim.cue[1]
    after = next((piece for piece in claim.content if piece[0] >= end), None)
    match = after and claim.lemma in _DISPUTING and not text[end : after[0]].strip() and _OBJECT.match(text, *after)
    if not match:
        return claim
    begin = sentence_start(text, min(claim.cue[0], *claim.source or claim.cue))
    content = [p for p in claim.content if p[1] > begin or not _ENDED.search(text[slice(*p)])]
    if match["stop"]:
        content[content.index(after)] = match.end(), after[1]
    return replace(claim, content=content)


def question(claim: Attribution, text: str) -> Attribution:
    """ "asked whether …": of the type `question`."""
    cue = text[slice(*claim.cue)]
    asked = _ASKED.fullmatch(cue.split()[-1]) or any(_ASKED.match(text, *piece) for piece in claim.content)
    return replace(claim, type="question") if asked and _ASKING.search(cue) else claim


def is_empty(claim: Attribution, text: str) -> bool:
    """Whether the content only points: "denied it", "backed both men". A relative pronoun does not."""
    if len(claim.content) != 1 or claim.content[0][0] < claim.cue[1]:
        return False
    span = trimmed(text, *claim.content[0])
    return bool(span and _NOTHING.fullmatch(text, *span))


CORRECTIONS: tuple[Callable[[Attribution, str], Attribution], ...] = (
    passive,
    quoted_as,
    partitive,
    interpreted,
    disputed,
    question,
)
