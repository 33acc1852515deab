"""``claimx schema``: what the JSON holds."""

from __future__ import annotations

import click


@click.command()
def schema() -> None:
    """Print the JSON Schema of what `extract` prints."""
    import json

    from claimx.schema import json_schema

    click.echo(json.dumps(json_schema(), indent=2))
