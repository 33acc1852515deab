"""Worker processes on one machine: tasks in, outcomes out in the same order, whatever becomes of a process.

Each worker has a pipe of its own and gets its next batch when it has told the outcome of every task of the last, so
that a process that dies takes nothing with it but what it had in hand: pools that share one queue among their workers
(multiprocessing, concurrent.futures) lose or block the others when one is killed while it holds the queue. A worker
that dies or hangs is replaced. What it had not done is tried once more; where the same task ends a worker twice, it
becomes a failure and the others go on.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING

from claimx.batch.inputs import Failure, Source, Task
from claimx.batch.worker import Options, Outcome, Worker
from claimx.errors import BatchError, ClaimxError, ModelError, TimedOut, WorkerDied

if TYPE_CHECKING:
    from claimx.schema import ModelInfo

#: A batch is filled up to this many characters (about half a second of work) or this many tasks.
_CHARACTERS, _TASKS = 25_000, 64
#: How many batches may be ahead of one that is not done.
_AHEAD = 128
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"), "1") | {
    "TOKENIZERS_PARALLELISM": "false"
}
_READY_WITHIN = 300.0


def balanced(tasks: Iterable[Task]) -> Iterator[list[Task]]:
    """Batches of about the same length, in order."""
    batch: list[Task] = []
    size = 0
    for task in tasks:
        batch.append(task)
        size += task.size
        if size >= _CHARACTERS or len(batch) == _TASKS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


@dataclass(slots=True)
class _Batch:
    tasks: list[Task]
    outcomes: list[Outcome] = field(default_factory=list)
    #: whether a worker has died at the first task that has no outcome
    suspect: bool = False

    @property
    def left(self) -> list[Task]:
        return self.tasks[len(self.outcomes) :]


@dataclass(slots=True)
class _Process:
    process: multiprocessing.Process
    connection: Connection
    started: float
    batch: _Batch | None = None
    ready: bool = False


class Pool:
    """`workers` processes, each with a pipeline of its own. `timeout` is the most seconds for one article.

    A context manager: entering waits until a worker is ready. Raises `ModelError` where the pipeline cannot be loaded,
    `BatchError` where workers do not start.
    """

    def __init__(self, options: Options, *, workers: int, timeout: float) -> None:
        self.options, self.workers, self.timeout = options, workers, timeout
        self.info: ModelInfo | None = None
        self._context = multiprocessing.get_context("spawn")
        self._processes: list[_Process] = []
        self._early_deaths = 0

    def __enter__(self) -> Pool:
        self._processes = [self._start() for _ in range(self.workers)]
        try:
            while self.info is None:
                self._listen()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *error) -> None:
        self.close()

    def close(self) -> None:
        """End the processes."""
        for worker in self._processes:
            worker.connection.close()  # a worker that waits ends by itself
        for worker in self._processes:
            if worker.batch or not worker.ready:
                worker.process.terminate()
            worker.process.join(2)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
        self._processes = []

    def map(self, source: Source) -> Iterator[list[Outcome]]:
        """The outcomes of all tasks of `source`; see `outcomes`."""
        return self.outcomes(source.tasks())

    def outcomes(self, tasks: Iterable[Task]) -> Iterator[list[Outcome]]:
        """The outcomes of `tasks`, a batch at a time, in their order; tasks are taken no faster than they are done."""
        batches = balanced(tasks)
        waiting: deque[_Batch] = deque()  # in the order of the tasks
        again: deque[_Batch] = deque()
        more = True
        while more or waiting:
            for worker in self._processes:
                if worker.batch or not worker.ready:
                    continue
                if not again and more and len(waiting) < _AHEAD:
                    tasks_of_batch = next(batches, None)
                    more = tasks_of_batch is not None
                    if tasks_of_batch:
                        waiting.append(_Batch(tasks_of_batch))
                        again.append(waiting[-1])
                if again:
                    self._hand(worker, again.popleft(), again)
            while waiting and not waiting[0].left:
                yield waiting.popleft().outcomes
            if waiting or not any(worker.ready for worker in self._processes):
                again.extend(self._listen())

    def _hand(self, worker: _Process, batch: _Batch, again: deque[_Batch]) -> None:
        worker.batch, worker.started = batch, time.monotonic()
        try:
            worker.connection.send(batch.left)
        except (BrokenPipeError, ConnectionResetError):
            worker.batch = None  # it died between two batches: nobody's fault
            again.appendleft(batch)
            self._replace(worker)

    def _listen(self) -> list[_Batch]:
        """Wait for the next messages; returns the batches that must be handed out again."""
        again = []
        by_connection = {worker.connection: worker for worker in self._processes}
        now = time.monotonic()
        deadlines = [worker.started + self._patience(worker) for worker in self._processes if self._is_busy(worker)]
        for connection in wait(list(by_connection), max(0.0, min(deadlines, default=now + 60) - now)):
            again += self._hear(by_connection[connection])
        now = time.monotonic()
        for worker in list(self._processes):
            if self._is_busy(worker) and now > worker.started + self._patience(worker):
                again += self._bury(worker, hung=True)
        return again

    @staticmethod
    def _is_busy(worker: _Process) -> bool:
        return worker.batch is not None or not worker.ready

    def _patience(self, worker: _Process) -> float:
        return self.timeout if worker.ready else _READY_WITHIN

    def _hear(self, worker: _Process) -> list[_Batch]:
        try:
            message = worker.connection.recv()
        except (EOFError, OSError):
            return self._bury(worker)
        worker.started = time.monotonic()
        if isinstance(message, Outcome):
            batch = worker.batch
            batch.outcomes.append(message)
            batch.suspect = False
            if not batch.left:
                worker.batch = None
        elif isinstance(message, Exception):
            raise message
        else:
            worker.ready, self.info, self._early_deaths = True, message, 0
        return []

    def _bury(self, worker: _Process, hung: bool = False) -> list[_Batch]:
        """Replace a worker that died or hangs; returns its batch, if that is not done."""
        if not hung:
            worker.process.join(10)
        worker.process.kill()
        worker.process.join()
        why = _cause(worker.process.exitcode)
        batch, worker.batch = worker.batch, None
        if not worker.ready:
            self._early_deaths += 1
            if self._early_deaths > 2:
                raise BatchError.workers_die("no answer" if hung else why)
        self._replace(worker)
        if batch is None:
            return []
        guilty = batch.left[0]
        if hung or batch.suspect:
            error = TimedOut.after(self.timeout) if hung else WorkerDied.at(why)
            failure = Failure.of(error, guilty.id, guilty.path, "extract")
            batch.outcomes.append(Outcome.of_failure(failure, guilty.read))
            batch.suspect = False
        else:
            batch.suspect = True
        return [batch] if batch.left else []

    def _replace(self, worker: _Process) -> None:
        worker.connection.close()
        self._processes[self._processes.index(worker)] = self._start()

    def _start(self) -> _Process:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_work, args=(theirs, self.options), name="claimx-worker", daemon=True)
        with _environment(_ONE_THREAD):
            process.start()
        theirs.close()
        return _Process(process, ours, time.monotonic())


def _work(connection: Connection, options: Options) -> None:
    """What runs in a worker. It ends when the other end of its pipe is closed, however that came about."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        try:
            worker = Worker(options)
        except Exception as error:
            told = error if isinstance(error, ClaimxError) else ModelError.unreadable(options.model, error)
            connection.send(told)
            return
        connection.send(worker.info)
        while True:
            for task in connection.recv():
                connection.send(worker(task))


def _cause(exit_code: int | None) -> str:
    if exit_code is None or exit_code >= 0:
        return f"exit code {exit_code}"
    try:
        return signal.Signals(-exit_code).name
    except ValueError:
        return f"signal {-exit_code}"


@contextlib.contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    """Variables that a process reads when it starts."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
