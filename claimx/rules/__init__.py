"""Rules as data: everything a linguist would change lives beside this file, not in Python."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def load(name: str) -> Any:
    """Return the parsed content of the rule file `name` (``.json``, or ``.txt`` as a frozenset of its lines)."""
    content = (files(__package__) / name).read_text(encoding="utf-8")
    if name.endswith(".json"):
        return json.loads(content)
    lines = (line.split("#", 1)[0].strip() for line in content.splitlines())
    return frozenset(line for line in lines if line)
