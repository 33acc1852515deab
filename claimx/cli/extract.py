"""``claimx extract``: the claims of articles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from claimx.cli.options import (
    color_option,
    escape_option,
    explain_option,
    filter_options,
    input_options,
    model_options,
    output_options,
    threads_option,
)
from claimx.cli.running import Run, chosen_format
from claimx.errors import OptionError
from claimx.writers import FORMATS, VIEWS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from rich.console import Console

    from claimx.schema import Reading


@click.command()
@output_options(FORMATS)
@click.option("--view", type=click.Choice(VIEWS), help="For people: claim by claim, a table, or the article itself.")
@color_option
@escape_option
@click.option("--flat/--no-flat", help="In jsonl, one claim a line instead of one article.")
@filter_options
@model_options
@threads_option
@input_options
@explain_option
def extract(
    inputs,
    format_,
    output,
    view,
    color,
    escape_formulas,
    flat,
    kinds,
    types,
    speaker,
    min_confidence,
    text_key,
    id_key,
    encoding,
    max_chars,
    explain,
    **loading,
) -> None:
    """Find the claims of each INPUT, an article (.txt, .html, .json) or many, or - for standard input.

    Files of many articles are .jsonl, .csv, .tsv and .parquet; all may be compressed (.gz, .zst).

    \b
    Examples:
      claimx extract article.txt
      claimx extract article.txt --view text --color always | less -R
      claimx extract *.txt -o report.html
      claimx extract article.txt --kind direct,mixed --type assertion
      claimx extract articles.jsonl --text-key body -f jsonl --flat > claims.jsonl
      cat article.txt | claimx extract - -f csv
    """
    if view and format_ not in (None, view):
        raise click.UsageError(str(OptionError.two_formats(format_)))
    chosen = chosen_format(view or format_, output, tuple(FORMATS))
    if flat and chosen != "jsonl":
        raise click.UsageError(str(OptionError.flat()))
    filters = {"kinds": kinds, "types": types, "speaker": speaker, "min_confidence": min_confidence}
    run = Run(inputs, loading, (encoding, text_key, id_key, max_chars), filters, explain, color)
    escape = {"escape": escape_formulas}
    options = {"json": {"many": run.many}, "jsonl": {"flat": flat}, "csv": escape, "tsv": escape}.get(chosen, {})
    run.deliver(lambda readings: _Claims(readings, options), chosen, output)


class _Claims:
    """What `extract` writes."""

    def __init__(self, readings: Iterator[Reading], options: dict[str, bool]) -> None:
        self.readings, self.options = readings, options

    def save(self, path: str, format_: str) -> None:
        from claimx.writers import save

        save(self.readings, path, format_, **self.options)

    def write(self, stream: TextIO, format_: str) -> None:
        from claimx.writers import write

        write(self.readings, stream, format_, **self.options)

    def print(self, console: Console, format_: str) -> None:
        from claimx.writers.terminal import print_view

        print_view(self.readings, format_, console)
