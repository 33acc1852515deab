"""``claimx serve``: a web page and a JSON endpoint on this machine."""

from __future__ import annotations

import contextlib
import ipaddress
import re

import click

from claimx.cli.options import model_options


class HostName(click.ParamType):
    """A name as in a Host header, without its port: ``claims.example``, ``*.example``, an IP address, or ``*``."""

    name = "host"

    def convert(self, value, param, ctx):
        name = value.lower()
        with contextlib.suppress(ValueError):
            return f"[{ipaddress.IPv6Address(name.strip('[]'))}]"
        if name != "*" and not re.fullmatch(r"(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*", name):
            self.fail(f"{value!r} is no host name. Give it without scheme, port and path: claims.example", param, ctx)
        return name


class Network(click.ParamType):
    """An IP address, or a network as ``10.0.0.0/8``."""

    name = "address"

    def convert(self, value, param, ctx):
        try:
            return str(ipaddress.ip_network(value, strict=False))
        except ValueError:
            self.fail(f"{value!r} is neither an IP address nor a network such as 10.0.0.0/8.", param, ctx)


class RootPath(click.ParamType):
    """The path of a URL: ``/claims``."""

    name = "path"

    def convert(self, value, param, ctx):
        path = value.rstrip("/")
        if path and not re.fullmatch(r"(/[A-Za-z0-9._~-]+)+", path):
            self.fail(f"{value!r} is no path such as /claims.", param, ctx)
        return path


@click.command()
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address to listen on; the default is this machine's own."
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="Port to listen on; 0 for any."
)
@click.option(
    "--workers", type=click.IntRange(1, 256), default=1, show_default=True, help="Processes that read articles."
)
@click.option(
    "--allow-fetch/--no-allow-fetch", help="Fetch pages by their addresses, from public addresses only.  [default: not]"
)
@click.option(
    "--timeout",
    type=click.FloatRange(0.1),
    default=30.0,
    show_default=True,
    metavar="SECONDS",
    help="Maximum seconds per article.",
)
@click.option(
    "--max-bytes",
    type=click.IntRange(1024),
    default=4 << 20,
    show_default=True,
    metavar="BYTES",
    help="Maximum size of a request or a fetched page.",
)
@click.option(
    "--max-articles",
    type=click.IntRange(1),
    default=1000,
    show_default=True,
    help="Maximum number of articles in one request to /v1/extract/batch.",
)
@click.option(
    "--max-per-client",
    type=click.IntRange(1),
    default=8,
    show_default=True,
    help="Maximum number of requests in progress per client; more are answered with 429.",
)
@click.option(
    "--allowed-host",
    "allowed_hosts",
    type=HostName(),
    multiple=True,
    metavar="NAME",
    help="A name by which the server may be called (claims.example, *.example); repeatable.  "
    "[default: this machine's own; with --host for other machines, any]",
)
@click.option(
    "--root-path",
    type=RootPath(),
    default="",
    metavar="PATH",
    help="Path below which a proxy shows the server: /claims.",
)
@click.option(
    "--trusted-proxy",
    "trusted_proxies",
    type=Network(),
    multiple=True,
    metavar="ADDRESS",
    help="Address or network of a proxy whose X-Forwarded-For, -Proto, -Host and X-Request-ID are believed; "
    "repeatable.  [default: none]",
)
@click.option(
    "--log-format",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="Format of the log on standard error, a line per request.",
)
@model_options
def serve(
    host,
    port,
    workers,
    allow_fetch,
    timeout,
    max_bytes,
    max_articles,
    max_per_client,
    allowed_hosts,
    root_path,
    trusted_proxies,
    log_format,
    model,
    threshold,
    min_speaker,
    min_affiliation,
    rules,
) -> None:
    """Show claims on a local web page, and answer POST /v1/extract with JSON.

    Needs the extra "web": pip install ".[web]" in a clone of claimx, else pip install "claimx[web]".

    The page takes a text, a file or, with --allow-fetch, an address, and shows the report of
    `claimx extract -o report.html`. POST /v1/extract/batch takes many articles and answers with JSON Lines. The
    endpoints are documented at /docs; /metrics has figures for Prometheus (extra "metrics"). There is no password:
    whoever reaches the address can use it.

    \b
    Examples:
      claimx serve
      claimx serve --port 9000 --workers 2 --allow-fetch
      claimx serve --allowed-host claims.example --root-path /claims --trusted-proxy 127.0.0.1 --log-format json
      curl -s localhost:8765/v1/extract -H 'Content-Type: application/json' -d '{"text": "“No,” Ann Hale said."}'
    """  # fmt: skip
    from claimx.errors import ServiceError

    try:
        from claimx.web import server
    except ImportError as error:
        raise ServiceError.needs_extra(error.name or str(error)) from error
    from claimx.batch.worker import Options
    from claimx.user_rules import read_rules
    from claimx.web.service import ServerOptions

    server.run(
        Options(
            model,
            threshold,
            rules=rules and read_rules(rules).model_dump_json(),
            min_speaker=min_speaker,
            min_affiliation=min_affiliation,
        ),
        ServerOptions(
            max_bytes=max_bytes,
            max_articles=max_articles,
            max_per_client=max_per_client,
            hosts=server.allowed_hosts(host, allowed_hosts),
            root_path=root_path,
            trusted_proxies=trusted_proxies,
            allow_fetch=allow_fetch,
        ),
        host=host,
        port=port,
        workers=workers,
        timeout=timeout,
        log_format=log_format,
    )
