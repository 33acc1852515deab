"""Rules as data: everything a linguist would change lives beside this file, not in Python."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


class RuleFiles:
    """The rule files that decide a result, by name: those given as texts, and the package's in place of the others.

    A pipeline that was saved brings the rule files of its day; where they are the package's, this is equal to
    `PACKAGED`.
    """

    def __init__(self, texts: Mapping[str, str] | None = None) -> None:
        self._own = {name: text for name, text in (texts or {}).items() if not _is_packaged(name, text)}
        self._parsed: dict[str, Any] = {}

    def text(self, name: str) -> str:
        """The text of a rule file."""
        return self._own[name] if name in self._own else _packaged(name)

    def load(self, name: str) -> Any:
        """The parsed content of a rule file (``.json``, or ``.txt`` as a frozenset of its lines)."""
        if name not in self._parsed:
            self._parsed[name] = _parsed(name, self.text(name))
        return self._parsed[name]

    def __bool__(self) -> bool:
        """Whether any of them differs from the package's."""
        return bool(self._own)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RuleFiles) and self._own == other._own

    def __hash__(self) -> int:
        return hash(frozenset(self._own.items()))


def _parsed(name: str, text: str) -> Any:
    if name.endswith(".json"):
        return json.loads(text)
    lines = (line.split("#", 1)[0].strip() for line in text.splitlines())
    return frozenset(line for line in lines if line)


@cache
def _packaged(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8")


def _is_packaged(name: str, text: str) -> bool:
    try:
        return text == _packaged(name)
    except FileNotFoundError:  # a rule file that claimx had when the pipeline was saved
        return False


#: The rule files that come with claimx.
PACKAGED = RuleFiles()
load = PACKAGED.load
