"""Names in a text: the entities a model tagged, repaired, and the names that titles, roles and sources give away."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from spacy.tokens import Doc, Span

from claimx.pipeline.annotations import Mention
from claimx.pipeline.article import Article
from claimx.pipeline.forenames import FORENAMES
from claimx.pipeline.lexicon import HONORIFICS, PARTICLES, SUFFIXES, WORDS, is_role
from claimx.pipeline.noun_phrases import kind_of_noun
from claimx.rules import load

#: Words that are no name by themselves, or with each other.
_EMPTY = WORDS["determiners"] | WORDS["function_words"]
_LABELS = {"PERSON": "PER", "PER": "PER", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC", "NORP": "NORP", "FAC": "ORG"}
_NAME_SUFFIXES = frozenset(("jr", "jr.", "sr", "sr.", "ii", "iii", "iv"))
_PARTIES = frozenset(word + end for word in load("role_words.json")["parties"] for end in ("", "s"))
_FUNCTION_WORDS = WORDS["function_words"]
_POSSESSIVE = frozenset(("'s", "’s", "'", "’"))
_CORPORATE = WORDS["corporate_roles"]  # that companies have as well as people
_NICKNAME_MARKS = frozenset("\"“”‘’'()") | {"``", "''"}
_CUTS = frozenset((":", ";", "|", "/", "”", "“", "?", "!"))
_EDGES = frozenset("\"“”'‘’`,.;:()[]–—-!?…") | {"''", "``", "--"}
_ORG_WORDS = frozenset(
    word.capitalize() for kind in ("organization", "organization_endings") for word in load("kinds.json")[kind]
) - {
    "House",
    "City",
    "State",
    "Paper",
    "Church",
}


def find_names(
    doc: Doc, article: Article, sources: Sequence[tuple[int, int]] = (), spans_key: str = "claimx_names"
) -> list[Mention]:
    """Return the name mentions of a Doc in the order of the text, from its entities and ``doc.spans[spans_key]``.

    `sources` are the offsets of phrases that say something: capitalised words there that no model tagged are a name.
    """
    mentions = _with_sources(article, _whole(article, _tagged(article, _names_on(doc, spans_key))), sources)
    mentions = _with_apposed(article, mentions, sources)
    mentions = _relabelled(article, _completed(article, mentions))
    mentions.sort(key=lambda mention: mention.start)
    return _joined(article, mentions)


def _names_on(doc: Doc, spans_key: str) -> list[Span]:
    """The entities of a Doc that are names, and the spans of a group that are over none of them, in their order."""
    names = [ent for ent in doc.ents if ent.label_ in _LABELS]
    taken = bytearray(len(doc))
    for name in names:
        taken[name.start : name.end] = b"\1" * len(name)
    for span in doc.spans.get(spans_key, ()):
        if span.label_ in _LABELS and not any(taken[span.start : span.end]):
            names.append(span)
            taken[span.start : span.end] = b"\1" * len(span)
    return sorted(names, key=lambda name: name.start)


def _tagged(article: Article, names: list[Span]) -> list[Mention]:
    """The names that a model tagged, repaired, and those that a title or role gives away."""
    names = [name for name in names if not _EMPTY.issuperset(article.lowers[name.start : name.end])]
    mentions = [m for name in names for m in _repaired(article, name.start, name.end, _LABELS[name.label_])]
    return [mention for mention in _with_titled(article, mentions) if mention.start < mention.end]


def _whole(article: Article, mentions: list[Mention]) -> list[Mention]:
    """Put together the names that a model cut or cut short.

    Rowe & | Tuttle, Tebrau | City, Open Seas Watch, Amihan de | los Santos, Josefa “Peping” Alcaraz, George (W. Bush).
    """
    words = article.words
    mentions = sorted(mentions, key=lambda mention: mention.start)
    starts = {mention.start for mention in mentions}
    out: list[Mention] = []
    for mention in mentions:
        while mention.label == "ORG" and _extends(article, mention.end) and mention.end not in starts:
            mention.end += 1
        if mention.label == "ORG" and words[mention.start] in _ORG_WORDS:
            low = _first_capital(article, mention.start)
            while out and out[-1].start >= low:
                out.pop()
            mention.start = max(low, out[-1].end) if out else low
        before = out[-1] if out else None
        if before is None or before.end > mention.start or "NORP" in (before.label, mention.label):
            out.append(mention)
            continue
        gap = range(before.end, mention.start)
        torn = not gap and before.label == "PER" and article.lowers[before.end - 1] in PARTICLES
        if torn or before.label == mention.label == "PER" and gap and _is_nickname(article, gap):
            out[-1] = Mention(before.start, mention.end, "PER")
        elif len(gap) == 0 or len(gap) == 1 and words[gap[0]] == "&":
            label = _joint_label(article, before, mention)
            if label:
                out[-1] = Mention(before.start, mention.end, label)
            else:
                out.append(mention)
        else:
            out.append(mention)
    for mention in out:
        while mention.label == "PER" and mention.end - mention.start > 1 and _is_title(article, mention.start):
            mention.start += 1
    return out


def _first_capital(article: Article, i: int) -> int:
    """Where capitals begin that lead up to the head of an organization's name: Justice | Department."""
    low = i
    while low > max(0, i - 3) and _is_name_word(article.words[low - 1]) and low - 1 >= article.capitalised:
        if article.lowers[low - 1] in _FUNCTION_WORDS or article.words[low - 1] in _ORG_WORDS:
            break
        low -= 1
    return low


