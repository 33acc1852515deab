"""Extractions and directories of speakers for people at a terminal: claim by claim, as a table, or in the text itself.

Without colour (NO_COLOR, a dumb terminal, a file) the text view marks with brackets what it would have coloured.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TextIO

from rich import box
from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from claimx.printable import printable
from claimx.writers.parts import LABELS, runs_of
from claimx.writers.words import NEGATED, counted, describe, shown_confidence, shown_doubt

if TYPE_CHECKING:
    from claimx.schema import Claim, Extraction, Reading, SpeakerEntry

_KIND_STYLES = {"direct": "green", "mixed": "yellow", "indirect": "cyan"}
_CUE, _SOURCE = "bold red", "bold magenta"
#: What stands around contents, cues and sources where there is no colour.
_BRACKETS = dict(zip(LABELS, ("[]", "<>", "{}"), strict=True))
#: Lines longer than this are hard to read, however wide the terminal is.
_WIDEST = 100


def print_list(reading: Reading, console: Console) -> None:
    """Print one article's claims one below the other: who says it, as what, by which cue, and what."""
    extraction = reading.extraction
    width = min(console.width, _WIDEST)
    _print_heading(extraction, console)
    digits = len(str(len(extraction.claims)))
    for number, claim in enumerate(extraction.claims, 1):
        row = Table.grid(padding=(0, 2), expand=True)
        row.add_column(width=digits, justify="right", style="dim")
        row.add_column(ratio=1, overflow="fold")
        head = Table.grid(padding=(0, 2), expand=True)
        head.add_column(ratio=1, overflow="fold")
        head.add_column(justify="right", no_wrap=True)
        head.add_row(_speaker_text(extraction, claim), _labels(claim))
        posts = Text(" · ".join(line.plain for line in _affiliation_lines(extraction, claim)), style="dim")
        parts = [head, *([posts] if posts else []), _said(claim), *_evidence(claim)]
        row.add_row(str(number), Group(*parts))
        console.print(Padding(row, (1, 0, 0, 0)), width=width)
    console.print()


def print_table(reading: Reading, console: Console) -> None:
    """Print one article's claims as a table, one claim a row."""
    extraction = reading.extraction
    _print_heading(extraction, console)
    if not extraction.claims:
        return
    narrow = console.width < 80
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
    explained = any(claim.evidence for claim in extraction.claims)
    table.add_column("Speaker", ratio=3, overflow="fold")
    if explained:
        table.add_column("Found by", ratio=3, overflow="fold")
    table.add_column("Cue", ratio=2, min_width=9, overflow="fold")
    table.add_column("Claim", ratio=6, overflow="fold")
    if not narrow:
        table.add_column("Kind", no_wrap=True)
    table.add_column("Conf.", justify="right", no_wrap=True)
    for claim in extraction.claims:
        speaker = Group(_speaker_text(extraction, claim), *_affiliation_lines(extraction, claim))
        kind = Group(
            *([Text(NEGATED, style="bold")] if claim.negated else []), Text(claim.kind, style=_KIND_STYLES[claim.kind])
        )
        confidence = Text(shown_confidence(claim.confidence))
        table.add_row(
            speaker,
            *([Group(*_evidence(claim, found_by="") or [Text("—", style="dim")])] if explained else []),
            Text(_clean(claim.cue.text) if claim.cue else ""),
            Text(_clean(claim.text)),
            *([Group(kind, confidence)] if narrow else [kind, confidence]),
        )
    console.print(table)


def print_text(reading: Reading, console: Console) -> None:
    """Print the article with contents, cues and sources marked, each content with its claim's number."""
    extraction, text = reading
    width = min(console.width, _WIDEST)
    _print_heading(extraction, console)
    plain = console.color_system is None or console.no_color
    console.print(_legend(plain), width=width)
    console.print()
    console.print(_marked(extraction, text, plain), width=width)
    console.print()


_VIEWS = {"list": print_list, "table": print_table, "text": print_text}


def print_view(readings: Iterable[Reading], view: str, console: Console) -> None:
    """Print articles in one of `claimx.writers.VIEWS`."""
    for reading in readings:
        _VIEWS[view](reading, console)


def write_list(readings: Iterable[Reading], stream: TextIO, **options) -> None:
    """Write articles claim by claim; see `console_for`."""
    print_view(readings, "list", console_for(stream, **options))


def write_table(readings: Iterable[Reading], stream: TextIO, **options) -> None:
    """Write articles as tables; see `console_for`."""
    print_view(readings, "table", console_for(stream, **options))


