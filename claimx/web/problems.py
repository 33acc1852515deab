"""Errors as answers: one shape for all of them, Problem Details (RFC 9457, ``application/problem+json``).

It is the published standard, which clients and gateways know how to read; its `detail` is the key that FastAPI's own
errors have; and members may be added (`errors`, `request_id`, and `id` in lines of a batch) without breaking anyone.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from claimx.errors import ClaimxError, FetchError, InputError

MEDIA_TYPE = "application/problem+json"
#: Seconds after which a client that was told to wait may ask again.
RETRY_AFTER = {429: "1", 503: "5"}
#: What each status means here, for the documentation.
MEANINGS = {
    400: "the text cannot be read, or the Host header is none of this server's names",
    403: "sent by a page of another site, or pages are not fetched here",
    404: "there is nothing at this path",
    405: "the path does not take this method",
    408: "the request did not arrive in time",
    413: "the request, the text or the list of articles is too large",
    415: "the Content-Type is not the one that this path reads",
    422: "the request does not have the documented shape; `errors` says where",
    429: "this client has too many requests in progress; see Retry-After",
    500: "unexpected error: a bug in claimx",
    501: "prometheus-client is not installed",
    503: "the server is busy, or the text took too long; see Retry-After",
}
#: Sentences for errors that are raised without one.
_SENTENCES = {
    404: "There is nothing at this path. The paths are listed at /docs.",
    405: "This path does not take this method. The header Allow lists those it takes.",
    500: "Unexpected error; this is a bug in claimx. Please report it with the request id.",
}


class ErrorPlace(BaseModel):
    """One thing that is wrong in a request."""

    loc: list[str | int] = Field(description="where: body or query, then keys and positions")
    msg: str
    type: str


class Problem(BaseModel):
    """Every error has this shape, whatever its status (RFC 9457)."""

    type: str = Field(description="always about:blank: the status says what kind of error it is")
    title: str = Field(description="the status in words")
    status: int = Field(description="the HTTP status code", ge=400, le=599)
    detail: str = Field(description="a sentence for people: what is wrong and what to do")
    request_id: str | None = Field(default=None, description="as in the header X-Request-ID and in the server's log")
    id: str | None = Field(default=None, description="in lines of a batch: the id of the article that failed")
    errors: list[ErrorPlace] | None = Field(default=None, description="with status 422: each thing that is wrong")


def title_of(status: int) -> str:
    """A status in the words of RFC 9110; those of `HTTPStatus` depend on the version of Python."""
    return {413: "Content Too Large", 422: "Unprocessable Content"}.get(status) or HTTPStatus(status).phrase


def problem(status: int, detail: str | None = None, *, request_id: str | None = None, **members: Any) -> dict[str, Any]:
    """The members of an error; those that are None are left out."""
    title = title_of(status)
    found = {"type": "about:blank", "title": title, "status": status, "detail": detail or _SENTENCES.get(status, title)}
    more = {"request_id": request_id, **members}
    return found | {key: value for key, value in more.items() if value is not None}


def problem_response(content: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    """An answer that says `content`, made by `problem`."""
    status = content["status"]
    more = {"Retry-After": RETRY_AFTER[status]} if status in RETRY_AFTER else {}
    return Response(json.dumps(content), status, {**more, **(headers or {})}, media_type=MEDIA_TYPE)


def request_id_of(scope: Scope) -> str | None:
    return scope.get("state", {}).get("request_id")


def status_of(error: ClaimxError) -> int:
    """The HTTP status of an error of claimx."""
    return 400 if isinstance(error, (InputError, FetchError)) else getattr(error, "status", 503)


@contextlib.contextmanager
def as_http_errors() -> Iterator[None]:
    """Raise errors of claimx as `HTTPException`."""
    try:
        yield
    except ClaimxError as error:
        raise HTTPException(status_of(error), str(error)) from error


def add_error_handlers(app: FastAPI) -> None:
    """Make every error that a route raises a problem."""

    async def http_error(request: Request, error: StarletteHTTPException) -> Response:
        detail = error.detail if error.detail != HTTPStatus(error.status_code).phrase else None
        content = problem(error.status_code, detail, request_id=request_id_of(request.scope))
        return problem_response(content, dict(error.headers or {}))

    async def unfit(request: Request, error: RequestValidationError) -> Response:
        return problem_response(unfit_problem(error.errors(), request_id=request_id_of(request.scope)))

    app.add_exception_handler(StarletteHTTPException, http_error)
    app.add_exception_handler(RequestValidationError, unfit)


def unfit_problem(errors: list[dict[str, Any]], **members: Any) -> dict[str, Any]:
    """What is wrong with a request, without its values, not all of which JSON can hold."""
    places = [{key: each[key] for key in ("loc", "msg", "type")} for each in errors]
    said = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in places[:3])
    more = f"; and {len(places) - 3} more" if len(places) > 3 else ""
    detail = f"The request does not have the documented shape ({said}{more}). See /docs."
    return problem(422, detail, errors=places, **members)


class ProblemShape:
    """Gives the plain-text errors of Starlette's own middleware (an unknown Host, a body that is too large) the shape
    of all others. `sentences` are what they say, by status."""

    def __init__(self, app: ASGIApp, sentences: dict[int, str]) -> None:
        self.app, self.sentences = app, sentences

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        replaced = False

        async def reshaped(message: Message) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start" and message["status"] in self.sentences:
                headers = dict(message.get("headers", ()))
                if headers.get(b"content-type", b"").startswith(b"text/plain"):
                    replaced = True
                    status = message["status"]
                    content = problem(status, self.sentences[status], request_id=request_id_of(scope))
                    return await problem_response(content)(scope, receive, send)
            if not replaced:
                await send(message)

        await self.app(scope, receive, reshaped)


def document_errors(app: FastAPI) -> None:
    """Describe `Problem` in the OpenAPI document of `app`; `error_responses` refer to it."""
    made = app.openapi

    def openapi() -> dict[str, Any]:
        document = made()
        schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas |= schema.pop("$defs") | {"Problem": schema}
        return document

    app.openapi = openapi


def error_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The errors of a route, for its documentation."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": MEANINGS[status], "content": content} for status in statuses}
