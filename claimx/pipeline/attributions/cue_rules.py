"""Cues that are told by a rule, of a user or of ``cues.json``: as phrases, in any form of their first word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from claimx.pipeline.attributions.inflection import forms_of
from claimx.pipeline.phrases import Phrases
from claimx.rules import RuleFiles


def cue_phrases(by_type: Mapping[str, Iterable[str]], rules: RuleFiles) -> Phrases:
    """Cues by their attribution type, as phrases whose label is the type and whose id is the cue as it was given.

    "go on record that" is also found as "went on record that"; irregular forms are those of `rules`.
    """
    irregular = rules.load("irregular_forms.json") if any(by_type.values()) else {}
    return Phrases(
        (f"{form} {rest}", kind, cue)
        for kind, cues in by_type.items()
        for cue in (" ".join(given.lower().replace("’", "'").split()) for given in cues)
        for first, _, rest in [cue.partition(" ")]
        for form in forms_of(first, irregular)
    )
