"""What the components hand on to each other on the Doc, stored as plain values so that a Doc can be serialised.

All offsets are Unicode code points into ``doc.text``, end exclusive.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from spacy.tokens import Doc, Span

from claimx.pipeline.intervals import Intervals

Offsets = tuple[int, int]


@dataclass(slots=True)
class Quotation:
    """A quotation, marks included. Pieces of one quotation over several paragraphs share `group`."""

    start: int
    end: int
    group: int = 0
    depth: int = 0
    closed: bool = True


@dataclass(slots=True)
class Mention:
    """A phrase that stands for somebody or something: a name, a pronoun, a noun phrase ("nominal").

    `head` is where its head word starts, `kind` a kind of `Entity`, `scores` the probabilities of the five kinds.
    `row` is its place in what the encoder read, -1 for what it did not; `entity` the index of its entity, -1 for none,
    and `certainty` how likely it is that entity's.
    """

    start: int
    end: int
    head: int
    form: str
    kind: str
    scores: list[float] = field(default_factory=list)
    row: int = -1
    entity: int = -1
    certainty: float = 1.0


@dataclass(slots=True)
class Entity:
    """What mentions stand for. `kind`: person, organization, group, document or unnamed; `gender`: "m", "f" or "" where
    the article shows none. `name` is "" where the article names it nowhere."""

    kind: str
    name: str
    mentions: list[int] = field(default_factory=list)
    gender: str = ""


@dataclass(slots=True)
class Attribution:
    """Content ascribed to a source by a cue; `rule` names the rule that found it. `negated` says that the cue denies
    the content or is negated."""

    content: list[Offsets]
    cue: Offsets | None
    source: Offsets | None
    lemma: str | None
    type: str
    kind: str
    confidence: float
    rule: str
    negated: bool = False


@dataclass(slots=True)
class Affiliation:
    """A role and/or an organization of a speaker, each by its offsets, and how sure it is."""

    role: Offsets | None
    organization: Offsets | None
    confidence: float = 1.0


@dataclass(slots=True)
class Speaker:
    """A real-world speaker: offsets of its mentions, indices of its claims, and of its entity (-1 for none)."""

    name: str
    kind: str
    entity: int = -1
    mentions: list[Offsets] = field(default_factory=list)
    attributions: list[int] = field(default_factory=list)
    affiliations: list[Affiliation] = field(default_factory=list)
    pronouns: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Evidence:
    """How the speaker of a claim was found: the rule, the mention that tells it, and where candidates were weighed
    the probability of the one chosen. `confidence` is that the speaker is the right one; None says that no more is
    known than the probability, and without one that the rule is always right."""

    rule: str
    mention: Offsets | None = None
    probability: float | None = None
    confidence: float | None = None


@dataclass(slots=True)
class Description:
    """A noun phrase that stands for a name: token range up to its head, index of the entity, probability; `kind` is
    person, for a role, or organization."""

    start: int
    end: int
    entity: int
    probability: float
    kind: str


def _row(item) -> dict:
    """The fields of an annotation; what `dataclasses.asdict` gives, faster."""
    return {name: _plain(getattr(item, name)) for name in item.__slots__}


def _plain(value):
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return _row(value) if isinstance(value, Affiliation) else value


def _tuples(value):
    """Undo what a trip through JSON or msgpack does to offsets: lists of two integers become tuples again."""
    if isinstance(value, (list, tuple)):
        if len(value) == 2 and type(value[0]) is type(value[1]) is int:
            return tuple(value)
        return [_tuples(item) for item in value]
    return value


def _lists(value):
    """JSON values as they were before a trip through msgpack, which makes tuples of lists."""
    if isinstance(value, (list, tuple)):
        return [_lists(item) for item in value]
    return {key: _lists(item) for key, item in value.items()} if isinstance(value, dict) else value


def _read(doc: Doc, key: str, kind: type) -> list:
    return [kind(**{name: _tuples(value) for name, value in row.items()}) for row in doc.user_data.get(key, [])]


def _read_mentions(doc: Doc) -> list[Mention]:
    mentions = _read(doc, "claimx_mentions", Mention)
    for mention in mentions:
        mention.scores = list(mention.scores)
    return mentions


def _read_entities(doc: Doc) -> list[Entity]:
    entities = _read(doc, "claimx_entities", Entity)
    for entity in entities:
        entity.mentions = list(entity.mentions)
    return entities


def _read_speakers(doc: Doc) -> list[Speaker]:
    speakers = _read(doc, "claimx_speakers", Speaker)
    for speaker in speakers:
        speaker.attributions, speaker.pronouns = list(speaker.attributions), list(speaker.pronouns)
        speaker.affiliations = [
            Affiliation(**{name: _tuples(value) for name, value in row.items()}) for row in speaker.affiliations
        ]
    return speakers


def _read_evidence(doc: Doc) -> list[Evidence | None]:
    rows = doc.user_data.get("claimx_evidence", [])
    return [row and Evidence(**{name: _tuples(value) for name, value in row.items()}) for row in rows]


def set_quotations(doc: Doc, quotations: Iterable[Quotation]) -> None:
    doc.user_data["claimx_quotations"] = [_row(quotation) for quotation in quotations]


def set_mentions(doc: Doc, mentions: Iterable[Mention]) -> None:
    doc.user_data["claimx_mentions"] = [_row(mention) for mention in mentions]


def set_entities(doc: Doc, mentions: Iterable[Mention], entities: Iterable[Entity]) -> None:
    """Set entities, and the mentions with the entities that they are of."""
    set_mentions(doc, mentions)
    doc.user_data["claimx_entities"] = [_row(entity) for entity in entities]


def set_attributions(doc: Doc, attributions: Iterable[Attribution]) -> None:
    doc.user_data["claimx_attributions"] = [_row(attribution) for attribution in attributions]


def set_speakers(
    doc: Doc,
    speakers: Iterable[Speaker],
    evidence: Iterable[Evidence | None] | None = None,
    descriptions: Iterable[Description] = (),
) -> None:
    """Set speakers and, where they are given, what was found on the way to them."""
    doc.user_data["claimx_speakers"] = [_row(speaker) for speaker in speakers]
    if evidence is not None:
        doc.user_data["claimx_evidence"] = [found and _row(found) for found in evidence]
        doc.user_data["claimx_descriptions"] = [_row(description) for description in descriptions]


def tokens_over(doc: Doc) -> Callable[[int, int], Offsets]:
    """A function from code points [start, end) to the tokens [low, high) that they touch."""
    offsets = doc.to_array("IDX").tolist()
    return lambda start, end: (max(0, bisect_right(offsets, start) - 1), bisect_left(offsets, end))


def ignored_in(doc: Doc, key: str = "claimx_ignored") -> Callable[[int, int], bool]:
    """A function that tells whether code points [start, end) touch a span of the group `key`."""
    ignored = Intervals((span.start_char, span.end_char, span) for span in doc.spans.get(key, ()))
    return lambda start, end: bool(ignored.over(start, end))


def set_spans(doc: Doc, key: str, spans: Iterable[tuple[int, int, str, str]]) -> None:
    """Show character spans (start, end, label, id) as a span group, each widened to whole tokens."""
    tokens = tokens_over(doc)
    doc.spans[key] = [Span(doc, *tokens(start, end), label=label, span_id=id) for start, end, label, id in spans]


def claim_of(span: Span) -> dict | None:
    """The claim that a span of ``doc.spans["claimx"]`` is a piece of, as in ``doc._.claimx``; None for other spans."""
    return _found(span.doc, "claims", span.id_) if span.label_ in ("CONTENT", "CUE", "SOURCE") else None


def speaker_of(span: Span) -> dict | None:
    """The speaker whom a span of ``doc.spans["claimx_speakers"]`` mentions, or who makes the claim that the span is a
    piece of, as in ``doc._.claimx``; None where that is nobody."""
    claim = claim_of(span)
    return _found(span.doc, "speakers", claim["speaker"] if claim else span.id_)


def _found(doc: Doc, sort: str, id: str | None) -> dict | None:
    rows = (doc.user_data.get("claimx") or {}).get(sort, ())
    return _lists(next((row for row in rows if row["id"] == id), None))


for _name, _getter in {
    "claimx_quotations": lambda doc: _read(doc, "claimx_quotations", Quotation),
    "claimx_mentions": _read_mentions,
    "claimx_entities": _read_entities,
    "claimx_attributions": lambda doc: _read(doc, "claimx_attributions", Attribution),
    "claimx_speakers": _read_speakers,
    "claimx_evidence": _read_evidence,
    "claimx_descriptions": lambda doc: _read(doc, "claimx_descriptions", Description),
    "claimx_naming": lambda doc: _lists(doc.user_data.get("claimx_naming", {})),
    "claimx": lambda doc: _lists(doc.user_data.get("claimx")),
}.items():
    if not Doc.has_extension(_name):
        Doc.set_extension(_name, getter=_getter)
for _name, _getter in {"claim": claim_of, "speaker": speaker_of}.items():
    if not Span.has_extension(_name):
        Span.set_extension(_name, getter=_getter)
