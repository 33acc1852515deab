"""``claimx config``: which settings are in force, and where they come from."""

from __future__ import annotations

import sys
from typing import Any

import click

from claimx.errors import OptionError


@click.command()
@click.argument("command", required=False)
@click.option("-f", "--format", "format_", type=click.Choice(("table", "json")), help="[default: table on a terminal]")
@click.option("--all/--set", "show_all", default=True, help="All options, or only those that are set.  [default: all]")
@click.pass_context
def config(ctx, command, format_, show_all) -> None:
    """Show the settings in force, and where each comes from: a variable, a file, or the default.

    Settings stand in claimx.toml, or in the table [tool.claimx] of pyproject.toml, in this folder or one above it. Keys
    are the long names of options; those for one COMMAND stand in a table of its name. A flag wins over a variable, that
    over the file, that over the default.

    \b
    Examples:
      claimx config
      claimx config extract --set
      CLAIMX_THRESHOLD=0.8 claimx config -f json

    \b
    claimx.toml:
      threshold = 0.7
      rules = "my-rules.toml"
      [extract]
      kind = ["direct", "mixed"]
    """
    from claimx.cli.settings import unknown_variables

    group = ctx.parent.command
    if command is not None and command not in group.commands:
        raise click.UsageError(str(OptionError.no_command(command, list(group.commands))))
    names = [command] if command else [name for name in group.commands if name not in ("config", "schema")]
    found = {name: _settings(ctx.parent, name, show_all) for name in names}
    for variable in unknown_variables(group):
        click.echo(f"claimx: the variable {variable} sets nothing.", err=True)
    if (format_ or ("table" if sys.stdout.isatty() else "json")) == "json":
        import json

        click.echo(json.dumps({"file": ctx.obj.path, "settings": found}, indent=2))
    else:
        _print(ctx.obj.path, found)


def _settings(parent: click.Context, name: str, show_all: bool) -> dict[str, dict[str, Any]]:
    """Of each option of a command its value and where that comes from."""
    from click.core import ParameterSource

    from claimx.cli.settings import options_of, variable_of

    command = parent.command.commands[name]
    ctx = click.Context(command, parent=parent, info_name=name)
    found = {}
    for key, option in options_of(command):
        value, source = option.consume_value(ctx, {})
        ctx.set_parameter_source(option.name, source)
        if origin := variable_of(option, ctx):
            try:
                value = option.type_cast_value(ctx, value)
            except click.BadParameter as error:
                error.param, error.ctx = option, ctx
                raise
        elif source == ParameterSource.DEFAULT_MAP:
            origin = f"{ctx.obj.path}:{ctx.obj.lines[name, option.name]}"
        else:
            value, origin = option.get_default(ctx), "default"
        if show_all or origin != "default":
            found[key] = {"value": _plain(value), "from": origin}
    return found


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, (frozenset, set)):
        return sorted(value)
    if isinstance(value, tuple):
        return list(value)
    return value if value is None or isinstance(value, (str, int, float, bool, list)) else None


def _print(path: str | None, found: dict[str, dict[str, dict[str, Any]]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    console.print(Text(f"file: {path}" if path else "no file of settings (claimx.toml, pyproject.toml)"))
    rows: dict[tuple[str, str, str], list[str]] = {}  # settings that are the same in several commands are told once
    for command, settings in found.items():
        for key, setting in settings.items():
            shown = _shown(setting["value"])
            rows.setdefault((key, shown, setting["from"]), []).append(command)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in ("Setting", "Value", "From", "Commands"):
        table.add_column(title, overflow="fold")
    for (key, shown, origin), commands in sorted(rows.items()):
        style = "" if origin == "default" else "bold"
        table.add_row(*(Text(cell, style=style) for cell in (key, shown, origin, ", ".join(commands))))
    console.print(table)


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    return "–" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
