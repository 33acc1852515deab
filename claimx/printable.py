"""Text that comes from files and goes to a terminal."""

from __future__ import annotations

import re

#: Controls, among them line ends, what turns the direction of text, and halves of characters.
_UNFIT = re.compile("[\0-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text: str, keep: str = "") -> str:
    """`text` with nothing in it that would change how a terminal shows the rest; U+FFFD stands in its place.

    The characters of `keep` stay.
    """
    return _UNFIT.sub(lambda match: match[0] if match[0] in keep else "\ufffd", text)
