"""The forms by which an article mentions a speaker."""

from __future__ import annotations

from claimx.pipeline.annotations import Speaker
from claimx.pipeline.lexicon import Lexicon


def aliases_of(lexicon: Lexicon, speaker: Speaker, text: str) -> list[str]:
    """The other forms of a speaker's name in the text, but for pronouns; of forms that differ in case and article, the
    first."""
    forms: dict[str, str] = {}
    for start, end in speaker.mentions:
        form = " ".join(text[start:end].split())
        if form.lower() not in lexicon.pronouns:
            forms.setdefault(_plain(lexicon, form), form)
    forms.pop(_plain(lexicon, " ".join(speaker.name.split())), None)
    return list(forms.values())


def _plain(lexicon: Lexicon, form: str) -> str:
    """A form of a name without case and article."""
    first, _, rest = form.casefold().partition(" ")
    return rest if rest and first in lexicon.words_of("determiners") else form.casefold()
