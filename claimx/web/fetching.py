"""Web pages by their addresses, from public addresses alone.

A name is resolved once, every address that it has is looked at, and the connection goes to one of those: a name that
leads inside now, or a moment later (DNS rebinding), or by a redirect, is refused.
"""

from __future__ import annotations

import codecs
import ipaddress
import socket
from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

import anyio
import httpcore2

from claimx import __version__
from claimx.errors import FetchError

_PORTS = {"http": 80, "https": 443}
_REDIRECTS = 5
_TYPES = ("text/html", "application/xhtml+xml", "text/plain")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet, whatever it is wrapped in."""
    try:
        ip = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return False
    if ip.version == 6:
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


class PublicBackend(httpcore2.AnyIOBackend):
    """Connects to addresses that `allowed` allows."""

    def __init__(self, allowed: Callable[[str], bool] = is_public) -> None:
        super().__init__()
        self.allowed = allowed

    async def connect_tcp(self, host: str, port: int, *args, **options):
        try:
            found = await anyio.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise FetchError.no_host(host) from error
        addresses = [where[0] for *_, where in found]
        if not addresses or not all(map(self.allowed, addresses)):
            raise FetchError.private(host)
        return await super().connect_tcp(addresses[0], port, *args, **options)

    async def connect_unix_socket(self, path: str, *args, **options):
        raise FetchError.private(path)


class Fetcher:
    """Fetches pages of at most `most` bytes within `timeout` seconds; `ports` are those allowed of each scheme."""

    def __init__(
        self,
        *,
        most: int,
        timeout: float,
        allowed: Callable[[str], bool] = is_public,
        any_port: bool = False,
    ) -> None:
        self.most, self.timeout, self.any_port = most, timeout, any_port
        self.backend = PublicBackend(allowed)

    async def fetch(self, url: str) -> tuple[str, bytes, str | None, str]:
        """The address that the page came from, its bytes, the encoding it names, and its media type.

        Raises `FetchError`.
        """
        try:
            with anyio.fail_after(self.timeout):
                return await self._fetch(url)
        except TimeoutError:
            raise FetchError.too_slow(url, self.timeout) from None
        except (httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.TimeoutException, ValueError) as error:
            raise FetchError.failed(url, error) from error

    async def _fetch(self, url: str) -> tuple[str, bytes, str | None, str]:
        headers = {"User-Agent": f"claimx/{__version__}", "Accept": ", ".join(_TYPES), "Accept-Encoding": "identity"}
        async with httpcore2.AsyncConnectionPool(network_backend=self.backend) as pool:
            for _ in range(_REDIRECTS + 1):
                self._check(url)
                async with pool.stream("GET", url, headers=headers) as response:
                    if response.status in (301, 302, 303, 307, 308):
                        url = urljoin(url, _header(response, "location"))
                        continue
                    return await self._page(url, response)
        raise FetchError.too_many_redirects(url)

    async def _page(self, url: str, response: httpcore2.Response) -> tuple[str, bytes, str | None, str]:
        if response.status != 200:
            raise FetchError.status(url, response.status)
        media, _, parameters = _header(response, "content-type").partition(";")
        media = media.strip().lower()
        if media not in _TYPES or _header(response, "content-encoding") not in ("", "identity"):
            raise FetchError.not_a_page(url, media)
        data = bytearray()
        async for chunk in response.aiter_stream():
            data += chunk
            if len(data) > self.most:
                raise FetchError.too_large(url, self.most)
        return url, bytes(data), _encoding(parameters), media

    def _check(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname or parts.username is not None:
            raise FetchError.not_http(url)
        if not self.any_port and parts.port not in (None, _PORTS[parts.scheme]):
            raise FetchError.private(f"{parts.hostname}:{parts.port}")


def _header(response: httpcore2.Response, name: str) -> str:
    return next((value.decode("latin-1") for key, value in response.headers if key.decode().lower() == name), "")


def _encoding(parameters: str) -> str | None:
    """The encoding in what follows a media type: "charset=utf-8"; None where it names none that there is."""
    name, _, charset = parameters.strip().partition("=")
    try:
        return codecs.lookup(charset.strip("\"' ")).name if name.lower() == "charset" else None
    except LookupError:
        return None
