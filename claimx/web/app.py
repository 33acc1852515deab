"""The web application: a page with a form, its report, and ``POST /v1/extract`` with OpenAPI documentation."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from typing import Annotated, Any

import anyio
import anyio.to_thread
from fastapi import FastAPI, Form, HTTPException, Request, UploadFile
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from fastapi_offline import FastAPIOffline
from jinja2 import Environment
from pydantic import BaseModel, ConfigDict, Field
from starlette.middleware.trustedhost import TrustedHostMiddleware

from claimx import __version__
from claimx.errors import ClaimxError, FetchError, InputError, ServiceError
from claimx.readers import Article, ReadOptions, article_from
from claimx.schema import AttributionType, Extraction, Kind, ModelInfo, Reading, json_schema
from claimx.web.fetching import Fetcher
from claimx.web.limits import Limits
from claimx.web.reading import ArticleReader
from claimx.writers.html import to_html

_SUFFIXES = {"text/plain": ".txt", "text/html": ".html", "application/xhtml+xml": ".html"}
#: Requests that wait for a process, for each process; more are told to come back.
_WAITING = 8
_ERRORS = {
    "400": "the text cannot be read", "403": "posted by a page of another site", "408": "the request did not arrive",
    "413": "the request or the text is too large", "503": "too many requests, or the text took too long",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """`most_bytes` of a request, `most_characters` of a text, seconds to `fetch_timeout`; the names a request may have
    for this `hosts`; pages are fetched only with `allow_fetch`."""

    most_bytes: int = 4 << 20
    most_characters: int = 500_000
    fetch_timeout: float = 15.0
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")
    allow_fetch: bool = False


class ExtractRequest(BaseModel):
    """An article: its text, or its HTML, or where the server allows it, its address."""

    model_config = ConfigDict(extra="forbid")

    text: str | None = Field(default=None, description="the text; offsets of the answer are code points into it")
    html: str | None = Field(default=None, description="a web page, of which the article is taken")
    url: str | None = Field(
        default=None, description="without text and html: the page to fetch; with them: where they come from"
    )
    id: str = "text"
    title: str | None = None
    explain: bool = Field(default=False, description="tell how speakers were found")
    kinds: set[Kind] | None = Field(default=None, description="only claims of these kinds")
    types: set[AttributionType] | None = Field(default=None, description="only claims of these types")
    speaker: str | None = Field(default=None, description="only claims of speakers whose name holds this")
    min_confidence: float = Field(default=0.0, ge=0, le=1)


class ExtractResponse(Extraction):
    """The contract, and with `html` or `url` the text that its offsets are of."""

    text: str | None = None


class Health(BaseModel):
    version: str
    model: ModelInfo
    allow_fetch: bool


def create_app(reader: ArticleReader, options: ServerOptions | None = None, fetcher: Fetcher | None = None) -> FastAPI:
    """The application over `reader`, which must have been entered."""
    options = options or ServerOptions()
    fetcher = fetcher or Fetcher(most=options.most_bytes, timeout=options.fetch_timeout)
    service = _Service(reader, options, fetcher)
    # /docs with its scripts from a package: FastAPI's own page would fetch them from elsewhere
    app = FastAPIOffline(
        title="claimx", version=__version__, summary="Who claims what, and in what capacity.", redoc_url=None
    )
    app.add_middleware(Limits, most=options.most_bytes)
    if "*" not in options.hosts:
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(options.hosts))
    app.add_exception_handler(RequestValidationError, _unfit)
    _add_api(app, service)
    _add_pages(app, service)
    return app


async def _unfit(request: Request, error: RequestValidationError) -> Response:
    """What is wrong with a request, without its values, not all of which JSON can hold."""
    wrong = [{key: each[key] for key in ("type", "loc", "msg")} for each in error.errors()]
    return Response(json.dumps({"detail": wrong}), 422, media_type="application/json")


class _Service:
    """Articles of requests: found, checked, read."""

    def __init__(self, reader: ArticleReader, options: ServerOptions, fetcher: Fetcher) -> None:
        self.reader, self.options, self.fetcher = reader, options, fetcher
        self._waiting = 0
        self._threads = anyio.CapacityLimiter(reader.workers)

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
        """Raises `ServiceError` where too many wait, and what else comes of reading as `ClaimxError`."""
        if len(article.text) > self.options.most_characters:
            raise ServiceError.too_long(len(article.text), self.options.most_characters)
        if self._waiting >= self.reader.workers * (1 + _WAITING):
            raise ServiceError.busy()
        self._waiting += 1
        try:
            found = await anyio.to_thread.run_sync(self.reader.extract, article, limiter=self._threads)
        finally:
            self._waiting -= 1
        return Reading(found, article.text)


@contextlib.asynccontextmanager
async def _told() -> AsyncIterator[None]:
    """Errors of claimx as answers."""
    try:
        yield
    except ClaimxError as error:
        status = 400 if isinstance(error, (InputError, FetchError)) else getattr(error, "status", 503)
        raise HTTPException(status, str(error), {"Retry-After": "5"} if status == 503 else None) from error


def _add_api(app: FastAPI, service: _Service) -> None:
    @app.post(
        "/v1/extract",
        summary="Find the claims of an article",
        response_model=ExtractResponse,
        responses={int(code): {"description": why} for code, why in _ERRORS.items()},
        tags=["extract"],
    )
    async def extract(request: ExtractRequest) -> JSONResponse:
        async with _told():
            article = await service.article(
                text=request.text,
                data=(request.html or "").encode("utf-8", "surrogatepass"),
                name="page.html",
                url=request.url,
                id=request.id,
                title=request.title,
            )
            if request.text is None:
                article.id = request.id
            extraction, text = await service.read(article)
        found = extraction.filtered(
            kinds=request.kinds, types=request.types, speaker=request.speaker, min_confidence=request.min_confidence
        ).to_dict()
        if not request.explain:
            for claim in found["claims"]:
                claim.pop("evidence", None)
        return JSONResponse(found if request.text is not None else found | {"text": text})

    @app.get("/v1/schema", summary="The JSON Schema of an answer", tags=["extract"])
    async def schema() -> dict[str, Any]:
        return json_schema()

    @app.get("/v1/health", summary="Whether the server is there, and which model it has", tags=["server"])
    async def health() -> Health:
        return Health(version=__version__, model=service.reader.info, allow_fetch=service.options.allow_fetch)


def _add_pages(app: FastAPI, service: _Service) -> None:
    template = Environment(autoescape=True).from_string((files("claimx.web") / "form.html").read_text("utf-8"))

    def form(status: int = 200, error: str = "", text: str = "", url: str = "") -> HTMLResponse:
        options = service.options
        page = template.render(error=error, text=text, url=url, allow_fetch=options.allow_fetch, version=__version__)
        policy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; img-src data:; base-uri 'none'"
        return HTMLResponse(page, status, {"Content-Security-Policy": policy})

    @app.get("/", include_in_schema=False)
    async def home() -> HTMLResponse:
        return form()

    @app.get("/report", include_in_schema=False)
    async def again() -> HTMLResponse:
        return form()

    @app.post("/report", include_in_schema=False)
    async def report(
        request: Request,
        text: Annotated[str, Form()] = "",
        url: Annotated[str, Form()] = "",
        file: UploadFile | None = None,
    ) -> HTMLResponse:
        try:
            async with _told():
                data = await file.read() if file and file.filename else b""
                article = await service.article(
                    text=text.replace("\r\n", "\n") if text.strip() else None,
                    data=data,
                    name=file.filename if file and file.filename else "",
                    url=url.strip() or None,
                    id="pasted text",
                    title=None,
                )
                reading = await service.read(article)
        except HTTPException as error:
            return form(error.status_code, error.detail, text, url)
        return HTMLResponse(to_html([reading], back="/"))
