"""``claimx_speakers``: the entity behind the source of every claim, and how sure that is.

Reads ``doc._.claimx_attributions``, ``doc._.claimx_mentions`` and ``doc._.claimx_entities``. Sets
``doc._.claimx_speakers`` and ``doc._.claimx_evidence``, one `Evidence` or None for each attribution.
"""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from claimx.pipeline.annotations import set_speakers
from claimx.pipeline.choice import choices
from claimx.pipeline.component import RuleComponent
from claimx.pipeline.factory import factory
from claimx.pipeline.lexicon import Lexicon
from claimx.pipeline.speakers.resolution import Certainty, Resolution
from claimx.pipeline.words import words_of
from claimx.rules import RuleFiles

WEIGHTS = "speaker_weights.json"


@factory(
    "claimx_speakers",
    requires=["doc._.claimx_mentions", "doc._.claimx_entities", "doc._.claimx_attributions", "doc._.claimx_quotations"],
    assigns=["doc._.claimx_speakers", "doc._.claimx_evidence"],
)
def create_speakers(nlp: Language, name: str) -> SpeakerResolver:
    return SpeakerResolver(name)


class SpeakerResolver(RuleComponent):
    """Sets speakers and the evidence for them; how sure is decided by the weights of ``speaker_weights.json``."""

    RULES = (*Lexicon.FILES, WEIGHTS)

    def __init__(self, name: str = "claimx_speakers") -> None:
        super().__init__(name)
        self._certainty = choices(Certainty, self.rule_files.load(WEIGHTS), WEIGHTS)["speaker"]

    def __call__(self, doc: Doc) -> Doc:
        resolution = Resolution(doc, words_of(doc, self.rule_files), self._certainty)
        set_speakers(doc, resolution.speakers, resolution.evidence)
        return doc

    def use_rules(self, rules: RuleFiles) -> None:
        """Take rule files in the place of the package's."""
        super().use_rules(rules)
        self._certainty = choices(Certainty, rules.load(WEIGHTS), WEIGHTS)["speaker"]
