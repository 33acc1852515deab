"""Claims in the words of schema.org, as JSON-LD: Quotation for direct ones, Claim for indirect and mixed ones.

Persons have `jobTitle` and `affiliation`. A claim whose speaker is not known has none, one that is negated says so in
`keywords` and `description`. See https://schema.org/Quotation,
https://schema.org/Claim.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, TextIO

from claimx.writers.jsonld import article_iri, write_graph
from claimx.writers.words import NEGATED

if TYPE_CHECKING:
    from claimx.schema import Claim, Extraction, Speaker

CONTEXT = "https://schema.org"


def write_schemaorg(extractions: Iterable[Extraction], stream: TextIO) -> None:
    """Write all articles as one graph."""
    write_graph(CONTEXT, (node for extraction in extractions for node in nodes_of(extraction)), stream)


def nodes_of(extraction: Extraction) -> Iterator[dict[str, Any]]:
    """The article, its speakers, and its claims."""
    base = article_iri(extraction)
    article = {
        "@type": "NewsArticle",
        "@id": base,
        "identifier": extraction.id,
        "headline": extraction.title,
        "url": extraction.source.url,
        "hasPart": [{"@id": f"{base}#{claim.id}"} for claim in extraction.claims],
    }
    yield _known(article)
    for speaker in extraction.speakers:
        yield _known(_speaker(speaker, base))
    for claim in extraction.claims:
        yield _known(_claim(extraction, claim, base))


def _claim(extraction: Extraction, claim: Claim, base: str) -> dict[str, Any]:
    speaker = extraction.speaker_of(claim)
    by = {"@id": f"{base}#{speaker.id}"} if speaker else None
    node = {"@id": f"{base}#{claim.id}", "text": claim.text, "isPartOf": {"@id": base}}
    if claim.negated:
        cue = f" (“{claim.cue.text}”)" if claim.cue else ""
        node |= {"keywords": NEGATED, "description": f"Denied, or not said, by the speaker{cue}"}
    if speaker and speaker.kind == "document":
        node["isBasedOn"], by = by, None
    if claim.kind == "direct":
        return {"@type": "Quotation", **node, "spokenByCharacter": by}
    return {"@type": "Claim", **node, "author": by, "appearance": {"@id": base}}


def _speaker(speaker: Speaker, base: str) -> dict[str, Any]:
    sort = {"organization": "Organization", "group": "Organization", "document": "CreativeWork"}
    node: dict[str, Any] = {
        "@type": sort.get(speaker.kind, "Person"),
        "@id": f"{base}#{speaker.id}",
        "name": speaker.name,
        "alternateName": speaker.aliases,
    }
    if node["@type"] == "Person":
        organizations = dict.fromkeys(a.organization for a in speaker.affiliations if a.organization)
        node["jobTitle"] = list(dict.fromkeys(a.role for a in speaker.affiliations if a.role))
        node["affiliation"] = [{"@type": "Organization", "name": name} for name in organizations]
    return node


def _known(node: dict[str, Any]) -> dict[str, Any]:
    """A node without what is not known."""
    return {key: value for key, value in node.items() if value not in (None, [])}
