"""The server: workers, the socket, and uvicorn over them."""

from __future__ import annotations

import contextlib
import logging.config
import socket
from dataclasses import replace

import uvicorn
from starlette.types import ASGIApp

from claimx.batch.worker import Options
from claimx.errors import ServiceError
from claimx.web.app import create_app
from claimx.web.connections import ConnectionLimits, guarded_by
from claimx.web.logs import LogFormat, log_config
from claimx.web.metrics import Metrics, has_prometheus
from claimx.web.proxy import TrustedProxies, is_loopback
from claimx.web.reading import ArticleReader
from claimx.web.service import ServerOptions

#: Connections that are accepted before requests on others are looked at.
_ACCEPTED_AT_ONCE = 64
#: Connections that the system keeps until they are accepted.
_QUEUE = 2048
#: Connections at a time, and file descriptors that are left for everything else.
_MAX_CONNECTIONS, _OTHER_FILES = 1024, 200
log = logging.getLogger("claimx.web")


class Server(uvicorn.Server):
    """uvicorn with a long queue of connections, of which few are accepted at once."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for each in sockets or ():  # asyncio has one number for the queue and for what it accepts at once
            each.listen(_QUEUE)


def run(
    options: Options,
    server: ServerOptions,
    *,
    host: str,
    port: int,
    workers: int,
    timeout: float,
    log_format: LogFormat = "text",
) -> None:
    """Serve until interrupted, with a log on standard error; `timeout` is the maximum seconds for one article.

    Raises `ModelError`, and `ServiceError` where the address cannot be had.
    """
    logging.config.dictConfig(log_config(log_format))
    listening = _listen(host, port)
    try:
        port = listening.getsockname()[1]
        server = replace(server, is_local=is_loopback(host))
        if not server.is_local:
            log.warning(f"{host} can be reached from other machines, and there is no password.")
        total = max_connections()
        limits = ConnectionLimits(total=total, per_client=total // 2, trusted=TrustedProxies(server.trusted_proxies))
        metrics = Metrics(limits) if has_prometheus() else None
        with ArticleReader(options, workers=workers, timeout=timeout) as reader:
            shown = f"[{host}]" if ":" in host else host
            log.info(f"http://{shown}:{port}{server.root_path}  (Ctrl-C ends it)")
            serving = Server(uvicorn_config(create_app(reader, server, metrics=metrics), limits))
            with contextlib.suppress(KeyboardInterrupt):  # uvicorn raises it again when it has ended
                serving.run(sockets=[listening])
    finally:
        listening.close()


def uvicorn_config(app: ASGIApp, limits: ConnectionLimits) -> uvicorn.Config:
    """How uvicorn serves `app`."""
    return uvicorn.Config(
        app,
        http=guarded_by(limits),
        ws="none",
        log_config=None,
        access_log=False,
        proxy_headers=False,  # `Forwarded` decides which are believed
        server_header=False,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=5,
        backlog=_ACCEPTED_AT_ONCE,
    )


def max_connections() -> int:
    """Connections at a time that the system's limit of open files leaves room for."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return _MAX_CONNECTIONS
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return _MAX_CONNECTIONS if files < 0 else max(32, min(_MAX_CONNECTIONS, files - _OTHER_FILES))


def allowed_hosts(host: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """The names that a request may have for a server that listens to `host`: those of this machine to itself, and
    `names`; any, where it can be reached from other machines and nobody gave names."""
    if not names and not is_loopback(host):
        return ("*",)
    return ("127.0.0.1", "localhost", "[::1]", *names)


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
