"""What every request must keep to, before anything of it is looked at."""

from __future__ import annotations

from collections import Counter

import anyio
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from claimx.web.problems import problem, problem_response, request_id_of
from claimx.web.proxy import client_key

#: Seconds for a request's body to arrive.
BODY_SECONDS = 20.0
_READING = ("GET", "HEAD", "OPTIONS")


class ClientLimit:
    """Lets each client have `per_client` requests that bring work in progress, and all together `total`.

    What is more is refused before its body is read (429 and 503). GET and HEAD bring none: health always answers.
    """

    def __init__(self, app: ASGIApp, per_client: int, total: int) -> None:
        self.app, self.per_client, self.total = app, per_client, total
        self._in_progress: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in _READING:
            return await self.app(scope, receive, send)
        client = client_key((scope.get("client") or ("", 0))[0])
        if self._in_progress[client] >= self.per_client:
            why = f"This client has {self.per_client} requests in progress. Wait for one of them to end."
            return await _refuse(scope, receive, send, 429, why)
        if self._in_progress.total() >= self.total:
            return await _refuse(scope, receive, send, 503, "The server is busy. Try again in some seconds.")
        self._in_progress[client] += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self._in_progress[client] -= 1
            if not self._in_progress[client]:
                del self._in_progress[client]


class Limits:
    """Refuses bodies that do not arrive in time (408), and posts that a page of another site makes a browser send
    (403). Answers HEAD as GET without a body.

    How large a body may be is left to Starlette's `RequestBodyLimitMiddleware`, which must stand around this. It knows
    no time, so bodies are collected here: no route begins before its whole request is there.
    """

    def __init__(self, app: ASGIApp, seconds: float = BODY_SECONDS) -> None:
        self.app, self.seconds = app, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)

        async def without(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        answer = without if scope["method"] == "HEAD" else send
        if scope["method"] == "HEAD":
            scope["method"] = "GET"
        if scope["method"] not in _READING and not _is_own(dict(scope["headers"])):
            why = "The request was sent by a page of another site. Use the page of this server, or no browser."
            return await _refuse(scope, receive, answer, 403, why)
        body = bytearray()
        try:
            with anyio.fail_after(self.seconds):
                more = True
                while more:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        return None
                    body += message.get("body", b"")
                    more = message.get("more_body", False)
        except TimeoutError:
            why = f"The request did not arrive within {self.seconds:g} seconds. Send it again."
            return await _refuse(scope, receive, answer, 408, why)
        sent = False

        async def replay() -> Message:
            nonlocal sent
            if sent:
                return await receive()
            sent = True
            return {"type": "http.request", "body": bytes(body), "more_body": False}

        await self.app(scope, replay, answer)


def _is_own(headers: dict[bytes, bytes]) -> bool:
    """Whether a request comes from a page of this server, or from no page at all."""
    if headers.get(b"sec-fetch-site", b"none") not in (b"same-origin", b"none"):
        return False
    origin = headers.get(b"origin")
    return origin is None or origin.partition(b"://")[2] == headers.get(b"host")


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, why: str) -> None:
    await problem_response(problem(status, why, request_id=request_id_of(scope)))(scope, receive, send)