def _is_nickname(article: Article, gap: range) -> bool:
    """Whether tokens are one or two names in quotation marks or brackets."""
    inner = [article.words[i] for i in gap[1:-1]]
    if not 0 < len(inner) < 3 or article.words[gap[0]] not in _NICKNAME_MARKS:
        return False
    return article.words[gap[-1]] in _NICKNAME_MARKS and all(word[0].isupper() for word in inner)


def _joint_label(article: Article, before: Mention, mention: Mention) -> str:
    """What two names side by side name together, "" where they are two names."""
    if before.start < article.capitalised or article.lowers[mention.end - 1] in _PARTIES:
        return ""
    labels = {before.label, mention.label}
    if len(labels) == 1:
        return before.label
    if "PER" not in labels:
        return "ORG"
    if article.words[mention.end - 1] in _ORG_WORDS:
        return "ORG"
    if any(m.label == "PER" and (m.end - m.start > 1 or _is_behind_title(article, m.start)) for m in (before, mention)):
        return "PER" if before.label == "PER" and before.end - before.start == mention.end - mention.start == 1 else ""
    return "PER" if _is_behind_title(article, before.start) else "ORG"


def _is_behind_title(article: Article, i: int) -> bool:
    """Whether a title or role stands before token `i`: student Deja Stewart; its president, Somapala Ukkuwa."""
    before = i - 1 - (i > 1 and article.words[i - 1] == ",")
    return before >= 0 and (_is_title(article, before) or article.is_role(before))


def _is_title(article: Article, i: int) -> bool:
    return article.is_title(i) and article.lowers[i] not in FORENAMES


def _extends(article: Article, i: int) -> bool:
    """Whether the token `i` goes on with the name of an organization before it."""
    if i >= len(article.words) or i < article.capitalised or article.ends[i - 1] == article.offsets[i]:
        return False
    lower = article.lowers[i]
    if article.words[i].isdigit():
        return article.lowers[i - 1] in ("local", "lodge", "ward", "unit", "post")
    return (
        _is_name_word(article.words[i])
        and not article.words[i].isupper()
        and lower not in _FUNCTION_WORDS
        and not article.is_title(i)
        and not is_role(lower)
        and lower not in article.lower_seen
        and lower not in FORENAMES
        and lower not in _PARTIES
    )


