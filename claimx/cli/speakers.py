"""``claimx speakers``: who makes the claims."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from claimx.cli.options import (
    SPEAKER_KINDS,
    Choices,
    color_option,
    escape_option,
    input_options,
    model_options,
    output_options,
    threads_option,
)
from claimx.cli.running import Run, chosen_format
from claimx.writers import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from rich.console import Console

    from claimx.schema import Reading, SpeakerEntry


@click.command()
@output_options(TABLES)
@color_option
@escape_option
@click.option(
    "--speaker-kind",
    "--kind",
    "speaker_kinds",
    type=Choices(*SPEAKER_KINDS),
    help="Only speakers of these kinds.",
)
@click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    help="Count only claims at least this certain.",
)
@model_options
@threads_option
@input_options
def speakers(
    inputs,
    format_,
    output,
    color,
    escape_formulas,
    speaker_kinds,
    min_confidence,
    text_key,
    id_key,
    encoding,
    max_chars,
    **loading,
) -> None:
    """List who makes claims in INPUTs, in what capacity, and how many.

    \b
    Across articles, people are one under the same full name and affiliations that agree, organizations under the
    same name; everybody else is counted for each article apart.

    \b
    Examples:
      claimx speakers article.txt
      claimx speakers articles.jsonl --kind person -o speakers.csv
      claimx speakers *.txt -f jsonl | jq 'select(.claims.direct > 3) | .name'
    """
    chosen = chosen_format(format_, output, TABLES)
    filters = {"min_confidence": min_confidence}
    run = Run(inputs, loading, (encoding, text_key, id_key, max_chars), filters, False, color)
    run.deliver(lambda readings: _Directory(readings, speaker_kinds, escape_formulas), chosen, output)


class _Directory:
    """What `speakers` writes."""

    def __init__(self, readings: Iterator[Reading], kinds: frozenset[str] | None, escape: bool) -> None:
        self.readings, self.kinds, self.escape = readings, kinds, escape

    def entries(self) -> list[SpeakerEntry]:
        from claimx.directory import directory

        found = directory(reading.extraction for reading in self.readings)
        return [entry for entry in found if not self.kinds or entry.kind in self.kinds]

    def save(self, path: str, format_: str) -> None:
        from claimx.writers.files import write_file

        write_file(path, lambda stream: self.write(stream, format_))

    def write(self, stream: TextIO, format_: str) -> None:
        if format_ == "table":
            from claimx.writers.terminal import console_for

            self.print(console_for(stream), format_)
        else:
            from claimx.writers.text import write_speakers

            write_speakers(self.entries(), stream, format_, escape=self.escape)

    def print(self, console: Console, format_: str) -> None:
        from claimx.writers.terminal import print_speakers

        print_speakers(self.entries(), console)
