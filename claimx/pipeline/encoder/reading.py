"""What the reader sees in an article: heads and extents of mentions, roles, and a vector for each of them.

The states of words are many; vectors are kept of mentions and roles alone, so that memory stays small. What is read is
kept beside the Doc while the pipeline runs, and is no part of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

import numpy as np
from spacy.tokens import Doc

from claimx.pipeline.encoder.spelling import Spelling

#: Words that a mention reaches from its head, at most.
REACH = 30
#: What is mentioned, in the order of the scores of `kind`, behind that of no mention.
KINDS = ("person", "organization", "group", "document", "unnamed")


@dataclass(slots=True)
class Reading:
    """Mentions and roles of a text, in the order of their heads. Spans are words [start, end) of `words`.

    `words`: (words, 2) code points; `paragraph`, `quoted`: (words,) its number, whether in quotation marks. `heads`,
    `starts`, `ends`: (mentions,). `kinds`: (mentions, 6) probabilities, of no mention first. `vectors`: (mentions,
    dim). `roles`: (roles, 2); `role_scores`: (roles,); `role_vectors`: (roles, dim).
    """

    words: np.ndarray
    paragraph: np.ndarray
    quoted: np.ndarray
    heads: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    kinds: np.ndarray
    vectors: np.ndarray
    roles: np.ndarray
    role_scores: np.ndarray
    role_vectors: np.ndarray
    spellings: list[Spelling] = field(default_factory=list)


_readings: WeakKeyDictionary[Doc, Reading] = WeakKeyDictionary()


def set_reading(doc: Doc, reading: Reading) -> None:
    _readings[doc] = reading


def reading_of(doc: Doc) -> Reading | None:
    """What the encoder read in this very Doc, None where no encoder was run on it."""
    return _readings.get(doc)
