"""The parts of an article's claims as rows: what each annotation format is made of."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from claimx.writers.words import describe

if TYPE_CHECKING:
    from claimx.schema import Claim, Extraction

LABELS = ("CONTENT", "CUE", "SOURCE")


class Part(NamedTuple):
    """A piece of the text: the content, the cue or the source of a claim. Contents may have several pieces.

    `key` is unique in the article; `start` and `end` are Unicode code points, end exclusive.
    """

    key: str
    claim: Claim
    label: str
    start: int
    end: int


def parts_of(claim: Claim) -> Iterator[Part]:
    """The pieces of a claim: contents, then cue, then source."""
    for label, spans in zip(LABELS, (claim.spans, claim.cue and claim.cue.spans, claim.source and claim.source.spans),
                            strict=True):  # fmt: skip
        for number, (start, end) in enumerate(spans or (), 1):
            yield Part(f"{claim.id}-{label.lower()}{number}", claim, label, start, end)


class Run(NamedTuple):
    """A stretch of text in which the same parts are told, and the claims whose content ends with it."""

    start: int
    end: int
    parts: tuple[Part, ...]
    ending: tuple[Claim, ...]

    @property
    def shown(self) -> Part | None:
        """The part to show where several overlap: the one that began last."""
        return max(self.parts, key=lambda part: (part.start, -part.end), default=None)


def runs_of(extraction: Extraction, text: str) -> Iterator[Run]:
    """The whole text, cut where a part of a claim begins or ends."""
    parts = sorted((p for claim in extraction.claims for p in parts_of(claim)), key=lambda p: p.start, reverse=True)
    ending: dict[int, list[Claim]] = {}
    for claim in extraction.claims:
        ending.setdefault(claim.spans[-1][1], []).append(claim)
    edges = sorted({0, len(text)}.union(*((part.start, part.end) for part in parts)))
    active: list[Part] = []
    for start, end in pairwise(edges):
        active = [part for part in active if part.end > start]
        while parts and parts[-1].start == start:
            active.append(parts.pop())
        yield Run(start, end, tuple(active), tuple(ending.get(end, ())))


def relations_of(parts: list[Part]) -> Iterator[tuple[Part, Part, str]]:
    """What ties the pieces of one claim together: (head, child, label), from the first piece of its content."""
    head = parts[0]
    for part in parts[1:]:
        yield head, part, "CONTINUED" if part.label == "CONTENT" else part.label


def speaker_line(extraction: Extraction, claim: Claim) -> str:
    """Name, role and organization of a claim's speaker in one line; empty where nobody knows."""
    speaker = extraction.speaker_of(claim)
    return "; ".join((speaker.name, *describe(speaker))) if speaker else ""
