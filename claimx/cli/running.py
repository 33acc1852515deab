"""Inputs on their way through the pipeline and into a format: what `extract` and `speakers` have in common."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Protocol

import click

from claimx.cli.options import check_encoding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import NoReturn, TextIO

    from rich.console import Console
    from spacy.language import Language

    from claimx.readers import ReadOptions
    from claimx.schema import Extraction


class Made(Protocol):
    """What a command makes of extractions."""

    def write(self, stream: TextIO, format_: str) -> None:
        """Write it in a format for programs."""

    def text(self) -> str:
        """The tables for people, for a file."""

    def print(self, console: Console) -> None:
        """Print the tables for people."""


def chosen_format(format_: str | None, output: str | None) -> str:
    from claimx.errors import OutputError
    from claimx.writers import format_of

    try:
        return format_ or (format_of(output) if output else "table" if sys.stdout.isatty() else "json")
    except OutputError as error:
        raise click.UsageError(str(error)) from error


def _holds_many(name: str) -> bool:
    from claimx.errors import InputError
    from claimx.readers.records import holds_many

    try:
        return name != "-" and holds_many(name)
    except InputError:
        return False  # reading it tells more


class Run:
    """Inputs on their way through the pipeline; failures are told on standard error as they come."""

    def __init__(self, inputs, model: tuple, reading: tuple, filters: dict, explain: bool) -> None:
        if not inputs:
            if sys.stdin.isatty():
                raise click.UsageError("name an article, or - to read standard input.")
            inputs = ("-",)
        self.inputs, self.model, self.reading, self.filters, self.explain = inputs, model, reading, filters, explain
        self.failures = 0
        self.many = len(inputs) > 1 or _holds_many(inputs[0])
        self.console = None

    def deliver(self, make: Callable[[Iterator[Extraction]], Made], format_, output) -> NoReturn:
        """Write what `make` makes of the extractions, and exit."""
        import claimx
        from claimx.errors import ClaimxError, ModelError, OutputError
        from claimx.readers import ReadOptions

        try:
            chosen = chosen_format(format_, output)
            encoding, *_ = self.reading
            if encoding:
                check_encoding(encoding)
            name, threshold, threads = self.model
            nlp = claimx.load(name, threshold=threshold, threads=threads)
            self._write(make(self.extractions(nlp, ReadOptions(*self.reading))), chosen, output)
        except (ModelError, OutputError) as error:
            raise click.UsageError(str(error)) from error
        except ClaimxError as error:
            raise click.ClickException(str(error)) from error
        sys.exit(1 if self.failures else 0)

    def _write(self, made: Made, format_: str, output: str | None) -> None:
        from claimx.writers.files import write_file

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

        from claimx.api import extract_article
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
                try:
                    article.check_length(nlp.max_length)
                except InputError as error:
                    self._fail(error)
                    continue
                yield extract_article(article, nlp, explain=self.explain).filtered(**self.filters)

    def _fail(self, error: Exception) -> None:
        self.failures += 1
        self.say(f"claimx: {error}")
