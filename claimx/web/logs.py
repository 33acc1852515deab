"""The log of the server on standard error: a line for each request, as text or JSON, without anything of its body."""

from __future__ import annotations

import json
import logging
import time
import traceback
from datetime import UTC, datetime
from typing import Any, Literal

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from claimx.printable import printable
from claimx.web.metrics import Metrics
from claimx.web.problems import problem, problem_response, request_id_of

LogFormat = Literal["text", "json"]
#: Code points of a path in the log; what comes after could be a text that somebody sent in the wrong place.
_PATH_LENGTH = 100
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
log = logging.getLogger("claimx.web")


class RequestLog:
    """Writes a line for each request and counts it, gives the answer its request id and the headers that keep it to
    itself, and answers 500 where a route fails unexpectedly (logged by place, since the message may quote a text)."""

    def __init__(self, app: ASGIApp, metrics: Metrics | None = None) -> None:
        self.app, self.metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        began, status, size = time.monotonic(), None, 0
        request_id, method = request_id_of(scope), scope["method"]

        async def observed(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                named = (b"x-request-id", request_id.encode())
                message = {**message, "headers": [*message.get("headers", ()), *_HEADERS, named]}
            size += len(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, receive, observed)
        except Exception as error:
            frames = [
                f"{each.filename}:{each.lineno} {each.name}" for each in traceback.extract_tb(error.__traceback__)
            ]
            fields = {"request_id": request_id, "error": type(error).__name__, "frames": frames}
            log.error("unexpected error", extra={"fields": fields})
            if status is not None:
                raise _Broken from None  # uvicorn closes the connection, so that nobody takes it for whole
            await problem_response(problem(500, request_id=request_id))(scope, receive, observed)
        finally:
            seconds = time.monotonic() - began
            fields = {
                "request_id": request_id,
                "client": (scope.get("client") or ("-", 0))[0],
                "method": method,
                "path": scope["path"][:_PATH_LENGTH],
                "status": status,
                "seconds": round(seconds, 4),
                "bytes": size,
            }
            log.info("request", extra={"fields": fields})
            if self.metrics:
                self.metrics.count_request(method, getattr(scope.get("route"), "path", None), status, seconds)


class _Broken(Exception):
    """An answer that failed after it had begun."""


class _Formatter(logging.Formatter):
    def _fields(self, record: logging.LogRecord) -> dict[str, Any]:
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        level = record.levelname.lower()
        fields = getattr(record, "fields", {})
        if record.exc_info:  # of uvicorn; its message and its traceback may quote a text
            fields = {"error": record.exc_info[0].__name__}
        return {"time": moment, "level": level, "event": record.getMessage().strip(), **fields}


class JsonFormatter(_Formatter):
    """One JSON object a line, in ASCII, so that nothing in it can move a terminal's cursor."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(self._fields(record))


class TextFormatter(_Formatter):
    """``TIME LEVEL CLIENT METHOD PATH STATUS SECONDS BYTES REQUEST_ID``, without control characters."""

    def format(self, record: logging.LogRecord) -> str:
        fields = self._fields(record)
        if record.name == log.name and len(fields) == 3:  # for the person who starts it
            return printable(f"claimx: {fields['event']}")
        begin = f"{fields.pop('time')} {fields.pop('level')}"
        event, request_id = fields.pop("event"), fields.pop("request_id", None)
        if event == "request":
            status = fields.pop("status") or "-"  # where the client has gone before there was an answer
            said = "{client} {method} {path} {} {seconds:.3f}s {bytes}B".format(status, **fields)
        else:
            said = " ".join([event, *(f"{key}={value}" for key, value in fields.items())])
        return printable(" ".join(filter(None, (begin, said, request_id))))


def log_config(format: LogFormat) -> dict[str, Any]:
    """A configuration for `logging` and uvicorn: everything in one format, on standard error."""
    formatter = JsonFormatter if format == "json" else TextFormatter
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"claimx": {"()": formatter}},
        "handlers": {"claimx": {"class": "logging.StreamHandler", "stream": "ext://sys.stderr", "formatter": "claimx"}},
        "loggers": {
            "claimx.web": {"handlers": ["claimx"], "level": "INFO", "propagate": False},
            "uvicorn": {"handlers": ["claimx"], "level": "WARNING", "propagate": False},
        },
    }
