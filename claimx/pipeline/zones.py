"""Zones: the outermost quotations of a Doc with the words around them, where their cue and source stand."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from spacy.tokens import Doc

from claimx.pipeline.annotations import Quotation
from claimx.pipeline.frames import Range
from claimx.pipeline.paragraphs import paragraphs

_TERMINAL = frozenset(".?!…")
_FINITE = frozenset(("VBD", "VBZ", "VBP", "VBN", "VBG", "VB"))


@dataclass(slots=True)
class Zone:
    """A quotation in its paragraph: token ranges of the quotation and of the words before and after it."""

    quotation: Quotation
    paragraph: int
    tokens: Range
    before: Range
    after: Range
    statement: bool
    begins: bool
    ends_sentence: bool


class Zones:
    """The outermost quotations of a Doc with the zones around them, in the order of the text."""

    def __init__(self, doc: Doc, quotations: list[Quotation]) -> None:
        self.doc = doc
        self.text = doc.text  # made anew from the tokens at every access
        self.paragraphs = paragraphs(self.text)
        self.offsets = [token.idx for token in doc]
        self.zones: list[Zone] = []
        outer = [q for q in quotations if q.depth == 0]
        ranges = [self.token_range(q.start, q.end) for q in outer]
        paragraph = 0
        for i, (quotation, tokens) in enumerate(zip(outer, ranges, strict=True)):
            while self.paragraphs[paragraph][1] <= quotation.start:
                paragraph += 1
            start, end = self.token_range(*self.paragraphs[paragraph])
            if i and ranges[i - 1][1] > start:
                start = min(ranges[i - 1][1], tokens[0])
            if i + 1 < len(ranges) and ranges[i + 1][0] < end:
                end = max(ranges[i + 1][0], tokens[1])
            before = self._sentence_start(start, tokens[0]), tokens[0]
            after = tokens[1], self._sentence_end(tokens[1], end)
            self.zones.append(
                Zone(
                    quotation,
                    paragraph,
                    tokens,
                    before,
                    after,
                    self._is_statement(quotation, before),
                    self._begins(quotation),
                    self.last_inside(quotation) in _TERMINAL,
                )
            )

    def token_range(self, start: int, end: int) -> Range:
        first = max(0, bisect_right(self.offsets, start) - 1)
        return first, bisect_left(self.offsets, end)

    def verbs(self) -> Iterator[tuple[Quotation, int]]:
        """Every (quotation, verb) such that the verb stands where it could introduce the quotation."""
        for zone in self.zones:
            if zone.statement:
                for candidate in (self.after_verb(zone), self.before_verb(zone)):
                    if candidate is not None:
                        yield zone.quotation, candidate

    def after_verb(self, zone: Zone, rate: Callable[[str], float] | None = None) -> int | None:
        """The verb of "…," X said / said X: the first in the zone that has only a noun phrase before it."""
        start, end = zone.after
        if start >= end or zone.ends_sentence and self.last_inside(zone.quotation) == "." and self._new_sentence(start):
            return None
        start = self.skip(start, end, ",-–—―")
        past = start  # the end of a relative clause: "one farmer, who asked not to be named, said"
        for i in range(start, min(end, start + 40)):
            token = self.doc[i]
            if i >= past and (
                token.pos_ in ("VERB", "AUX")
                and token.tag_ in _FINITE
                and token.dep_ not in ("aux", "auxpass", "amod", "compound")
            ):
                if token.dep_ in ("relcl", "acl", "advcl") and i > start and self._more_verbs(i, end):
                    if token.dep_ == "relcl" and self._more_verbs(token.right_edge.i, end):
                        past = token.right_edge.i + 1
                    continue
                if token.tag_ in ("VB", "VBG") and i > start:
                    continue
                if (
                    rate
                    and rate(token.lemma_.lower()) < 0.25
                    and self._more_verbs(i, end)
                    and i - start < 12
                    and i > start
                ):
                    continue
                return i
        return None

    def before_verb(self, zone: Zone) -> int | None:
        """The verb of X said, "…": the last one before the mark, next to it or to its comma or colon."""
        start, end = zone.before
        last = end - 1
        while last >= start and (self.doc[last].is_space or self.doc[last].text in ",:-–—―"):
            last -= 1
        for i in range(last, max(start - 1, last - 14), -1):
            token = self.doc[i]
            if token.pos_ in ("VERB", "AUX") and token.dep_ not in ("aux", "auxpass", "amod", "relcl", "acl"):
                return i
        return None

    def _more_verbs(self, i: int, end: int) -> bool:
        return any(
            token.pos_ in ("VERB", "AUX") and token.dep_ not in ("aux", "auxpass", "relcl", "acl")
            for token in self.doc[i + 1 : end]
        )

    def skip(self, start: int, end: int, marks: str) -> int:
        while start < end and (self.doc[start].text in marks or self.doc[start].is_space):
            start += 1
        return start

    def _new_sentence(self, start: int) -> bool:
        token = self.doc[start]
        return not token.text[0].islower()

    def _sentence_start(self, start: int, end: int) -> int:
        for i in range(end - 1, start - 1, -1):
            if self.doc[i].text in (".", "?", "!") or "\n" in self.doc[i].text:
                return i + 1
        return start

    def _sentence_end(self, start: int, end: int) -> int:
        for i in range(start, end):
            if self.doc[i].text in (".", "?", "!") or "\n" in self.doc[i].text:
                return i
        return end

    def last_inside(self, quotation: Quotation) -> str:
        inner = self.text[quotation.start : quotation.end].rstrip("”\"'’»“`‹› \n\t")
        return inner[-1:] or " "

    def _is_statement(self, quotation: Quotation, before: Range) -> bool:
        """Whether the quotation is a statement of its own rather than words quoted inside somebody else's clause."""
        text = self.text
        inner = text[quotation.start : quotation.end].strip("“”\"'‘’«»„`‹› \n\t")
        if not inner or not any(c.isalpha() for c in inner):
            return False
        words = sum(c.isspace() for c in inner) + 1
        last = self.last_inside(quotation)
        follows = text[quotation.end : quotation.end + 1]
        lead = text[max(0, quotation.start - 3) : quotation.start].rstrip(" \u00a0")[-1:]
        sentence_like = inner[0].isupper() or not inner[0].isalpha()
        if not (self._begins(quotation) or lead == "," and sentence_like) and not self._follows_cue(
            before, sentence_like
        ):
            return False
        if last in ",?!…" or last in ".—–-" and (sentence_like or words > 6) or not quotation.closed:
            return True
        return sentence_like and (follows == "," or words > 2)

    def _begins(self, quotation: Quotation) -> bool:
        """Whether the quotation stands at the start of a paragraph or sentence, or after a colon or dash."""
        lead = self.text[max(0, quotation.start - 3) : quotation.start].rstrip(" \u00a0")[-1:]
        return lead == "" or lead in "\n.?!”\"’'»)]:—–…"

    def _follows_cue(self, before: Range, sentence_like: bool) -> bool:
        """Whether the mark stands right after a verb: He said “No.”"""
        if before[0] >= before[1]:
            return False
        token = self.doc[before[1] - 1]
        return sentence_like and token.pos_ == "VERB" and token.tag_ in ("VBD", "VBZ", "VBP", "VBG", "VB")