def _repaired(article: Article, start: int, end: int, label: str) -> list[Mention]:
    """Trim marks, titles and possessives off a name, and cut it at line breaks."""
    words = article.words
    parts, at, closing = [], start, -1
    for i in range(start, end + 1):
        if label == "PER" and start < i < end and words[i] in _NICKNAME_MARKS and closing < 0:
            closing = next((k for k in range(i + 2, min(i + 4, end - 1)) if words[k] in _NICKNAME_MARKS), -1)
        if i <= closing:
            continue
        if i == end or "\n" in words[i] or words[i] in _CUTS:
            if i > at:
                parts.append((at, i))
            at = i + 1
    out = []
    for low, high in parts:
        while low < high and (
            words[low] in _EDGES or words[low].isspace() or article.lowers[low] == "the" and label != "ORG"
        ):
            low += 1
        if label == "PER":
            while low < high - 1 and article.is_title(low):
                low += 1
        if label == "PER" and high - low > 2 and article.lowers[high - 1] in SUFFIXES - _NAME_SUFFIXES:
            high -= 1
        while high > low and (words[high - 1] in _EDGES or words[high - 1] in _POSSESSIVE or words[high - 1].isspace()):
            high -= 1
        while (
            label == "PER"
            and high < len(words)
            and low < high
            and article.ends[high - 1] == article.offsets[high]
            and (
                words[high] == "-"
                and high + 1 < len(words)
                and article.ends[high] == article.offsets[high + 1]
                and words[high + 1].isalpha()
                or words[high - 1] == "-"
                and words[high].isalpha()
            )
        ):
            high += 1  # a name that the model cut at a hyphen: Bae Hyun-woo
        if low < high and any(word[0].isupper() for word in words[low:high]):
            if (
                label in ("LOC", "ORG")
                and 1 < high - low < 5
                and article.lowers[low] in FORENAMES
                and words[high - 1].isalpha()
                and all(word[0].isupper() or word.lower() in PARTICLES for word in words[low:high])
                and not any(word in _ORG_WORDS for word in words[low:high])
                and words[high - 1] not in _ORG_WORDS
                and (low == 0 or article.lowers[low - 1] not in ("in", "at", "from", "near", "of", "to"))
            ):
                label = "PER"
            if label == "PER":
                low, high = _without_plain_words(article, low, high)
                if low >= high or any("@" in word or any(map(str.isdigit, word)) for word in words[low:high]):
                    continue
                if high - low == 1 and _is_place(article, low):
                    label = "LOC"
            if (
                label == "PER"
                and words[high - 1] in _ORG_WORDS
                and high - low > 1
                and article.lowers[low] not in FORENAMES
            ):
                label = "ORG"
            joint = (
                next((k for k in range(low + 2, high - 1) if article.lowers[k] == "of"), None)
                if label == "ORG"
                else None
            )
            if joint and article.lowers[low] in FORENAMES and joint - low < 4:  # "Leland Frost of Art Ledger"
                out += [Mention(low, joint, "PER"), Mention(joint + 1, high, "ORG")]
            else:
                out.append(Mention(low, high, label))
    return out


def _without_plain_words(article: Article, low: int, high: int) -> tuple[int, int]:
    """Trim words off a person's name that are none: plain words of headlines and of the starts of sentences."""

    def is_plain(i: int) -> bool:
        word, lower = article.words[i], article.lowers[i]
        if not word[0].isupper():
            return lower not in PARTICLES and word[0].isalpha() and article.words[i - 1] != "-"
        if lower in _FUNCTION_WORDS or is_role(lower) and i == low and high - low > 1 and lower not in FORENAMES:
            return True
        if lower in PARTICLES or len(word) < 2:
            return False
        if lower in FORENAMES:
            return False
        return lower in article.lower_seen or i < article.capitalised and word not in article.body_words

    for i in range(high - 2, low - 1, -1):  # "Chief Executive Officer Marta Kovářová"
        lower = article.lowers[i]
        if (is_role(lower) or article.is_title(i)) and lower not in FORENAMES:
            low = i + 1
            break
    while low < high and is_plain(low):
        low += 1
    for i in range(low + 1, high):
        if is_plain(i) and (not article.words[i][0].isupper() or i + 1 == high or is_plain(i + 1)):
            return low, i
    return low, high


def _is_place(article: Article, i: int) -> bool:
    """Whether a single word follows "in" or "at": people are not lived in."""
    return (
        i > 0
        and article.lowers[i - 1] in ("in", "at", "near", "around", "outside")
        and article.lowers[i] not in FORENAMES
    )


