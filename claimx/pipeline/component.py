"""What the components have in common: a name, and nothing of their own to save, since their rules are package data."""

from __future__ import annotations


class RuleComponent:
    """Base of the components. A pipeline's config holds their options; the rules come with the package."""

    def __init__(self, name: str) -> None:
        self.name = name

    def to_disk(self, path, *, exclude=()) -> None:
        """Write nothing."""

    def from_disk(self, path, *, exclude=()):
        """Read nothing and return the component."""
        return self

    def to_bytes(self, *, exclude=()) -> bytes:
        """Return no bytes."""
        return b""

    def from_bytes(self, data: bytes, *, exclude=()):
        """Read nothing and return the component."""
        return self
