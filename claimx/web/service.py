"""Articles of requests: found, checked, read, one or many."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import anyio.to_thread
from pydantic import ValidationError

from claimx.errors import ClaimxError, ServiceError
from claimx.readers import Article, ReadOptions, article_from
from claimx.schema import Reading
from claimx.web.fetching import Fetcher
from claimx.web.metrics import Metrics
from claimx.web.models import ExtractRequest
from claimx.web.problems import problem, status_of, unfit_problem
from claimx.web.reading import ArticleReader

_SUFFIXES = {"text/plain": ".txt", "text/html": ".html", "application/xhtml+xml": ".html"}
#: Requests that wait for a process, for each process; more are told to come back.
_WAITING = 16
log = logging.getLogger("claimx.web")


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """Limits: `max_bytes` of a request, `max_characters` (code points) of a text, `max_articles` of a batch,
    `max_per_client` requests in progress for each client, and `fetch_timeout` in seconds.

    `hosts` are the names that a request may have for the server, `root_path` the path below which a proxy shows it, and
    `trusted_proxies` the addresses or networks whose X-Forwarded headers are believed. Pages are fetched only with
    `allow_fetch`. `is_local` says that the server listens to this machine alone.
    """

    max_bytes: int = 4 << 20
    max_characters: int = 500_000
    max_articles: int = 1000
    max_per_client: int = 8
    fetch_timeout: float = 15.0
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")
    root_path: str = ""
    trusted_proxies: tuple[str, ...] = ()
    allow_fetch: bool = False
    is_local: bool = False


class Service:
    """Reads the articles of requests with `reader`."""

    def __init__(
        self, reader: ArticleReader, options: ServerOptions, fetcher: Fetcher, metrics: Metrics | None = None
    ) -> None:
        self.reader, self.options, self.fetcher, self.metrics = reader, options, fetcher, metrics
        self._waiting = 0
        self._threads = anyio.CapacityLimiter(reader.workers)

    def check_load(self) -> None:
        """Raises `ServiceError` where too many requests are read or wait for it."""
        if self._waiting >= self.reader.workers * (1 + _WAITING):
            raise ServiceError.busy()

    @contextlib.contextmanager
    def counted(self) -> Iterator[None]:
        """Counts among the requests that are read or wait for it."""
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1

    async def article(
        self, *, text: str | None, data: bytes = b"", name: str = "", url: str | None, id: str, title: str | None
    ) -> Article:
        """The article of a request: its text, a file's content, or a page. Raises `ClaimxError`."""
        if text is None and not data:
            if not url:
                raise ServiceError.no_text()
            if not self.options.allow_fetch:
                raise ServiceError.no_fetching()
            url, data, encoding, media = await self.fetcher.fetch(url)
            name = f"{url}{_SUFFIXES[media]}"
            return await self._from(data, name, url, title, encoding)
        if text is None:
            return await self._from(data, name, url, title)
        return Article(id, text, title=title, url=url)

    async def _from(
        self, data: bytes, name: str, url: str | None, title: str | None, encoding: str | None = None
    ) -> Article:
        options = ReadOptions(encoding=encoding)
        read = partial(article_from, data, name, name.rpartition("/")[2], options, lambda warning: None)
        article = await anyio.to_thread.run_sync(read)
        article.path, article.title, article.url = None, title or article.title, url or article.url
        return article

    async def read(self, article: Article) -> Reading:
        """Raises `ClaimxError`, among them `ServiceError` for a text that is too long or takes too long."""
        length = None
        try:
            if len(article.text) > self.options.max_characters:
                raise ServiceError.too_long(len(article.text), self.options.max_characters)
            found = await anyio.to_thread.run_sync(self.reader.extract, article, limiter=self._threads)
            length = len(article.text)
        finally:
            if self.metrics:
                self.metrics.count_article(length)
        return Reading(found, article.text)

    async def answer(self, request: ExtractRequest) -> dict[str, Any]:
        """The answer to `POST /v1/extract`. Raises `ClaimxError`."""
        article = await self.article(
            text=request.text,
            data=(request.html or "").encode("utf-8", "surrogatepass"),
            name="page.html",
            url=request.url,
            id=request.id,
            title=request.title,
        )
        if request.text is None:
            article.id = request.id
        extraction, text = await self.read(article)
        found = extraction.filtered(
            kinds=request.kinds, types=request.types, speaker=request.speaker, min_confidence=request.min_confidence
        ).to_dict()
        if not request.explain:
            for claim in found["claims"]:
                claim.pop("evidence", None)
        return found if request.text is not None else found | {"text": text}

    def with_ids(self, articles: list[Any]) -> list[tuple[str, Any]]:
        """The articles of a batch with their ids: their own, or their positions from 1.

        Raises `ServiceError` where there are none, too many, or two of one id.
        """
        if not articles:
            raise ServiceError.no_articles()
        if len(articles) > self.options.max_articles:
            raise ServiceError.too_many_articles(len(articles), self.options.max_articles)
        places: dict[str, int] = {}
        for place, given in enumerate(articles, 1):
            own = given.get("id") if isinstance(given, dict) else None
            key = own if isinstance(own, str) else str(place)
            if key in places:
                raise ServiceError.same_id(key, places[key], place)
            places[key] = place
        return list(zip(places, articles, strict=True))

    async def answers(
        self, articles: list[tuple[str, Any]], request_id: str | None
    ) -> AsyncGenerator[dict[str, Any], None]:
        """The answer or the problem of each article, in order, as each is done. No more than there are processes are
        begun ahead, so that the work ends soon after somebody stops to ask for it."""
        remaining = iter(articles)
        begun: deque[asyncio.Task] = deque()
        try:
            with self.counted():
                while True:
                    while len(begun) < self.reader.workers and (each := next(remaining, None)):
                        begun.append(asyncio.create_task(self._line(*each, request_id)))
                    if not begun:
                        return
                    yield await begun[0]
                    begun.popleft()
        finally:
            for task in begun:
                task.cancel()

    async def _line(self, key: str, given: Any, request_id: str | None) -> dict[str, Any]:
        try:
            if isinstance(given, dict) and given.get("id") is None:
                given = {**given, "id": key}
            return await self.answer(ExtractRequest.model_validate(given))
        except ValidationError as error:
            return unfit_problem(error.errors(), id=key, request_id=request_id)
        except ClaimxError as error:
            return problem(status_of(error), str(error), id=key, request_id=request_id)
        except Exception as error:
            fields = {"request_id": request_id, "error": type(error).__name__}
            log.error("unexpected error in a batch", extra={"fields": fields})
            return problem(500, id=key, request_id=request_id)
