"""A batch from its inputs to its data set: what it is, whether it goes on, and what came of it.

Results are kept in a journal as they come (`claimx.batch.journal`) and made into the data set at the end, or shard by
shard, so the output appears whole or not at all and the same command goes on after whatever ended the last one.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from claimx import __version__
from claimx.batch.failing import failing
from claimx.batch.inputs import Source, Survey, first_difference, survey
from claimx.batch.journal import Counts, Journal
from claimx.batch.ledger import Ledger
from claimx.batch.output import Output
from claimx.batch.worker import Options, Outcome
from claimx.cores import cores
from claimx.errors import BatchError, OutputError
from claimx.schema import ModelInfo
from claimx.writers import DATASETS, check_installed, format_of

if TYPE_CHECKING:
    from filelock import FileLock

_LIST, _NEW_LIST, _LOCK, _LEDGER = "inputs", "inputs.new", "lock", "ledger"
SHARD_SIZE = 10_000
_TOP = 10


class Engine(Protocol):
    """Where tasks become outcomes: worker processes (`claimx.batch.pool`) or Ray (`claimx.batch.cluster`)."""

    info: ModelInfo | None

    def __enter__(self) -> Engine: ...

    def __exit__(self, *error) -> None: ...

    def map(self, source: Source) -> Iterator[list[Outcome]]: ...


class Watcher:
    """Is told how a batch gets on. This one ignores it; `claimx.batch.progress` shows it."""

    def surveying(self, files: int) -> None:
        """Files have been found."""

    def begins(self, bytes: int, counts: Counts) -> None:
        """Reading begins, of inputs of so many bytes, after what an earlier run has done."""

    def advances(self, counts: Counts) -> None:
        """Articles have been read."""

    def assembles(self) -> None:
        """All articles have been read, and the data set is being written."""

    def warns(self, message: str) -> None:
        """Something to be said, such as a guessed encoding."""


@dataclass(slots=True)
class Report:
    """What came of a batch. `words`, `seconds` and `pipeline_seconds` (of all workers in the pipeline) are of this
    run alone, `resumed` is how many articles an earlier one had done, `kinds` claims by kind, `speakers` (name,
    claims, articles) of those with most claims."""

    output: str
    errors: str
    counts: Counts
    kinds: dict[str, int]
    speakers: list[tuple[str, int, int]]
    resumed: int = 0
    words: int = 0
    seconds: float = 0.0
    pipeline_seconds: float = 0.0
    already: bool = False

    @property
    def words_per_second(self) -> float:
        """Words of this run's articles, by white space, in a second of the clock."""
        return self.words / self.seconds if self.seconds else 0.0

    @property
    def exit_code(self) -> int:
        """0 all well, 1 some inputs failed, 3 all of them did."""
        return 0 if not self.counts.failed else 1 if self.counts.failed < self.counts.articles else 3


