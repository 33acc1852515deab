"""``claimx evaluate``: claims against annotation by hand."""

from __future__ import annotations

import sys

import click

from claimx.cli.options import model_options, threads_option


@click.command()
@click.argument("gold", type=click.Path())
@click.option("--predictions", type=click.Path(), metavar="FILE", help="Measure the claims in FILE (jsonl) instead.")
@model_options
@threads_option
@click.option("-f", "--format", "format_", type=click.Choice(("table", "json")), help="[default: table on a terminal]")
def evaluate(gold, predictions, format_, **loading) -> None:
    """Measure claims against articles annotated by hand.

    \b
    GOLD is a .jsonl file, an .ann file of brat beside its .txt, or a folder of such pairs. In .jsonl, one article a
    line, with offsets in Unicode code points, end exclusive; source and cue may be empty:
      {"id": "a1", "text": "...", "attributions": [
        {"content": [[0, 21], [69, 99]], "source": [[22, 52]], "cue": [[53, 57]]}]}
    In brat, Content, Source and Cue are text bounds, tied together by relations or events from a Cue or a Content.

    \b
    Examples:
      claimx evaluate articles.jsonl
      claimx evaluate annotated/ --threshold 0.7 -f json
      claimx evaluate articles.jsonl --predictions claims.jsonl
    """
    import json
    from pathlib import Path

    from claimx.evaluation.gold import read_gold
    from claimx.evaluation.run import evaluate as compare
    from claimx.evaluation.run import extracted, print_report, read_predictions

    articles = read_gold(Path(gold))
    if predictions:
        documents = read_predictions(Path(predictions), articles)
    else:
        import claimx

        documents = extracted(articles, claimx.load(**loading))
    figures = compare(articles, documents)
    if (format_ or ("table" if sys.stdout.isatty() else "json")) == "json":
        click.echo(json.dumps(figures, indent=2))
    else:
        from rich.console import Console

        print_report(figures, Console())
