"""How a batch gets on, on standard error: a bar on a terminal, else a line now and then; and what came of it."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator
from dataclasses import replace

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, Task, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from claimx.batch.journal import Counts
from claimx.batch.run import Report, Watcher
from claimx.printable import printable

#: Seconds between two lines where there is no terminal.
_EVERY = 30.0


@contextlib.contextmanager
def progress(*, quiet: bool = False) -> Iterator[Watcher]:
    """A watcher that shows how a batch gets on; with `quiet` only what it warns of."""
    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield _Lines(quiet)
        return
    columns = (SpinnerColumn(), BarColumn(24), TextColumn("{task.description}"), _Figures(), _Left())
    with Progress(*columns, console=console, transient=True) as bar:
        yield _Bar(bar)


class _Pace:
    """What this run has done and how fast, what an earlier one had done left out."""

    def __init__(self) -> None:
        self.start, self.before, self.total = time.monotonic(), Counts(), 0

    def begin(self, bytes: int, counts: Counts) -> None:
        self.start, self.before, self.total = time.monotonic(), replace(counts), bytes

    def words_per_second(self, counts: Counts) -> float:
        return (counts.words - self.before.words) / max(1e-3, time.monotonic() - self.start)

    def seconds_left(self, counts: Counts) -> float | None:
        done = counts.read - self.before.read
        return (self.total - counts.read) / done * (time.monotonic() - self.start) if done else None


class _Lines(Watcher):
    """A line of text every 30 seconds."""

    def __init__(self, quiet: bool) -> None:
        self.quiet, self.pace, self.told = quiet, _Pace(), time.monotonic()

    def _say(self, message: str) -> None:
        if not self.quiet:
            print(f"claimx: {message}", file=sys.stderr, flush=True)

    def begins(self, bytes: int, counts: Counts) -> None:
        self.pace.begin(bytes, counts)
        self.told = time.monotonic()
        if counts.articles:
            self._say(f"going on after {counts.articles:,} articles")

    def advances(self, counts: Counts) -> None:
        if time.monotonic() - self.told < _EVERY:
            return
        self.told = time.monotonic()
        left = self.pace.seconds_left(counts)
        self._say(
            f"{counts.articles:,} articles, {counts.claims:,} claims, {counts.failed:,} failed, "
            f"{self.pace.words_per_second(counts):,.0f} words/s" + (f", {_duration(left)} left" if left else "")
        )

    def warns(self, message: str) -> None:
        print(message, file=sys.stderr, flush=True)


class _Figures(ProgressColumn):
    """Articles, claims and words a second."""

    def render(self, task: Task) -> Text:
        return Text(task.fields.get("figures", ""))


class _Left(TimeRemainingColumn):
    """The time left, once it can be told."""

    def render(self, task: Task) -> Text:
        return super().render(task).append(" left") if task.total and task.completed else Text()


class _Bar(Watcher):
    def __init__(self, bar: Progress) -> None:
        self.bar, self.pace = bar, _Pace()
        self.task = bar.add_task("looking for articles", total=None)

    def surveying(self, files: int) -> None:
        if files % 100 == 0:
            self.bar.update(self.task, figures=f"{files:,} files")

    def begins(self, bytes: int, counts: Counts) -> None:
        self.pace.begin(bytes, counts)
        self.bar.remove_task(self.task)
        self.task = self.bar.add_task("reading", total=max(1, bytes - counts.read))
        self.advances(counts)

    def advances(self, counts: Counts) -> None:
        failed = f" · {counts.failed:,} failed" if counts.failed else ""
        figures = f"{counts.articles:,} articles{failed} · {counts.claims:,} claims"
        figures += f" · {self.pace.words_per_second(counts):,.0f} words/s"
        self.bar.update(self.task, completed=counts.read - self.pace.before.read, figures=figures)

    def assembles(self) -> None:
        self.bar.update(self.task, description="writing")

    def warns(self, message: str) -> None:
        self.bar.console.print(message, markup=False, highlight=False, soft_wrap=True)


def print_report(report: Report, *, quiet: bool = False) -> None:
    """Tell on standard error what came of a batch; with `quiet` only that articles failed, if some did."""
    counts = report.counts
    read = counts.articles - counts.failed
    failed = f"{counts.failed:,} failed: see {report.errors}" if counts.failed else "none failed"
    if quiet:
        if counts.failed:
            print(f"claimx: {read:,} articles read, {failed}", file=sys.stderr)
        return
    rows = [("articles", f"{read:,} read, {failed}")]
    kinds = ", ".join(f"{n:,} {kind}" for kind in ("direct", "mixed", "indirect") if (n := report.kinds.get(kind)))
    rows.append(("claims", f"{counts.claims:,}" + (f" ({kinds})" if kinds else "")))
    if report.speakers:
        rows.append(("speakers", ", ".join(f"{printable(name)} {claims:,}" for name, claims, _ in report.speakers)))
    if report.already:
        rows.append(("output", f"{report.output}, complete before: nothing was done (--restart reads all again)"))
    else:
        resumed = f", {report.resumed:,} articles of an earlier run kept" if report.resumed else ""
        rows.append(("time", f"{_duration(report.seconds)}, {report.words_per_second:,.0f} words/s{resumed}"))
        rows.append(("output", report.output))
    console = Console(stderr=True)
    if not console.is_terminal:
        for name, value in rows:
            print(f"{name:10}{value}", file=sys.stderr)
        return
    table = Table.grid(padding=(0, 2))
    for name, value in rows:
        table.add_row(Text(name, style="bold"), Text(value, overflow="fold"))
    console.print(table)


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.1f} s"
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02} h" if hours else f"{minutes}:{seconds:02} min"
