"""The web application: what every request goes through, the endpoints, and the page."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from claimx import __version__
from claimx.web.api import StrictRoute, add_api
from claimx.web.fetching import Fetcher
from claimx.web.limits import ClientLimit, Limits
from claimx.web.logs import RequestLog
from claimx.web.metrics import Metrics
from claimx.web.pages import add_pages
from claimx.web.problems import ProblemShape, add_error_handlers, document_errors
from claimx.web.proxy import Forwarded
from claimx.web.reading import ArticleReader
from claimx.web.service import ServerOptions, Service

#: Requests in progress that bring work, of all clients; their bodies are held in memory.
_IN_PROGRESS = 128


def create_app(
    reader: ArticleReader,
    options: ServerOptions | None = None,
    fetcher: Fetcher | None = None,
    metrics: Metrics | None = None,
) -> FastAPI:
    """The application over `reader`, which must have been entered; without `metrics`, ``/metrics`` answers 501."""
    options = options or ServerOptions()
    fetcher = fetcher or Fetcher(most=options.max_bytes, timeout=options.fetch_timeout)
    service = Service(reader, options, fetcher, metrics)
    # /docs with its scripts from a package: FastAPI's own page would fetch them from elsewhere
    app = FastAPIOffline(
        title="claimx",
        version=__version__,
        summary="Who claims what, and in what capacity.",
        description="Every error is a `Problem` (RFC 9457, application/problem+json), whatever its status.",
        redoc_url=None,
    )
    app.router.route_class = StrictRoute
    sentences = {
        400: "The header Host is none of this server's names. Add it with --allowed-host.",
        413: f"The request has more than {options.max_bytes:,} bytes. Split it, or raise --max-bytes.",
    }
    # from the inside to the outside
    app.add_middleware(Limits)
    app.add_middleware(RequestBodyLimitMiddleware, max_body_size=options.max_bytes)
    app.add_middleware(ClientLimit, per_client=options.max_per_client, total=_IN_PROGRESS)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(options.hosts), www_redirect=False)
    app.add_middleware(ProblemShape, sentences=sentences)
    app.add_middleware(RequestLog, metrics=metrics)
    app.add_middleware(Forwarded, trusted=options.trusted_proxies, root_path=options.root_path)
    add_error_handlers(app)
    add_api(app, service)
    add_pages(app, service)
    document_errors(app)
    return app
