"""Extractions and directories of speakers as tables for people."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from claimx.schema import Affiliation, Claim, Extraction, Post, Speaker, SpeakerEntry


def print_table(extraction: Extraction, console: Console) -> None:
    """Print one article's claims as a table for people."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    counts = ", ".join(
        f"{n} {kind}"
        for kind in ("direct", "mixed", "indirect")
        if (n := sum(c.kind == kind for c in extraction.claims))
    )
    console.print(
        Text(extraction.title or extraction.id, style="bold"),
        Text(f"{len(extraction.claims)} claims ({counts})" if counts else "no claims"),
    )
    if not extraction.claims:
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
    explained = any(claim.evidence for claim in extraction.claims)
    table.add_column("Speaker", ratio=3, overflow="fold")
    if explained:
        table.add_column("Found by", ratio=3, overflow="fold")
    table.add_column("Cue", ratio=2, overflow="fold")
    table.add_column("Claim", ratio=6, overflow="fold")
    table.add_column("Kind", no_wrap=True)
    table.add_column("Conf.", justify="right", no_wrap=True)
    colours = {"direct": "green", "mixed": "yellow", "indirect": "cyan"}
    for claim in extraction.claims:
        table.add_row(
            _speaker_cell(extraction, claim),
            *([_evidence_cell(claim)] if explained else []),
            Text(claim.cue.text if claim.cue else ""),
            Text(" ".join(claim.text.split())),
            Text(claim.kind, style=colours[claim.kind]),
            f"{min(claim.confidence, 0.99):.2f}",  # no claim is shown as certain
        )
    console.print(table)


def _speaker_cell(extraction: Extraction, claim: Claim):
    from rich.text import Text

    speaker = extraction.speaker_of(claim)
    if speaker is None:
        return Text(claim.source.text if claim.source else "—", style="dim")
    cell = Text(speaker.name, style="bold")
    for described in describe(speaker):
        cell.append("\n" + described, style="not bold dim")
    return cell


def _evidence_cell(claim: Claim):
    """pronoun → Lindqvist 0.98"""
    from rich.text import Text

    evidence = claim.evidence
    if evidence is None:
        return Text("—", style="dim")
    cell = Text(evidence.rule)
    source = claim.source.text if claim.source else ""
    if evidence.mention and evidence.mention.text not in source:
        cell.append(f" → {evidence.mention.text}", style="dim")
    if evidence.probability is not None:
        cell.append(f" {min(evidence.probability, 0.99):.2f}", style="dim")
    return cell


def describe(speaker: Speaker | SpeakerEntry) -> list[str]:
    """A speaker's affiliations in words: "chief engineer, Port Authority"."""
    posts: Iterable[Affiliation | Post] = speaker.affiliations
    return list(dict.fromkeys(", ".join(part for part in (a.role, a.organization) if part) for a in posts))


def print_speakers(entries: Sequence[SpeakerEntry], console: Console) -> None:
    """Print a directory of speakers as a table for people."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    several = len({article.id for entry in entries for article in entry.articles}) > 1
    console.print(Text(f"{len(entries)} speakers" if len(entries) != 1 else "1 speaker"))
    if not entries:
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
    table.add_column("Speaker", ratio=4, min_width=14, overflow="fold")
    table.add_column("Kind", no_wrap=True)
    table.add_column("Affiliations", ratio=5, overflow="fold")
    for kind in ("Dir.", "Mix.", "Ind."):  # the kinds of claims
        table.add_column(kind, justify="right", no_wrap=True)
    if several:
        table.add_column("Articles", ratio=3, overflow="fold")
    for entry in entries:
        counts = (str(count or "–") for count in (entry.claims.direct, entry.claims.mixed, entry.claims.indirect))
        table.add_row(
            Text(entry.name, style="bold"),
            Text(entry.kind),
            Text("\n".join(describe(entry)) or "–"),
            *counts,
            *([Text(", ".join(article.id for article in entry.articles))] if several else []),
        )
    console.print(table)


def speakers_to_text(entries: Sequence[SpeakerEntry], width: int = 100) -> str:
    """The table of speakers as plain text, for a file."""
    return _printed(lambda console: print_speakers(entries, console), width)


def to_text(extractions: Iterable[Extraction], width: int = 100) -> str:
    """The tables as plain text, for a file."""

    def fill(console: Console) -> None:
        for extraction in extractions:
            print_table(extraction, console)

    return _printed(fill, width)


def _printed(fill: Callable[[Console], None], width: int) -> str:
    from rich.console import Console

    stream = io.StringIO()
    fill(Console(file=stream, width=width, color_system=None))
    return stream.getvalue()
