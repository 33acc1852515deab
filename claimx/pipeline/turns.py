"""Transcript turns and headlines with a colon: ``WALLACE: Is that so?``, ``Mayor: bridge will close``."""

from __future__ import annotations

import re

from claimx.pipeline.annotations import Attribution
from claimx.pipeline.lexicon import WORDS
from claimx.pipeline.zones import Zones

_CAPITALS = re.compile(r"(?:(?:[A-Z][A-Z.'’\-]+|[A-Z]\.)(?:\s+(?=[A-Z(])|(?=[:(]|\s*\()))+(?:\([^)\n]{1,60}\))?:\s+")
_NAME = re.compile(
    r"(?:[A-Z][\w.'’\-]*)(?:\s+(?:[A-Z][\w.'’\-]*|de|la|van|der|von|al|bin|of|the)){0,4}(?:\s*\([^)\n]{1,60}\))?:\s+"
)
_LABELS = WORDS["line_labels"]


def find_turns(zones: Zones) -> list[Attribution]:
    """Return one attribution for each turn of a transcript; none where fewer than two paragraphs look like turns."""
    found = []
    text = zones.text
    named = 0
    for start, end in zones.paragraphs:
        capitals = _CAPITALS.match(text, start, end)
        match = capitals or _NAME.match(text, start, end)
        if not match or end - match.end() < 3:
            continue
        name = match.group().rstrip(": \n\t").split("(")[0].rstrip()
        if name.lower() in _LABELS or any(q.start <= match.end() < q.end for q in (z.quotation for z in zones.zones)):
            continue
        named += 1
        found.append((match, name, bool(capitals) and len(name) > 2, end))
    turns = []
    for match, name, certain, end in found:
        repeated = sum(other[1] == name for other in found) > 1
        if len(found) < 2 or not (certain or repeated and len(found) >= 3):
            continue
        colon = text.index(":", match.start() + len(name))
        turns.append(
            Attribution(
                content=[(match.end(), end)],
                cue=(colon, colon + 1),
                source=(match.start(), match.start() + len(name)),
                lemma=":",
                type="assertion",
                kind="",
                confidence=0.9,
                rule="transcript turn",
            )
        )
    return turns
