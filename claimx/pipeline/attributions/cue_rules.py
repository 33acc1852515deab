"""Cues that a rule gives: phrases of a user or of ``cues.json``, and the spans of them that stand on a Doc."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping

from spacy.tokens import Span
from spacy.util import filter_spans

from claimx.errors import ModelError
from claimx.pipeline.attributions.cue_lexicon import TYPES
from claimx.pipeline.attributions.inflection import forms_of
from claimx.pipeline.encoder.cues import CueCandidate
from claimx.pipeline.encoder.features import Features
from claimx.pipeline.phrases import Phrases
from claimx.rules import RuleFiles


def cue_phrases(by_type: Mapping[str, Iterable[str]], rules: RuleFiles) -> Phrases:
    """Cues by their attribution type, as phrases whose label is the type and whose id is the cue as it was given.

    "go on record that" is also found as "went on record that"; irregular forms are those of `rules`. Raises
    `ModelError` for a type that there is not.
    """
    for kind in by_type:
        if kind not in TYPES:
            raise ModelError.bad_rules("cues.json", f"has {kind!r}, which is none of {', '.join(TYPES)}")
    irregular = rules.load("irregular_forms.json") if any(by_type.values()) else {}
    return Phrases(
        (f"{form} {rest}", kind, cue)
        for kind, cues in by_type.items()
        for cue in (" ".join(given.lower().replace("’", "'").split()) for given in cues)
        for first, _, rest in [cue.partition(" ")]
        for form in forms_of(first, irregular)
    )


class GivenCues:
    """The spans of cues that stand on a Doc; of those that overlap, the longest counts, then the first of the group."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._spans = filter_spans(spans)  # which sorts them
        self._ends = [span.end_char for span in self._spans]

    def candidates(self, features: Features) -> list[CueCandidate]:
        """Those that stand among the words of `features`, in their order."""
        (low, _), (_, high) = features.words[[0, -1]].tolist()
        found = []
        for span in self._over(low, high):
            start, end = features.range_of(span.start_char, span.end_char)
            if found:
                start = max(start, found[-1].end)
            if start < end:
                ambiguous = span.label_ in TYPES and len(span) == 1
                found.append(CueCandidate(start, end, 1.0, given=True, ambiguous=ambiguous))
        return found

    def lemma_and_type(self, cue: tuple[int, int]) -> tuple[str, str] | None:
        """What the first span in a cue, [start, end) in code points, says of it."""
        return next(((span.id_, span.label_) for span in self._over(*cue) if span.label_ in TYPES), None)

    def _over(self, start: int, end: int) -> Iterable[Span]:
        for span in self._spans[bisect_left(self._ends, start + 1) :]:
            if span.start_char >= end:
                break
            yield span
