"""Articles as tasks for Prodigy's ``rel.manual`` and ``spans.manual``: JSON lines with tokens, spans and relations.

Spans are whole tokens of spaCy's English tokenizer, as Prodigy wants them; the contract's own offsets are in `meta`.
Format: https://prodi.gy/docs/api-interfaces#relations
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TextIO

from claimx.pipeline.annotations import tokens_over
from claimx.pipeline.tokenizer import english_tokenizer
from claimx.writers.parts import Part, parts_of, relations_of
from claimx.writers.words import who

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from claimx.schema import Reading


def write_prodigy(readings: Iterable[Reading], stream: TextIO) -> None:
    """Write one article a line."""
    tokenizer = english_tokenizer()
    for reading in readings:
        stream.write(json.dumps(_task(reading, tokenizer(reading.text)), ensure_ascii=False) + "\n")


def _task(reading: Reading, doc: Doc) -> dict[str, Any]:
    extraction, places = reading.extraction, tokens_over(doc)

    def span(part: Part) -> dict[str, Any]:
        start, end = places(part.start, part.end)
        first, last = doc[start], doc[end - 1]
        return {"start": first.idx, "end": last.idx + len(last), "token_start": start, "token_end": end - 1,
                "label": part.label}  # fmt: skip

    spans, relations, claims = [], [], []
    for claim in extraction.claims:
        parts = list(parts_of(claim))
        spans += [span(part) for part in parts]
        for head, child, label in relations_of(parts):
            ends = {"head_span": span(head), "child_span": span(child)}
            relations.append({"head": ends["head_span"]["token_end"], "child": ends["child_span"]["token_end"],
                              **ends, "label": label})  # fmt: skip
        claims.append({"id": claim.id, "spans": claim.spans, "kind": claim.kind, "type": claim.type,
                       "negated": claim.negated, "speaker": who(extraction, claim),
                       "speaker_confidence": claim.speaker_confidence, "confidence": claim.confidence})  # fmt: skip
    return {
        "text": reading.text,
        "tokens": [
            {"text": token.text, "start": token.idx, "end": token.idx + len(token), "id": token.i,
             "ws": bool(token.whitespace_), "disabled": False}
            for token in doc
        ],
        "spans": _distinct(spans),
        "relations": relations,
        "meta": {"id": extraction.id, "title": extraction.title, "model": extraction.model.name,
                 "version": extraction.model.version, "claims": claims},
    }  # fmt: skip


def _distinct(spans: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each span once: a source may serve several claims."""
    return list({tuple(span.values()): span for span in sorted(spans, key=lambda s: (s["start"], s["end"]))}.values())
