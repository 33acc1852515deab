"""Whether a claim is negated: its cue denies the content ("denied that"), or is itself negated ("did not say").

Without its cue, the text of such a claim would say the opposite. Words decide, no parse: those of the cue, auxiliaries
and negations right before it, a subject such as "no one", and where a verb is said of statements and of other things
("rejected the claim", "rejected the offer") the first words of the content. Which, is in ``rules/negation.json``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import takewhile

from claimx.pipeline.annotations import Offsets
from claimx.pipeline.cues import forms_of
from claimx.pipeline.lexicon import WORDS
from claimx.pipeline.patterns import any_of
from claimx.rules import load

_RULES = load("negation.json")
_WORD = re.compile(r"[a-z_]+(?:['-][a-z]+)*")
_MARK, _JOINER = re.compile(r"[.,;:!?()\[\]“”\"—–\n]"), re.compile(r"\b(and|or|nor)\b")
#: Code points around a cue, and words around a word, that are looked at.
_AROUND, _NEAR = 100, 4


def _phrases(phrases: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b{any_of(phrases)}\b")


def _forms(entries: Iterable[str], most: int | None = None) -> frozenset[str]:
    """All forms, or the first `most`, of each word; of phrases the first word has forms, and "_" joins them."""
    split = (entry.replace(" ", "_").partition("_") for entry in entries)
    return frozenset(form + joint + rest for first, joint, rest in split for form in forms_of(first)[:most])


_NEGATORS, _PREPOSITIONS, _LINKS = (frozenset(_RULES[name]) for name in ("negators", "prepositions", "after_refusals"))
_REFUSALS, _REJECTIONS = _forms(_RULES["refusals"]), _forms(_RULES["rejections"])
_DENIALS = {form: frozenset(after) for word, after in _RULES["denials"].items() for form in _forms([word])}
_STATEMENTS, _REQUESTS = _forms(_RULES["statements"], 2), _forms(_RULES["requests"], 2)  # nouns and their plurals
_UNDONE, _UNDONE_BEFORE_VERBS = _forms(_RULES["undone_by"]), _forms(_RULES["undone_before_a_verb"])
_NEGATING, _NOTHING = _phrases(_RULES["negating_phrases"]), _phrases(_RULES["mean_nothing"])
_OF_SEVERAL = _phrases(form.replace("_", " ") for form in (*_DENIALS, *_REJECTIONS) if "_" in form)
_AT_THE_START = re.compile(rf"^(?:nor|{any_of(_RULES['at_the_start'])})\b")
_SUBJECT = re.compile(rf"{any_of(_RULES['subjects'])}\b(?!\.|\s\d)")  # No. 10 is an address
_LEADING = frozenset((*WORDS["auxiliaries"], *_NEGATORS, *_REFUSALS, "been", "yet", "ever", "even", "also"))
_INVERTED = frozenset(_RULES["before_subjects"])
#: Words before which the noun that a content begins with has ended.
_ENDS = _PREPOSITIONS.union(("that", "which", "who", "as", "whether", "if", "to"), *_DENIALS.values())


def is_negated(text: str, cue: Offsets | None, source: Offsets | None, content: Sequence[Offsets]) -> bool:
    """Whether the claim that a cue of `text` ascribes to a source is negated; all places are offsets into it."""
    if not cue:
        return False
    start, end = content[0] if content else cue
    about = _WORD.findall(_plain(text[start : min(end, start + _AROUND)]))
    link = about[: not _ENDS.isdisjoint(about[:1])]
    said = _plain(" ".join((*_before(text, cue, source), text[slice(*cue)], *link)))
    parts = _JOINER.split(_AT_THE_START.sub("not", said))
    by_nobody = source is not None and _SUBJECT.match(_plain(text[slice(*source)])) is not None
    negations = 0
    for joiner, part in zip(("and", *parts[1::2]), parts[::2], strict=True):
        words = _WORD.findall(part)
        negations = (by_nobody if joiner == "and" else negations) + _negations(words, about)
        if words and (negations + _denies(words, about[len(link) :])) % 2:
            return True
    return False


def _plain(text: str) -> str:
    """A text in lower case: "not" for all phrases that negate, none that only seem to, phrases that deny as a word."""
    plain = " ".join(text.lower().replace("’", "'").replace("n't", " not").replace("cannot", "can not").split())
    plain = _NEGATING.sub("not", _NOTHING.sub("", plain))
    return _OF_SEVERAL.sub(lambda match: match[0].replace(" ", "_"), plain).strip()


def _before(text: str, cue: Offsets, source: Offsets | None) -> list[str]:
    """The auxiliaries, adverbs and negations right before a cue, and what stands before a source that an auxiliary
    precedes: nor did the mayor say."""

    def clause(low: int, high: int) -> list[str]:
        return _WORD.findall(_plain(_MARK.split(text[max(low, high - _AROUND, 0) : high])[-1]))

    start, end = source if source and source[1] <= cue[0] else (0, 0)
    inverted = clause(0, start)[-_NEAR:]
    leading = takewhile(lambda word: word in _LEADING or word.endswith("ly"), reversed(clause(end, cue[0])))
    is_inverted = not _INVERTED.isdisjoint([word for word in inverted if word != "not"][-1:])
    return [*(inverted if is_inverted else ()), *[*leading][::-1]]


def _negations(words: list[str], about: list[str]) -> int:
    """How many words negate, those undone by a later one not counted: did not only say, cannot help thinking."""
    found = 0
    for i, word in enumerate(words):
        later = words[i + 1 : i + 1 + _NEAR]
        if word in _NEGATORS:
            found += word == "not" or not i or words[i - 1] not in _PREPOSITIONS
        elif word in _REFUSALS:
            found += not _LINKS.isdisjoint((*later, *about[:1]))
        elif word in _UNDONE or word in _UNDONE_BEFORE_VERBS and later not in ([], ["that"]):
            found -= found > 0
    return found


def _denies(words: list[str], about: list[str]) -> bool:
    """Whether one of the words denies what follows it."""
    for i, word in enumerate(words):
        if word not in _DENIALS and word not in _REJECTIONS:
            continue
        following, after = [*words[i + 1 :], *about, ""], _DENIALS.get(word, ("as",))
        is_said_of_things = word in _REJECTIONS or following[0] in after
        following = following[following[0] in after :]
        thing = [*takewhile(lambda word: word and word not in _ENDS, following)]
        if is_said_of_things and (following[0] == "that" or not _STATEMENTS.isdisjoint(thing)):
            return True
        if not is_said_of_things and (len(thing) > _NEAR or _REQUESTS.isdisjoint(thing[-1:])):
            return True
    return False
