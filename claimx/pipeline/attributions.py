"""``claimx_attributions``: content, cue and source of every claim, by rules over a dependency parse.

Two finders propose claims: `QuotedMatcher` for statements in quotation marks, `Frames` for reported speech. This
component weighs the proposals with the cue lexicon (``rules/cues.json``, learnt by ``models/learn_cues.py``, edited by
hand), lets no claim stand inside another one, and leaves no quotation torn.
"""

from __future__ import annotations

import re
from functools import partial

from spacy.language import Language
from spacy.tokens import Doc

from claimx.pipeline.annotations import Attribution, Quotation, ignored_in, set_attributions
from claimx.pipeline.component import RuleComponent
from claimx.pipeline.factory import factory
from claimx.pipeline.frames import Candidate, Range
from claimx.pipeline.intervals import Intervals
from claimx.pipeline.kinds import has_words, kind_of
from claimx.pipeline.lexicon import FILES
from claimx.pipeline.quoted import QuotedClaim
from claimx.pipeline.zones import Zones
from claimx.rules import RuleFiles

#: A noun with a clause of content ("his warning that …") needs no more than this against a verb it stands with.
_LIKELY_NOUN = 0.25
_RULE_OF = {
    "clause": "reported clause",
    "infinitive": "reported infinitive",
    "object": "object of a cue",
    "prep": "preposition of a cue",
    "noun": "noun cue",
    "adjective": "adjective cue",
    "passive": "passive",
    "raising": "passive",
    "seeming": "seeming",
    "parenthetical": "parenthetical",
    "according": "according to",
    "predicate": "predicate of a cue",
}


@factory(
    "claimx_attributions",
    default_config={"threshold": 0.4, "quotation_threshold": 0.3},
    requires=["token.dep", "token.head", "token.pos", "token.tag", "doc._.claimx_quotations"],
    assigns=["doc._.claimx_attributions"],
)
def create_attributions(nlp: Language, name: str, threshold: float, quotation_threshold: float) -> AttributionRules:
    rules = AttributionRules(nlp.vocab, name, threshold=threshold, quotation_threshold=quotation_threshold)
    return rules.configured()


