"""Attributions of quotations: which cue and source introduce, follow or interrupt a quoted statement.

Reads the marks (`doc._.claimx_quotations`) and the few words around them, its *zones*: after the quotation up to the
end of the sentence, and before it from the start of the sentence. A parse is used inside a zone only to find where a
noun phrase ends, since parses across quotation marks are unreliable.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from spacy.tokens import Doc, Token

from claimx.pipeline.annotations import Quotation
from claimx.pipeline.frames import Range, cue_extent, source_of, tidy_source
from claimx.pipeline.paragraphs import paragraphs

_TERMINAL = frozenset(".?!…")
_DASHES = frozenset(("—", "–", "―", "--", "-"))
_FINITE = frozenset(("VBD", "VBZ", "VBP", "VBN", "VBG", "VB"))
_BREAKS = frozenset(
    (
        "while",
        "as",
        "when",
        "after",
        "before",
        "because",
        "although",
        "though",
        "but",
        "and",
        "in",
        "on",
        "at",
        "during",
        "by",
        "to",
        "with",
        "referring",
        "adding",
        "about",
        "if",
        "for",
    )
)


@dataclass(slots=True)
class QuotedClaim:
    """A claim built from quotations; ranges are token indices, content is character offsets."""

    content: list[tuple[int, int]]
    cue: Range | None = None
    source: Range | None = None
    head: int | None = None
    rule: str = ""
    rate: float = 0.0
    quotations: list[Quotation] = field(default_factory=list)


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
                    self._last_inside(quotation) in _TERMINAL,
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
        if (
            start >= end
            or zone.ends_sentence
            and self._last_inside(zone.quotation) == "."
            and self._new_sentence(start)
        ):
            return None
        start = self._skip(start, end, ",-–—―")
        for i in range(start, min(end, start + 40)):
            token = self.doc[i]
            if (
                token.pos_ in ("VERB", "AUX")
                and token.tag_ in _FINITE
                and token.dep_ not in ("aux", "auxpass", "amod", "compound")
            ):
                if token.dep_ in ("relcl", "acl", "advcl") and i > start and self._more_verbs(i, end):
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

    def _skip(self, start: int, end: int, marks: str) -> int:
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

    def _last_inside(self, quotation: Quotation) -> str:
        inner = self.text[quotation.start : quotation.end].rstrip("”\"'’»“`‹› \n\t")
        return inner[-1:] or " "

    def _is_statement(self, quotation: Quotation, before: Range) -> bool:
        """Whether the quotation is a statement of its own rather than words quoted inside somebody else's clause."""
        text = self.text
        inner = text[quotation.start : quotation.end].strip("“”\"'‘’«»„`‹› \n\t")
        if not inner or not any(c.isalpha() for c in inner):
            return False
        words = sum(c.isspace() for c in inner) + 1
        last = self._last_inside(quotation)
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


