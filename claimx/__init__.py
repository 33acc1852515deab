"""claimx reads news articles and says who claims what, and in what capacity.

>>> import claimx
>>> extraction = claimx.extract("“The bridge is safe,” chief engineer Tomas Lindqvist said.")
>>> extraction.claims[0].text, extraction.speakers[0].name
('“The bridge is safe,”', 'Tomas Lindqvist')
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from claimx.api import DEFAULT_MODEL, extract, extract_many, load
    from claimx.frames import to_frame
    from claimx.schema import Extraction, json_schema

__version__ = "0.6.0"
__all__ = [
    "DEFAULT_MODEL", "Extraction", "__version__", "extract", "extract_many", "json_schema", "load", "to_frame",
]  # fmt: skip

_HOME = {
    "DEFAULT_MODEL": "api", "extract": "api", "extract_many": "api", "load": "api",
    "Extraction": "schema", "json_schema": "schema", "to_frame": "frames",
}  # fmt: skip


def __getattr__(name: str):
    """Import spaCy and pydantic only when something of theirs is asked for."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"claimx.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