def _with_titled(article: Article, mentions: list[Mention]) -> list[Mention]:
    """Add the names that follow a title ("Mr. Lindqvist", "Judge Anwen Treharne") and that no entity covers."""
    covered = {i: mention for mention in mentions for i in range(mention.start, mention.end)}
    words, lowers = article.words, article.lowers
    added: list[Mention] = []
    for i in range(1, len(words) - 1):  # "the deputy mayor, Cai Renjie," and "spokesman Cai Renjie"
        at = i + 1
        role = i - 1 if words[i] == "," else i
        if not is_role(lowers[role]) or words[role].isupper() or not _is_name_word(words[at]):
            continue
        known = covered.get(at)
        if known:
            after = words[known.end] if known.end < len(words) else "."
            ends = after == "," or role == i and (after.islower() or after == ".")
            whole = known.start == at and 1 < known.end - at < 5 and ends
            if (
                whole
                and known.label in ("LOC", "ORG")
                and lowers[role] not in _CORPORATE
                and all(map(_is_name_word, words[at : known.end]))
                and not any(word in _ORG_WORDS for word in words[at : known.end])
            ):
                known.label = "PER"  # "the shop's owner, Royston Vage,", "engineer Tomas Lindqvist said"
                known.start, known.end = _without_plain_words(article, known.start, known.end)
            continue
        end = at
        while (
            end < len(words)
            and end - at < 4
            and end not in covered
            and (_is_name_word(words[end]) or words[end] == "-" or _is_particle(article, end))
        ):
            end += 1
        closed = end < len(words) and (words[end] in (",", ".", "(") or words[end].islower())
        if (
            end - at >= 2
            and closed
            and (role == i or words[end] == ",")
            and not any(word in _ORG_WORDS for word in words[at:end])
        ):
            at, end = _without_plain_words(article, at, end)
            added.append(Mention(at, end, "PER"))
            covered.update((j, added[-1]) for j in range(at, end))
    for i in range(len(words) - 1):
        lower = lowers[i]
        if not article.is_title(i) or not words[i][0].isupper() or not _is_name_word(words[i + 1]):
            continue
        if article.is_title(i + 1) or words[i + 1] in _ORG_WORDS:
            continue
        is_short = lower.endswith(".") or lower in HONORIFICS or i > 0 and lowers[i - 1] in HONORIFICS
        mention = covered.get(i + 1)
        if mention:
            if mention.label != "PER" and mention.start == i + 1 and is_short:
                mention.label = "PER"
            elif mention.label != "PER" and mention.start <= i and is_short and mention.end > i + 1:
                mention.start, mention.label = i + 1, "PER"
            continue
        end = i + 1
        while (
            end < len(words)
            and end - i < 5
            and end not in covered
            and (_is_name_word(words[end]) or _is_particle(article, end))
        ):
            end += 1
        following = covered.get(end)
        if following and following.label == "PER" and following.start == end and end - i < 4:
            following.start = _without_plain_words(article, i + 1, following.end)[
                0
            ]  # "Sheriff Bobbi Lang", of which the model saw the surname
            covered.update((j, following) for j in range(i + 1, end))
            continue
        low, high = _without_plain_words(article, i + 1, end)
        if low < high and (is_short or high - i > 2):
            added.append(Mention(low, high, "PER"))
            covered.update((j, added[-1]) for j in range(low, high))
    return mentions + added


def _with_sources(article: Article, mentions: list[Mention], sources: Iterable[tuple[int, int]]) -> list[Mention]:
    """Add the names that sources begin with ("Sioned Llewellyn-Rees, who led the inquiry") and that nothing covers."""
    covered = {i: mention for mention in mentions for i in range(mention.start, mention.end)}
    titled = {
        word
        for mention in mentions
        if mention.label == "PER"
        for word in article.words[mention.start : mention.end]
        if len(word) > 2
    }
    added = []
    for low, high in sources:
        start = max(0, bisect_right(article.offsets, low) - 1)
        limit = bisect_left(article.offsets, high)
        end = start
        while end < limit and (
            _is_name_word(article.words[end])
            or end > start
            and (
                article.words[end] == "-"
                or article.lowers[end] in PARTICLES
                or len(article.words[end]) < 3
                and article.words[end][0].isupper()
            )
        ):
            end += 1
        while end > start and not _is_name_word(article.words[end - 1]):
            end -= 1
        words = article.words[start:end]
        if end < limit and article.words[end] not in (",", "(", "–", "—", "of", "from", "at", "who"):
            continue
        turn = limit < len(article.words) and article.words[limit] == ":"  # CARLA MENDEZ, HOST:
        shouted = any(word.isupper() and len(word) > 2 for word in words) and not turn
        if not 1 < len(words) < 7 or shouted or any(word in _ORG_WORDS for word in words):
            continue
        if article.lowers[start] in _FUNCTION_WORDS or any(
            word.lower() in article.lower_seen for word in words if word.isalpha()
        ):
            continue
        inside = {id(covered[i]): covered[i] for i in range(start, end) if i in covered}
        if any(mention.label == "PER" for mention in inside.values()) or any(is_role(word.lower()) for word in words):
            continue
        if any(mention.label == "NORP" or mention.start < start or mention.end > end for mention in inside.values()):
            continue
        whole = any(mention.start == start and mention.end == end for mention in inside.values())
        if whole and not set(words) & titled:
            continue  # a whole name that a model took for an organization or place
        for mention in inside.values():
            mention.label = "NONE"
        added.append(Mention(start, end, "PER"))
        covered.update((i, added[-1]) for i in range(start, end))
    return [mention for mention in mentions if mention.label != "NONE"] + added