class QuotedMatcher:
    """Finds the claims made of quotations. `rate(lemma)` says how often a verb next to a quotation is its cue."""

    def __init__(self, rate: Callable[[str], float], threshold: float = 0.3) -> None:
        self.rate = rate
        self.threshold = threshold

    def __call__(self, doc: Doc, quotations: list[Quotation]) -> tuple[list[QuotedClaim], list[Zone], Zones]:
        """Return the claims, the zones of quotations that none of them took, and all zones."""
        zones = Zones(doc, quotations)
        claims: list[QuotedClaim] = []
        left: list[Zone] = []
        open_claim: QuotedClaim | None = None  # the claim that a quotation without a cue goes on
        open_zone: Zone | None = None
        pending: list[Zone] = []
        by_group: dict[int, QuotedClaim] = {}
        for zone in zones.zones:
            if zone.quotation.group in by_group:
                claim = by_group[zone.quotation.group]
                self._add(claim, zone)
                after = self._after(zones, zone)
                if claim.cue is None and after:
                    claim.cue, claim.source, claim.head, claim.rate, claim.rule = (
                        after.cue,
                        after.source,
                        after.head,
                        after.rate,
                        after.rule,
                    )
                open_claim, open_zone = claim, zone
                continue
            same_paragraph = open_zone is not None and open_zone.paragraph == zone.paragraph
            goes_on = open_claim is not None and same_paragraph and self._goes_on(zones, open_claim, open_zone, zone)
            if not zone.statement and not goes_on:
                left.append(zone)
                continue
            claim = self._after(zones, zone)
            before = self._before(zones, zone)
            if (
                goes_on
                and (before is None or before.head == open_claim.head or zones.doc[zone.before[0]].i >= zone.before[1])
                and (claim is None or self._shares_cue(open_claim, zone))
            ):
                self._add(open_claim, zone)
                claim = open_claim
            elif before and (claim is None or before.rate > claim.rate and not zone.after[0] == claim.head):
                claim = before
                claims.append(claim)
                self._add(claim, zone)
            elif claim:
                claims.append(claim)
                self._add(claim, zone)
            elif open_claim is not None and (
                same_paragraph and zone.begins or self._follows_on(zones, open_zone, zone)
            ):
                claim = open_claim
                self._add(claim, zone)
            elif not zone.quotation.closed:
                claim = QuotedClaim([], rule="continued")
                claims.append(claim)
                self._add(claim, zone)
            else:
                left.append(zone)
                continue
            by_group[zone.quotation.group] = claim
            open_claim, open_zone = claim, zone
        return [claim for claim in claims if claim.content], left, zones

    def introduced(self, zones: Zones, zone: Zone) -> QuotedClaim | None:
        """A claim for words in quotation marks that no reported clause took: “a mess,” she said of the plan."""
        inner = zones.text[zone.quotation.start : zone.quotation.end]
        if inner.count(" ") < 3 or not any(c in ",.?!" for c in inner[-3:]):
            return None
        claim = self._after(zones, zone) or self._before(zones, zone)
        if claim and claim.rate >= 0.6:
            self._add(claim, zone)
            claim.rate = round(claim.rate * 0.7, 3)
            return claim
        return None

    @staticmethod
    def _add(claim: QuotedClaim, zone: Zone) -> None:
        claim.content.append((zone.quotation.start, zone.quotation.end))
        claim.quotations.append(zone.quotation)

    @staticmethod
    def _shares_cue(claim: QuotedClaim, zone: Zone) -> bool:
        return claim.cue is not None and zone.before[0] <= claim.cue[0] < zone.before[1]

    def _goes_on(self, zones: Zones, claim: QuotedClaim, previous: Zone, zone: Zone) -> bool:
        """Whether nothing but the cue of the claim before stands between its last quotation and this one."""
        doc = zones.doc
        if any(not (token.is_punct or token.is_space) for token in doc[previous.after[1] : zone.tokens[0]]):
            return False
        if claim.head is None or not previous.after[0] <= claim.head < previous.after[1]:
            return zone.begins
        rest = doc[claim.head + 1 : previous.after[1]]
        return not any(  # "she said, adding that …" or "…, then referred to …": somebody is at another claim by now
            token.pos_ == "VERB"
            and token.dep_ in ("advcl", "conj")
            and token.n_rights
            and (token.head.i == claim.head or token.head.head.i == claim.head)
            for token in rest
        )

    def _follows_on(self, zones: Zones, previous: Zone, zone: Zone) -> bool:
        """A paragraph that is nothing but a quotation, after one that ended in a quotation or in its cue."""
        if zone.paragraph != previous.paragraph + 1 or zone.before[0] < zone.before[1]:
            return False
        end = zones.token_range(*zones.paragraphs[previous.paragraph])[1]
        rest = zones.doc[previous.after[1] : end]
        return sum(not token.is_punct and not token.is_space for token in rest) == 0

    def _after(self, zones: Zones, zone: Zone) -> QuotedClaim | None:
        doc, (start, end) = zones.doc, zone.after
        signature = self._signature(doc, start, end) or self._signed(zones, zone)
        if signature:
            return signature
        phrase = _according(doc, start, end)
        if phrase:
            return phrase
        head = zones.after_verb(zone, self.rate)
        if head is None:
            return None
        rate = self.rate(doc[head].lemma_.lower())
        first = zones._skip(start, end, ",-–—―")
        inside = _subject_in(doc, head, first, end)
        if (
            inside
            and doc[first].text[0].isupper()
            and zone.ends_sentence
            and any(child.dep_ in ("ccomp", "dobj", "xcomp") and child.i > head for child in doc[head].children)
        ):
            return None
        inverted = all(token.dep_ in ("aux", "advmod", "neg", "auxpass") for token in doc[first:head])
        if inside:
            source = inside
        elif inverted:
            source = _noun_phrase(doc, head + 1, end)
        else:
            source = first, head
            while source[1] > source[0] and doc[source[1] - 1].dep_ in ("aux", "neg", "advmod", "auxpass"):
                source = source[0], source[1] - 1
        if end - head <= 2 and (inside or not inverted) or inverted and source and end - source[1] <= 1:
            rate = max(rate, 0.7)  # nothing but a subject and a verb after the quotation: that verb is its cue
        if source is None or rate < self.threshold:
            return None
        source = tidy_source(doc, source)
        return QuotedClaim([], cue_extent(doc, doc[head], head), source, head, "quotation before cue", rate)

    def _before(self, zones: Zones, zone: Zone) -> QuotedClaim | None:
        doc, (start, end) = zones.doc, zone.before
        last = end - 1
        while last >= start and doc[last].is_space:
            last -= 1
        if last < start:
            return None
        colon = doc[last].text == ":"
        head = zones.before_verb(zone)
        if head is not None:
            rate = self.rate(doc[head].lemma_.lower())
            if colon:
                rate = max(rate, 0.6) if rate > 0.1 else rate
            elif doc[last].text not in ",-–—" and last - head > 6:
                rate *= 0.5
            source = source_of(doc[head])
            if source and source[1] > zone.tokens[0]:
                source = source[0], zone.tokens[0]
            if rate >= self.threshold and source and source[0] >= start - 60:
                cue = cue_extent(doc, doc[head], head)
                return QuotedClaim([], cue, tidy_source(doc, source), head, "cue before quotation", rate)
        if colon and last - start <= 12 and last > start and (doc[start].text[0].isupper()):
            verbs = any(
                token.pos_ == "VERB" and token.dep_ not in ("amod", "relcl", "acl") for token in doc[start:last]
            )
            named = any(token.pos_ in ("PROPN",) for token in doc[start:last])
            if named and not verbs:
                return QuotedClaim([], (last, last + 1), tidy_source(doc, (start, last)), last, "colon", 0.7)
        return None

    def _signed(self, zones: Zones, zone: Zone) -> QuotedClaim | None:
        """A paragraph that is a quotation, with a dash and a name in the next."""
        if zone.before[0] < zone.before[1] or zone.paragraph + 1 >= len(zones.paragraphs):
            return None
        start, end = zones.token_range(*zones.paragraphs[zone.paragraph + 1])
        own_end = zones.token_range(*zones.paragraphs[zone.paragraph])[1]
        if any(token.is_alpha for token in zones.doc[zone.after[0] : own_end]) or not 2 <= end - start <= 16:
            return None
        return self._signature(zones.doc, start, end)

    @staticmethod
    def _signature(doc: Doc, start: int, end: int) -> QuotedClaim | None:
        """“…” — Jane Doe, engineer"""
        if end - start < 2 or doc[start].text not in _DASHES:
            return None
        rest = doc[start + 1 : end]
        if (
            any(token.pos_ in ("VERB", "AUX") and token.dep_ not in ("relcl", "acl") for token in rest)
            or not rest[0].text[0].isupper()
        ):
            return None
        return QuotedClaim([], (start, start + 1), tidy_source(doc, (start + 1, end)), start, "signature", 0.7)


