"""The command line: a thin skin over `claimx.load`, the readers and the writers.

Data goes to standard output, everything else to standard error. Exit codes: 0 all well, 1 some inputs failed,
2 usage. Nothing heavy is imported before a command needs it.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from claimx import __version__
from claimx.writers import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import NoReturn, TextIO

    from rich.console import Console
    from spacy.language import Language

    from claimx.readers import ReadOptions
    from claimx.schema import Extraction, SpeakerEntry

_KINDS = ("direct", "mixed", "indirect")
_SPEAKER_KINDS = ("person", "organization", "group", "document", "unnamed")
_TYPES = ("assertion", "belief", "fact", "eventuality")


class _Choices(click.ParamType):
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


def _model_options(command):
    """Options that choose the pipeline and what it keeps."""
    options = (
        click.option(
            "--model",
            metavar="NAME",
            default="en_claimx_news",
            show_default=True,
            help="A pipeline with claimx's components, or any spaCy pipeline with a parser and NER, read by rules.",
        ),
        click.option(
            "--threshold",
            type=click.FloatRange(0, 1),
            help="Least confidence of a claim; higher finds fewer and is right more often.  [default: the model's]",
        ),
        click.option("--threads", type=click.IntRange(1, 256), help="Threads of the trained model.  [default: 1]"),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _input_options(command):
    """Options that say how inputs are read."""
    options = (
        click.option(
            "--text-key", default="text", show_default=True, metavar="KEY", help="Key of the text in JSON records."
        ),
        click.option("--id-key", default="id", show_default=True, metavar="KEY", help="Key of the id in JSON records."),
        click.option("--encoding", metavar="NAME", help="Encoding of the input.  [default: UTF-8, else detected]"),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _output_options(command):
    """Inputs, and options that say how and where results are written."""
    options = (
        click.argument("inputs", nargs=-1, metavar="[INPUT]...", type=click.Path(allow_dash=True)),
        click.option(
            "-f",
            "--format",
            "format_",
            type=click.Choice(FORMATS),
            help="Output format.  [default: table on a terminal, else json]",
        ),
        click.option(
            "-o",
            "--output",
            type=click.Path(dir_okay=False),
            help="Write to this file, in the format of its suffix; whole or not at all.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", prog_name="claimx")
def main() -> None:
    """Read news articles and say who claims what, and in what capacity.

    \b
    Examples:
      claimx extract article.txt                     a table on the terminal
      claimx extract article.html | jq '.claims[]'   JSON into other tools
      claimx extract *.txt -o claims.csv             a spreadsheet
      claimx speakers *.txt                          who speaks, and as what
      claimx evaluate annotated.jsonl                measured against your own annotation
      claimx schema                                  what the JSON holds
    """


@main.command()
@_output_options
@click.option("--flat", is_flag=True, help="In jsonl, one claim a line instead of one article.")
@click.option("--kind", "kinds", type=_Choices(*_KINDS), help="Only claims of these kinds.")
@click.option(
    "--type",
    "types",
    type=_Choices(*_TYPES),
    help="Only claims of these attribution types; statements are assertions.  [default: all]",
)
@click.option("--speaker", metavar="NAME", help="Only claims of speakers whose name holds NAME.")
@click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    help="Only claims at least this certain.",
)
@_model_options
@_input_options
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
    """Find the claims of each INPUT: text, .html, .json or .jsonl files, or - for standard input.

    \b
    Examples:
      claimx extract article.txt
      claimx extract article.txt --kind direct,mixed --type assertion
      claimx extract articles.jsonl --text-key body -f jsonl --flat > claims.jsonl
      cat article.txt | claimx extract - -f csv
    """
    if flat and _format(format_, output) != "jsonl":
        raise click.UsageError("--flat goes with --format jsonl.")
    filters = {"kinds": kinds, "types": types, "speaker": speaker, "min_confidence": min_confidence}
    run = _Run(inputs, (model, threshold, threads), (encoding, text_key, id_key), filters, explain)
    run.deliver(lambda extractions: _Claims(extractions, flat, run.many), format_, output)


@main.command()
@_output_options
@click.option(
    "--kind",
    "speaker_kinds",
    type=_Choices(*_SPEAKER_KINDS),
    help="Only speakers of these kinds.",
)
@click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    help="Count only claims at least this certain.",
)
@_model_options
@_input_options
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
    run = _Run(
        inputs, (model, threshold, threads), (encoding, text_key, id_key), {"min_confidence": min_confidence}, False
    )
    run.deliver(lambda extractions: _Directory(extractions, speaker_kinds), format_, output)


def _check_encoding(name: str) -> None:
    import codecs

    try:
        codecs.lookup(name)
    except LookupError:
        raise click.UsageError(f"there is no encoding {name!r}. Try utf-8, cp1252 or latin-1.") from None


def _format(format_: str | None, output: str | None) -> str:
    from claimx.errors import OutputError
    from claimx.writers import format_of

    try:
        return format_ or (format_of(output) if output else "table" if sys.stdout.isatty() else "json")
    except OutputError as error:
        raise click.UsageError(str(error)) from error


class _Claims:
    """What `extract` writes."""

    def __init__(self, extractions: Iterator[Extraction], flat: bool, many: bool) -> None:
        self.extractions, self.flat, self.many = extractions, flat, many

    def write(self, stream: TextIO, format_: str) -> None:
        from claimx.writers import write

        write(self.extractions, stream, format_, flat=self.flat, many=self.many)

    def text(self) -> str:
        from claimx.writers import to_text

        return to_text(self.extractions)

    def print(self, console: Console) -> None:
        from claimx.writers import print_table

        for extraction in self.extractions:
            print_table(extraction, console)


class _Directory:
    """What `speakers` writes."""

    def __init__(self, extractions: Iterator[Extraction], kinds: frozenset[str] | None) -> None:
        self.extractions, self.kinds = extractions, kinds

    def entries(self) -> list[SpeakerEntry]:
        from claimx.directory import directory

        return [entry for entry in directory(self.extractions) if not self.kinds or entry.kind in self.kinds]

    def write(self, stream: TextIO, format_: str) -> None:
        from claimx.writers import write_speakers

        write_speakers(self.entries(), stream, format_)

    def text(self) -> str:
        from claimx.writers import speakers_to_text

        return speakers_to_text(self.entries())

    def print(self, console: Console) -> None:
        from claimx.writers import print_speakers

        print_speakers(self.entries(), console)


class _Run:
    """Inputs on their way through the pipeline; failures are told on standard error as they come."""

    def __init__(self, inputs, model: tuple, reading: tuple, filters: dict, explain: bool) -> None:
        if not inputs:
            if sys.stdin.isatty():
                raise click.UsageError("name an article, or - to read standard input.")
            inputs = ("-",)
        self.inputs, self.model, self.reading, self.filters, self.explain = inputs, model, reading, filters, explain
        self.failures = 0
        self.many = len(inputs) > 1 or inputs[0].lower().endswith((".jsonl", ".ndjson"))
        self.console = None

    def deliver(self, make: Callable[[Iterator[Extraction]], _Claims | _Directory], format_, output) -> NoReturn:
        """Write what `make` makes of the extractions, and exit."""
        import claimx
        from claimx.errors import ClaimxError, ModelError, OutputError
        from claimx.readers import ReadOptions

        try:
            chosen = _format(format_, output)
            encoding, *_ = self.reading
            if encoding:
                _check_encoding(encoding)
            name, threshold, threads = self.model
            nlp = claimx.load(name, threshold=threshold, threads=threads)
            self._write(make(self.extractions(nlp, ReadOptions(*self.reading))), chosen, output)
        except (ModelError, OutputError) as error:
            raise click.UsageError(str(error)) from error
        except ClaimxError as error:
            raise click.ClickException(str(error)) from error
        sys.exit(1 if self.failures else 0)

    def _write(self, made: _Claims | _Directory, format_: str, output: str | None) -> None:
        from claimx.writers import write_file

        if output and format_ == "table":
            write_file(output, lambda stream: stream.write(made.text()))
        elif output:
            write_file(output, lambda stream: made.write(stream, format_))
        elif format_ == "table":
            from rich.console import Console

            sys.stdout.reconfigure(errors="replace")  # a terminal that cannot show a character shows a question mark
            made.print(Console())
        else:
            stream = open(sys.stdout.fileno(), "w", encoding="utf-8", newline="", closefd=False)  # noqa: SIM115
            try:
                made.write(stream, format_)
                stream.flush()
            except BrokenPipeError:
                sys.stderr.close()  # the reader has gone: end quietly, as filters do
                sys.exit(0)

    def say(self, message: str) -> None:
        if self.console:
            self.console.print(message, markup=False, highlight=False, soft_wrap=True)
        else:
            click.echo(message, err=True)

    def extractions(self, nlp: Language, options: ReadOptions) -> Iterator[Extraction]:
        from rich.console import Console
        from rich.progress import Progress

        from claimx.api import extract as extract_one
        from claimx.errors import InputError
        from claimx.readers import read

        console = Console(stderr=True)
        several = len(self.inputs) > 1
        with Progress(console=console, transient=True, disable=not (console.is_terminal and several)) as progress:
            self.console = console if console.is_terminal else None
            task = progress.add_task("reading", total=len(self.inputs))
            done: set[str | None] = set()
            for article in read(self.inputs, options, self.say):
                if isinstance(article, InputError):
                    self._fail(article)
                    continue
                progress.update(task, description=article.id[:40], completed=len(done))
                done.add(article.path)
                if len(article.text) > nlp.max_length:
                    self._fail(InputError.too_long(article.path or article.id, len(article.text), nlp.max_length))
                    continue
                yield extract_one(
                    article.text,
                    nlp=nlp,
                    id=article.id,
                    title=article.title,
                    path=article.path,
                    url=article.url,
                    explain=self.explain,
                ).filtered(**self.filters)

    def _fail(self, error: Exception) -> None:
        self.failures += 1
        self.say(f"claimx: {error}")


@main.command()
@click.argument("gold", type=click.Path())
@click.option("--predictions", type=click.Path(), metavar="FILE", help="Measure the claims in FILE (jsonl) instead.")
@_model_options
@click.option("-f", "--format", "format_", type=click.Choice(("table", "json")), help="[default: table on a terminal]")
def evaluate(gold, predictions, model, threshold, threads, format_) -> None:
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

    from claimx.errors import ClaimxError, ModelError

    try:
        from claimx.evaluation.gold import read_gold
        from claimx.evaluation.run import evaluate as compare
        from claimx.evaluation.run import extracted, print_report, read_predictions

        articles = read_gold(Path(gold))
        if predictions:
            documents = read_predictions(Path(predictions), articles)
        else:
            import claimx

            documents = extracted(articles, claimx.load(model, threshold=threshold, threads=threads))
        figures = compare(articles, documents)
    except ModelError as error:
        raise click.UsageError(str(error)) from error
    except ClaimxError as error:
        raise click.ClickException(str(error)) from error
    if (format_ or ("table" if sys.stdout.isatty() else "json")) == "json":
        click.echo(json.dumps(figures, indent=2))
    else:
        from rich.console import Console

        print_report(figures, Console())


@main.command()
def schema() -> None:
    """Print the JSON Schema of what `extract` prints."""
    import json

    from claimx.schema import json_schema

    click.echo(json.dumps(json_schema(), indent=2))
