"""``claimx batch``: many articles into one data set."""

from __future__ import annotations

import sys

import click

from claimx.cli.options import (
    check_encoding,
    escape_option,
    explain_option,
    filter_options,
    input_options,
    model_options,
)
from claimx.cli.settings import ended
from claimx.errors import OptionError
from claimx.writers import DATASETS


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option(
    "-o", "--output", required=True, metavar="OUT", help="Write to this file, in the format of its suffix; or folder."
)
@click.option(
    "-f", "--format", "format_", type=click.Choice(DATASETS), help="Output format.  [default: that of OUT's suffix]"
)
@click.option("--workers", type=click.IntRange(1, 1024), help="Processes, or actors of Ray.  [default: the cores]")
@click.option("--glob", "pattern", metavar="PATTERN", help="Of folders, only files like PATTERN: '*.txt', '2024/*'.")
@click.option("--partition/--no-partition", help="Write OUT as a folder of shards, each as soon as it is full.")
@click.option("--shard-size", type=click.IntRange(1), default=10_000, show_default=True, help="Articles in a shard.")
@click.option("--restart", is_flag=True, help="Start over: remove what an earlier run wrote to OUT.")
@click.option(
    "--timeout",
    type=click.FloatRange(0.1),
    default=300.0,
    show_default=True,
    metavar="SECONDS",
    help="Most seconds for one article.",
)
@click.option("-q/ ", "--quiet/--no-quiet", help="No progress and no summary, only errors.")
@click.option(
    "--engine",
    type=click.Choice(("local", "ray")),
    default="local",
    show_default=True,
    help='Processes on this machine, or a Ray cluster (extra "ray").',
)
@click.option("--ray-address", metavar="ADDRESS", help="Of the Ray cluster.  [default: a local one]")
@filter_options
@explain_option
@model_options
@input_options
@escape_option
def batch(
    inputs,
    output,
    format_,
    workers,
    pattern,
    partition,
    shard_size,
    restart,
    timeout,
    quiet,
    engine,
    ray_address,
    kinds,
    types,
    speaker,
    min_confidence,
    explain,
    model,
    threshold,
    min_speaker,
    min_affiliation,
    rules,
    text_key,
    id_key,
    encoding,
    max_chars,
    escape_formulas,
) -> None:
    """Find the claims of many articles, fast, and lose none of them.

    INPUT is a folder (all files in it but hidden ones), a file of articles (.jsonl, .csv, .tsv, .parquet), a file that
    holds one (.txt, .html, .json), each also as .gz or .zst, a glob, an address such as s3://bucket/news/, or - for a
    list of these on standard input. OUT ends in .jsonl, .csv, .tsv (also .gz or .zst), .parquet or .sqlite.

    Every article ends as a record in OUT or as a line in OUT.errors.jsonl. A run that was stopped goes on with the same
    command. Exit codes: 0 all well, 1 some articles failed, 2 usage, 3 all failed.

    \b
    Examples:
      claimx batch articles/ -o claims.jsonl
      claimx batch news.csv.gz --text-key body -o claims.sqlite
      claimx batch archive/ --glob '*.txt' --workers 8 --partition -o claims.parquet
      find . -name '*.html' -mtime -1 | claimx batch - -o today.csv
    """
    if encoding:
        check_encoding(encoding)
    if ray_address and engine != "ray":
        raise click.UsageError(str(OptionError.needs_ray()))
    from claimx.batch.progress import print_report, progress
    from claimx.batch.run import Batch
    from claimx.batch.worker import Filters, Options
    from claimx.cores import cores
    from claimx.errors import BatchError
    from claimx.readers import ReadOptions
    from claimx.user_rules import read_rules

    filters = Filters(kinds, types, speaker, min_confidence)
    reading = ReadOptions(encoding, text_key, id_key, max_chars)
    own = rules and read_rules(rules).model_dump_json()
    options = Options(model, threshold, reading, filters, explain, own, min_speaker, min_affiliation)
    make = None
    if engine == "ray":
        from claimx.batch.cluster import RayEngine

        def make(options):
            return RayEngine(options, actors=workers or cores(), timeout=timeout, address=ray_address)

    _end_on_terminate()
    try:
        with progress(quiet=quiet) as watcher:
            report = Batch(
                inputs,
                output,
                options,
                format=format_,
                pattern=pattern,
                partition=partition,
                escape=escape_formulas,
                shard_size=shard_size,
                workers=workers,
                timeout=timeout,
                engine=make,
                watcher=watcher,
            ).run(restart=restart)
    except KeyboardInterrupt as signal:
        raise ended(str(BatchError.interrupted()), 143 if signal.args else 130) from None
    print_report(report, quiet=quiet)
    sys.exit(report.exit_code)


def _end_on_terminate() -> None:
    """Let SIGTERM end a batch as Ctrl-C does."""
    import signal

    def end(number, frame):
        raise KeyboardInterrupt(number)

    signal.signal(signal.SIGTERM, end)
