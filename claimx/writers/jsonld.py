"""What the formats in JSON-LD have in common: the name of an article, and a graph that is written as it comes."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from claimx.schema import Extraction


def write_graph(context: str, nodes: Iterable[dict[str, Any]], stream: TextIO) -> None:
    """Write `nodes` as one graph, a node at a time."""
    stream.write('{"@context": ' + json.dumps(context) + ', "@graph": [')
    separator = "\n"
    for node in nodes:
        stream.write(separator + json.dumps(node, ensure_ascii=False))
        separator = ",\n"
    stream.write("\n]}\n")


def article_iri(extraction: Extraction) -> str:
    """The address of an article; where it has none, its text's name by its hash (RFC 6920)."""
    if extraction.source.url and "://" in extraction.source.url:
        return extraction.source.url
    digest = base64.urlsafe_b64encode(bytes.fromhex(extraction.source.sha256)).decode().rstrip("=")
    return f"ni:///sha-256;{digest}"