def _with_apposed(article: Article, mentions: list[Mention], sources: Iterable[tuple[int, int]]) -> list[Mention]:
    """Add the names in which sources end: "Her assistant, Dusty Pool", "a carrier, PrairieCell"."""
    covered = {i: mention for mention in mentions for i in range(mention.start, mention.end)}
    added = []
    for low, high in sources:
        first, end = max(0, bisect_right(article.offsets, low) - 1), bisect_left(article.offsets, high)
        comma = next((i for i in range(first + 1, end) if article.words[i] == ","), None)
        if comma is None or first in covered and covered[first].label == "PER":
            continue
        stop = next((i for i in range(comma + 1, end) if article.words[i] in (",", "(", "–", "—")), end)
        start = stop
        while start - 1 > comma and (_is_name_word(article.words[start - 1]) or article.words[start - 1] == "-"):
            start -= 1
        nouns = [kind_of_noun(article.lowers[i]) for i in range(first, comma)]
        kind = next((k for k in nouns if k), None)
        if kind is None or kind == "document" or not 0 < stop - start < 5 or article.lowers[start] in _FUNCTION_WORDS:
            continue
        inside = {id(covered[i]): covered[i] for i in range(start, stop) if i in covered}
        whole = [mention for mention in inside.values() if mention.start >= start and mention.end <= stop]
        if len(whole) < len(inside) or any(mention.label == "PER" for mention in whole):
            continue
        if any(is_role(article.lowers[i]) or article.lowers[i] in article.lower_seen for i in range(start, stop)):
            continue
        between = article.lowers[comma + 1 : start]
        is_organization = "based" in between or any(kind_of_noun(lower) == "organization" for lower in between)
        is_organization = is_organization or kind == "organization" or article.words[stop - 1] in _ORG_WORDS
        if not is_organization and whole:  # a person that was taken for something else
            titled = kind_of_noun(article.lowers[comma - 1]) == "unnamed" or article.lowers[start] in FORENAMES
            if not titled or whole[0].label == "ORG" and article.lowers[start] not in FORENAMES:
                continue
        label = "ORG" if is_organization else "PER"
        for mention in whole:
            mention.label = "NONE"
        added.append(Mention(start, stop, label))
    return [mention for mention in mentions if mention.label != "NONE"] + added


def _joined(article: Article, mentions: list[Mention]) -> list[Mention]:
    """Join what a model cut at "and": the Central | and | East European Coalition."""
    out: list[Mention] = []
    for mention in mentions:
        before = out[-1] if out else None
        if (
            before
            and mention.label == "ORG"
            and article.words[mention.end - 1] in _ORG_WORDS
            and before.label in ("ORG", "LOC", "NORP")
            and mention.start == before.end + 1
            and article.lowers[before.end] == "and"
            and before.start > 0
            and article.lowers[before.start - 1] == "the"
            and before.end - before.start == 1
        ):
            out[-1] = Mention(before.start, mention.end, "ORG")
        else:
            out.append(mention)
    return out


def _completed(article: Article, mentions: list[Mention]) -> list[Mention]:
    """Find the full name of whom the article calls by one name only, where the model missed it: Poonam Singh."""
    words = article.words
    singles = {words[m.start] for m in mentions if m.label == "PER" and m.end - m.start == 1}
    full = {word for m in mentions if m.label == "PER" and m.end - m.start > 1 for word in words[m.start : m.end]}
    wanted = singles - full
    if not wanted:
        return mentions
    taken = {i for m in mentions if m.end - m.start > 1 or m.label != "PER" for i in range(m.start, m.end)}

    def is_part(i: int) -> bool:
        return (
            0 <= i < len(words)
            and i not in taken
            and _is_name_word(words[i])
            and not (
                article.lowers[i] in _FUNCTION_WORDS
                or article.is_title(i)
                or is_role(article.lowers[i])
                or article.lowers[i] in article.lower_seen
            )
        )

    found: list[Mention] = []
    for i, word in enumerate(words):
        if word in wanted and i not in taken and i >= article.capitalised:  # headlines capitalise all words
            low, high = i, i + 1
            while i - low < 3 and is_part(low - 1):
                low -= 1
            while high - i < 3 and is_part(high):
                high += 1
            if high - low > 1:
                found.append(Mention(low, high, "PER"))
                taken.update(range(low, high))
    inside = {i for m in found for i in range(m.start, m.end)}
    return [m for m in mentions if m.start not in inside] + found


