"""The server: workers, the socket, and uvicorn over them."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
from collections.abc import Callable
from dataclasses import replace

import uvicorn

from claimx.batch.worker import Options
from claimx.errors import ServiceError
from claimx.web.app import ServerOptions, create_app
from claimx.web.reading import ArticleReader


def run(
    options: Options,
    server: ServerOptions,
    *,
    host: str,
    port: int,
    workers: int,
    timeout: float,
    say: Callable[[str], None],
) -> None:
    """Serve until interrupted. Raises `ModelError`, and `ServiceError` where the address cannot be had."""
    listening = _listen(host, port)
    try:
        port = listening.getsockname()[1]
        if not _is_loopback(host):
            server = replace(server, hosts=("*",))
            say(f"claimx: {host} can be reached from other machines, and there is no password.")
        with ArticleReader(options, workers=workers, timeout=timeout) as reader:
            shown = f"[{host}]" if ":" in host else host
            say(f"claimx: http://{shown}:{port}  (Ctrl-C ends it)")
            config = uvicorn.Config(
                create_app(reader, server),
                log_level="warning",
                timeout_keep_alive=15,
                timeout_graceful_shutdown=5,
                limit_concurrency=128,
            )
            with contextlib.suppress(KeyboardInterrupt):  # uvicorn raises it again when it has ended
                uvicorn.Server(config).run(sockets=[listening])
    finally:
        listening.close()


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
    except OSError as error:
        raise ServiceError.no_address(host, port, error) from error
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise ServiceError.no_address(host, port, error) from error
    return listening


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
