"""How claimx's components become known to spaCy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, get_type_hints

from spacy.language import Language

Make = TypeVar("Make", bound=Callable[..., Any])


def factory(name: str, **options: Any) -> Callable[[Make], Make]:
    """`Language.factory` for a function in a module with ``from __future__ import annotations``.

    spaCy checks the config of a component against the annotations of its function. Before 3.8.13 it does not evaluate
    those that are strings. What the function returns is not checked, so it may be a class further down in the module.
    """

    def register(make: Make) -> Make:
        make.__annotations__.pop("return", None)
        make.__annotations__ = get_type_hints(make)
        return Language.factory(name, **options)(make)

    return register
