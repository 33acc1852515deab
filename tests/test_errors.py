"""Every message says what happened, to which input, and what to do."""

import inspect
import re

import pytest

from claimx import errors
from claimx.errors import ClaimxError, InputError

#: What the arguments of the errors are made of, by their names and types.
_GIVEN = {"int": 7, "float": 0.5, "str": "NAME", "list[str]": ["NAME", "other"], "object": "NAME"}
_GIVEN |= {"Exception": ValueError("\n why \n more"), "OSError": PermissionError(13, "no")}
#: `InputError.of` chooses one of the others; the reason of a failed service is one.
_MADE_OF_OTHERS = {("InputError", "of"), ("ServiceError", "failed")}
_KINDS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, ClaimxError)]
ERRORS = [
    (kind, name)
    for kind in _KINDS
    for name, made in vars(kind).items()
    if isinstance(made, classmethod) and (kind.__name__, name) not in _MADE_OF_OTHERS
]


def message_of(kind: type[ClaimxError], name: str) -> str:
    make = getattr(kind, name)
    parameters = inspect.signature(make, eval_str=False).parameters.values()
    return str(make(*(_GIVEN[parameter.annotation] for parameter in parameters)))


@pytest.mark.parametrize(("kind", "name"), ERRORS, ids=lambda value: getattr(value, "__name__", value))
def test_a_message_says_what_happened_to_which_input_and_what_to_do(kind, name):
    message = message_of(kind, name)
    named = "NAME" in message or not any(
        p.annotation in ("str", "list[str]") for p in inspect.signature(getattr(kind, name)).parameters.values()
    )
    assert named, message
    assert "\n" not in message and message.endswith((".", '".')), message
    sentences = re.split(r"(?<=[.)])\s+(?=[A-Z])|: pip install|; ", message)
    assert len(sentences) > 1, f"{message} – and what to do?"


def test_there_are_errors():
    assert len(ERRORS) > 60


@pytest.mark.parametrize("name", ["esc\x1b[31m", "two\nlines", "half\udcff", "\u202eesrever", "title\x9d0;x\x07"])
def test_no_name_in_a_message_changes_how_a_terminal_shows_the_rest(name):
    message = str(InputError.missing(f"{name}.txt"))
    assert message.isprintable() and "\ufffd" in message and message.encode()
    assert InputError.missing(f"{name}.txt").path == f"{name}.txt"
