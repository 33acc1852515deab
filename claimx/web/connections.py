"""Connections that cost something while nothing comes of them: request heads that drip, and answers nobody takes.

uvicorn has time limits for neither: its `timeout_keep_alive` ends with the first byte of a request, and its
`limit_concurrency` counts connections that wait, so that a hundred of them keep everybody out.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Literal, get_args

import h11
from uvicorn.protocols.http.h11_impl import STATUS_PHRASES, H11Protocol

from claimx.web.problems import MEDIA_TYPE, RETRY_AFTER, problem
from claimx.web.proxy import TrustedProxies, client_key

#: What a connection does: it has sent a part of a request's head, it has sent nothing of one, or it is being answered.
State = Literal["begun", "quiet", "answered"]


@dataclass(slots=True)
class ConnectionLimits:
    """Seconds for the head of a request to arrive, `head_seconds`, and for an answer to be taken, `write_seconds`;
    connections at a time, `per_client` of an address (but a trusted proxy's) and `total`.

    Connections that drip are cheap to hold until `head_seconds` are over, and dear to end at once, since whoever opened
    them opens others: the numbers are high, and only what is beyond them is ended early. `closed` counts the
    connections that were ended, by the reason.
    """

    head_seconds: float = 10.0
    write_seconds: float = 30.0
    per_client: int = 512
    total: int = 1024
    trusted: TrustedProxies = field(default_factory=lambda: TrustedProxies(()))
    closed: Counter[str] = field(default_factory=Counter)
    #: connections by client ("" for all) and state, those that have been in it longest first
    _queues: dict[tuple[str, State], dict[GuardedProtocol, None]] = field(default_factory=dict)

    @property
    def open(self) -> int:
        """How many connections there are."""
        return self._count("")

    def admit(self, new: GuardedProtocol, address: str) -> int | None:
        """Count a connection in. Where there are too many, another one of the same client, or of all, is ended for it:
        one that has sent a part of a head if there is one (who means well sends it in one piece), of these the one that
        has waited longest. Returns the status to refuse the new one with if all are being answered.
        """
        client = client_key(address)
        if self._count(client) >= self.per_client and address not in self.trusted and not self._end_one_of(client):
            return 429
        if self._count("") >= self.total and not self._end_one_of(""):
            return 503
        new.client_key = client
        self.put(new, "quiet")
        return None

    def put(self, connection: GuardedProtocol, state: State | None) -> None:
        """Note the state of a connection that was admitted; None where it has ended."""
        before, connection.state = connection.state, state
        if connection.client_key is None or before == state:
            return
        for client in ("", connection.client_key):
            if before is not None:
                queue = self._queues[client, before]
                del queue[connection]
                if not queue:
                    del self._queues[client, before]
            if state is not None:
                self._queues.setdefault((client, state), {})[connection] = None

    def _count(self, client: str) -> int:
        return sum(len(self._queues.get((client, state), ())) for state in get_args(State))

    def _end_one_of(self, client: str) -> bool:
        for state in ("begun", "quiet"):
            for longest in self._queues.get((client, state), ()):
                longest.end("too_many")
                return True
        return False


class GuardedProtocol(H11Protocol):
    """uvicorn's HTTP/1.1 with limits to how long and how many connections wait."""

    limits: ConnectionLimits  # of a subclass made by `guarded_by`

    _head_timer: asyncio.TimerHandle | None = None
    _write_timer: asyncio.TimerHandle | None = None
    client_key: str | None = None
    state: State | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        self._wait_for_head()
        status = self.limits.admit(self, self.client[0] if self.client else "")
        if status is not None:
            self.limits.closed["refused"] += 1
            self._answer(status, "There are too many connections. Try again in some seconds.")

    def connection_lost(self, error: Exception | None) -> None:
        self.limits.put(self, None)
        self._stop_waiting()
        self._drop_write_timer()
        super().connection_lost(error)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        super().data_received(data)
        self._note_state()
        if self.state == "answered":
            self._stop_waiting()
        else:
            self._wait_for_head()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.transport.is_closing():
            return self._must_be_written()
        self._note_state()
        if self.state != "answered" and self.conn.their_state is h11.SEND_BODY:
            self._wait_for_head()  # the rest of a request that has been answered already

    def timeout_keep_alive_handler(self) -> None:
        self.end("idle")

    def end(self, reason: str) -> None:
        """Close the connection, on which no request is being answered."""
        self.limits.closed[reason] += 1
        if reason == "slow_head" and self.state == "begun" and self.conn.our_state is h11.IDLE:
            return self._answer(408, "The request did not arrive in time. Send it again.")
        self.limits.put(self, None)
        self.transport.abort()

    def send_400_response(self, msg: str) -> None:
        if self.state == "answered" and self.cycle.response_started:
            return self.transport.abort()
        self._answer(400, "The request is not valid HTTP. Check what sends it.")

    def pause_writing(self) -> None:
        super().pause_writing()
        self._must_be_written()

    def resume_writing(self) -> None:
        self._drop_write_timer()
        super().resume_writing()

    def _note_state(self) -> None:
        answered = self.cycle is not None and not self.cycle.response_complete
        begun = not answered and self.conn.trailing_data[0]
        if not self.transport.is_closing():
            self.limits.put(self, "answered" if answered else "begun" if begun else "quiet")

    def _wait_for_head(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(self.limits.head_seconds, self.end, "slow_head")

    def _stop_waiting(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _must_be_written(self) -> None:
        if self._write_timer is None:
            self._write_timer = self.loop.call_later(self.limits.write_seconds, self._is_not_taken)

    def _is_not_taken(self) -> None:
        self.limits.closed["slow_reader"] += 1
        self.transport.abort()

    def _drop_write_timer(self) -> None:
        if self._write_timer is not None:
            self._write_timer.cancel()
            self._write_timer = None

    def _answer(self, status: int, why: str) -> None:
        """Answer before there is a request that could be, and close."""
        self.limits.put(self, None)
        self._stop_waiting()
        body = json.dumps(problem(status, why)).encode()
        headers = [
            (b"content-type", MEDIA_TYPE.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
        ]
        if status in RETRY_AFTER:
            headers.append((b"retry-after", RETRY_AFTER[status].encode()))
        lines = [b"%s: %s\r\n" % header for header in headers]
        self.transport.write(b"HTTP/1.1 %d %s\r\n%s\r\n%s" % (status, STATUS_PHRASES[status], b"".join(lines), body))
        self.transport.close()
        self._must_be_written()


def guarded_by(limits: ConnectionLimits) -> type[GuardedProtocol]:
    """The protocol with `limits`, which uvicorn makes its connections of."""
    return type("Protocol", (GuardedProtocol,), {"limits": limits})
