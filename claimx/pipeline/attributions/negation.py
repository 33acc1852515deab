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
from claimx.pipeline.attributions.inflection import forms_of
from claimx.pipeline.patterns import any_of
from claimx.rules import PACKAGED, RuleFiles

_WORD = re.compile(r"[a-z_]+(?:['-][a-z]+)*")
_MARK, _JOINER = re.compile(r"[.,;:!?()\[\]“”\"—–\n]"), re.compile(r"\b(and|or|nor)\b")
#: Code points around a cue, and words around a word, that are looked at.
_AROUND, _NEAR = 100, 4


def _phrases(phrases: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b{any_of(phrases)}\b")


class Negation:
    """The words of ``negation.json``, and what they say of a cue."""

    FILES = ("irregular_forms.json", "negation.json", "words.json")

    def __init__(self, rules: RuleFiles = PACKAGED) -> None:
        words, irregular = rules.load("negation.json"), rules.load("irregular_forms.json")

        def forms(entries: Iterable[str], most: int | None = None) -> frozenset[str]:
            """All forms, or the first `most`, of each word; of phrases the first word has forms, and "_" joins them."""
            split = (entry.replace(" ", "_").partition("_") for entry in entries)
            return frozenset(
                a + joint + rest for first, joint, rest in split for a in forms_of(first, irregular)[:most]
            )

        self._negators, self._prepositions = frozenset(words["negators"]), frozenset(words["prepositions"])
        self._links, self._inverted = frozenset(words["after_refusals"]), frozenset(words["before_subjects"])
        self._refusals, self._rejections = forms(words["refusals"]), forms(words["rejections"])
        self._denials = {a: frozenset(after) for word, after in words["denials"].items() for a in forms([word])}
        self._statements, self._requests = forms(words["statements"], 2), forms(words["requests"], 2)  # and plurals
        self._undone, self._undone_before_verbs = forms(words["undone_by"]), forms(words["undone_before_a_verb"])
        self._negating, self._nothing = _phrases(words["negating_phrases"]), _phrases(words["mean_nothing"])
        several = (*self._denials, *self._rejections)
        self._of_several = _phrases(form.replace("_", " ") for form in several if "_" in form)
        self._at_the_start = re.compile(rf"^(?:nor|{'|'.join(words['at_the_start'])})\b")
        self._subject = re.compile(rf"(?:{'|'.join(words['subjects'])})\b(?!\.|\s\d)")  # No. 10 is an address
        auxiliaries = (*rules.load("words.json")["auxiliaries"], "been", "yet", "ever", "even", "also")
        self._leading = frozenset((*auxiliaries, *self._negators, *self._refusals))
        #: Words before which the noun that a content begins with has ended.
        ends = ("that", "which", "who", "as", "whether", "if", "to")
        self._ends = self._prepositions.union(ends, *self._denials.values())

    def is_negated(self, text: str, cue: Offsets | None, source: Offsets | None, content: Sequence[Offsets]) -> bool:
        """Whether the claim that a cue of `text` ascribes to a source is negated; all places are offsets into it."""
        if not cue:
            return False
        start, end = content[0] if content else cue
        about = _WORD.findall(self._plain(text[start : min(end, start + _AROUND)]))
        link = about[: not self._ends.isdisjoint(about[:1])]
        said = self._plain(" ".join((*self._before(text, cue, source), text[slice(*cue)], *link)))
        parts = _JOINER.split(self._at_the_start.sub("not", said))
        by_nobody = source is not None and self._subject.match(self._plain(text[slice(*source)])) is not None
        negations = 0
        for joiner, part in zip(("and", *parts[1::2]), parts[::2], strict=True):
            words = _WORD.findall(part)
            negations = (by_nobody if joiner == "and" else negations) + self._negations(words, about)
            if words and (negations + self._denies(words, about[len(link) :])) % 2:
                return True
        return False

    def _plain(self, text: str) -> str:
        """A text in lower case: "not" for phrases that negate, none that only seem to, phrases that deny as a word."""
        plain = " ".join(text.lower().replace("’", "'").replace("n't", " not").replace("cannot", "can not").split())
        plain = self._negating.sub("not", self._nothing.sub("", plain))
        return self._of_several.sub(lambda match: match[0].replace(" ", "_"), plain).strip()

    def _before(self, text: str, cue: Offsets, source: Offsets | None) -> list[str]:
        """The auxiliaries, adverbs and negations right before a cue, and what stands before a source that an auxiliary
        precedes: nor did the mayor say."""

        def clause(low: int, high: int) -> list[str]:
            return _WORD.findall(self._plain(_MARK.split(text[max(low, high - _AROUND, 0) : high])[-1]))

        start, end = source if source and source[1] <= cue[0] else (0, 0)
        inverted = clause(0, start)[-_NEAR:]
        leading = takewhile(lambda word: word in self._leading or word.endswith("ly"), reversed(clause(end, cue[0])))
        is_inverted = not self._inverted.isdisjoint([word for word in inverted if word != "not"][-1:])
        return [*(inverted if is_inverted else ()), *[*leading][::-1]]

    def _negations(self, words: list[str], about: list[str]) -> int:
        """How many words negate, those undone by a later one not counted: did not only say, cannot help thinking."""
        found = 0
        for i, word in enumerate(words):
            later = words[i + 1 : i + 1 + _NEAR]
            if word in self._negators:
                found += word == "not" or not i or words[i - 1] not in self._prepositions
            elif word in self._refusals:
                found += not self._links.isdisjoint((*later, *about[:1]))
            elif word in self._undone or word in self._undone_before_verbs and later not in ([], ["that"]):
                found -= found > 0
        return found

    def _denies(self, words: list[str], about: list[str]) -> bool:
        """Whether one of the words denies what follows it."""
        for i, word in enumerate(words):
            if word not in self._denials and word not in self._rejections:
                continue
            following, after = [*words[i + 1 :], *about, ""], self._denials.get(word, ("as",))
            is_said_of_things = word in self._rejections or following[0] in after
            following = following[following[0] in after :]
            thing = [*takewhile(lambda word: word and word not in self._ends, following)]
            if is_said_of_things and (following[0] == "that" or not self._statements.isdisjoint(thing)):
                return True
            if not is_said_of_things and (len(thing) > _NEAR or self._requests.isdisjoint(thing[-1:])):
                return True
        return False
