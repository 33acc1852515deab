"""``claimx extract``: the claims of articles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from claimx.cli.options import filter_options, input_options, model_options, output_options, threads_option
from claimx.cli.running import Run, chosen_format

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from rich.console import Console

    from claimx.schema import Extraction


@click.command()
@output_options
@click.option("--flat", is_flag=True, help="In jsonl, one claim a line instead of one article.")
@filter_options
@model_options
@threads_option
@input_options
@click.option(
    "--explain", is_flag=True, help="Tell by which mention and rule each speaker was found (table, json, jsonl)."
)
def extract(
    inputs,
    format_,
    output,
    flat,
    kinds,
    types,
    speaker,
    min_confidence,
    model,
    threshold,
    threads,
    text_key,
    id_key,
    encoding,
    explain,
) -> None:
    """Find the claims of each INPUT, an article (.txt, .html, .json) or many, or - for standard input.

    Files of many articles are .jsonl, .csv, .tsv and .parquet; all may be compressed (.gz, .zst).

    \b
    Examples:
      claimx extract article.txt
      claimx extract article.txt --kind direct,mixed --type assertion
      claimx extract articles.jsonl --text-key body -f jsonl --flat > claims.jsonl
      cat article.txt | claimx extract - -f csv
    """
    if flat and chosen_format(format_, output) != "jsonl":
        raise click.UsageError("--flat goes with --format jsonl.")
    filters = {"kinds": kinds, "types": types, "speaker": speaker, "min_confidence": min_confidence}
    run = Run(inputs, (model, threshold, threads), (encoding, text_key, id_key), filters, explain)
    run.deliver(lambda extractions: _Claims(extractions, flat, run.many), format_, output)


class _Claims:
    """What `extract` writes."""

    def __init__(self, extractions: Iterator[Extraction], flat: bool, many: bool) -> None:
        self.extractions, self.flat, self.many = extractions, flat, many

    def write(self, stream: TextIO, format_: str) -> None:
        from claimx.writers.text import write

        write(self.extractions, stream, format_, flat=self.flat, many=self.many)

    def text(self) -> str:
        from claimx.writers.terminal import to_text

        return to_text(self.extractions)

    def print(self, console: Console) -> None:
        from claimx.writers.terminal import print_table

        for extraction in self.extractions:
            print_table(extraction, console)