def _is_particle(article: Article, i: int) -> bool:
    """Whether "van", "bin" or "de los" stands at `i` before a name word."""
    while i < len(article.words) and article.lowers[i] in PARTICLES and article.words[i][0].islower():
        i += 1
        if i < len(article.words) and _is_name_word(article.words[i]):
            return True
    return False


def _is_name_word(word: str) -> bool:
    return word[0].isupper() and (
        len(word) > 1 and word.replace("-", "").replace("’", "").replace("'", "").replace(".", "").isalpha()
    )


def _relabelled(article: Article, mentions: list[Mention]) -> list[Mention]:
    """Give every mention of a name the label most of its mentions have, and find short forms the model missed.

    A single word that is a surname here is the person; one that begins an organization's name, and names no person,
    is short for the organization.
    """
    words = article.words
    votes: dict[str, Counter] = defaultdict(Counter)
    for mention in mentions:
        votes[article.slice(mention.start, mention.end)][mention.label] += 1
    surnames: set[str] = set()
    named: set[str] = set()
    for mention in mentions:
        found = votes[article.slice(mention.start, mention.end)]
        if len(found) > 1 and mention.end - mention.start > 1:
            mention.label = found.most_common(1)[0][0]
        if mention.label == "PER":
            parts = [word for word in name_words(words[mention.start : mention.end]) if len(word) > 2]
            named.update(parts)
            surnames.update(parts[1:])
    for mention in mentions:  # the Clintons are a family
        word = words[mention.start]
        if mention.label == "PER" and mention.end - mention.start == 1 and word.endswith("s") and mention.start:
            family = word[:-1] in named or word not in surnames
            if article.lowers[mention.start - 1] == "the" and family:
                mention.label = "NORP"
    long_names = [m for m in mentions if m.end - m.start > 1]
    organizations = {words[m.start + (article.lowers[m.start] == "the")] for m in long_names if m.label == "ORG"}
    organizations |= _acronyms(article, long_names)
    places = {words[m.start] for m in long_names if m.label == "LOC"}
    covered: set[int] = set()
    for mention in mentions:
        covered.update(range(mention.start, mention.end))
        word = words[mention.start]
        single = mention.end - mention.start == 1 and mention.label in ("ORG", "LOC", "NORP")
        mostly = votes[word]["PER"] >= votes[word][mention.label]
        if single and word in surnames and (mostly or word not in organizations and word not in places):
            mention.label = "PER"
        elif (
            mention.end - mention.start == 1 and word in organizations - surnames and not _is_personal(article, mention)
        ):
            mention.label = "ORG"  # Velar, short for Velar Semiconductor
    extra = []
    for i, word in enumerate(words):
        if i in covered or not word[0].isupper() or len(word) < 3 or word in _ORG_WORDS:
            continue
        if word in surnames:
            extra.append(Mention(i, i + 1, "PER"))
        elif (
            word in organizations
            and word not in named
            and not is_role(word.lower())
            and word.lower() not in article.lower_seen
        ):
            extra.append(Mention(i, i + 1, "ORG"))
    return mentions + extra


def _is_personal(article: Article, mention: Mention) -> bool:
    """Whether a single name is a forename or stands behind a title, as only people's do."""
    return article.lowers[mention.start] in FORENAMES or mention.start > 0 and _is_title(article, mention.start - 1)


def _acronyms(article: Article, mentions: list[Mention]) -> set[str]:
    """The short forms in brackets behind names of organizations, with and without dots: (FBI), (F.B.I.)."""
    found = set()
    for mention in mentions:
        i = mention.end
        if mention.label == "ORG" and i + 2 < len(article.words) and article.words[i] == "(":
            letters = article.words[i + 1].replace(".", "")
            if article.words[i + 2] == ")" and letters.isupper() and 1 < len(letters) < 8:
                found |= {letters, ".".join(letters) + "."}
    return found


def name_words(words: list[str]) -> list[str]:
    """The words of a person's name without titles, suffixes, nicknames in quotes and marks."""
    out, quoted = [], False
    for word in words:
        if word in ('"', "“", "”", "``", "''", "‘", "(", ")"):
            quoted = not quoted
            continue
        lower = word.lower()
        if (
            quoted
            or lower in HONORIFICS
            or lower in SUFFIXES
            or not any(c.isalpha() for c in word)
            or lower in ("'s", "’s")
        ):
            continue
        out.append(word)
    return out
