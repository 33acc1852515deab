"""What a worker does: read an article, find its claims, and make the line of the output. It never raises."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING

from claimx.api import DEFAULT_MODEL, extract_article, load, model_info
from claimx.batch.inputs import Failure, Input, Task, is_same
from claimx.errors import InputError
from claimx.readers import Article, ReadOptions, article_from
from claimx.readers.files import bytes_of
from claimx.readers.records import article_of
from claimx.user_rules import UserRules

if TYPE_CHECKING:
    from claimx.schema import ModelInfo


@dataclass(slots=True)
class Outcome:
    """What became of a task: the line of a record or of the error file, its claims and words, and `seconds` spent in
    the pipeline; `read` and `warnings` are those of the task, and of reading it."""

    line: str
    failed: bool
    claims: int = 0
    words: int = 0
    read: int = 0
    seconds: float = 0.0
    warnings: list[str] = field(default_factory=list)

    @classmethod
    def of_failure(cls, failure: Failure, read: int, warnings: Sequence[str] = ()) -> Outcome:
        return cls(json.dumps(asdict(failure), ensure_ascii=False) + "\n", True, read=read, warnings=list(warnings))


@dataclass(slots=True, frozen=True)
class Filters:
    """Which claims are kept; see `Extraction.filtered`."""

    kinds: frozenset[str] | None = None
    types: frozenset[str] | None = None
    speaker: str | None = None
    min_confidence: float = 0.0


@dataclass(slots=True, frozen=True)
class Options:
    """All that decides what a batch makes of its inputs; part of its manifest. `rules` are a user's own, as JSON.

    `threshold`, `min_speaker` and `min_affiliation` are those of `claimx.load`.
    """

    model: str = DEFAULT_MODEL
    threshold: float | None = None
    reading: ReadOptions = field(default_factory=ReadOptions)
    filters: Filters = field(default_factory=Filters)
    explain: bool = False
    rules: str | None = None
    min_speaker: float | None = None
    min_affiliation: float | None = None


class Worker:
    """One loaded pipeline, and what it makes of a task. Raises `ModelError` where it cannot be loaded."""

    def __init__(self, options: Options) -> None:
        self.options = options
        rules = UserRules.model_validate_json(options.rules) if options.rules else None
        self.nlp = load(
            options.model,
            threshold=options.threshold,
            min_speaker=options.min_speaker,
            min_affiliation=options.min_affiliation,
            rules=rules,
        )
        if self.nlp.has_pipe("claimx_attribution"):
            self.nlp.get_pipe("claimx_attribution").threads = 1
        self.nlp("")  # what is made on first use is to outlive the memory zones of the articles
        self.info: ModelInfo = model_info(self.nlp)

    def __call__(self, task: Task) -> Outcome:
        told, stage, id = task.warnings, "read", task.id
        try:
            if isinstance(task.value, Failure):
                return Outcome.of_failure(task.value, task.read, told)
            article = self._article(task, told.append)
            id = article.id
            article.check_length(min(self.options.reading.max_chars, self.nlp.max_length))
            stage, begun = "extract", perf_counter()
            with self.nlp.memory_zone():  # words met in one article are forgotten with it
                extraction = extract_article(article, self.nlp, explain=self.options.explain)
            extraction = extraction.filtered(**asdict(self.options.filters))
            seconds = perf_counter() - begun
            stage = "write"
            line = json.dumps(extraction.to_dict(), ensure_ascii=False) + "\n"
            line.encode("utf-8")
        except Exception as error:  # whatever an article does, it stops no other
            return Outcome.of_failure(Failure.of(error, id, task.path, stage), task.read, told)
        return Outcome(line, False, len(extraction.claims), len(article.text.split()), task.read, seconds, told)

    def _article(self, task: Task, warn: Callable[[str], None]) -> Article:
        if not isinstance(task.value, Input):
            return article_of(task.value, task.path or task.id, task.id, task.path, self.options.reading)
        item, data = task.value, bytes_of(task.path)
        if not is_same(item):
            raise InputError.changed(item.path)
        return article_from(data, item.path, task.id, self.options.reading, warn)
