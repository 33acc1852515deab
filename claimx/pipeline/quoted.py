"""Attributions of quotations: which cue and source introduce, follow or interrupt a quoted statement.

Reads the marks (`doc._.claimx_quotations`) and the few words around them, its *zones*: after the quotation up to the
end of the sentence, and before it from the start of the sentence. A parse is used inside a zone only to find where a
noun phrase ends, since parses across quotation marks are unreliable.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from spacy.tokens import Doc, Token

from claimx.pipeline.annotations import Quotation
from claimx.pipeline.frames import Range, cue_extent, source_of, tidy_source
from claimx.pipeline.lexicon import WORDS
from claimx.pipeline.zones import Zone, Zones

_DASHES = frozenset(("—", "–", "―", "--", "-"))
_BREAKS = WORDS["source_ends"]


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
            elif before and (claim is None or before.rate > claim.rate and zone.after[0] != claim.head):
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

    def floating(self, zones: Zones, zone: Zone) -> QuotedClaim | None:
        """A statement that nothing introduces, after a sentence whose subject is a person: Rask looked up. “Rain.”"""
        doc = zones.doc
        at = zone.tokens[0] - 1
        while at >= 0 and (doc[at].is_punct or doc[at].is_space):
            at -= 1
        if at < 0 or zone.before[0] < zone.before[1] or zone.tokens[1] - zone.tokens[0] < 5:
            return None
        start, _ = zones.token_range(*zones.paragraphs[max(0, zone.paragraph - 1)])
        root = doc[at].sent.root
        subject = next((child for child in root.lefts if child.dep_ in ("nsubj", "nsubjpass")), None)
        if subject is None or subject.i < start:
            return None
        person = subject.ent_type_ == "PERSON" or subject.pos_ == "PROPN" and not subject.ent_type_
        if not person and subject.lower_ not in ("he", "she"):
            return None
        source = tidy_source(doc, (subject.left_edge.i, subject.right_edge.i + 1))
        claim = QuotedClaim([], None, source, None, "floating", 0.4)
        self._add(claim, zone)
        return claim

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
        phrase = _according(doc, start, end)
        if phrase:
            return phrase
        head = zones.after_verb(zone, self.rate)
        if head is None:
            return None
        rate = self.rate(doc[head].lemma_.lower())
        first = zones.skip(start, end, ",-–—―")
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
