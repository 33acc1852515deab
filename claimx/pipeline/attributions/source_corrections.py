"""Who speaks, where grammar decides it: passives, people who are quoted as saying something, partitives after the verb.

Each is made from its part of ``corrections.json``, takes a claim and gives it back, changed or not. They read words,
not a parse.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from claimx.pipeline.annotations import Attribution, Offsets
from claimx.pipeline.attributions.claim_pieces import CLOSING, cut, sentence_start, subject_of, trimmed
from claimx.pipeline.patterns import any_of

Words = Mapping[str, Sequence[str]]


def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def being(auxiliaries: Sequence[str], adverbs: Sequence[str]) -> tuple[str, str]:
    """Patterns of a form of "be" with the adverbs after it, and of the adverbs alone."""
    some_adverbs = rf"(?:(?:{any_of(adverbs)}|\w+ly)\s+){{0,3}}"
    return rf"(?:(?<!\w){any_of(auxiliaries)}(?:n[’']t)?\s+{some_adverbs})", some_adverbs


class Passives:
    """ "X was told by Y that …": not the one told speaks but the agent, and where there is none, nobody is named."""

    def __init__(self, words: Words) -> None:
        is_being, adverbs = being(words["auxiliaries"], words["adverbs"])
        told = (
            rf"(?P<told>{any_of(words['participles'])}|{any_of(words['participles_before_that'])}(?=\s+that\b))"
            rf"\b(?!\s+{any_of(words['not_before'])}\b)"
        )
        self._passive = _pattern(rf"(?:{is_being}|\b{any_of(words['openings'])}\s+{adverbs}){told}")
        #: "Asked whether …" at the head of a sentence.
        self._heading = re.compile(rf"(?=[A-Z])(?i:{adverbs}{told})")
        self._agent = _pattern(
            r"\s+by\s+(?P<who>[^,.;:?!“”\"()\n]+?)"
            rf"(?=\s+{any_of(words['after_agent'])}\b|[,.;:?!“”\"()\n]|$)"
        )
        self._by, self._to = _pattern(r"\bby\s+$"), _pattern(r"\s+(?:not\s+)?to\b")
        self._means = frozenset(words["means"])

    def __call__(self, claim: Attribution, text: str) -> Attribution:
        """The claim with who tells as its source."""
        told = self._told_in(claim, text)
        if told is None:
            return claim
        end, subject = claim.cue[1], subject_of(claim, text)
        takes_infinitive = self._to.match(text, told)
        if takes_infinitive and told < end:  # "was pressed to explain": X explains
            return claim
        content = cut(text, claim.content, subject) if subject and not takes_infinitive else claim.content
        source = self._agent_of(claim, text, told)
        if source and text[told : source[0]].split() == ["by"]:
            end = max(end, text.index("by", told) + 2)
        return replace(claim, cue=(claim.cue[0], end), source=source, content=content) if content else claim

    def _told_in(self, claim: Attribution, text: str) -> int | None:
        """Where the participle of a passive cue ends; None for other cues."""
        start, end = claim.cue
        begin = sentence_start(text, start)
        found = [*self._passive.finditer(text, max(begin, start - 40), end + 20)]  # what follows counts as well
        if claim.content[0][0] >= end:
            found += filter(None, [self._heading.match(text, begin)])
        return next((m.end("told") for m in found if start <= m.start("told") and m.end("told") <= end), None)

    def _agent_of(self, claim: Attribution, text: str, told: int) -> Offsets | None:
        """Who tells, behind "by": what the network has for it, else the words after the participle."""
        if claim.source and claim.source[0] > told and self._by.search(text, told, claim.source[0]):
            return claim.source
        match = self._agent.match(text, told)
        words = match["who"].lower().split() if match else []
        if not words or words[-1] in self._means or words[0].endswith("ing") or words[0][0].isdigit():
            return None
        return match.span("who")


class QuotedAs:
    """ "The Courier quoted X as saying …", "X was quoted by the Courier as saying …": X speaks."""

    def __init__(self, words: Words, is_being: str) -> None:
        saying, saying_to = any_of(words["sayings"]), any_of(words["sayings_to"])
        addressee = r"(?:\s+[^,.“”\"\n]{1,60}?(?=\s+that\b|,?\s+[“\"]))?"
        self._quote = _pattern(rf"(?<!\w){any_of(words['verbs'])}$")
        self._as_saying = _pattern(
            r"\s+(?P<who>[^“”\";\n]{1,200}?),?\s+as\s+"
            rf"(?:(?:{saying}|{saying_to}{addressee})(?!\w)[,:]?|(?=\w+ing\b))"
        )
        self._quoted_as = _pattern(
            rf"(?:\w+\s+)??{is_being}{any_of(words['participles'])}"
            rf"(?:\s+(?:by|in|on|at)\s+[^“”\".;\n]{{1,80}}?)?\s+as\s+(?:{saying}|{saying_to})\b"
        )

    def __call__(self, claim: Attribution, text: str) -> Attribution:
        """The claim with who is quoted as its source."""
        start, end = claim.cue
        was_quoted = self._quoted_as.match(text, start)
        if was_quoted:
            return self._was_quoted(claim, text, max(end, was_quoted.end()))
        match = self._quote.search(text, start, end) and self._as_saying.match(text, end)
        if not match:
            return claim
        content = cut(text, claim.content, (end, match.end()))
        return replace(claim, source=match.span("who"), content=content) if content else claim

    def _was_quoted(self, claim: Attribution, text: str, end: int) -> Attribution:
        cue = claim.cue[0], end
        named = claim.source if claim.source and claim.source[1] <= cue[0] else None
        source = subject_of(replace(claim, source=named), text) or named
        content = cut(text, claim.content, cue, *([source] if source else []))
        return replace(claim, cue=cue, source=source, content=content) if content else claim


class Partitives:
    """ "…, said one of the drivers": the partitive that follows the verb is the source, whole."""

    def __init__(self, words: Words) -> None:
        self._partitive = _pattern(rf"\s+(?P<who>{any_of(words['quantities'])}(?:\s+\w+)?\s+of\s)")

    def __call__(self, claim: Attribution, text: str) -> Attribution:
        """The claim with the partitive as its source."""
        start, end = claim.cue
        if len(text[start:end].split()) > 1 or not text[max(0, start - 3) : start].rstrip().endswith((",", *CLOSING)):
            return claim
        match = self._partitive.match(text, end)
        piece = match and next((piece for piece in claim.content if piece[0] == match.start("who")), None)
        before = [piece for piece in claim.content if piece[1] <= start]
        if not piece or not before or claim.source and claim.source[1] > start:
            return claim
        content = [span for span in claim.content if span != piece]
        if claim.source and not text[claim.source[1] : before[0][0]].strip():  # it was the head of the content
            content[0] = claim.source[0], content[0][1]
        return replace(claim, source=trimmed(text, *piece), content=content)


class Interpreters:
    """ "“…,” X said, according to the interpreter": X says it. "said through a court interpreter" is one cue."""

    def __init__(self, words: Words) -> None:
        nouns = any_of(words["nouns"])
        self._interpreter = _pattern(rf"\b{nouns}\b")
        self._through = _pattern(rf"\b{any_of(words['prepositions'])}(?:\s+\w+){{1,3}}?\s+{nouns}\b")
        self._said_inside = _pattern(
            rf"(?P<what>[“\"].*[”\"])\s+(?P<who>[^“”\",;.]{{1,80}}?)\s+(?P<cue>{any_of(words['verbs'])})"
        )

    def __call__(self, claim: Attribution, text: str) -> Attribution:
        """The claim with who is interpreted as its source."""
        start, end = claim.cue
        through = self._through.search(text, start, end + 60)
        if through and through.start() < end < through.end():
            claim = replace(claim, cue=(start, through.end()), content=cut(text, claim.content, through.span()))
        if not claim.source or len(claim.content) != 1 or not self._interpreter.search(text, *claim.source):
            return claim
        match = self._said_inside.fullmatch(text, *claim.content[0])
        if not match:
            return claim
        return replace(claim, source=match.span("who"), cue=match.span("cue"), content=[match.span("what")], lemma=None)


class CutSources:
    """ "[The] third survey found …": a source that is a determiner alone goes on to the cue."""

    def __init__(self, words: Words) -> None:
        self._determiner = _pattern(any_of(words["determiners"]))
        self._rest = re.compile(r"(?:[^\S\n]+[^\s,.;:!?“”\"()]+){1,10}\s+")

    def __call__(self, claim: Attribution, text: str) -> Attribution:
        """The claim with the whole phrase as its source."""
        if not claim.source or not self._determiner.fullmatch(text, *claim.source):
            return claim
        end, cue = claim.source[1], claim.cue[0]
        if not self._rest.fullmatch(text, end, cue) or any(low < cue and end < high for low, high in claim.content):
            return claim
        return replace(claim, source=trimmed(text, claim.source[0], cue))
