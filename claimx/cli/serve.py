"""``claimx serve``: a web page and a JSON endpoint on this machine."""

from __future__ import annotations

import click

from claimx.cli.options import model_options


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
    help="Most seconds for one article.",
)
@click.option(
    "--max-bytes",
    type=click.IntRange(1024),
    default=4 << 20,
    show_default=True,
    metavar="BYTES",
    help="Most bytes of a request or a fetched page.",
)
@model_options
def serve(host, port, workers, allow_fetch, timeout, max_bytes, model, threshold, rules) -> None:
    """Show claims on a local web page, and answer POST /v1/extract with JSON.

    Needs the extra "web": pip install ".[web]" in a clone of claimx, else pip install "claimx[web]".

    The page takes a text, a file or, with --allow-fetch, an address, and shows the report of
    `claimx extract -o report.html`. The endpoint is documented at /docs. There is no password: whoever reaches the
    address can use it.

    \b
    Examples:
      claimx serve
      claimx serve --port 9000 --workers 2 --allow-fetch
      curl -s localhost:8765/v1/extract -H 'Content-Type: application/json' -d '{"text": "“No,” Ann Hale said."}'
    """  # fmt: skip
    from claimx.errors import ServiceError

    try:
        from claimx.web.server import run
    except ImportError as error:
        raise ServiceError.needs_extra(error.name or str(error)) from error
    from claimx.batch.worker import Options
    from claimx.user_rules import read_rules
    from claimx.web.app import ServerOptions

    run(
        Options(model, threshold, rules=rules and read_rules(rules).model_dump_json()),
        ServerOptions(most_bytes=max_bytes, allow_fetch=allow_fetch),
        host=host,
        port=port,
        workers=workers,
        timeout=timeout,
        say=lambda message: click.echo(message, err=True),
    )
