"""``claimx_mentions``: names of people, organizations and places, repaired and tied to the entities they name.

Reads tokens, ``doc.ents`` (whatever model set them) and the sources of attributions, and no parse.
"""

from __future__ import annotations

from bisect import bisect_right

from spacy.language import Language
from spacy.tokens import Doc

from claimx.pipeline.annotations import set_mentions
from claimx.pipeline.component import RuleComponent
from claimx.pipeline.factory import factory
from claimx.pipeline.lexicon import FILES


@factory(
    "claimx_mentions",
    default_config={"spans_key": "claimx_names"},
    requires=["doc.ents", "doc._.claimx_attributions"],
    assigns=["doc._.claimx_mentions"],
)
def create_mentions(nlp: Language, name: str, spans_key: str) -> MentionFinder:
    return MentionFinder(name, spans_key=spans_key).configured()


class MentionFinder(RuleComponent):
    """Sets ``doc._.claimx_mentions``: a list of `Mention` and a list of `Entity`.

    Names are those of ``doc.ents`` and, where no entity is, those of ``doc.spans[spans_key]``.
    """

    OPTIONS = ("spans_key",)
    RULES = (*FILES, "forenames.txt", "kinds.json")

    def __init__(self, name: str = "claimx_mentions", *, spans_key: str = "claimx_names") -> None:
        super().__init__(name)
        self.spans_key = spans_key

    def __call__(self, doc: Doc) -> Doc:
        sources = [attribution.source for attribution in doc._.claimx_attributions if attribution.source]
        article = self.module("article").article_of(doc)
        mentions = self.module("names").find_names(doc, article, sources, self.spans_key)
        speaking = {bisect_right(article.offsets, start) - 1 for start, _ in sources}
        naming = self.module("naming").Naming(**doc._.claimx_naming)
        entities = self.module("entities").cluster(article, mentions, speaking, naming)
        set_mentions(doc, mentions, entities)
        return doc