def _according(doc: Doc, start: int, end: int) -> QuotedClaim | None:
    while start < end and doc[start].text in (",", "–", "—", "-"):
        start += 1
    if start + 2 < end and doc[start].lower_ == "according" and doc[start + 1].lower_ == "to":
        source = _noun_phrase(doc, start + 2, end)
        if source:
            return QuotedClaim([], (start, start + 2), tidy_source(doc, source), start, "according to", 0.95)
    return None


def _subject_in(doc: Doc, head: int, start: int, end: int) -> Range | None:
    for child in doc[head].children:
        if child.dep_ in ("nsubj", "nsubjpass") and start <= child.i < end:
            low, high = max(start, child.left_edge.i), min(end, child.right_edge.i + 1)
            if child.i < head:
                return low, min(high, head) if high > head else high
            return low, high
    return None


def _noun_phrase(doc: Doc, start: int, end: int) -> Range | None:
    """The noun phrase that begins at `start`, with its apposition, up to a word that cannot belong to it."""
    while start < end and (doc[start].is_space or doc[start].dep_ in ("prt", "advmod")):
        start += 1
    if start >= end:
        return None
    first: Token = doc[start]
    head = first
    while (
        head.dep_ in ("compound", "det", "amod", "poss", "nummod", "nmod", "case", "advmod", "quantmod")
        and start <= head.head.i < end
        and head.head.i != head.i
    ):
        head = head.head
    if head.pos_ not in ("NOUN", "PROPN", "PRON", "NUM", "ADJ", "DET", "X"):
        return None
    stop = start + 1
    while stop < end:
        token = doc[stop]
        if token.lower_ in _BREAKS and token.head.i != head.i and token.head.pos_ not in ("NOUN", "PROPN"):
            break
        if (
            token.lower_ in ("in", "on", "during", "after", "before", "to", "at", "while", "as", "when", "about")
            and doc[stop - 1].pos_ != "NOUN"
        ):
            break
        stop += 1
    return start, stop
