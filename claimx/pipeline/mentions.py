"""``claimx_mentions``: names of people, organizations and places, repaired and tied to the entities they name.

Reads tokens, ``doc.ents`` (whatever model set them) and the sources of attributions, and no parse.
"""

from __future__ import annotations

from bisect import bisect_right

from spacy.language import Language
from spacy.tokens import Doc

from claimx.pipeline.annotations import set_mentions
from claimx.pipeline.article import article_of
from claimx.pipeline.component import RuleComponent
from claimx.pipeline.entities import cluster
from claimx.pipeline.factory import factory
from claimx.pipeline.names import find_names
from claimx.pipeline.naming import Naming


@factory("claimx_mentions", requires=["doc.ents", "doc._.claimx_attributions"], assigns=["doc._.claimx_mentions"])
def create_mentions(nlp: Language, name: str) -> MentionFinder:
    return MentionFinder(name)


class MentionFinder(RuleComponent):
    """Sets ``doc._.claimx_mentions``: a list of `Mention` and a list of `Entity`."""

    def __init__(self, name: str = "claimx_mentions") -> None:
        super().__init__(name)

    def __call__(self, doc: Doc) -> Doc:
        sources = [attribution.source for attribution in doc._.claimx_attributions if attribution.source]
        article = article_of(doc)
        mentions = find_names(doc, article, sources)
        speaking = {bisect_right(article.offsets, start) - 1 for start, _ in sources}
        naming = Naming(**doc._.claimx_naming)
        set_mentions(doc, mentions, cluster(article, mentions, speaking, naming))
        return doc
