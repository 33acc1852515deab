"""``claimx_speakers``: the real-world speaker behind the source of every claim, and the evidence for it.

Reads tokens, names (`doc._.claimx_mentions`) and source spans, no parse; see `resolution.py`.
"""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from claimx.pipeline.annotations import set_speakers
from claimx.pipeline.component import RuleComponent
from claimx.pipeline.factory import factory
from claimx.pipeline.lexicon import FILES


@factory(
    "claimx_speakers",
    requires=["doc._.claimx_mentions", "doc._.claimx_attributions", "doc._.claimx_quotations"],
    assigns=["doc._.claimx_speakers", "doc._.claimx_evidence", "doc._.claimx_descriptions"],
)
def create_speakers(nlp: Language, name: str) -> SpeakerResolver:
    return SpeakerResolver(name)


class SpeakerResolver(RuleComponent):
    """Sets ``doc._.claimx_speakers``; ``doc._.claimx_evidence``, one `Evidence` or None for each attribution; and
    ``doc._.claimx_descriptions``."""

    RULES = (*FILES, "kinds.json", "speaker_weights.json")

    def __init__(self, name: str = "claimx_speakers") -> None:
        super().__init__(name)

    def __call__(self, doc: Doc) -> Doc:
        resolution = self.module("resolution").Resolution(doc)
        set_speakers(doc, resolution.speakers(), resolution.evidence, resolution.descriptions)
        return doc
