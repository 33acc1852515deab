"""Inputs on their way through the pipeline and into a format: what `extract` and `speakers` have in common."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from typing import TYPE_CHECKING, Protocol

import click

from claimx.cli.options import check_encoding
from claimx.cli.settings import print_traceback
from claimx.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import NoReturn, TextIO

    from rich.console import Console
    from spacy.language import Language

    from claimx.readers import ReadOptions
    from claimx.schema import Reading


class Made(Protocol):
    """What a command makes of readings."""

    def save(self, path: str, format_: str) -> None:
        """Write it to a file or folder."""

    def write(self, stream: TextIO, format_: str) -> None:
        """Write it in a format for programs."""

    def print(self, console: Console, format_: str) -> None:
        """Print it for people."""


def chosen_format(format_: str | None, output: str | None, formats: Sequence[str]) -> str:
    """The format asked for, or that of the output's suffix, or the first of `formats` on a terminal, else JSON."""
    from claimx.writers import FORMATS, format_of

    chosen = format_ or (format_of(output, formats) if output else formats[0] if sys.stdout.isatty() else "json")
    if not output and FORMATS[chosen].made != "stream":
        raise click.UsageError(str(OptionError.needs_output(chosen, FORMATS[chosen].made)))
    return chosen


def _holds_many(name: str) -> bool:
    from claimx.errors import InputError
    from claimx.readers.records import holds_many

    try:
        return name != "-" and holds_many(name)
    except InputError:
        return False  # reading it tells more


class Run:
    """Inputs on their way through the pipeline; failures are told on standard error as they come.

    `loading` are arguments of `claimx.load`, `reading` those of `ReadOptions`, `filters` of `Extraction.filtered`.
    """

    def __init__(self, inputs, loading: dict, reading: tuple, filters: dict, explain: bool, color: str) -> None:
        if not inputs:
            if sys.stdin is None or sys.stdin.isatty():
                raise click.UsageError(str(OptionError.no_input()))
            inputs = ("-",)
        self.inputs, self.loading, self.reading, self.filters = inputs, loading, reading, filters
        self.explain, self.color = explain, color
        self.failures = 0
        self.many = len(inputs) > 1 or _holds_many(inputs[0])
        self.console = None

    def deliver(self, make: Callable[[Iterator[Reading]], Made], format_: str, output: str | None) -> NoReturn:
        """Write what `make` makes of the readings, and exit."""
        import claimx
        from claimx.readers import ReadOptions
        from claimx.writers import check_installed

        if output:
            check_installed(output, format_)
        encoding, *_ = self.reading
        if encoding:
            check_encoding(encoding)
        nlp = claimx.load(**self.loading)
        made = make(self.readings(nlp, ReadOptions(*self.reading)))
        if output:
            made.save(output, format_)
        else:
            self._write(made, format_)
        sys.exit(1 if self.failures else 0)

    def _write(self, made: Made, format_: str) -> None:
        from claimx.writers import VIEWS

        try:
            if format_ in VIEWS:
                sys.stdout.reconfigure(errors="replace")  # a terminal that cannot show a character shows another
                made.print(_console(self.color), format_)
                sys.stdout.flush()
            else:
                buffering = 1 if format_ == "jsonl" else -1  # the next program has an article when it is read
                stream = open(sys.stdout.fileno(), "w", buffering, "utf-8", newline="", closefd=False)  # noqa: SIM115
                made.write(stream, format_)
                stream.flush()
        except BrokenPipeError:
            # the reader has gone: end quietly, as filters do
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)

    def say(self, message: str) -> None:
        if self.console:
            self.console.print(message, markup=False, highlight=False, soft_wrap=True)
        else:
            click.echo(message, err=True)

    def readings(self, nlp: Language, options: ReadOptions) -> Iterator[Reading]:
        from rich.console import Console
        from rich.markup import escape
        from rich.progress import Progress

        from claimx.api import extract_article
        from claimx.errors import InputError
        from claimx.printable import printable
        from claimx.readers import read
        from claimx.schema import Reading

        console = Console(stderr=True)
        shown = console.is_terminal and len(self.inputs) > 1
        progress = Progress(console=console, transient=True, disable=not shown)
        with progress if shown else contextlib.nullcontext():  # Rich before 14.3 ends a hidden one with an empty line
            self.console = console if console.is_terminal else None
            task = progress.add_task("reading", total=len(self.inputs))
            done: set[str | None] = set()
            for article in read(self.inputs, options, self.say):
                if isinstance(article, InputError):
                    self._fail(article)
                    continue
                progress.update(task, description=escape(printable(article.id[:40])), completed=len(done))
                done.add(article.path)
                try:
                    article.check_length(min(options.max_chars, nlp.max_length))
                except InputError as error:
                    self._fail(error)
                    continue
                extraction = extract_article(article, nlp, explain=self.explain).filtered(**self.filters)
                yield Reading(extraction, article.text)

    def _fail(self, error: Exception) -> None:
        self.failures += 1
        print_traceback(error)
        self.say(f"claimx: {error}")


def _console(color: str) -> Console:
    """A console on standard output; `color` is auto, always or never."""
    from rich.console import Console

    forced, plain = color == "always" or None, color == "never" or None
    width = shutil.get_terminal_size().columns if os.environ.get("TERM") == "dumb" else None  # Rich takes 80 there
    return Console(force_terminal=forced, no_color=plain, width=width)
