"""Sentences by rule, for pipelines in which nothing else finds them: so that ``doc.sents`` is there.

A sentence ends with a full stop, question or exclamation mark and the marks and brackets that close behind it, unless
it goes on in lower case (“Is it?” she asked), and with every paragraph. Abbreviations are the tokenizer's business.
"""

from __future__ import annotations

from bisect import bisect_left

import numpy as np
from spacy.attrs import SENT_START
from spacy.tokens import Doc

from claimx.pipeline.quotations.paragraphs import paragraphs

_ENDS = frozenset((".", "?", "!", "…", "...", "?!", "!?"))
_CLOSING = frozenset("”’»)]\"'") | {"''", "’’"}


def set_sentences(doc: Doc) -> None:
    """Set the sentence starts of a Doc."""
    offsets = doc.to_array("IDX").tolist()
    words = [token.text for token in doc]
    opening = {quotation.start for quotation in doc._.claimx_quotations}
    starts = np.full(len(words), -1, dtype=np.int64)
    ended = True
    for i, word in enumerate(words):
        if ended and not word.isspace() and not (word in _CLOSING and offsets[i] not in opening):
            if i == 0 or not word[0].islower():
                starts[i] = 1
            ended = False
        if word in _ENDS:
            ended = True
    for start, _ in paragraphs(doc.text):
        index = bisect_left(offsets, start)
        if index < len(offsets) and offsets[index] == start:
            starts[index] = 1
    starts[:1] = 1
    doc.from_array([SENT_START], starts.reshape(-1, 1).astype(np.uint64))
