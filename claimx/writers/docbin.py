"""Articles as a DocBin of spaCy (.spacy): tokens, the spans of the claims, and the contract as an extension.

>>> import spacy, claimx.writers.docbin  # registers doc._.claimx
>>> docs = spacy.tokens.DocBin().from_disk("claims.spacy").get_docs(spacy.blank("en").vocab)

Each Doc has ``doc.spans["claimx"]`` with the labels CONTENT, CUE and SOURCE, whose ``span.id_`` is the id of the claim
and which are widened to whole tokens, and ``doc._.claimx``: the article's contract, with the offsets as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from claimx.pipeline.annotations import tokens_over
from claimx.pipeline.tokenizer import english_tokenizer
from claimx.writers.parts import parts_of

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from claimx.schema import Reading


def write_docbin(readings: Iterable[Reading], path: str) -> None:
    """Write the file `path`."""
    from spacy.tokens import DocBin

    tokenizer = english_tokenizer()
    found = DocBin(attrs=["ORTH", "SPACY"], store_user_data=True)
    for reading in readings:
        found.add(doc_of(reading, tokenizer))
    found.to_disk(path)


def doc_of(reading: Reading, tokenizer: Callable[[str], Doc]) -> Doc:
    """The Doc of an article, cut into tokens by `tokenizer`."""
    from spacy.tokens import Span

    doc = tokenizer(reading.text)
    places = tokens_over(doc)
    doc.spans["claimx"] = [
        Span(doc, *places(part.start, part.end), label=part.label, span_id=claim.id)
        for claim in reading.extraction.claims
        for part in parts_of(claim)
    ]
    doc.user_data["claimx"] = reading.extraction.to_dict()
    return doc
