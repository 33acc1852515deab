"""Options from a file and from the environment: a flag wins over a variable, that over the file, that over the default.

A file is ``claimx.toml``, or the table ``[tool.claimx]`` of a ``pyproject.toml``, the first from the working folder
upward. Keys are the long names of options; those of one command stand in a table of its name. Variables are
``CLAIMX_THRESHOLD``, for one command ``CLAIMX_EXTRACT_THRESHOLD``.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from claimx.cli.options import Choices
from claimx.errors import ClaimxError, ConfigError, OutputError

NAMES = ("claimx.toml", "pyproject.toml")
_PREFIX = "CLAIMX_"
#: The exit code where nobody has thought of what happened: EX_SOFTWARE of sysexits.h.
_UNEXPECTED = 70
#: What writing to standard output may come to.
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EBADF)


@dataclass(slots=True)
class Settings:
    """What a file of settings says: its path, and (command, option) -> the line it stands on."""

    path: str | None = None
    lines: dict[tuple[str, str], int] = field(default_factory=dict)


def options_of(command: click.Command) -> Iterator[tuple[str, click.Option]]:
    """The options of a command by their names in settings: the first long one, without dashes before it."""
    for option in command.params:
        if isinstance(option, click.Option) and not option.is_eager:
            yield next(name[2:] for name in option.opts if name.startswith("--")), option


class Commands(click.Group):
    """A group whose errors name the variable that a bad value comes from; tracebacks are printed with --debug only."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            if sys.stdout is None:
                raise OutputError.closed()
            return super().invoke(ctx)
        except click.BadParameter as error:
            variable = error.param and error.ctx and variable_of(error.param, error.ctx)
            if variable:
                error.message = f"{error.message.rstrip('.')} (from the variable {variable})."
            raise
        except click.ClickException as error:
            print_traceback(error)
            raise
        except (BrokenPipeError, click.Abort, click.exceptions.Exit):
            raise
        except Exception as error:
            print_traceback(error)
            if isinstance(error, OSError) and error.errno in _FULL:
                raise ended(str(OutputError.full(error)), 1) from error
            if isinstance(error, ClaimxError):
                raise ended(str(error), error.exit_code) from error
            raise ended(str(ClaimxError.unexpected(error)), _UNEXPECTED) from error


def ended(message: str, code: int) -> click.ClickException:
    """What ends a command with a message and an exit code."""
    error = click.ClickException(message)
    error.exit_code = code
    return error


def print_traceback(error: Exception) -> None:
    """Print the traceback of an error on standard error, if --debug asks for it."""
    if click.get_current_context().find_root().params.get("debug"):
        import traceback

        traceback.print_exception(error)


def variable_of(option: click.Parameter, ctx: click.Context) -> str | None:
    """The variable that the value of an option comes from, None where it comes from elsewhere."""
    if ctx.get_parameter_source(option.name) is not click.core.ParameterSource.ENVIRONMENT:
        return None
    return next((name for name in option.envvar if os.environ.get(name)), None)


def name_variables(group: click.Group) -> None:
    """Let every option of every command be set by variables."""
    for command_name, command in group.commands.items():
        for name, option in options_of(command):
            variable = name.upper().replace("-", "_")
            option.envvar = [f"{_PREFIX}{command_name.upper()}_{variable}", _PREFIX + variable]


def use_settings(ctx: click.Context, named: str | None) -> None:
    """Read the file of settings for the commands of `ctx`. `named` is one to read, or "none".

    Raises `ConfigError`.
    """
    ctx.obj = Settings()
    path = find(Path.cwd()) if not named else None if named == "none" else Path(named)
    if path:
        ctx.obj, ctx.default_map = _read(path, ctx)


def find(folder: Path) -> Path | None:
    """The file of settings for a folder."""
    for place in (folder, *folder.parents):
        for name in NAMES:
            path = place / name
            if path.is_file() and (name == NAMES[0] or _has_table(path)):
                return path
    return None


def _has_table(path: Path) -> bool:
    """Whether a pyproject.toml has settings for claimx; one that cannot be read is other tools' business."""
    try:
        return "[tool.claimx" in path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False


def _read(path: Path, ctx: click.Context) -> tuple[Settings, dict[str, dict[str, Any]]]:
    from claimx.toml_files import line_of, read_toml

    content, text = read_toml(path)
    above = ("tool", "claimx") if path.name == NAMES[1] else ()
    for name in above:
        content = content.get(name, {})
    commands = ctx.command.commands
    known = {name: dict(options_of(command)) for name, command in commands.items()}
    settings, defaults = Settings(str(path)), {}

    def wrong(keys: tuple[str, ...], why: str, value: object = None) -> ConfigError:
        return ConfigError.bad_value(str(path), line_of(text, (*above, *keys), value), ".".join(keys), why)

    def take(command: str, keys: tuple[str, ...], value: Any) -> None:
        option = known[command][keys[-1].replace("_", "-")]
        try:
            converted = _converted(option, value, path, ctx)
        except click.BadParameter as error:
            raise wrong(keys, f"is not for claimx {command}: {error.message.rstrip('.')}", value) from None
        defaults.setdefault(command, {})[option.name] = converted
        settings.lines[command, option.name] = line_of(text, (*above, *keys))

    for key, value in content.items():  # for all commands that have the option
        if isinstance(value, dict):
            continue
        having = [command for command in known if key.replace("_", "-") in known[command]]
        if not having:
            raise wrong((key,), "is no option of any command")
        for command in having:
            take(command, (key,), value)
    for command, table in content.items():  # for one, which wins
        if not isinstance(table, dict):
            continue
        if command not in known:
            raise wrong((command,), f"is no command; there are {', '.join(known)}")
        for key, value in table.items():
            if key.replace("_", "-") not in known[command]:
                raise wrong((command, key), f"is no option of claimx {command}")
            take(command, (command, key), value)
    return settings, defaults


def _converted(option: click.Option, value: Any, path: Path, ctx: click.Context) -> Any:
    """The value of an option, checked as on the command line; files to read are looked for beside the settings."""
    if option.is_flag and not isinstance(value, bool):
        raise click.BadParameter("must be true or false")
    if option.multiple:
        return tuple(
            option.type.convert(str(each), option, ctx) for each in (value if isinstance(value, list) else [value])
        )
    several = isinstance(value, list) and not isinstance(option.type, Choices)
    if isinstance(value, bool) and not option.is_flag or isinstance(value, dict) or several:
        raise click.BadParameter(f"{value!r} is no value of it")
    if isinstance(value, list):
        value = ",".join(map(str, value))
    if isinstance(option.type, click.Path) and option.type.exists:
        value = os.path.join(path.parent, str(value))
    return option.type.convert(value if option.is_flag else str(value), option, ctx)


def unknown_variables(group: click.Group) -> list[str]:
    """Variables that look like settings, but set nothing."""
    known = {name for command in group.commands.values() for _, option in options_of(command) for name in option.envvar}
    known |= {"CLAIMX_CONFIG", "CLAIMX_DEBUG"}
    return sorted(name for name in os.environ if name.startswith(_PREFIX) and name not in known)