class AttributionRules(RuleComponent):
    """Sets ``doc._.claimx_attributions``.

    `threshold` is the least probability of a reported claim, `quotation_threshold` of a verb beside a quotation.
    """

    OPTIONS = ("threshold", "quotation_threshold")
    RULES = (
        *FILES, "context.json", "cue_tails.json", "cues.json", "cues_by_hand.json", "frames.json",
        "irregular_forms.json", "kinds.json", "types.json",
    )  # fmt: skip

    def __init__(
        self, vocab, name: str = "claimx_attributions", *, threshold: float = 0.4, quotation_threshold: float = 0.3
    ) -> None:
        super().__init__(name)
        self.threshold, self._quotation_threshold = threshold, quotation_threshold
        self._vocab = vocab
        self.use_rules(self.rule_files)

    def use_rules(self, rules: RuleFiles) -> None:
        """Take rule files in the place of those there were."""
        super().use_rules(rules)
        self.lexicon = self.module("cue_lexicon").CueLexicon()
        self.frames = self.module("frames").Frames(self._vocab)
        self.quoted = self.module("quoted").QuotedMatcher(self.lexicon.quotation_rate, self._quotation_threshold)

    def __getstate__(self) -> dict:
        made = ("lexicon", "frames", "quoted")  # from the rule files
        return {name: value for name, value in vars(self).items() if name not in made}

    def __setstate__(self, state: dict) -> None:
        vars(self).update(state)
        self.use_rules(self.rule_files)

    @property
    def quotation_threshold(self) -> float:
        """The least probability of a verb beside a quotation."""
        return self._quotation_threshold

    @quotation_threshold.setter
    def quotation_threshold(self, threshold: float) -> None:
        self._quotation_threshold = self.quoted.threshold = threshold

    def __call__(self, doc: Doc) -> Doc:
        quotations = doc._.claimx_quotations
        quoted, left, zones = self.quoted(doc, quotations)
        outer = Intervals((q.start, q.end, q) for q in quotations if q.depth == 0)
        reported = self._reported(doc, quotations, quoted, zones)
        attributions = self._combine(doc, outer, quoted, left, reported, zones)
        attributions = self.module("layout").with_laid_out(attributions, zones.text, quotations)
        type_of = self.module("cues").type_of
        for attribution in attributions:
            attribution.kind = kind_of(zones.text, attribution.content, outer)
            attribution.type = type_of(
                attribution.lemma, zones.text[slice(*attribution.cue)] if attribution.cue else ""
            )
        contents = Intervals((start, end, a) for a in attributions for start, end in a.content)
        is_ignored = ignored_in(doc)
        attributions = [
            a
            for a in attributions
            if not _is_nested(a, contents) and not any(is_ignored(*s) for s in (*a.content, a.cue, a.source) if s)
        ]
        attributions.sort(key=lambda a: (a.content[0], a.cue or (0, 0)))
        set_attributions(doc, attributions)
        return doc

    def _reported(
        self, doc: Doc, quotations: list[Quotation], quoted: list[QuotedClaim], zones: Zones
    ) -> list[tuple[float, Candidate]]:
        """The best candidate of each cue outside quotations, most probable first."""
        inside = bytearray(len(doc))
        for quotation in quotations:
            start, end = zones.token_range(quotation.start, quotation.end)
            if end - start > 2:
                inside[start + 1 : end - 1] = b"\1" * (end - start - 2)
        taken = {i for claim in quoted if claim.cue for i in range(*claim.cue)} | {
            claim.head for claim in quoted if claim.head is not None
        }
        best: dict[int, tuple[float, Candidate]] = {}
        nouns: dict[int, tuple[float, Candidate]] = {}
        possible = partial(self.lexicon.is_possible, threshold=min(self.threshold, _LIKELY_NOUN))
        for candidate in self.frames.candidates(doc, possible):
            if inside[candidate.cue] or candidate.cue in taken:
                continue
            probability = self.lexicon.probability(candidate)
            if candidate.frame.startswith("noun:") and probability >= _LIKELY_NOUN:
                nouns[candidate.cue] = probability, candidate
            if probability >= self.threshold and probability > best.get(candidate.cue, (0.0, None))[0]:
                best[candidate.cue] = probability, candidate
        for probability, candidate in list(best.values()):
            noun = nouns.get(candidate.root)
            passive = candidate.frame == "passive" and probability < 0.6
            if noun and (passive or candidate.frame.startswith("object") and noun[0] > probability):
                del best[candidate.cue]  # "his warning that …" says more than "was ignored" and "repeated"
                best[candidate.root] = noun
        return sorted(best.values(), key=lambda pair: (-pair[0], pair[1].cue))

    def _combine(
        self,
        doc: Doc,
        outer: Intervals[Quotation],
        quoted: list[QuotedClaim],
        left: list,
        reported: list[tuple[float, Candidate]],
        zones: Zones,
    ) -> list[Attribution]:
        attributions = [_quoted_attribution(doc, claim) for claim in quoted]
        for probability, candidate in reported:
            content = _whole_quotations([_offsets(doc, piece) for piece in candidate.content], outer)
            cue, source = _offsets(doc, candidate.cue_range), _offsets(doc, candidate.source)
            content = _without(content, [span for span in (cue, source) if span], zones.text)
            if not content:
                continue
            attributions.append(
                Attribution(
                    content=content,
                    cue=cue,
                    source=source,
                    lemma=candidate.lemma,
                    type="",
                    kind="",
                    confidence=round(min(0.97, probability), 3),
                    rule=_RULE_OF[re.split(r"[+:]", candidate.frame)[0]],
                )
            )
        self._adopt(doc, attributions, left, zones)
        return attributions

    def _adopt(self, doc: Doc, attributions: list[Attribution], left: list, zones: Zones) -> None:
        """Give each quoted statement that nothing introduces to the claim that the words just before it belong to."""
        cues = {a.cue for a in attributions}
        taken = Intervals((start, end, a) for a in attributions for start, end in _spans(a))
        for zone in left:
            quotation = zone.quotation
            if taken.over(quotation.start, quotation.end):
                continue
            if not zone.statement:
                claim = self.quoted.introduced(zones, zone)
                if claim and _offsets(doc, claim.cue) not in cues:
                    attributions.append(_quoted_attribution(doc, claim))
                continue
            lower = zones.paragraphs[zone.paragraph][0]
            if zone.before[0] == zone.tokens[0] and quotation.start == lower and zone.paragraph:
                lower = zones.paragraphs[zone.paragraph - 1][0]
            before = [
                a
                for _, _, a in taken.over(lower, quotation.start)
                if a.source and lower <= _extent(a)[0] and _extent(a)[1] <= quotation.start
            ]
            if before:
                claim = max(before, key=lambda a: _extent(a)[1])
                gap = zones.text[_extent(claim)[1] : quotation.start]
                if sum(c in ".?!" for c in gap) <= 1 and len(gap.split()) <= 12:
                    claim.content.append((quotation.start, quotation.end))
                    taken.add(quotation.start, quotation.end, claim)
                    claim.confidence = round(min(claim.confidence, 0.6), 3)
                    continue
            claim = self.quoted.floating(zones, zone)
            if claim:
                attributions.append(_quoted_attribution(doc, claim))
                taken.add(quotation.start, quotation.end, attributions[-1])


