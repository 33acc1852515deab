"""The contract: one JSON shape for what was found in an article. Every output is made from it.

All spans are [start, end) offsets in Unicode code points into the article's text as read; `text[start:end]` is what
they say, always.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, model_validator

SCHEMA_VERSION = 2

Kind = Literal["direct", "mixed", "indirect"]
AttributionType = Literal["assertion", "belief", "fact", "eventuality", "question"]
SpeakerKind = Literal["person", "organization", "group", "document", "unnamed"]
Span = tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=1)]]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Cue(_Model):
    """The word or phrase that ascribes the content: "said", "according to", ":"."""

    text: str
    lemma: str
    spans: list[Span]


class Source(_Model):
    """The noun phrase the content is ascribed to, as the article mentions it."""

    text: str
    spans: list[Span]


class Mention(_Model):
    """A place of the text."""

    text: str
    spans: list[Span]


class Evidence(_Model):
    """How the speaker of a claim was found."""

    rule: str = Field(
        description="name, part of a name, apposition, relative pronoun, pronoun, noun phrase, no source, or own words"
    )
    mention: Mention | None = Field(description="the mention of the speaker that tells it, the nearest one before")
    probability: float | None = Field(
        ge=0, le=1, description="of the speaker among all candidates, where there were several"
    )


class Claim(_Model):
    """Content that the article ascribes to a source by a cue. `text` joins the pieces of `spans` with " … "."""

    id: str
    kind: Kind = Field(description="direct: all words in quotation marks; indirect: none; mixed: some")
    type: AttributionType = Field(
        description="attribution type of the cue, after the Penn Attribution Relations Corpus; question: asked whether"
    )
    negated: bool = Field(
        default=False, description='whether the cue denies the text or is negated: "denied", "did not say"'
    )
    text: str
    spans: list[Span]
    cue: Cue | None
    source: Source | None
    speaker: str | None = Field(description="id of the speaker in `speakers`; null where the article does not tell")
    speaker_confidence: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="the speaker is the right one, given the claim; told of a speaker under the threshold as well, "
        "null where there is no candidate",
    )
    confidence: float = Field(ge=0, le=1, description="the claim is one, and its source is right")
    evidence: Evidence | None = Field(default=None, description="how the speaker was found, where that was asked for")


class Affiliation(_Model):
    """A role and/or organization of a speaker, both verbatim from the article."""

    role: str | None
    organization: str | None
    spans: list[Span] = Field(description="where the role and the organization stand in the text")
    confidence: float = Field(default=1.0, ge=0, le=1, description="the speaker has this role, there")


class Speaker(_Model):
    """A real-world speaker behind one or more claims."""

    id: str
    name: str
    kind: SpeakerKind
    aliases: list[str] = Field(
        description="the other forms by which the article mentions the speaker, but for pronouns"
    )
    mentions: int = Field(default=0, ge=0, description="how often the article mentions the speaker, pronouns included")
    pronouns: list[str] = Field(default=[], description="he, she, his, ..., as the article has them of the speaker")
    affiliations: list[Affiliation]


class Origin(_Model):
    """Where the text came from; `sha256` is of the text as read, in UTF-8."""

    path: str | None = None
    url: str | None = None
    sha256: str


class ModelInfo(_Model):
    name: str
    version: str


class Extraction(_Model):
    """What was found in one article. `to_dict()` is the JSON contract.

    Documents of version 1 are read as well; what they do not tell has the default of its field.
    """

    schema_version: Literal[2] = SCHEMA_VERSION
    id: str
    title: str | None = None
    source: Origin
    model: ModelInfo
    claims: list[Claim]
    speakers: list[Speaker]

    @model_validator(mode="before")
    @classmethod
    def _of_version_1(cls, document: Any) -> Any:
        """Version 2 added fields and changed none."""
        if isinstance(document, dict) and document.get("schema_version") == 1:
            return {**document, "schema_version": SCHEMA_VERSION}
        return document

    def speaker_of(self, claim: Claim) -> Speaker | None:
        """The speaker of a claim of this extraction, None where it is not known."""
        if claim.speaker is None:
            return None
        near = bisect_left(self.speakers, _number(claim.speaker), key=lambda speaker: _number(speaker.id))
        guess = self.speakers[near : near + 1]  # ids count upwards; those of other programs may not
        return next((s for s in itertools.chain(guess, self.speakers) if s.id == claim.speaker), None)

    def claims_by_speaker(self) -> dict[str | None, list[Claim]]:
        """The claims under the ids of their speakers; under None those whose speaker is not known."""
        found: dict[str | None, list[Claim]] = {}
        for claim in self.claims:
            found.setdefault(claim.speaker, []).append(claim)
        return found

    def to_dict(self) -> dict[str, Any]:
        """The extraction as plain JSON values; without evidence that was not asked for."""
        found = self.model_dump(mode="json")
        for claim in found["claims"]:
            if claim["evidence"] is None:
                del claim["evidence"]
        return found

    def to_rows(self) -> list[dict[str, Any]]:
        """One flat row a claim, with the columns of the CSV: several roles or organizations are joined by "; ", what
        is not known is None."""
        from claimx.writers.text import typed_row_of

        rows = (typed_row_of(self, claim) for claim in self.claims)
        return [
            {name: ("; ".join(value) or None) if isinstance(value, list) else value for name, value in row.items()}
            for row in rows
        ]

    def filtered(
        self,
        *,
        kinds: set[str] | None = None,
        types: set[str] | None = None,
        speaker: str | None = None,
        min_confidence: float = 0.0,
    ) -> Extraction:
        """A copy with the claims that match all given filters and the speakers who still have one.

        `speaker` matches a name or an alias that contains it, without regard to case.
        """
        wanted = speaker.casefold() if speaker else None
        named = {s.id for s in self.speakers if wanted and any(wanted in n.casefold() for n in (s.name, *s.aliases))}
        claims = [
            claim
            for claim in self.claims
            if (not kinds or claim.kind in kinds)
            and (not types or claim.type in types)
            and (wanted is None or claim.speaker in named)
            and claim.confidence >= min_confidence
        ]
        kept = {claim.speaker for claim in claims}
        return self.model_copy(update={"claims": claims, "speakers": [s for s in self.speakers if s.id in kept]})


def _number(id: str) -> int:
    """The number in the id of a speaker: 7 of s7."""
    return int(id[1:]) if id[1:].isdecimal() else 0


class Reading(NamedTuple):
    """What was found in an article, and the text it was found in: for views that show both."""

    extraction: Extraction
    text: str


class Post(_Model):
    """What a speaker is, in the words of an article; `confidence` is the highest of its articles."""

    role: str | None
    organization: str | None
    confidence: float = Field(default=1.0, ge=0, le=1)


class Appearance(_Model):
    """An article in which a speaker makes claims."""

    id: str
    path: str | None
    speaker: str = Field(description="id of the speaker in that article")
    claims: int = Field(ge=1)


class ClaimCounts(_Model):
    """How many claims, by kind."""

    direct: int = 0
    mixed: int = 0
    indirect: int = 0

    @property
    def total(self) -> int:
        return self.direct + self.mixed + self.indirect


class SpeakerEntry(_Model):
    """A speaker over one or many articles, as `claimx speakers` prints it."""

    name: str
    kind: SpeakerKind
    aliases: list[str]
    mentions: int
    pronouns: list[str]
    affiliations: list[Post]
    claims: ClaimCounts
    articles: list[Appearance]


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of one extraction."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "claimx extraction",
        **Extraction.model_json_schema(mode="serialization"),
    }
