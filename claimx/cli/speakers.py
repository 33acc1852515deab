"""``claimx speakers``: who makes the claims."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from claimx.cli.options import SPEAKER_KINDS, Choices, input_options, model_options, output_options, threads_option
from claimx.cli.running import Run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from rich.console import Console

    from claimx.schema import Extraction, SpeakerEntry


@click.command()
@output_options
@click.option(
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
    inputs, format_, output, speaker_kinds, min_confidence, model, threshold, threads, text_key, id_key, encoding
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
    run = Run(
        inputs, (model, threshold, threads), (encoding, text_key, id_key), {"min_confidence": min_confidence}, False
    )
    run.deliver(lambda extractions: _Directory(extractions, speaker_kinds), format_, output)


class _Directory:
    """What `speakers` writes."""

    def __init__(self, extractions: Iterator[Extraction], kinds: frozenset[str] | None) -> None:
        self.extractions, self.kinds = extractions, kinds

    def entries(self) -> list[SpeakerEntry]:
        from claimx.directory import directory

        return [entry for entry in directory(self.extractions) if not self.kinds or entry.kind in self.kinds]

    def write(self, stream: TextIO, format_: str) -> None:
        from claimx.writers.text import write_speakers

        write_speakers(self.entries(), stream, format_)

    def text(self) -> str:
        from claimx.writers.terminal import speakers_to_text

        return speakers_to_text(self.entries())

    def print(self, console: Console) -> None:
        from claimx.writers.terminal import print_speakers

        print_speakers(self.entries(), console)
