"""The endpoints for programs: ``/v1/extract``, ``/v1/extract/batch``, ``/v1/schema``, ``/v1/health``, ``/metrics``."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncGenerator, Callable
from typing import Any

import anyio
from fastapi import FastAPI, HTTPException, Request, params
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response, StreamingResponse
from fastapi.routing import APIRoute
from starlette.types import Receive, Scope, Send

from claimx import __version__
from claimx.errors import ServiceError
from claimx.schema import json_schema
from claimx.web.models import BatchRequest, ExtractRequest, ExtractResponse, Health
from claimx.web.problems import as_http_errors, error_responses, request_id_of
from claimx.web.service import Service

LINES = "application/x-ndjson"
_FORMS = ["multipart/form-data", "application/x-www-form-urlencoded"]
_READ = error_responses(400, 422, 429, 500, 503)
_WORK = error_responses(400, 403, 404, 405, 408, 413, 415, 422, 429, 500, 503)


class StrictRoute(APIRoute):
    """A route that takes no query parameters but those it declares (422), and reads a body of its type alone (415)."""

    def get_route_handler(self) -> Callable:
        handle = super().get_route_handler()
        known = {parameter.alias for parameter in self.dependant.query_params}

        async def checked(request: Request) -> Response:
            unknown = [name for name in request.query_params if name not in known]
            if unknown:
                msg = f"there is no query parameter of this name here{'; known: ' + ', '.join(known) if known else ''}"
                raise RequestValidationError(
                    [{"type": "extra_forbidden", "loc": ("query", name), "msg": msg} for name in unknown]
                )
            if self.body_field is not None:
                with as_http_errors():
                    self._check_type(request)
            return await handle(request)

        return checked

    def _check_type(self, request: Request) -> None:
        media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if isinstance(self.body_field.field_info, params.Form):
            wanted = _FORMS
            fits = media in wanted
        else:
            wanted = ["application/json"]
            fits = media in wanted or (media.startswith("application/") and media.endswith("+json"))
        if not fits:
            raise ServiceError.wrong_type(media, wanted)


def add_api(app: FastAPI, service: Service) -> None:
    """Add the endpoints to `app`, whose routes are `StrictRoute`."""

    @app.post(
        "/v1/extract",
        summary="Find the claims of an article",
        response_model=ExtractResponse,
        responses=_WORK,
        tags=["extract"],
    )
    async def extract(request: ExtractRequest) -> JSONResponse:
        with as_http_errors():
            service.check_load()
            with service.counted():
                return JSONResponse(await service.answer(request))

    @app.post(
        "/v1/extract/batch",
        summary="Find the claims of many articles",
        description="JSON Lines, in the order of the articles, each as soon as it is done: what /v1/extract "
        "answers, or for an article that fails a Problem with its `id` (told apart by the key `status`). The others "
        "are read all the same. The work ends when the connection is closed.",
        response_class=StreamingResponse,
        responses={200: _lines_schema(), **_WORK},
        tags=["extract"],
    )
    async def extract_batch(batch: BatchRequest, request: Request) -> StreamingResponse:
        with as_http_errors():
            service.check_load()
            articles = service.with_ids(batch.articles)
        return _Lines(_lines(service.answers(articles, request_id_of(request.scope))), media_type=LINES)

    @app.get("/v1/schema", summary="The JSON Schema of an answer", responses=_READ, tags=["extract"])
    async def schema() -> dict[str, Any]:
        return json_schema()

    @app.get(
        "/v1/health",
        summary="Whether the server is there, and which model it has",
        responses=_READ,
        tags=["server"],
    )
    async def health() -> Health:
        return Health(version=__version__, model=service.reader.info, allow_fetch=service.options.allow_fetch)

    @app.get(
        "/metrics",
        summary="Figures for Prometheus",
        description='Needs the extra "metrics"; without it the answer is 501.',
        response_class=Response,
        responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}, **_READ, **error_responses(501)},
        tags=["server"],
    )
    async def metrics(request: Request) -> Response:
        if service.metrics is None:
            error = ServiceError.no_metrics()
            raise HTTPException(error.status, str(error))
        content, media_type = service.metrics.exposition(request.headers.get("accept", ""))
        return Response(content, headers={"Content-Type": media_type})


def _lines_schema() -> dict[str, Any]:
    either = [{"$ref": f"#/components/schemas/{name}"} for name in ("ExtractResponse", "Problem")]
    return {"description": "a line for each article", "content": {LINES: {"schema": {"anyOf": either}}}}


async def _lines(answers: AsyncGenerator[dict[str, Any], None]) -> AsyncGenerator[str, None]:
    async with contextlib.aclosing(answers):
        async for answer in answers:
            yield json.dumps(answer, ensure_ascii=False) + "\n"


class _Lines(StreamingResponse):
    """Ends what makes its lines when the client has gone. (Starlette's own leaves that to servers that say so when
    something is sent, which uvicorn, depending on its version, announces and does not do.)"""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def watch() -> None:
            while (await receive())["type"] != "http.disconnect":
                pass
            group.cancel_scope.cancel()

        try:
            async with anyio.create_task_group() as group:
                group.start_soon(watch)
                await self.stream_response(send)
                group.cancel_scope.cancel()
        finally:
            with anyio.CancelScope(shield=True):
                await self.body_iterator.aclose()
