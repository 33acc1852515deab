"""The command line: a thin skin over the library, one module a command.

Data goes to standard output, everything else to standard error. Exit codes: 0 all well, 1 some inputs failed,
2 usage, 3 none of a batch succeeded. Nothing heavy is imported before a command needs it.
"""

from __future__ import annotations

import click

from claimx import __version__
from claimx.cli.batch import batch
from claimx.cli.config import config
from claimx.cli.evaluate import evaluate
from claimx.cli.extract import extract
from claimx.cli.schema import schema
from claimx.cli.serve import serve
from claimx.cli.settings import Commands, name_variables, use_settings
from claimx.cli.speakers import speakers


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", prog_name="claimx")
@click.option(
    "--config",
    "settings",
    metavar="FILE",
    envvar="CLAIMX_CONFIG",
    help="A file of settings, or none.  [default: claimx.toml or pyproject.toml, from here upward]",
)
@click.option("--debug", is_flag=True, envvar="CLAIMX_DEBUG", help="Print the traceback of an error.")
@click.pass_context
def main(ctx: click.Context, settings: str | None, debug: bool) -> None:
    """Read news articles and say who claims what, and in what capacity.

    \b
    Examples:
      claimx extract article.txt                     claim by claim, on the terminal
      claimx extract article.txt -o report.html      the article with its claims, in a browser
      claimx extract article.html | jq '.claims[]'   JSON into other tools
      claimx extract *.txt -o claims.csv             a spreadsheet
      claimx speakers *.txt                          who speaks, and as what
      claimx batch articles/ -o claims.jsonl         thousands of articles, on all cores
      claimx serve                                   a web page on this machine, and JSON over HTTP
      claimx evaluate annotated.jsonl                measured against your own annotation
      claimx schema                                  what the JSON holds
      claimx config                                  which settings are in force, and where they come from

    Options may also be set in claimx.toml and by variables such as CLAIMX_THRESHOLD.
    """
    use_settings(ctx, settings)


for command in (extract, speakers, batch, serve, evaluate, config, schema):
    main.add_command(command)
name_variables(main)