def write_text(readings: Iterable[Reading], stream: TextIO, **options) -> None:
    """Write articles with their claims marked; see `console_for`."""
    print_view(readings, "text", console_for(stream, **options))


def console_for(stream: TextIO, *, color: bool = False, width: int = _WIDEST) -> Console:
    """A console on a stream that is no terminal; `width` in columns."""
    return Console(file=stream, width=width, force_terminal=color, color_system="standard" if color else None)


def print_speakers(entries: Sequence[SpeakerEntry], console: Console) -> None:
    """Print a directory of speakers as a table for people."""
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
            Text(_clean(entry.name), style="bold"),
            Text(entry.kind),
            Text("\n".join(map(_clean, describe(entry))) or "–"),
            *counts,
            *([Text(_clean(", ".join(article.id for article in entry.articles)))] if several else []),
        )
    console.print(table)


def _clean(text: str) -> str:
    """Text in one line, with nothing in it that would change how a terminal shows the rest."""
    return printable(" ".join(text.split()))


def _print_heading(extraction: Extraction, console: Console) -> None:
    console.print(Text(_clean(extraction.title or extraction.id), style="bold"))
    console.print(Text(counted(extraction) + _speaker_count(extraction), style="dim"))


def _speaker_count(extraction: Extraction) -> str:
    count = len(extraction.speakers)
    return f", {count} speaker{'s' * (count != 1)}" if extraction.claims else ""


def _speaker_text(extraction: Extraction, claim: Claim) -> Text:
    speaker = extraction.speaker_of(claim)
    if speaker:
        name, doubt = Text(_clean(speaker.name), style="bold"), shown_doubt(claim)
        return name.append(f"  {doubt}", style="not bold dim") if doubt else name
    return Text(_clean(claim.source.text), style="italic") if claim.source else Text("—", style="dim")


def _affiliation_lines(extraction: Extraction, claim: Claim) -> list[Text]:
    speaker = extraction.speaker_of(claim)
    return [Text(_clean(post), style="dim") for post in (describe(speaker) if speaker else ())]


def _labels(claim: Claim) -> Text:
    """negated  direct  0.97; the type where it is no statement."""
    labels = Text()
    if claim.negated:
        labels.append(NEGATED, style="bold").append("  ")
    if claim.type != "assertion":
        labels.append(f"{claim.type}  ", style="dim")
    labels.append(claim.kind, style=_KIND_STYLES[claim.kind])
    return labels.append(f"  {shown_confidence(claim.confidence)}")


def _said(claim: Claim) -> Text:
    said = Text()
    if claim.cue:
        said.append(_clean(claim.cue.text), style=_CUE).append("  ")
    return said.append(_clean(claim.text))


def _evidence(claim: Claim, found_by: str = "found by ") -> list[Text]:
    """found by pronoun → Lindqvist 0.98"""
    evidence = claim.evidence
    if evidence is None:
        return []
    line = Text(found_by + evidence.rule, style="dim" if found_by else "")
    source = claim.source.text if claim.source else ""
    if evidence.mention and evidence.mention.text not in source:
        line.append(f" → {_clean(evidence.mention.text)}", style="dim")
    if evidence.probability is not None:
        line.append(f" {shown_confidence(evidence.probability)}", style="dim")
    return [line]


def _legend(plain: bool) -> Text:
    legend = Text()
    for kind, style in _KIND_STYLES.items():
        legend.append(f"{kind} content" if not plain else "", style=style).append("" if plain else "  ")
    if plain:
        legend.append("[content]  ")
    legend.append("{source}" if plain else "source", style=_SOURCE).append("  ")
    legend.append("<cue>" if plain else "cue", style=_CUE)
    return legend.append("  ").append("(1) number of the claim", style="dim")


def _marked(extraction: Extraction, text: str, plain: bool) -> Text:
    marked = Text()
    number = {claim.id: f"{n}{f', {NEGATED}' * claim.negated}" for n, claim in enumerate(extraction.claims, 1)}
    for run in runs_of(extraction, text):
        piece, part = printable(text[run.start : run.end], keep="\n\t"), run.shown
        if part and plain:
            opening, closing = _BRACKETS[part.label]
            marked.append(f"{opening}{piece}{closing}")
        else:
            style = {"CUE": _CUE, "SOURCE": _SOURCE}.get(part.label, _KIND_STYLES[part.claim.kind]) if part else ""
            marked.append(piece, style=style)
        marked.append("".join(f"({number[claim.id]})" for claim in run.ending), style="dim")
    return marked
