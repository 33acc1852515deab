"""``claimx_affiliations``: in what capacity each speaker speaks: roles and organizations the article ties to them.

Reads tokens, names and speakers, no parse; see `affiliation_links.py`. Role and organization are verbatim substrings
of the article.
"""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from claimx.pipeline.annotations import Speaker, set_speakers
from claimx.pipeline.component import RuleComponent
from claimx.pipeline.factory import factory
from claimx.pipeline.lexicon import FILES


@factory(
    "claimx_affiliations",
    requires=["doc._.claimx_mentions", "doc._.claimx_speakers"],
    assigns=["doc._.claimx_speakers"],
)
def create_affiliations(nlp: Language, name: str) -> AffiliationFinder:
    return AffiliationFinder(name)


class AffiliationFinder(RuleComponent):
    """Adds the affiliations to ``doc._.claimx_speakers``."""

    RULES = (*FILES, "kinds.json", "affiliation_weights.json")

    def __init__(self, name: str = "claimx_affiliations") -> None:
        super().__init__(name)

    def __call__(self, doc: Doc) -> Doc:
        speakers: list[Speaker] = doc._.claimx_speakers
        if not speakers:
            return doc
        self.module("affiliation_links").set_affiliations(doc, speakers)
        set_speakers(doc, speakers)
        return doc
