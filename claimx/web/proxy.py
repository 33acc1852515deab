"""Where a request comes from: the client itself, or a proxy in front of the server that is trusted by name."""

from __future__ import annotations

import ipaddress
import re
import secrets
from collections.abc import Sequence

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

#: Headers that only a proxy adds.
_FORWARDED = {b"forwarded", b"via", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto", b"x-real-ip"}
#: Request ids that are taken from a proxy.
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")


def plain_address(address: str) -> str:
    """`address` as a client would write it: an IPv4 address that is wrapped in an IPv6 one (::ffff:…) by itself."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    return str(getattr(ip, "ipv4_mapped", None) or ip)


def client_key(address: str) -> str:
    """What stands for a client in limits: its IPv4 address, or the /64 network that an IPv6 client has for itself."""
    address = plain_address(address)
    if ":" not in address:
        return address
    try:
        return str(ipaddress.ip_network((address, 64), strict=False))
    except ValueError:
        return address


def is_loopback(host: str) -> bool:
    """Whether a host, as in a URL or a Host header without its port, is this machine to itself."""
    try:
        return ipaddress.ip_address(plain_address(host.strip("[]"))).is_loopback
    except ValueError:
        return host.lower() == "localhost"


class TrustedProxies:
    """Whether an address is that of a proxy to trust: one of some IP addresses and networks."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self.networks = [ipaddress.ip_network(address, strict=False) for address in addresses]

    def __contains__(self, address: str) -> bool:
        try:
            ip = ipaddress.ip_address(plain_address(address))
        except ValueError:
            return False
        return any(ip in network for network in self.networks)


class Forwarded:
    """Takes the client, the scheme, the host and the request id from ``X-Forwarded-For``, ``-Proto``, ``-Host`` and
    ``X-Request-ID`` where a trusted proxy sends them, from nobody else; and sets the path below which the proxy shows
    the server, whether the proxy leaves that path in the requests or not.

    In the scope's `state`: `request_id`, and `proxied`, whether the request has come through any proxy.
    """

    def __init__(self, app: ASGIApp, trusted: Sequence[str] = (), root_path: str = "") -> None:
        self.app, self.root_path = app, root_path
        self.trusted = TrustedProxies(trusted)
        self.with_client = ProxyHeadersMiddleware(app, list(trusted))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        scope, headers = dict(scope), dict(scope["headers"])
        address, port = scope.get("client") or ("", 0)
        scope["client"] = (plain_address(address), port)
        trusted = address in self.trusted
        given = headers.get(b"x-request-id", b"").decode("latin-1") if trusted else ""
        scope["state"] = {
            **scope.get("state", {}),
            "request_id": given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8),
            "proxied": trusted or not _FORWARDED.isdisjoint(headers),
        }
        if self.root_path:
            scope["root_path"] = self.root_path
            if not f"{scope['path']}/".startswith(f"{self.root_path}/"):
                scope["path"] = self.root_path + scope["path"]
        if not trusted:
            return await self.app(scope, receive, send)
        host = headers.get(b"x-forwarded-host", b"").split(b",")[-1].strip()
        if host:
            others = [(name, value) for name, value in scope["headers"] if name != b"host"]
            scope["headers"] = [*others, (b"host", host)]
        await self.with_client(scope, receive, send)
