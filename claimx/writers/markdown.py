"""Claims as Markdown (CommonMark with tables): an article's claims as block quotes, and its speakers as a table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, TextIO

from claimx.writers.words import counted, describe, shown_confidence, shown_doubt, sort_of

if TYPE_CHECKING:
    from claimx.schema import Claim, Extraction

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|~#!&$])")
#: What at the start of a line makes a list, a heading or a rule.
_OPENING = re.compile(r"^(\d+)([.)])(?=\s|$)|^([-+=])")


def write_markdown(extractions: Iterable[Extraction], stream: TextIO) -> None:
    """Write the articles one after another."""
    for number, extraction in enumerate(extractions):
        stream.write(("\n" if number else "") + _article(extraction))


def escaped(text: str) -> str:
    """Text in one line, with nothing in it that Markdown would read as markup."""
    plain = _SPECIAL.sub(r"\\\1", " ".join(text.split()))
    return _OPENING.sub(lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", plain)


def _article(extraction: Extraction) -> str:
    lines = [f"# {escaped(extraction.title or extraction.id)}", "", counted(extraction) + "."]
    for claim in extraction.claims:
        lines += ["", f"> {escaped(claim.text)}", ">", f"> — {_attribution(extraction, claim)}"]
    if extraction.speakers:
        lines += ["", "| Speaker | Kind | Affiliations | Claims |", "|---|---|---|--:|"]
    claims = extraction.claims_by_speaker()
    for speaker in extraction.speakers:
        posts = "; ".join(map(escaped, describe(speaker)))
        lines.append(f"| {escaped(speaker.name)} | {speaker.kind} | {posts} | {len(claims.get(speaker.id, ()))} |")
    return "\n".join(lines) + "\n"


def _attribution(extraction: Extraction, claim: Claim) -> str:
    speaker = extraction.speaker_of(claim)
    if speaker:
        name = " ".join(filter(None, (f"**{escaped(speaker.name)}**", shown_doubt(claim))))
        who = "; ".join((name, *map(escaped, describe(speaker))))
    else:
        who = escaped(claim.source.text) if claim.source else "nobody named"
    cue = f"*{escaped(claim.cue.text)}*, " if claim.cue else ""
    return f"{who} ({cue}{sort_of(claim)}, {shown_confidence(claim.confidence)})"
