"""What every request must keep to, before anything of it is looked at."""

from __future__ import annotations

import json

import anyio
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Seconds for a request's body to arrive.
_ARRIVES_WITHIN = 20.0
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)


class Limits:
    """Refuses bodies of more than `most` bytes (413), ones that do not arrive (408), and posts that a page of another
    site makes a browser send (403). Adds headers that keep the answers to themselves."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self.app, self.most = app, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), *_HEADERS]}
            await send(message)

        headers = dict(scope["headers"])
        if scope["method"] not in ("GET", "HEAD") and not _is_own(headers):
            return await _refuse(guarded, 403, "posted by a page of another site")
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > self.most:
            return await _refuse(guarded, 413, f"the request has more than {self.most:,} bytes")
        body = b""
        try:
            with anyio.fail_after(_ARRIVES_WITHIN):
                more = True
                while more:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        return None
                    body += message.get("body", b"")
                    more = message.get("more_body", False)
                    if len(body) > self.most:
                        return await _refuse(guarded, 413, f"the request has more than {self.most:,} bytes")
        except TimeoutError:
            return await _refuse(guarded, 408, "the request did not arrive in time")
        sent = False

        async def replay() -> Message:
            nonlocal sent
            if sent:
                return await receive()
            sent = True
            return {"type": "http.request", "body": body, "more_body": False}

        return await self.app(scope, replay, guarded)


def _is_own(headers: dict[bytes, bytes]) -> bool:
    """Whether a request comes from a page of this server, or from no page at all."""
    if headers.get(b"sec-fetch-site", b"none") not in (b"same-origin", b"none"):
        return False
    origin = headers.get(b"origin")
    return origin is None or origin.partition(b"://")[2] == headers.get(b"host")


async def _refuse(send: Send, status: int, why: str) -> None:
    body = json.dumps({"detail": why}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
