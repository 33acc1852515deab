"""Mentions of a text: those that the encoder reads, with their edges put right, and those that others have set."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from claimx.pipeline.annotations import Mention, Offsets
from claimx.pipeline.encoder.heads import head_of
from claimx.pipeline.encoder.reading import KINDS, Reading
from claimx.pipeline.encoder.spelling import PRONOUN, spelling_of
from claimx.pipeline.words import Words

_POSSESSIVES = ("'s", "’s")
_CLITIC = re.compile(r"(?<=\w)(?:[’'](?:d|ll|re|ve|m|s)|n[’']t)$", re.IGNORECASE)
_PAIRS = ("“”", "«»", "()", "[]")
#: Words that are written small within names.
_LITTLE = frozenset(("the", "of", "and", "for", "in", "on", "at", "to", "a", "an"))
#: What may not begin or end a mention.
_EDGES = frozenset("“”‘’«»„()[],;:.!?-–—'\"…•*")
#: What an apposition or a clause begins with.
_BREAKS = frozenset((",", "(", "–", "—", "--", ";", ":"))
_BEFORE_MORE = _BREAKS | {"who", "which", "that", "whose"}
_WHICH = frozenset(("which", "whom", "whose"))
_OTHERS = frozenset(("other", "others"))
#: The kinds of those who speak together.
_GROUP = [0.0, 0.1, 0.9, 0.0, 0.0]
_ORGANIZATION = [0.0, 0.9, 0.0, 0.0, 0.1]
#: Prepositions between a role, or whose it is, and the organization.
_LEADING = frozenset(("of", "at", "for", "from", "with"))
#: The share of the unnamed and of groups that a phrase has of which nothing is known.
_UNKNOWN = [0.1, 0.1, 0.2, 0.1, 0.5]


def mentions_of(
    words: Words,
    reading: Reading | None,
    sources: Iterable[Offsets],
    given: Iterable[tuple[int, int, str]],
    roles: Iterable[Offsets] = (),
) -> list[Mention]:
    """Mentions in the order of their heads.

    Every one of `sources` (code points) becomes a mention where none stands for it; `given` are names that others have
    set, (start, end, kind), which rule over what the encoder reads in the same place. Names next to `roles` (words)
    are mentions too: places, above all, which the encoder reads only where they act.
    """
    found = _read(words, reading) if reading is not None else []
    _add_given(words, found, given)
    found.sort(key=lambda mention: mention.head)
    heads = {mention.head for mention in found}
    for source in sources:
        low, high = words.range_of(*source)
        if low >= high:
            continue
        joint = joint_of(words, found, low, high)
        head = low + head_of(words.words[low:high]) if joint is None else joint
        if words.spans[head][0] not in heads:
            heads.add(words.spans[head][0])
            scores = _UNKNOWN if joint is None else _GROUP
            found.append(_mention(words, low, _core_end(words, low, high, head), head, scores))
            found.sort(key=lambda mention: mention.head)
        else:
            _keep_group_apart(words, next(m for m in found if m.head == words.spans[head][0]), low, high)
    _add_names_at(words, found, roles)
    _keep_possessive_names(words, found)
    return found


def _add_names_at(words: Words, found: list[Mention], roles: Iterable[Offsets]) -> None:
    """Add names right before a role, or behind it or its bearer and a preposition, that no mention stands on.

    Vermont of "Vermont Senator", of "Gov. Ana Pires of Vermont".
    """
    taken = {
        i for mention in found for i in range(*words.range_of(mention.start, mention.end)) if mention.form == "name"
    }
    starts = {words.at(mention.start): words.range_of(mention.start, mention.end)[1] for mention in found}
    for low, high in roles:
        start = low
        while start > 0 and _is_of_name(words, start - 1, low):
            start -= 1
        behind = high + (words.lower(high) == ".")
        spans = [(start, low), _name_behind(words, high), _name_behind(words, starts.get(behind, high))]
        for first, last in spans:
            if first < last and taken.isdisjoint(range(first, last)):
                taken.update(range(first, last))
                found.append(_mention(words, first, last, last - 1, list(_ORGANIZATION)))
    found.sort(key=lambda mention: mention.head)


def _is_of_name(words: Words, i: int, role: int) -> bool:
    """Whether a word before a role can be of a name: written large, and not only because a sentence begins with it."""
    begins = i == 0 or words.sentence[i - 1] != words.sentence[i]
    lower = words.lowers[i]
    is_word = words.words[i][0].isalpha() and words.is_capitalised(i) and not words.lexicon.is_role(lower)
    return is_word and words.sentence[i] == words.sentence[role] and not (begins and lower in words.lower_seen)


def _name_behind(words: Words, i: int) -> Offsets:
    """The name that a preposition at word `i` leads to; nothing where there is none."""
    if words.lower(i) not in _LEADING:
        return i, i
    start = i + 1 + (words.lower(i + 1) == "the")
    end = start
    while (
        words.is_capitalised(end) or end > start and words.lower(end) in ("of", "&") and words.is_capitalised(end + 1)
    ):
        end += 1
    return start, end


def _keep_group_apart(words: Words, mention: Mention, low: int, high: int) -> None:
    """Make the name of a group within a source, words [low, high), a phrase where only some of it speak: some
    Republicans, Democrats on the committee."""
    start, end = words.range_of(mention.start, mention.end)
    lower = words.lowers[end - 1]
    singular = words.lexicon.singular_of(lower)
    is_group = singular in words.lexicon.parties or words.lexicon.is_demonym(singular)
    if mention.form != "name" or end - start > 1 or singular == lower or not is_group:
        return
    some = start > low and not words.lexicon.words_of("quantities").isdisjoint(words.lowers[low:start])
    of_place = end < high and words.lowers[end] in words.lexicon.words_of("restricting")
    if some or of_place:
        first, last = low if some else start, _core_end(words, low, high, end - 1) if of_place else end
        mention.start, mention.end = words.span(first, last)
        mention.form, mention.kind, mention.scores = "nominal", "group", list(_GROUP)


def joint_of(words: Words, mentions: Sequence[Mention], low: int, high: int) -> int | None:
    """The “and” that joins two who speak together, in the words [low, high) of a source: “Okoro and Diaz”, “the mayor
    and her aides”; None where one speaks."""
    for i in range(low + 1, high - 1):
        if words.words[i] in _BEFORE_MORE:
            return None
        if words.lowers[i] not in ("and", "&"):
            continue
        start, end = words.spans[i]
        if any(
            m.start < start and end < m.end and m.head != start for m in _around(mentions, words.spans[low][0], start)
        ):
            return None
        after = words.lower(i + 1)
        own = after in words.lexicon.words_of("determiners", "possessives") | _OTHERS or words.is_capitalised(i + 1)
        plural = words.lexicon.singular_of(words.lowers[i - 1]) != words.lowers[i - 1]
        return i if own or plural else None
    return None


def _around(mentions: Sequence[Mention], low: int, high: int) -> Sequence[Mention]:
    at = bisect_left(mentions, low, key=lambda mention: mention.head)
    return [m for m in mentions[max(0, at - 3) : at + 12] if m.head < high + 40]


def _core_end(words: Words, low: int, high: int, head: int) -> int:
    """Where a phrase ends that goes on with an apposition or a clause: before the first comma behind its head."""
    return next((i for i in range(head + 1, high) if words.words[i] in _BREAKS), high)


def _read(words: Words, reading: Reading) -> list[Mention]:
    found = []
    rows = zip(reading.starts.tolist(), reading.ends.tolist(), reading.heads.tolist(), strict=True)
    total = reading.kinds[:, 1:].sum(1, keepdims=True)
    kinds = (reading.kinds[:, 1:] / np.maximum(total, 1e-9)).round(4).tolist()
    for row, (start, end, head) in enumerate(rows):
        start, end = _trimmed(words, start, end, head)
        if kinds[row][0] == max(kinds[row]):
            start, end = _start_of_person(words, start, head), _end_of_person(words, head, end)
        mention = _mention(words, start, end, head, kinds[row])
        mention.row = row
        found.append(mention)
    return found


def _mention(words: Words, start: int, end: int, head: int, scores: Sequence[float]) -> Mention:
    low, high = words.span(start, end)
    clitic = _CLITIC.search(words.text, words.spans[end - 1][0], high)
    if clitic:
        high = clitic.start()
    scores = list(scores)
    kind = KINDS[scores.index(max(scores))]
    return Mention(low, high, words.spans[head][0], _form(words, start, head, words.text[low:high], kind), kind, scores)


def _form(words: Words, start: int, head: int, text: str, kind: str) -> str:
    """Whether a phrase is a name (all that counts up to its head is capitalised), a pronoun, or a noun phrase."""
    if spelling_of(text).form == PRONOUN:
        return "nominal" if text.lower() == "one" else "pronoun"
    if not words.is_capitalised(head) and not any(c.isupper() for c in words.words[head]):
        return "nominal"
    before, little = words.words[start:head], _LITTLE | words.lexicon.particles
    counting = [word for word in before if word[0].isalnum() and word.lower() not in little]
    if any(not word[0].isupper() and not word[0].isdigit() for word in counting):
        return "nominal"
    lower = words.lowers[head]
    begins = start == 0 or words.sentence[start - 1] != words.sentence[start] or not words.words[start - 1][0].isalnum()
    if (
        head == start
        and begins
        and kind != "organization"
        and (lower in words.lower_seen or words.lexicon.is_role(lower))
    ):
        return "nominal"  # Bondholders, Officials: capitals of the beginning
    if before and before[0].lower() in ("a", "an") and kind != "organization":
        return "nominal"  # A Republican, a Times article
    if len(before) == 1 and before[0].lower() in ("the", "a", "an") and words.lexicon.is_demonym(lower):
        return "nominal"  # The Dane
    return "name"


def _trimmed(words: Words, start: int, end: int, head: int) -> tuple[int, int]:
    """The phrase around a head without marks at its edges, within one paragraph, its brackets in pairs."""
    paragraph = words.paragraph
    while paragraph[start] != paragraph[head]:
        start += 1
    while paragraph[end - 1] != paragraph[head]:
        end -= 1
    while start < head and (words.words[start] in _EDGES or words.lowers[start] in words.lexicon.honorifics):
        start += 1
        while start < head and words.words[start] == ".":
            start += 1
    while end - 1 > head and words.words[end - 1] in _EDGES and not _is_inner_dot(words, start, end):
        end -= 1
    for opening, closing in _PAIRS:
        inside = words.words[start:end]
        if (opening in inside) != (closing in inside):
            cut = start + inside.index(opening if opening in inside else closing)
            start, end = (cut + 1, end) if cut < head else (start, cut)
    end = max(end, head + 1)
    is_name = words.is_capitalised(head)
    cut = next((i for i in range(head + 1, end) if _opens_apposition(words, i, is_name)), end)
    return start, cut


def _end_of_person(words: Words, head: int, end: int) -> int:
    """Where the name of a person ends that a phrase begins with: what hangs on it begins small or with a mark."""
    if not words.is_capitalised(head):
        return end
    particles, after = words.lexicon.particles, words.lexicon.words_of("after_names")
    for i in range(head + 1, end):
        word, lower = words.words[i], words.lowers[i]
        if word in ".-–’'" or word[0] in '(“"' or not word[0].isalpha():
            if word in _BREAKS and not _is_suffix(words, i + 1):
                return i
        elif lower in after or word[0].islower() and lower not in particles:
            return i
    return end


def _start_of_person(words: Words, start: int, head: int) -> int:
    """Where the name of a person begins that a phrase ends with: behind what is written small (merchant Tom Ek)."""
    lower, particles = words.lowers[head], words.lexicon.particles
    singular = words.lexicon.singular_of(lower)
    if not words.is_capitalised(head) or singular in words.lexicon.parties or words.lexicon.is_demonym(singular):
        return start
    if words.lexicon.is_role(lower) or any(word.endswith(("'s", "’s")) for word in words.words[start:head]):
        return start
    i = head
    while i > start and (
        words.is_capitalised(i - 1) or words.words[i - 1] in ".-’'" or words.lowers[i - 1] in particles
    ):
        i -= 1
    while i < head and not words.is_capitalised(i) and words.lowers[i] not in particles:
        i += 1
    return i if any(word.islower() for word in words.words[start:i]) else start


def _is_suffix(words: Words, i: int) -> bool:
    return not words.lexicon.suffixes.isdisjoint((words.lower(i), words.lower(i) + "."))


def _opens_apposition(words: Words, i: int, is_name: bool) -> bool:
    """Whether a comma or dash is followed by another phrase or clause for the same; behind a name (`is_name`), another
    can be part of it: Vigo County, Indiana."""
    after = words.lower(i + 1)
    told = after in words.lexicon.words_of("determiners", "possessives", "relatives") or words.lower(i + 2) in _WHICH
    told = told or not is_name and words.is_capitalised(i + 1)
    return words.words[i] in _BREAKS and (told or after.isdigit())


def _is_inner_dot(words: Words, start: int, end: int) -> bool:
    """Whether a dot at the end of a name is part of it: Sammy Davis Jr."""
    return (
        words.words[end - 1] == "." and words.lowers[end - 2] + "." in words.lexicon.suffixes and end < len(words.words)
    )


def _add_given(words: Words, found: list[Mention], given: Iterable[tuple[int, int, str]]) -> None:
    for start, end, kind in given:
        low, high = words.range_of(start, end)
        inside = [m for m in found if start <= m.head < end]
        head = low + head_of(words.words[low:high])
        mention = next((m for m in inside if m.head == words.spans[head][0]), None)
        for other in inside:
            if other is not mention and other.form != "pronoun":
                found.remove(other)
        scores = [1.0 if name == kind else 0.0 for name in KINDS]
        if mention is None:
            found.append(Mention(start, end, words.spans[head][0], "name", kind, scores))
        else:
            mention.start, mention.end, mention.form, mention.kind, mention.scores = start, end, "name", kind, scores


def _keep_possessive_names(words: Words, mentions: list[Mention]) -> None:
    """Names that end in ’s, as “Macy’s” does, keep it: those that stand once with it where nothing is possessed."""
    votes: Counter[str] = Counter()
    for mention in mentions:
        if mention.form == "name" and words.text[mention.end : mention.end + 2] in _POSSESSIVES:
            at = words.at(mention.end)
            base = words.text[mention.start : mention.end]
            votes[base] += 3 if _possesses_nothing(words, at + 1) else -1
        elif mention.form == "name":
            votes[words.text[mention.start : mention.end]] -= 2
    for mention in mentions:
        tail = words.text[mention.end : mention.end + 2]
        if mention.form == "name" and tail in _POSSESSIVES and votes[words.text[mention.start : mention.end]] > 0:
            mention.end += 2


def _possesses_nothing(words: Words, i: int) -> bool:
    """Whether what follows a possessive is no noun: a verb of saying, a preposition, a mark, the end."""
    return (
        i >= len(words.words) or words.words[i] in ".,;:)" or words.lowers[i] in words.lexicon.words_of("after_a_name")
    )
