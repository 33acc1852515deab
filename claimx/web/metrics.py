"""Figures of the server for Prometheus (extra ``claimx[metrics]``)."""

from __future__ import annotations

from http import HTTPStatus

from claimx.errors import ServiceError
from claimx.web.connections import ConnectionLimits

try:
    import prometheus_client
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
except ImportError:
    prometheus_client = None

_METHODS = {"GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"}
_SECONDS = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


def has_prometheus() -> bool:
    """Whether prometheus-client is installed."""
    return prometheus_client is not None


class Metrics:
    """Counts requests by route, not by path, articles by outcome, and connections. Every label has few values, so that
    nobody can fill the memory with new ones. Raises `ServiceError` where prometheus-client is not installed."""

    def __init__(self, connections: ConnectionLimits | None = None) -> None:
        if prometheus_client is None:
            raise ServiceError.no_metrics()
        self._registry = registry = prometheus_client.CollectorRegistry()
        prometheus_client.ProcessCollector(registry=registry)
        self._requests = prometheus_client.Counter(
            "claimx_requests", "Requests answered", ("method", "route", "status"), registry=registry
        )
        self._seconds = prometheus_client.Histogram(
            "claimx_request_seconds", "Seconds to answer", ("route",), buckets=_SECONDS, registry=registry
        )
        self._articles = prometheus_client.Counter(
            "claimx_articles", "Articles by how reading them ended", ("outcome",), registry=registry
        )
        self._characters = prometheus_client.Counter(
            "claimx_characters", "Code points of articles that were read", registry=registry
        )
        for outcome in ("read", "failed"):
            self._articles.labels(outcome)
        if connections is not None:
            registry.register(_Connections(connections))

    def count_request(self, method: str, route: str | None, status: int | None, seconds: float) -> None:
        """`route` is the path as it was declared, None if there is none; `status` is None without an answer."""
        route = route or "other"
        known = method if method in _METHODS else "other"
        said = str(status) if status in set(HTTPStatus) else "none"
        self._requests.labels(known, route, said).inc()
        self._seconds.labels(route).observe(seconds)

    def count_article(self, characters: int | None) -> None:
        """Count an article with its length in code points, None for one that could not be read."""
        self._articles.labels("failed" if characters is None else "read").inc()
        self._characters.inc(characters or 0)

    def exposition(self, accept: str) -> tuple[bytes, str]:
        """The figures and their content type, in the format that the header Accept asks for."""
        encode, media_type = prometheus_client.exposition.choose_encoder(accept)
        return encode(self._registry), media_type


class _Connections:
    def __init__(self, limits: ConnectionLimits) -> None:
        self.limits = limits

    def collect(self):
        yield GaugeMetricFamily("claimx_connections", "Connections that are open", self.limits.open)
        closed = CounterMetricFamily(
            "claimx_connections_closed", "Connections that the server ended", labels=["reason"]
        )
        for reason in ("idle", "slow_head", "slow_reader", "too_many", "refused"):
            closed.add_metric([reason], self.limits.closed[reason])
        yield closed
