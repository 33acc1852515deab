"""Ray instead of local processes: the same tasks and outcomes, through Ray Data, on one machine or a cluster.

Inputs are read where Ray puts it, so every node must see them under the same name (a shared disk, or s3://…); outcomes
stream back to the driver in the order of the tasks and go the same way as those of local workers. Each actor runs one
worker process (`claimx.batch.pool`), so that an article that ends it is found out there; an actor that is lost is
replaced by Ray, and its tasks done again.
"""

from __future__ import annotations

import logging
import os
import pickle
from collections.abc import Iterator
from typing import TYPE_CHECKING

from claimx.batch.inputs import Input, Source, tasks
from claimx.batch.pool import Pool, balanced
from claimx.batch.worker import Options, Outcome, Worker
from claimx.errors import BatchError, ModelError

if TYPE_CHECKING:
    import pyarrow

    from claimx.readers import ReadOptions
    from claimx.schema import ModelInfo

#: Files that are read together, and bytes of tasks that go to an actor together.
_FILES, _BLOCK = 32, 1 << 18


#: What Ray tells on standard error of its own doings, unless somebody has asked for it.
_QUIET = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_BACKEND_LOG_LEVEL": "fatal", "RAY_DATA_DISABLE_PROGRESS_BARS": "1"}


class RayEngine:
    """`actors` pipelines on the Ray cluster at `address` (None: one on this machine, which ends with the batch).

    Raises `BatchError` without Ray or where it fails, `ModelError` where the pipeline cannot be loaded there.
    """

    def __init__(self, options: Options, *, actors: int, timeout: float, address: str | None = None) -> None:
        self.options, self.actors, self.timeout, self.address = options, actors, timeout, address
        self.info: ModelInfo | None = None

    def __enter__(self) -> RayEngine:
        os.environ |= _QUIET | os.environ
        try:
            import ray
            import ray.data
        except ImportError:
            raise BatchError.no_ray() from None
        logging.getLogger("ray.data").setLevel(logging.ERROR)
        self._ours = not ray.is_initialized()
        try:
            if self._ours:
                # one more than the actors: reading needs a place as well
                local = {} if self.address else {"num_cpus": self.actors + 1, "include_dashboard": False}
                ray.init(address=self.address, log_to_driver=False, logging_level="ERROR", **local)
            self.info = ray.get(ray.remote(_info).remote(self.options))
        except ray.exceptions.RayTaskError as error:
            self.__exit__()
            raise error.cause if isinstance(error.cause, ModelError) else BatchError.ray_failed(error) from None
        except (ray.exceptions.RayError, OSError, RuntimeError, ValueError) as error:
            self.__exit__()
            raise BatchError.ray_failed(error) from error
        return self

    def __exit__(self, *error) -> None:
        import ray

        if self._ours:
            ray.shutdown()

    def map(self, source: Source) -> Iterator[list[Outcome]]:
        """The outcomes of all tasks of `source`, in their order."""
        import ray

        parts = list(source.parts(_FILES))
        if not parts:
            return
        context = ray.data.DataContext.get_current()
        context.execution_options.preserve_order = True
        context.execution_options.verbose_progress = False
        context.enable_progress_bars = False
        context.target_max_block_size = _BLOCK
        read = ray.data.read_datasource(_datasource(parts, source.options), num_cpus=0.5)
        done = read.map_batches(
            _Actor,
            fn_constructor_args=(self.options, self.timeout),
            batch_size=1,
            batch_format="pyarrow",
            compute=ray.data.ActorPoolStrategy(size=self.actors),
            num_cpus=1,
        )
        try:
            for batch in done.iter_batches(batch_size=None, batch_format="pyarrow", prefetch_batches=1):
                for outcomes in batch.column("outcomes").to_pylist():
                    yield pickle.loads(outcomes)
        except ray.exceptions.RayError as error:
            raise BatchError.ray_failed(error) from error


def _info(options: Options) -> ModelInfo:
    return Worker(options).info


class _Actor:
    """Batches of tasks to batches of outcomes."""

    def __init__(self, options: Options, timeout: float) -> None:
        self._pool = Pool(options, workers=1, timeout=timeout).__enter__()

    def __call__(self, table: pyarrow.Table) -> pyarrow.Table:
        import pyarrow

        found = []
        for batch in table.column("tasks").to_pylist():
            outcomes = [outcome for part in self._pool.outcomes(pickle.loads(batch)) for outcome in part]
            found.append(pickle.dumps(outcomes))
        return pyarrow.table({"outcomes": pyarrow.array(found, pyarrow.large_binary())})


def _datasource(parts: list[tuple[list[Input], int]], options: ReadOptions):
    """A Ray Data source of batches of tasks, each part read on its own."""
    import ray.data
    from ray.data.block import BlockMetadata

    class Tasks(ray.data.Datasource):
        def get_name(self) -> str:
            return "claimx"

        def estimate_inmemory_data_size(self) -> int | None:
            return None

        def get_read_tasks(self, parallelism, per_task_row_limit=None, data_context=None) -> list:
            return [
                ray.data.ReadTask(
                    lambda part=part, skip=skip: _tables(part, skip, options),
                    BlockMetadata(num_rows=None, size_bytes=None, input_files=None, exec_stats=None),
                )
                for part, skip in parts
            ]

    return Tasks()


def _tables(part: list[Input], skip: int, options: ReadOptions) -> Iterator[pyarrow.Table]:
    from itertools import islice

    import pyarrow

    for batch in balanced(islice(tasks(part, options), skip, None)):
        yield pyarrow.table({"tasks": pyarrow.array([pickle.dumps(batch)], pyarrow.large_binary())})
