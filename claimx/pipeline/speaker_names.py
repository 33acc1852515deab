"""The forms by which an article mentions a speaker."""

from __future__ import annotations

from claimx.pipeline.annotations import Speaker
from claimx.pipeline.lexicon import PRONOUNS, WORDS


def aliases_of(speaker: Speaker, text: str) -> list[str]:
    """The other forms of a speaker's name in the text, but for pronouns; of forms that differ in case and article, the
    first."""
    forms: dict[str, str] = {}
    for start, end in speaker.mentions:
        form = " ".join(text[start:end].split())
        if form.lower() not in PRONOUNS:
            forms.setdefault(_plain(form), form)
    forms.pop(_plain(" ".join(speaker.name.split())), None)
    return list(forms.values())


def _plain(form: str) -> str:
    """A form of a name without case and article."""
    first, _, rest = form.casefold().partition(" ")
    return rest if rest and first in WORDS["determiners"] else form.casefold()
