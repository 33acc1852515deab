"""What the tests of ``claimx serve`` share: an article, clients of the application, and real servers on loopback."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

from fastapi.testclient import TestClient

from claimx.web.app import create_app
from claimx.web.connections import ConnectionLimits
from claimx.web.server import Server, uvicorn_config
from claimx.web.service import ServerOptions

TEXT = "“The bridge is safe,” chief engineer Tomas Lindqvist said. Mayor Ada Brandt denied that it would close."
PAGE = (
    f"<html><head><title>Bridge</title></head><body><article><h1>Bridge</h1><p>{TEXT * 3}</p></article></body></html>"
)


def client_of(reader, fetcher=None, metrics=None, client="127.0.0.1", **options) -> TestClient:
    """A client at the address `client` of a server with `options`."""
    app = create_app(reader, ServerOptions(**{"is_local": True, **options}), fetcher, metrics)
    return TestClient(app, base_url="http://localhost", client=(client, 50000), raise_server_exceptions=False)


@contextlib.contextmanager
def serving(reader, limits: ConnectionLimits | None = None, metrics=None, **options) -> Iterator[int]:
    """The port of a server with `limits` and `options`, in a thread."""
    app = create_app(reader, ServerOptions(**options), metrics=metrics)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = Server(uvicorn_config(app, limits or ConnectionLimits()))
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        try:
            yield listening.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join(20)


@contextlib.contextmanager
def connected(port: int, sent: bytes = b"") -> Iterator[socket.socket]:
    """A connection over which `sent` has been sent."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(sent)
        yield connection


def answer_of(connection: socket.socket) -> bytes:
    """All that comes until the other side closes."""
    received = b""
    with contextlib.suppress(ConnectionResetError):
        while chunk := connection.recv(65536):
            received += chunk
    return received