def _offsets(doc: Doc, tokens: Range | None) -> tuple[int, int] | None:
    if tokens is None:
        return None
    last = doc[tokens[1] - 1]
    return doc[tokens[0]].idx, last.idx + len(last)


def _quoted_attribution(doc: Doc, claim: QuotedClaim) -> Attribution:
    return Attribution(
        content=sorted(claim.content),
        cue=_offsets(doc, claim.cue),
        source=_offsets(doc, claim.source),
        lemma=doc[claim.head].lemma_.lower() if claim.head is not None else None,
        type="",
        kind="",
        confidence=round(min(0.98, claim.rate or 0.4), 3),
        rule=claim.rule,
    )


def _spans(attribution: Attribution) -> list[tuple[int, int]]:
    return [*attribution.content, *(span for span in (attribution.cue, attribution.source) if span)]


def _extent(attribution: Attribution) -> tuple[int, int]:
    spans = _spans(attribution)
    return min(start for start, _ in spans), max(end for _, end in spans)


def _whole_quotations(pieces, quotations: Intervals[Quotation]):
    """Widen each piece over the quotations it touches, so that none is torn."""
    out = []
    for start, end in pieces:
        for low, high, _ in quotations.over(start, end):
            if start <= low and high <= end or not (low < end and start < high):
                continue
            covered = min(end, high) - max(start, low)
            if 2 * covered >= high - low or low < start:
                start, end = min(start, low), max(end, high)
            else:
                end = min(end, low)
        if start < end:
            out.append((start, end))
    return out


def _without(content, holes, text: str):
    """Cut cue and source out of the content and trim what is left."""
    pieces = list(content)
    for low, high in holes:
        cut = []
        for start, end in pieces:
            if high <= start or low >= end:
                cut.append((start, end))
            else:
                cut += [(start, low)] if start < low else []
                cut += [(high, end)] if high < end else []
        pieces = cut
    trimmed = []
    for start, end in sorted(pieces):
        while start < end and (text[start].isspace() or text[start] in ",;:.–—-"):
            start += 1
        while end > start and (text[end - 1].isspace() or text[end - 1] in ",;:–—-"):
            end -= 1
        if start < end and has_words(text, start, end):
            trimmed.append((start, end))
    return trimmed


def _is_nested(claim: Attribution, contents: Intervals[Attribution]) -> bool:
    """Whether the claim stands inside the content of another: only the outermost claim counts."""
    at = claim.cue or claim.content[0]
    for start, end, other in contents.over(*at):
        if other is claim or not (start <= at[0] and at[1] <= end):
            continue
        mutual = claim.cue and other.cue and any(s <= other.cue[0] and other.cue[1] <= e for s, e in claim.content)
        if not mutual or (claim.confidence, claim.cue) <= (other.confidence, other.cue):
            return True
    return any(
        claim.content == other.content and (claim.confidence, claim.cue or ()) < (other.confidence, other.cue or ())
        for _, _, other in contents.over(*claim.content[0])
        if other is not claim
    )
