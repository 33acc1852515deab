"""Articles on their way through worker processes, which a request that takes too long can be taken from."""

from __future__ import annotations

import contextlib
import json
import queue
from dataclasses import replace

from claimx.api import DEFAULT_MODEL
from claimx.batch.inputs import Task
from claimx.batch.pool import Pool
from claimx.batch.worker import Options
from claimx.errors import InputError, ServiceError
from claimx.readers import Article
from claimx.readers.records import Record
from claimx.schema import Extraction, ModelInfo


class ArticleReader:
    """`workers` processes with a pipeline each; `timeout` is the most seconds for one article.

    A context manager. Raises `ModelError` where the pipeline cannot be loaded. Methods may be called from threads.
    """

    def __init__(self, options: Options | None = None, *, workers: int = 1, timeout: float = 30.0) -> None:
        options = replace(options or Options(DEFAULT_MODEL), explain=True)
        self.workers = workers
        self._pools = [Pool(options, workers=1, timeout=timeout) for _ in range(workers)]
        self._free: queue.SimpleQueue[Pool] = queue.SimpleQueue()

    def __enter__(self) -> ArticleReader:
        with contextlib.ExitStack() as stack:
            for pool in self._pools:
                self._free.put(stack.enter_context(pool))
            self._processes = stack.pop_all()
        return self

    def __exit__(self, *error) -> None:
        self._processes.close()

    @property
    def info(self) -> ModelInfo:
        return self._pools[0].info

    def extract(self, article: Article) -> Extraction:
        """What is found in an article, evidence included; waits for a free process.

        Raises `InputError` for a text that cannot be read, `ServiceError` where the process died or took too long.
        """
        value = {"id": article.id, "text": article.text, "title": article.title, "url": article.url}
        task = Task(article.id, article.path, Record(1, "article", value), len(article.text), 0)
        pool = self._free.get()
        try:
            [[outcome]] = pool.outcomes([task])
        finally:
            self._free.put(pool)
        if not outcome.failed:
            return Extraction.model_validate_json(outcome.line)
        failure = json.loads(outcome.line)
        if failure["error"] == InputError.__name__:
            raise InputError(article.id, failure["message"].removeprefix(f"{article.path or article.id}: "))
        raise ServiceError.failed(failure["message"])
