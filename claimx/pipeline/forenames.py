"""Forenames and the gender that each tells: "m", "f" or "" for both."""

from __future__ import annotations

from claimx.rules import load

FORENAMES: dict[str, str] = dict(line.rsplit(" ", 1) for line in load("forenames.txt"))
