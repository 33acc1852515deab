"""TOML files that people write: read, and told where in them something is wrong."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from claimx.errors import ConfigError

_TABLE = re.compile(r"\s*\[\[?\s*(.+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*((?:"[^"]*"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[\w-]+))*)\s*=""")
_PART = re.compile(r""""([^"]*)"|'([^']*)'|([\w-]+)""")


def read_toml(path: Path) -> tuple[dict[str, Any], str]:
    """The content of a file, and its text. Raises `ConfigError`."""
    try:
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        raise ConfigError.unreadable(str(path), error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise ConfigError.unreadable(str(path), f"not UTF-8 at byte {error.start}") from error
    try:
        return tomllib.loads(text), text
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError.syntax(str(path), error) from error


def line_of(text: str, keys: Sequence[str | int], value: object = None) -> int:
    """The line, from 1, on which what `keys` lead to is written; of a `value` in a list, the line of that."""
    names = [key for key in keys if isinstance(key, str)]
    table: list[str] = []
    best, deepest = 1, 0
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if header := _TABLE.fullmatch(line):
            here = table = _names(header[1])
        elif key := _KEY.match(line):
            here = table + _names(key[1])
        else:
            continue
        if here == names[: len(here)] and len(here) > deepest:
            best, deepest = number, len(here)
    if isinstance(value, str) and value:
        best = next((n for n in range(best, len(lines) + 1) if value in lines[n - 1]), best)
    return best


def _names(dotted: str) -> list[str]:
    return [next(filter(None, groups), "") for groups in _PART.findall(dotted)]
