"""Who speaks, where grammar decides it: passives, people who are quoted as saying something, partitives after the verb.

Each function takes a claim and gives it back, changed or not. They read words, not a parse.
"""

from __future__ import annotations

import re
from dataclasses import replace

from claimx.pipeline.annotations import Attribution, Offsets
from claimx.pipeline.claim_pieces import CLOSING, cut, sentence_start, subject_of, trimmed
from claimx.pipeline.patterns import any_of
from claimx.rules import load


def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_RULES = load("corrections.json")
_PASSIVES, _QUOTED, _INTERPRETERS = (_RULES[kind] for kind in ("passives", "quoted_as", "interpreters"))

_BE = any_of(_PASSIVES["auxiliaries"]) + "(?:n[’']t)?"
_ADVERBS = rf"(?:(?:{any_of(_PASSIVES['adverbs'])}|\w+ly)\s+){{0,3}}"
_BEING = rf"(?:(?<!\w){_BE}\s+{_ADVERBS})"
_TOLD = (
    rf"(?P<told>{any_of(_PASSIVES['participles'])}|{any_of(_PASSIVES['participles_before_that'])}(?=\s+that\b))"
    rf"\b(?!\s+{any_of(_PASSIVES['not_before'])}\b)"
)
_PASSIVE = _pattern(rf"(?:{_BEING}|\b{any_of(_PASSIVES['openings'])}\s+{_ADVERBS}){_TOLD}")
#: "Asked whether …" at the head of a sentence.
_HEADING = re.compile(rf"(?=[A-Z])(?i:{_ADVERBS}{_TOLD})")
_AGENT = _pattern(
    r"\s+by\s+(?P<who>[^,.;:?!“”\"()\n]+?)"
    rf"(?=\s+{any_of(_PASSIVES['after_agent'])}\b|[,.;:?!“”\"()\n]|$)"
)
_BY, _TO = _pattern(r"\bby\s+$"), _pattern(r"\s+(?:not\s+)?to\b")
_MEANS = frozenset(_PASSIVES["means"])

_SAYING, _SAYING_TO = any_of(_QUOTED["sayings"]), any_of(_QUOTED["sayings_to"])
_ADDRESSEE = r"(?:\s+[^,.“”\"\n]{1,60}?(?=\s+that\b|,?\s+[“\"]))?"
_QUOTE = _pattern(rf"(?<!\w){any_of(_QUOTED['verbs'])}$")
_AS_SAYING = _pattern(
    r"\s+(?P<who>[^“”\";\n]{1,200}?),?\s+as\s+"
    rf"(?:(?:{_SAYING}|{_SAYING_TO}{_ADDRESSEE})(?!\w)[,:]?|(?=\w+ing\b))"
)
_QUOTED_AS = _pattern(
    rf"(?:\w+\s+)??{_BEING}{any_of(_QUOTED['participles'])}"
    rf"(?:\s+(?:by|in|on|at)\s+[^“”\".;\n]{{1,80}}?)?\s+as\s+(?:{_SAYING}|{_SAYING_TO})\b"
)

_PARTITIVE = _pattern(rf"\s+(?P<who>{any_of(_RULES['partitives']['quantities'])}(?:\s+\w+)?\s+of\s)")

_INTERPRETER = _pattern(rf"\b{any_of(_INTERPRETERS['nouns'])}\b")
_THROUGH = _pattern(
    rf"\b{any_of(_INTERPRETERS['prepositions'])}(?:\s+\w+){{1,3}}?\s+{any_of(_INTERPRETERS['nouns'])}\b"
)
_SAID_INSIDE = _pattern(
    rf"(?P<what>[“\"].*[”\"])\s+(?P<who>[^“”\",;.]{{1,80}}?)\s+(?P<cue>{any_of(_INTERPRETERS['verbs'])})"
)


