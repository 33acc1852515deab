"""``claimx_affiliations``: which roles the article gives to whom, and at which organization, each with a confidence.

Reads ``doc.spans["claimx_roles"]``, mentions, entities and speakers. Whose a role is, and where, are two choices over
the encoder's scores and traits of syntax, place and what was told before (`traits.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from claimx.pipeline.affiliations.facts import affiliations
from claimx.pipeline.affiliations.links import Fact, Links, memberships, read
from claimx.pipeline.affiliations.traits import Bearing, Membership, Place, Placing, Role
from claimx.pipeline.annotations import Mention, set_speakers
from claimx.pipeline.choice import Choice
from claimx.pipeline.component import RuleComponent
from claimx.pipeline.encoder.pairs import PairScorer
from claimx.pipeline.encoder.reading import Reading, reading_of
from claimx.pipeline.factory import factory
from claimx.pipeline.lexicon import Lexicon
from claimx.pipeline.words import Words, words_of
from claimx.rules import RuleFiles

GRAPHS = ("bearer.onnx", "organization.onnx", "member.onnx")
WEIGHTS, USUAL = "affiliation_weights.json", "role_places.json"


@factory(
    "claimx_affiliations",
    requires=["doc._.claimx_mentions", "doc._.claimx_entities", "doc._.claimx_speakers"],
    assigns=["doc._.claimx_speakers"],
)
def create_affiliations(nlp: Language, name: str) -> AffiliationFinder:
    return AffiliationFinder(name)


class AffiliationFinder(RuleComponent):
    """Adds affiliations to the speakers. Without graphs, on syntax and place alone."""

    RULES = (*Lexicon.FILES, WEIGHTS, USUAL)
    SAVED = GRAPHS

    def __init__(self, name: str = "claimx_affiliations") -> None:
        super().__init__(name)
        self._scorers: dict[str, PairScorer] = {}
        self._read_weights()

    def _read_weights(self) -> None:
        weights = self.rule_files.load(WEIGHTS)
        self._bearing = Choice(Bearing, weights["bearing"], WEIGHTS)
        self._placing = Choice(Placing, weights["placing"], WEIGHTS)
        self._membership = Choice(Membership, weights["membership"], WEIGHTS)
        self._confidence: dict[str, list[float]] = weights["confidence"]

    def __call__(self, doc: Doc) -> Doc:
        speakers = doc._.claimx_speakers
        if not speakers:
            return doc
        words = words_of(doc, self.rule_files)
        links = Links(words, doc._.claimx_mentions, doc._.claimx_entities, self.rule_files.load(USUAL))
        reading = reading_of(doc)
        facts: dict[int, list[Fact]] = defaultdict(list)
        roles = roles_of(doc, words, reading, links.mentions, self._scorers)
        told = [*read(links, roles, self._bearing, self._placing)]
        told += memberships(links, members_of(links, reading, self._scorers.get("member.onnx")), self._membership)
        for fact in told:
            facts[fact.entity].append(fact)
        for speaker in speakers:
            if speaker.entity >= 0:
                own = sorted(facts[speaker.entity], key=_order)
                speaker.affiliations = affiliations(links, own, self.confidence)
                if speaker.kind != "person":  # that officials are officials, their name says
                    speaker.affiliations = [a for a in speaker.affiliations if a.organization]
        set_speakers(doc, speakers)
        return doc

    def confidence(self, fact: Fact) -> float:
        """How sure a fact is, calibrated on articles of training."""
        raw = fact.bearing * (fact.placing if fact.role else 1.0)
        low, high = self._confidence["raw"], self._confidence["right"]
        return float(np.interp(raw, low, high))

    def use_rules(self, rules: RuleFiles) -> None:
        """Take rule files in the place of the package's."""
        super().use_rules(rules)
        self._read_weights()

    def files(self) -> dict[str, bytes]:
        """Rule files and graphs, as files by their names."""
        return super().files() | {name: scorer.graph for name, scorer in self._scorers.items()}

    def set_files(self, files: Mapping[str, bytes]) -> None:
        """Take what `files` gave."""
        super().set_files(files)
        self._scorers |= {name: PairScorer(files[name]) for name in GRAPHS if name in files}


def _order(fact: Fact) -> int:
    return fact.role.start if fact.role else fact.place.start if fact.place else 0


def roles_of(
    doc: Doc, words: Words, reading: Reading | None, mentions: Sequence[Mention], scorers: Mapping[str, PairScorer]
) -> list[Role]:
    """The roles of a text with what the encoder says of them."""
    spans = [words.range_of(span.start_char, span.end_char) for span in doc.spans.get("claimx_roles", ())]
    roles = [Role(low, high, plural=is_plural(words, high)) for low, high in spans if low < high]
    if reading is not None:
        rows = {(int(low), int(high)): row for row, (low, high) in enumerate(reading.roles)}
        found = {name: by_entity(scorers.get(name), reading, reading.role_vectors, reading.roles[:, 1] - 1, mentions)
                 for name in GRAPHS[:2]}  # fmt: skip
        for role in roles:
            row = rows.get((role.start, role.end))
            if row is not None:
                role.score = float(reading.role_scores[row])
                role.bearers = found["bearer.onnx"].get(row, {})
                role.organizations = found["organization.onnx"].get(row, {})
    return roles


def is_plural(words: Words, end: int) -> bool:
    lower = words.lowers[end - 1]
    return words.lexicon.singular_of(lower) != lower or lower in ("sens", "reps", "govs", "profs")


def by_entity(
    scorer: PairScorer | None, reading: Reading, vectors: np.ndarray, heads: np.ndarray, mentions: Sequence[Mention]
) -> dict[int, dict[int, float]]:
    """For each of `heads`, log-probabilities by entity, -1 for none; those of an entity's mentions are summed up."""
    if scorer is None or not len(heads):
        return {}
    entity_of = {mention.row: mention.entity for mention in mentions if mention.row >= 0}
    found: dict[int, dict[int, float]] = {}
    for first, low, scores in scorer.over_mentions(reading, vectors, heads):
        shares = np.exp(scores)
        for row, own in enumerate(shares, first):
            sums: dict[int, float] = defaultdict(float)
            sums[-1] = float(own[0])
            for place in np.flatnonzero(own[1:] > 1e-4).tolist():
                entity = entity_of.get(low + place, -2)
                if entity >= 0:
                    sums[entity] += float(own[1 + place])
            found[row] = {entity: float(np.log(max(share, 1e-9))) for entity, share in sums.items()}
    return found


def members_of(
    links: Links, reading: Reading | None, scorer: PairScorer | None
) -> list[tuple[Place, dict[int, float]]]:
    """Mentions of organizations, each with the log-probabilities of the entities that belong to it."""
    if reading is None or scorer is None:
        return []
    places = [p for p in links.places if p.mention.row >= 0 and p.mention.kind == "organization"]
    rows = np.array([place.mention.row for place in places], np.int64)
    if not len(rows):
        return []
    found = by_entity(scorer, reading, reading.vectors[rows], reading.heads[rows], links.mentions)
    return [(place, found.get(n, {})) for n, place in enumerate(places)]
