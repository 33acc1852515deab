"""Claims as W3C Web Annotations in JSON-LD: for each claim one of its content, its cue and its source.

Every place is told twice, by a TextQuoteSelector (with what stands around it) and by a TextPositionSelector (Unicode
code points, as the recommendation says). Model: https://www.w3.org/TR/annotation-model/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, TextIO

from claimx.writers.jsonld import article_iri, write_graph
from claimx.writers.parts import speaker_line
from claimx.writers.words import NEGATED

if TYPE_CHECKING:
    from claimx.schema import Claim, Extraction, Reading

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
#: Code points of the text before and behind a quote.
_AROUND = 32


def write_webannotation(readings: Iterable[Reading], stream: TextIO) -> None:
    """Write the annotations of all articles as one graph."""
    write_graph(CONTEXT, (annotation for reading in readings for annotation in annotations_of(reading)), stream)


def annotations_of(reading: Reading) -> Iterator[dict[str, Any]]:
    """The annotations of an article."""
    extraction, text = reading
    base = article_iri(extraction)
    for claim in extraction.claims:
        yield {
            "id": f"{base}#{claim.id}",
            "type": "Annotation",
            "motivation": "describing",
            "generator": {
                "type": "Software",
                "name": f"claimx, {extraction.model.name} {extraction.model.version}",
            },
            "body": [*_bodies(extraction, claim)],
            "target": [_target(base, span, text) for span in claim.spans],
        }
        for role, part in (("cue", claim.cue), ("source", claim.source)):
            if part:
                yield {
                    "id": f"{base}#{claim.id}-{role}",
                    "type": "Annotation",
                    "motivation": "linking",
                    "body": [
                        {"type": "TextualBody", "purpose": "classifying", "value": role},
                        {"type": "SpecificResource", "purpose": "linking", "source": f"{base}#{claim.id}"},
                    ],
                    "target": [_target(base, span, text) for span in part.spans],
                }


def _bodies(extraction: Extraction, claim: Claim) -> Iterator[dict[str, str]]:
    for tag in (claim.kind, claim.type, *([NEGATED] if claim.negated else [])):
        yield {"type": "TextualBody", "purpose": "tagging", "value": tag}
    told = speaker_line(extraction, claim)
    if told:
        yield {"type": "TextualBody", "purpose": "identifying", "format": "text/plain", "value": told}
    if told and claim.speaker_confidence is not None:
        yield {"type": "TextualBody", "purpose": "assessing", "value": f"speaker {claim.speaker_confidence}"}
    yield {"type": "TextualBody", "purpose": "assessing", "value": str(claim.confidence)}


def _target(base: str, span: tuple[int, int], text: str) -> dict[str, Any]:
    start, end = span
    around = {"prefix": text[max(0, start - _AROUND) : start], "suffix": text[end : end + _AROUND]}
    return {
        "source": base,
        "selector": [
            {"type": "TextQuoteSelector", "exact": text[start:end], **{k: v for k, v in around.items() if v}},
            {"type": "TextPositionSelector", "start": start, "end": end},
        ],
    }
