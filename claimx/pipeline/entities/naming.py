"""What entities are called, what kind they are of, and the gender that the article gives them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from claimx.pipeline.annotations import Entity, Mention
from claimx.pipeline.encoder.reading import KINDS
from claimx.pipeline.entities.descriptions import Description, Referent
from claimx.pipeline.words import Words

#: A name is fuller for every word, up to as many; further words are rather what was read along with it.
_WORDS_OF_PERSON, _WORDS_OF_OTHERS = 3, 6


def entity_of(words: Words, referent: Referent, told: Sequence[Description], mentions: Sequence[Mention]) -> Entity:
    """An entity of all that was told of it; `name` is "" where no mention is a name."""
    kind = _kind(referent, told)
    if kind == "unnamed" and any(told[i].form == "name" and told[i].sort == "person" for i in referent.mentions):
        kind = "person"
    entity = Entity(kind, "", list(referent.mentions), referent.gender)
    named = [i for i in referent.mentions if told[i].form == "name" and _is_named_by(told[i], kind)]
    if kind in ("person", "organization", "document", "group") and named:
        body = [i for i in named if mentions[i].start >= _body(words)] or named
        best = max(body, key=lambda i: (_fullness(words, told[i], kind, body, told), -i))
        entity.name = without_article(" ".join(words.text[mentions[best].start : mentions[best].end].split()))
    if kind == "person" and not entity.gender and len(entity.name.split()) == 1:
        entity.gender = words.lexicon.forenames.get(entity.name.lower(), "")
    if kind == "person" and not entity.name:
        entity.kind = "unnamed"
    return entity


def _body(words: Words) -> int:
    """Where the text behind the headline begins: headlines in title case are no place to take names from."""
    return words.starts[words.headline] if 0 < words.headline < len(words.starts) else 0


def _kind(referent: Referent, told: Sequence[Description]) -> str:
    """The kind that most mentions are of, names before others."""
    sums = [0.0] * len(KINDS)
    for index in referent.mentions:
        own = told[index]
        weight = {"name": 3.0, "nominal": 1.0, "pronoun": 0.3}[own.form]
        sums = [have + weight * more for have, more in zip(sums, own.kinds, strict=True)]
    return KINDS[sums.index(max(sums))]


def _is_named_by(told: Description, kind: str) -> bool:
    return kind != "person" or told.sort == "person" or told.kinds[0] > 0.2


def _fullness(
    words: Words, told: Description, kind: str, named: Sequence[int], all_told: Sequence[Description]
) -> float:
    """Full names before parts of them, what is written often before what is not, capitals of shouting last."""
    often = min(Counter(all_told[i].text for i in named)[told.text], 4)
    letters = [word for word in told.text.split() if len(word) > 3]
    shouted = bool(letters) and all(word.isupper() for word in letters)
    length = len(told.names)
    if kind == "person":
        return 2 * min(length, 2) + 0.2 * min(length, _WORDS_OF_PERSON) + 0.4 * often - shouted
    singular = words.lexicon.singular_of(told.noun)
    if singular != told.noun and (kind == "group" or singular in words.lexicon.parties):
        length += 2  # Republicans rather than Republican
    is_acronym = length == 1 and told.text.isupper()
    return 0.8 * min(length, _WORDS_OF_OTHERS) + 0.3 * often - shouted - is_acronym


def without_article(name: str) -> str:
    first, _, rest = name.partition(" ")
    return rest if rest and first.lower() in ("the", "a", "an") else name


def phrase_name(words: Words, mention: Mention) -> str:
    """What somebody without a name is called: the words of the phrase, without its determiner and what hangs on it."""
    text = " ".join(words.text[mention.start : mention.end].split())
    first, _, rest = text.partition(" ")
    drops = first.lower() in words.lexicon.words_of("determiners", "possessives") and not rest.startswith("of ")
    return rest if rest and drops else text
