"""``claimx_entities``: which mentions are one and the same person, organization, group or document.

One choice a mention, by one model over all evidence: the encoder's scores, and traits of spelling, agreement, place
and recency (`traits.py`, weights in ``claimx/rules/entity_weights.json``). Sets ``doc._.claimx_entities``, the entity
of each mention, ``doc.spans["coref_clusters_1"]``, ... and ``doc.spans["coref_head_clusters_1"]``, ... as spaCy's
own coreference does.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, Span

from claimx.pipeline.annotations import Entity, Mention, set_entities, tokens_over
from claimx.pipeline.choice import choices
from claimx.pipeline.component import RuleComponent
from claimx.pipeline.encoder.heads import head_of
from claimx.pipeline.encoder.pairs import PairScorer
from claimx.pipeline.encoder.reading import reading_of
from claimx.pipeline.entities.clustering import Clustering, Network, read
from claimx.pipeline.entities.descriptions import Description, describe, roles_by_head
from claimx.pipeline.entities.merging import NamingRules
from claimx.pipeline.entities.naming import entity_of
from claimx.pipeline.entities.traits import Trait
from claimx.pipeline.factory import factory
from claimx.pipeline.lexicon import Lexicon
from claimx.pipeline.mentions.finding import joint_of
from claimx.pipeline.words import Words, words_of
from claimx.rules import RuleFiles

GRAPH, WEIGHTS = "antecedent.onnx", "entity_weights.json"
_CLUSTERS = ("coref_clusters_", "coref_head_clusters_")


@factory(
    "claimx_entities",
    requires=["doc._.claimx_mentions", "doc._.claimx_attributions"],
    assigns=["doc._.claimx_entities", "doc._.claimx_mentions", "doc.spans"],
)
def create_entities(nlp: Language, name: str) -> EntityFinder:
    return EntityFinder(name)


class EntityFinder(RuleComponent):
    """Sets entities. Without a graph of antecedents, on spelling, agreement and place alone."""

    RULES = (*Lexicon.FILES, WEIGHTS)
    SAVED = (GRAPH,)

    def __init__(self, name: str = "claimx_entities") -> None:
        super().__init__(name)
        self._scorer: PairScorer | None = None
        self._choices = choices(Trait, self.rule_files.load(WEIGHTS), WEIGHTS)

    def __call__(self, doc: Doc) -> Doc:
        words, mentions = words_of(doc, self.rule_files), doc._.claimx_mentions
        told = descriptions(doc, words, mentions)
        clustering = Clustering(words, told, self._network(doc))
        rules = NamingRules(**doc._.claimx_naming)

        def apart(index: int, entity: int) -> bool:
            return rules.are_apart(told[index].text, clustering.entities[entity].texts)

        certainties = read(clustering, self._choices, apart)
        for mention, entity in zip(mentions, clustering.entity_of, strict=True):
            mention.entity = entity
        for mention, certainty in zip(mentions, certainties, strict=True):
            mention.certainty = round(certainty, 4)
        entities = [entity_of(words, referent, told, mentions) for referent in clustering.entities]
        rules.merge(words, mentions, entities)
        set_entities(doc, mentions, entities)
        _set_clusters(doc, mentions, entities)
        return doc

    def _network(self, doc: Doc) -> Network | None:
        """What the encoder thinks that each mention goes back to; None where it was not run."""
        reading = reading_of(doc)
        if self._scorer is None or reading is None:
            return None
        rows: dict[int, tuple[float, int, np.ndarray]] = {}
        for first, low, scores in self._scorer.antecedents(reading):
            for row, own in enumerate(scores, first):
                rows[row] = float(own[0]), low, own[1 : 1 + row - low]
        return rows.get

    def use_rules(self, rules: RuleFiles) -> None:
        """Take rule files in the place of the package's."""
        super().use_rules(rules)
        self._choices = choices(Trait, rules.load(WEIGHTS), WEIGHTS)

    def files(self) -> dict[str, bytes]:
        """Rule files and the graph of antecedents, as files by their names."""
        return super().files() | ({GRAPH: self._scorer.graph} if self._scorer else {})

    def set_files(self, files: Mapping[str, bytes]) -> None:
        """Take what `files` gave."""
        super().set_files(files)
        if GRAPH in files:
            self._scorer = PairScorer(files[GRAPH])


def descriptions(doc: Doc, words: Words, mentions: list[Mention]) -> list[Description]:
    """What each mention tells by itself; the roles and sources of a Doc tell with it."""
    heads = [words.range_of(span.start_char, span.end_char) for span in doc.spans.get("claimx_roles", ())]
    roles = roles_by_head(words, heads)
    speaking: dict[int, int] = {}
    for number, attribution in enumerate(doc._.claimx_attributions):
        if attribution.source:
            low, high = words.range_of(*attribution.source)
            if low < high:
                joint = joint_of(words, mentions, low, high)
                speaking.setdefault(low + head_of(words.words[low:high]) if joint is None else joint, number)
    return [describe(words, mention, roles, speaking) for mention in mentions]


def _set_clusters(doc: Doc, mentions: list[Mention], entities: list[Entity]) -> None:
    """Entities with several mentions as groups of spans, named as spaCy's coreference does."""
    for key in [key for key in doc.spans if key.startswith(_CLUSTERS)]:
        del doc.spans[key]
    tokens = tokens_over(doc)
    number = 0
    for entity in entities:
        if len(entity.mentions) < 2:
            continue
        number += 1
        own = [mentions[index] for index in entity.mentions]
        for key, spans in (
            ("clusters", [(m.start, m.end) for m in own]),
            ("head_clusters", [(m.head, m.head + 1) for m in own]),
        ):
            doc.spans[f"coref_{key}_{number}"] = [
                Span(doc, *tokens(*span), label=entity.kind.upper()) for span in spans
            ]