@dataclass(slots=True)
class Batch:
    """A batch of articles; `run` reads it.

    `Batch(["articles/"], "claims.jsonl", workers=8).run()`; in a script of one's own under
    ``if __name__ == "__main__":``, since workers are processes that import the script.

    `inputs` are files, folders, globs, addresses, or "-" for a list of them on standard input; `pattern` picks files
    of folders. `format` None is that of the suffix of `output`. With `partition` the output is a folder of shards of
    `shard_size` articles. `escape` keeps spreadsheets from taking text in csv and tsv for formulas. `engine` None is
    worker processes: `workers` of them (None: as many as there are cores),
    each given at most `timeout` seconds for an article.
    """

    inputs: Sequence[str]
    output: str
    options: Options = field(default_factory=Options)
    format: str | None = None
    pattern: str | None = None
    partition: bool = False
    escape: bool = True
    shard_size: int = SHARD_SIZE
    workers: int | None = None
    timeout: float = 300.0
    engine: Callable[[Options], Engine] | None = None
    watcher: Watcher = field(default_factory=Watcher)

    def run(self, *, restart: bool = False) -> Report:
        """Read all inputs and write the data set; goes on where an earlier run with the same settings stopped.

        With `restart`, what an earlier run wrote is removed first. Raises `ModelError`, `OutputError` and
        `BatchError`; inputs that cannot be read are in the error file instead.
        """
        output = Output(self.output, self._format(), self.partition, self.escape)
        check_installed(output.path, output.format)
        output.begin()
        lock = _locked(output)
        try:
            with contextlib.ExitStack() as stack:
                return self._run(output, restart, stack)
        finally:
            lock.release()
            if not (output.work / _LIST).exists():  # nothing has begun, or all is done
                output.finish()

    def _run(self, output: Output, restart: bool, stack: contextlib.ExitStack) -> Report:
        before = None if restart else self._before(output)
        found = self._survey(output)
        if before and before["complete"]:
            self._check(output, before, found, before["model"])
            output.forget(but=(_LOCK,))
            return self._already(output, before)
        engine = stack.enter_context(self._engine())
        model = engine.info.model_dump()
        if before:
            self._check(output, before, found, model)
        else:
            output.forget(results=restart, but=(_LOCK, _NEW_LIST))
        with failing(output.path):
            os.replace(output.work / _NEW_LIST, output.work / _LIST)
        manifest = {
            "complete": False,
            "claimx": __version__,
            "model": model,
            "settings": self._settings(output),
            "inputs": asdict(found),
            "counts": {},
        }
        output.write_manifest(manifest)
        with failing(output.path):
            ledger = Ledger(output.work / _LEDGER)
        with contextlib.closing(ledger):
            report = self._read(output, engine, found, ledger)
        counts = {**asdict(report.counts), "kinds": report.kinds, "speakers": report.speakers}
        output.write_manifest(manifest | {"complete": True, "counts": counts})
        output.forget(but=(_LOCK,))
        return report

    def _format(self) -> str:
        if self.format or self.partition and not Path(self.output).suffix:
            format = self.format or "jsonl"
        else:
            format = format_of(self.output, DATASETS)
        if self.partition and format == "sqlite":
            raise OutputError.one_file(self.output)
        return format

    def _engine(self) -> Engine:
        if self.engine:
            return self.engine(self.options)
        from claimx.batch.pool import Pool

        return Pool(self.options, workers=self.workers or cores(), timeout=self.timeout)

    def _settings(self, output: Output) -> dict[str, Any]:
        """All that decides the bytes of the output, but for inputs and model."""
        options = asdict(self.options)
        reading, filters = options.pop("reading"), options.pop("filters")
        filters = {name: sorted(value) if isinstance(value, frozenset) else value for name, value in filters.items()}
        shards = self.shard_size if self.partition else None
        escape = self.escape if output.format in ("csv", "tsv") else None
        return {**options, **reading, **filters, "format": output.format, "escape": escape, "shard_size": shards}

    def _before(self, output: Output) -> dict[str, Any] | None:
        """The manifest of an earlier batch to go on with, if there is one."""
        before = output.read_manifest()
        if output.exists():
            if before is None:
                raise BatchError.not_ours(output.path)
            return before
        return before if before and not before["complete"] else None

    def _survey(self, output: Output) -> Survey:
        with failing(output.path):
            found = survey(self.inputs, self.pattern, output.work / _NEW_LIST, self.watcher.surveying)
        if not found.files:
            raise BatchError.no_inputs(list(self.inputs))
        return found

    def _check(self, output: Output, before: dict[str, Any], found: Survey, model: dict[str, Any]) -> None:
        settings = self._settings(output)
        now = {**settings, "claimx": __version__, "model": model}
        was = {**before["settings"], "claimx": before.get("claimx"), "model": before["model"]}
        for name in now:
            if was.get(name) != now[name]:
                raise BatchError.other_settings(output.path, name, was.get(name), now[name])
        if before["inputs"] != asdict(found):
            known = output.work / _LIST
            difference = first_difference(known, output.work / _NEW_LIST) if known.exists() else "files differ"
            raise BatchError.other_inputs(output.path, difference)

    def _already(self, output: Output, before: dict[str, Any]) -> Report:
        counts = dict(before["counts"])
        kinds, speakers = counts.pop("kinds"), [tuple(row) for row in counts.pop("speakers")]
        return Report(output.path, output.errors, Counts(**counts), kinds, speakers, counts["articles"], already=True)

    def _read(self, output: Output, engine: Engine, found: Survey, ledger: Ledger) -> Report:
        start, busy = time.monotonic(), 0.0
        size = self.shard_size if self.partition else SHARD_SIZE
        first = ledger.done() if self.partition else 0
        journal = Journal(output.work, size, first=first, counts=ledger.counts() if self.partition else None)
        counts = journal.counts
        if first and journal.segment(first - 1).exists():  # counted, but perhaps its shard is not in its place
            output.write_shard(first - 1, journal.segment(first - 1), ledger)
        resumed, words = counts.articles, counts.words
        self.watcher.begins(found.bytes, counts)
        source = Source(output.work / _LIST, self.options.reading, resumed)
        try:
            for outcomes in engine.map(source):
                journal.append(outcomes)
                for outcome in outcomes:
                    busy += outcome.seconds
                    for message in outcome.warnings:
                        self.watcher.warns(message)
                self.watcher.advances(counts)
                if self.partition:
                    self._write_shards(output, journal, ledger)
        finally:
            journal.close()
        self.watcher.assembles()
        segments = journal.segments()
        if not segments and not self.partition:
            raise BatchError.gone(str(output.work))
        output.write_all(list(enumerate(segments, journal.first)), ledger)
        return Report(
            output.path,
            output.errors,
            counts,
            ledger.kinds(),
            ledger.top_speakers(_TOP),
            resumed,
            counts.words - words,
            time.monotonic() - start,
            busy,
        )

    @staticmethod
    def _write_shards(output: Output, journal: Journal, ledger: Ledger) -> None:
        """Make shards of the segments that are full."""
        while journal.counts.articles >= (journal.first + 1) * journal.size:
            output.write_shard(journal.first, journal.segment(journal.first), ledger)
            journal.first += 1


def _locked(output: Output) -> FileLock:
    """A lock on the output, which ends with the process. Raises `BatchError` where another process has it."""
    from filelock import FileLock, Timeout

    lock = FileLock(output.work / _LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise BatchError.in_use(output.path) from None
    except OSError as error:
        raise BatchError.write_failed(str(output.work), error) from error
    return lock
