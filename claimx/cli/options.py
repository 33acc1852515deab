"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Iterable

import click

from claimx.errors import OptionError

KINDS = ("direct", "mixed", "indirect")
SPEAKER_KINDS = ("person", "organization", "group", "document", "unnamed")
TYPES = ("assertion", "belief", "fact", "eventuality", "question")


class Choices(click.ParamType):
    """A comma-separated choice of several words: ``direct,mixed``."""

    name = "choices"

    def __init__(self, *choices: str) -> None:
        self.choices = choices

    def convert(self, value, param, ctx):
        if isinstance(value, frozenset):
            return value
        words = [word.strip().lower() for word in value.split(",") if word.strip()]
        for word in words:
            if word not in self.choices:
                self.fail(f"{word!r} is none of {', '.join(self.choices)}.", param, ctx)
        return frozenset(words)

    def get_metavar(self, param, ctx=None) -> str:
        return "[" + "|".join(self.choices) + "],..."

    def shell_complete(self, ctx, param, incomplete):
        from click.shell_completion import CompletionItem

        return [CompletionItem(choice) for choice in self.choices if choice.startswith(incomplete)]


def _added(command, options):
    for option in reversed(options):
        command = option(command)
    return command


def filter_options(command):
    """Options that say which claims are kept."""
    options = (
        click.option("--kind", "kinds", type=Choices(*KINDS), help="Only claims of these kinds."),
        click.option(
            "--type",
            "types",
            type=Choices(*TYPES),
            help="Only claims of these attribution types; statements are assertions.  [default: all]",
        ),
        click.option("--speaker", metavar="NAME", help="Only claims of speakers whose name holds NAME."),
        click.option(
            "--min-confidence",
            type=click.FloatRange(0, 1),
            default=0.0,
            show_default=True,
            help="Only claims at least this certain.",
        ),
    )
    return _added(command, options)


def model_options(command):
    """Options that choose the pipeline and what it keeps; with `threads_option`, the arguments of `claimx.load`."""
    options = (
        click.option(
            "--model",
            metavar="NAME",
            default="en_claimx_news",
            show_default=True,
            help="A pipeline with claimx's components: the name of its package, or its folder.",
        ),
        click.option(
            "--threshold",
            type=click.FloatRange(0, 1),
            help="Least confidence of a claim; higher finds fewer and is right more often.  [default: the model's]",
        ),
        click.option(
            "--min-speaker",
            type=click.FloatRange(0, 1),
            help="Least confidence of a speaker; a claim whose speaker is less certain has none.  "
            "[default: the model's]",
        ),
        click.option(
            "--min-affiliation",
            type=click.FloatRange(0, 1),
            help="Least confidence of an affiliation; less certain ones are left out.  [default: the model's]",
        ),
        click.option(
            "--rules",
            type=click.Path(exists=True, dir_okay=False),
            metavar="FILE",
            help="A TOML file of your own cues, titles, names, and patterns to ignore.",
        ),
    )
    return _added(command, options)


def input_options(command):
    """Options that say how inputs are read."""
    options = (
        click.option(
            "--text-key",
            default="text",
            show_default=True,
            metavar="KEY",
            help="Key of the text in records and tables.",
        ),
        click.option(
            "--id-key", default="id", show_default=True, metavar="KEY", help="Key of the id in records and tables."
        ),
        click.option("--encoding", metavar="NAME", help="Encoding of the input.  [default: UTF-8, else detected]"),
        click.option(
            "--max-chars",
            type=click.IntRange(1),
            default=5_000_000,
            show_default=True,
            metavar="N",
            help="Most characters of an article; a longer one is an error.",
        ),
    )
    return _added(command, options)


def output_options(formats: Iterable[str]):
    """Inputs, and options that say how and where results are written, in one of `formats`."""
    options = (
        click.argument("inputs", nargs=-1, metavar="[INPUT]...", type=click.Path(allow_dash=True)),
        click.option(
            "-f",
            "--format",
            "format_",
            type=click.Choice(list(formats)),
            help="Output format.  [default: for people on a terminal, else json]",
        ),
        click.option(
            "-o",
            "--output",
            type=click.Path(),
            help="Write to this file, in the format of its suffix; whole or not at all.",
        ),
    )
    return lambda command: _added(command, options)


color_option = click.option(
    "--color",
    type=click.Choice(("auto", "always", "never")),
    default="auto",
    show_default=True,
    help="Colour for people; auto follows the terminal and NO_COLOR.",
)

escape_option = click.option(
    "--escape-formulas/--no-escape-formulas",
    default=True,
    show_default=True,
    help="In csv and tsv, put ' before text that a spreadsheet would take for a formula (=, +, -, @).",
)

explain_option = click.option(
    "--explain/--no-explain", help="Tell by which mention and rule each speaker was found (not in flat formats)."
)

threads_option = click.option(
    "--threads",
    type=click.IntRange(1, 256),
    callback=lambda context, option, threads: threads or 0,
    help="Threads of the trained model.  [default: one per core, at most 8]",
)


def check_encoding(name: str) -> None:
    import codecs

    try:
        codecs.lookup(name)
    except LookupError:
        raise click.UsageError(str(OptionError.no_encoding(name))) from None