def passive(claim: Attribution, text: str) -> Attribution:
    """ "X was told by Y that …": not the one told speaks but the agent, and where there is none, nobody is named."""
    told = _told_in(claim, text)
    if told is None:
        return claim
    end, subject = claim.cue[1], subject_of(claim, text)
    takes_infinitive = _TO.match(text, told)
    if takes_infinitive and told < end:  # "was pressed to explain": X explains
        return claim
    content = cut(text, claim.content, subject) if subject and not takes_infinitive else claim.content
    source = _agent_of(claim, text, told)
    if source and text[told : source[0]].split() == ["by"]:
        end = max(end, text.index("by", told) + 2)
    return replace(claim, cue=(claim.cue[0], end), source=source, content=content) if content else claim


def _told_in(claim: Attribution, text: str) -> int | None:
    """Where the participle of a passive cue ends; None for other cues."""
    start, end = claim.cue
    begin = sentence_start(text, start)
    found = [*_PASSIVE.finditer(text, max(begin, start - 40), end + 20)]  # what follows the participle counts as well
    if claim.content[0][0] >= end:
        found += filter(None, [_HEADING.match(text, begin)])
    return next((m.end("told") for m in found if start <= m.start("told") and m.end("told") <= end), None)


def _agent_of(claim: Attribution, text: str, told: int) -> Offsets | None:
    """Who tells, behind "by": what the network has for it, else the words after the participle."""
    if claim.source and claim.source[0] > told and _BY.search(text, told, claim.source[0]):
        return claim.source
    match = _AGENT.match(text, told)
    words = match["who"].lower().split() if match else []
    if not words or words[-1] in _MEANS or words[0].endswith("ing") or words[0][0].isdigit():
        return None
    return match.span("who")


def quoted_as(claim: Attribution, text: str) -> Attribution:
    """ "The Courier quoted X as saying …", "X was quoted by the Courier as saying …": X speaks."""
    start, end = claim.cue
    was_quoted = _QUOTED_AS.match(text, start)
    if was_quoted:
        return _was_quoted(claim, text, max(end, was_quoted.end()))
    match = _QUOTE.search(text, start, end) and _AS_SAYING.match(text, end)
    if not match:
        return claim
    content = cut(text, claim.content, (end, match.end()))
    return replace(claim, source=match.span("who"), content=content) if content else claim


def _was_quoted(claim: Attribution, text: str, end: int) -> Attribution:
    cue = claim.cue[0], end
    named = claim.source if claim.source and claim.source[1] <= cue[0] else None
    source = subject_of(replace(claim, source=named), text) or named
    content = cut(text, claim.content, cue, *([source] if source else []))
    return replace(claim, cue=cue, source=source, content=content) if content else claim


def partitive(claim: Attribution, text: str) -> Attribution:
    """ "…, said one of the drivers": the partitive that follows the verb is the source, whole."""
    start, end = claim.cue
    if len(text[start:end].split()) > 1 or not text[max(0, start - 3) : start].rstrip().endswith((",", *CLOSING)):
        return claim
    match = _PARTITIVE.match(text, end)
    piece = match and next((piece for piece in claim.content if piece[0] == match.start("who")), None)
    before = [piece for piece in claim.content if piece[1] <= start]
    if not piece or not before or claim.source and claim.source[1] > start:
        return claim
    content = [span for span in claim.content if span != piece]
    if claim.source and not text[claim.source[1] : before[0][0]].strip():  # it was the head of the content
        content[0] = claim.source[0], content[0][1]
    return replace(claim, source=trimmed(text, *piece), content=content)


def interpreted(claim: Attribution, text: str) -> Attribution:
    """ "“…,” X said, according to the interpreter": X says it. "said through a court interpreter" is one cue."""
    start, end = claim.cue
    through = _THROUGH.search(text, start, end + 60)
    if through and through.start() < end < through.end():
        claim = replace(claim, cue=(start, through.end()), content=cut(text, claim.content, through.span()))
    if not claim.source or len(claim.content) != 1 or not _INTERPRETER.search(text, *claim.source):
        return claim
    match = _SAID_INSIDE.fullmatch(text, *claim.content[0])
    if not match:
        return claim
    return replace(claim, source=match.span("who"), cue=match.span("cue"), content=[match.span("what")], lemma=None)
