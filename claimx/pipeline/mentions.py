"""``claimx_mentions``: names of people, organizations and places, repaired and tied to the entities they name.

Reads tokens and ``doc.ents`` only, whatever model set them, and no parse.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from spacy.language import Language
from spacy.tokens import Doc

from claimx.pipeline.annotations import Entity, Mention, set_mentions
from claimx.pipeline.lexicon import FORENAMES, HONORIFICS, NICKNAMES, PARTICLES, SUFFIXES, TITLES, is_role
from claimx.rules import load

_LABELS = {"PERSON": "PER", "PER": "PER", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC", "NORP": "NORP", "FAC": "ORG"}
_NAME_SUFFIXES = frozenset(("jr", "jr.", "sr", "sr.", "ii", "iii", "iv"))
_FUNCTION_WORDS = frozenset(
    ["in", "at", "on", "for", "to", "with", "without", "over", "after", "before", "as", "but", "and", "or", "from", "by", "how", "why", "what", "when", "the", "a", "an", "is", "are", "was", "who", "which", "that", "this", "his", "her", "their", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "april", "june", "july", "august", "september", "october", "november", "december", "mon", "tue", "wed", "thu", "fri", "sat", "sun", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sept", "sep", "oct", "nov", "dec"]
)
_POSSESSIVE = frozenset(("'s", "’s", "'", "’"))
#: Roles that companies have as well as people.
_CORPORATE = frozenset(("owner", "developer", "operator", "publisher", "maker", "sponsor", "partner", "contractor", "supplier", "insurer",
                        "broker", "builder", "retailer", "rival", "host", "winner", "leader", "champion", "manager", "member", "seller"))  # fmt: skip
_CUTS = frozenset((":", ";", "|", "/", "”", "“", "?", "!"))
_EDGES = frozenset("\"“”'‘’`,.;:()[]–—-!?…") | {"''", "``", "--"}
_ORG_WORDS = frozenset(word.capitalize() for word in load("kinds.json")["organization"]) - {
    "House",
    "City",
    "State",
    "Paper",
    "Church",
}


class Article:
    """Tokens of a Doc as plain lists, which the components below read many times."""

    def __init__(self, doc: Doc) -> None:
        self.text = doc.text
        self.words = [token.text for token in doc]
        self.lowers = [word.lower() for word in self.words]
        self.offsets = [token.idx for token in doc]
        self.ends = [start + len(word) for start, word in zip(self.offsets, self.words, strict=True)]
        self.lower_seen = frozenset(word for word in self.words if word.islower())
        #: index of the first token after the first paragraph, which may be a headline; 0 for one paragraph
        self.body = next((i + 1 for i, word in enumerate(self.words) if "\n" in word), 0)
        self.body_words = frozenset(self.words[self.body :])
        self.is_break = ["\n" in word or word in (".", "?", "!") for word in self.words]

    def span(self, start: int, end: int) -> tuple[int, int]:
        return self.offsets[start], self.ends[end - 1]

    def slice(self, start: int, end: int) -> str:
        return self.text[self.offsets[start] : self.ends[end - 1]] if start < end else ""


def find_mentions(
    doc: Doc, article: Article, sources: Sequence[tuple[int, int]] = ()
) -> tuple[list[Mention], list[Entity]]:
    """Return the name mentions of a Doc in the order of the text, and the entities they name.

    `sources` are the offsets of phrases that say something: capitalised words there that no model tagged are a name.
    """
    mentions = [
        m
        for ent in doc.ents
        if ent.label_ in _LABELS
        for m in _repaired(article, ent.start, ent.end, _LABELS[ent.label_])
    ]
    mentions = _with_sources(article, _with_titled(article, mentions), sources)
    mentions = _relabelled(article, mentions)
    mentions.sort(key=lambda mention: mention.start)
    mentions = _joined(article, mentions)
    return mentions, _entities(article, mentions, {bisect_right(article.offsets, start) - 1 for start, _ in sources})


def _repaired(article: Article, start: int, end: int, label: str) -> list[Mention]:
    """Trim marks, titles and possessives off a name, and cut it at line breaks."""
    words = article.words
    parts, at = [], start
    for i in range(start, end + 1):
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
            while low < high - 1 and (article.lowers[low] in HONORIFICS or article.lowers[low] in TITLES):
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
            if label == "PER" and words[high - 1] in _ORG_WORDS and high - low > 1:
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
        if lower in _FUNCTION_WORDS or is_role(lower) and i == low and high - low > 1:
            return True
        if lower in PARTICLES or len(word) < 2:
            return False
        return (
            lower in article.lower_seen
            or i < article.body
            and lower not in FORENAMES
            and word not in article.body_words
        )

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
            whole = (
                known.start == at and 1 < known.end - at < 5 and role != i and words[known.end : known.end + 1] == [","]
            )
            if (
                whole
                and known.label in ("LOC", "ORG")
                and lowers[role] not in _CORPORATE
                and all(map(_is_name_word, words[at : known.end]))
                and not any(word in _ORG_WORDS for word in words[at : known.end])
            ):
                known.label = "PER"  # "the shop's owner, Royston Vage,"
            continue
        end = at
        while (
            end < len(words)
            and end - at < 4
            and end not in covered
            and (
                _is_name_word(words[end])
                or words[end] == "-"
                or lowers[end] in PARTICLES
                and end + 1 < len(words)
                and _is_name_word(words[end + 1])
            )
        ):
            end += 1
        closed = end < len(words) and (words[end] in (",", ".", "(") or words[end].islower())
        if (
            end - at >= 2
            and closed
            and (role == i or words[end] == ",")
            and not any(word in _ORG_WORDS for word in words[at:end])
        ):
            added.append(Mention(at, end, "PER"))
            covered.update((j, added[-1]) for j in range(at, end))
    for i in range(len(words) - 1):
        lower = lowers[i]
        if not (lower in HONORIFICS or lower in TITLES) or not words[i][0].isupper() or not _is_name_word(words[i + 1]):
            continue
        if lowers[i + 1] in TITLES or lowers[i + 1] in HONORIFICS or words[i + 1] in _ORG_WORDS:
            continue
        is_short = lower.endswith(".") or lower in HONORIFICS
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
            and (
                _is_name_word(words[end])
                or lowers[end] in PARTICLES
                and end + 1 < len(words)
                and _is_name_word(words[end + 1])
            )
        ):
            end += 1
        following = covered.get(end)
        if following and following.label == "PER" and following.start == end and end - i < 4:
            following.start = i + 1  # "Sheriff Bobbi Lang", of which the model saw the surname
            covered.update((j, following) for j in range(i + 1, end))
            continue
        if is_short or end - i > 2:
            added.append(Mention(i + 1, end, "PER"))
            covered.update((j, added[-1]) for j in range(i + 1, end))
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
        if not 1 < len(words) < 7 or any(word in _ORG_WORDS or word.isupper() and len(word) > 2 for word in words):
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


def _joined(article: Article, mentions: list[Mention]) -> list[Mention]:
    """Join what a model cut at "and": the Central and East European Coalition."""
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


def _is_name_word(word: str) -> bool:
    return word[0].isupper() and (
        len(word) > 1 and word.replace("-", "").replace("’", "").replace("'", "").replace(".", "").isalpha()
    )


def _relabelled(article: Article, mentions: list[Mention]) -> list[Mention]:
    """Give every mention of a name the label most of its mentions have, and find bare surnames the model missed."""
    votes: dict[str, Counter] = defaultdict(Counter)
    for mention in mentions:
        votes[article.slice(mention.start, mention.end)][mention.label] += 1
    surnames: Counter = Counter()
    for mention in mentions:
        surface = article.slice(mention.start, mention.end)
        if len(votes[surface]) > 1 and mention.end - mention.start > 1:
            mention.label = votes[surface].most_common(1)[0][0]
        if mention.label == "PER" and mention.end - mention.start > 1:
            surnames[
                name_words(article.words[mention.start : mention.end])[-1:][0]
                if name_words(article.words[mention.start : mention.end])
                else ""
            ] += 1
    organizations = {article.words[m.start] for m in mentions if m.label in ("ORG", "LOC") and m.end - m.start > 1}
    covered: set[int] = set()
    for mention in mentions:
        covered.update(range(mention.start, mention.end))
        if mention.end - mention.start == 1 and mention.label in ("ORG", "LOC", "NORP"):
            word = article.words[mention.start]
            if surnames[word] and word not in organizations:
                mention.label = "PER"
    extra = [
        Mention(i, i + 1, "PER")
        for i, word in enumerate(article.words)
        if i not in covered and word in surnames and len(word) > 2 and word[0].isupper() and word not in _ORG_WORDS
    ]
    return mentions + extra


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


def _entities(article: Article, mentions: list[Mention], speaking: set[int]) -> list[Entity]:
    """The entities of the mentions; `speaking` are the tokens with which sources begin."""
    entities: list[Entity] = []
    _cluster_people(article, mentions, entities, speaking)
    _cluster_names(article, mentions, entities)
    for index, mention in enumerate(mentions):
        if mention.entity >= 0:
            entities[mention.entity].mentions.append(index)
    starts = sorted(mention.start for mention in mentions if mention.label == "PER")
    for entity in entities:
        if entity.label == "PER":
            entity.name = _best_name(article, mentions, entity)
            own = [mentions[index] for index in entity.mentions]
            entity.gender = _gender(article, own) or _told_gender(article, own, starts)
    return entities


def fold(word: str) -> str:
    """A word of a name as it is compared: without case, accents and the dot of an initial."""
    plain = unicodedata.normalize("NFD", word.replace("’", "'").rstrip("."))
    return "".join(c for c in plain if not unicodedata.combining(c)).lower()


def _cluster_people(article: Article, mentions: list[Mention], entities: list[Entity], speaking: set[int]) -> None:
    """Full names first, then single names, to the entity whose surname (else forename) they are.

    Of two people with one surname, a bare surname is the one it was used for last; where it speaks, the one who spoke.
    """
    speakers = {
        i for i, mention in enumerate(mentions) if not speaking.isdisjoint(range(mention.start - 3, mention.start + 1))
    }
    by_word: dict[str, list[tuple[int, int]]] = defaultdict(list)  # word -> (entity, how good a handle: 0 surname)
    forms: dict[int, list[list[str]]] = defaultdict(list)
    singles = []
    for index, mention in enumerate(mentions):
        if mention.label != "PER":
            continue
        words = [fold(word) for word in name_words(article.words[mention.start : mention.end])]
        if not words:
            mention.label = "NONE"
            continue
        if len(words) == 1:
            singles.append((index, words[0]))
            continue
        for entity, rank in by_word.get(words[-1], ()):
            if rank == 0 and any(_compatible(words, form) for form in forms[entity]):
                mention.entity = entity
                break
        else:
            mention.entity = len(entities)
            entities.append(Entity("PER", article.slice(mention.start, mention.end)))
            for rank, word in ((0, words[-1]), (1, words[0]), *((2, word) for word in words[1:-1])):
                if len(word) > 1 and word not in PARTICLES:
                    by_word[word].append((mention.entity, rank))
        forms[mention.entity].append(words)
    genders = {entity: _gender(article, [m for m in mentions if m.entity == entity]) for entity in forms}
    firsts = {}
    for index, mention in enumerate(mentions):
        if mention.entity >= 0:
            firsts.setdefault(mention.entity, index)
    for index, word in singles:
        mention = mentions[index]
        candidates = by_word.get(word, ())
        if not candidates:
            mention.entity = len(entities)
            entities.append(Entity("PER", article.slice(mention.start, mention.end)))
            by_word[word].append((mention.entity, 0))
            continue
        best_rank = min(rank for _, rank in candidates)
        chosen = [entity for entity, rank in candidates if rank == best_rank]
        if len(chosen) > 1:
            gender = _honorific(article, mention)
            if gender:
                certain = [entity for entity in chosen if genders[entity] == gender]
                chosen = certain or [entity for entity in chosen if not genders[entity]] or chosen
        if len(chosen) > 1 and index in speakers:
            spoke = [entity for entity in chosen if any(mentions[i].entity == entity for i in speakers if i < index)]
            chosen = spoke or chosen
        last = {entity: _last_before(mentions, entity, index) for entity in chosen}
        if max(last.values()) >= 0:
            mention.entity = max(chosen, key=lambda entity: last[entity])
        else:
            mention.entity = min(chosen, key=lambda entity: firsts.get(entity, len(mentions)))


def _last_before(mentions: list[Mention], entity: int, index: int) -> int:
    for i in range(index - 1, -1, -1):
        if mentions[i].entity == entity:
            return i
    return -1


def _compatible(a: list[str], b: list[str]) -> bool:
    """Whether two full names with one surname can be one person's: equal, initials, or short for the other."""
    x, y = a[0], b[0]
    if x == y or x in b or y in a:
        return True
    if NICKNAMES.get(x, x) == NICKNAMES.get(y, y) or len(x) > 3 and x[:4] == y[:4]:
        return True
    if x[0] == y[0] and (len(x) <= 2 or len(y) <= 2 or x.startswith(y) or y.startswith(x)):
        return True
    return a[-2:] == b[-2:] and len(a) > 2 and len(b) > 2


def _honorific(article: Article, mention: Mention) -> str:
    return HONORIFICS.get(article.lowers[mention.start - 1], "") if mention.start else ""


def _best_name(article: Article, mentions: list[Mention], entity: Entity) -> str:
    """The fullest form; among forms of one length the one that is not in capitals, then the first."""

    def fullness(index: int):
        mention = mentions[index]
        words = name_words(article.words[mention.start : mention.end])
        shouted = all(word.isupper() for word in words if len(word) > 2) and any(len(word) > 2 for word in words)
        return len(words), not shouted, -index

    best = mentions[max(entity.mentions, key=fullness)]
    return article.slice(best.start, best.end)


def _gender(article: Article, mentions: list[Mention]) -> str:
    votes: Counter = Counter()
    for mention in mentions:
        gender = _honorific(article, mention)
        if gender:
            votes[gender] += 5
        words = [fold(word) for word in name_words(article.words[mention.start : mention.end])]
        if len(words) > 1 and FORENAMES.get(words[0]):
            votes[FORENAMES[words[0]]] += 1
    return votes.most_common(1)[0][0] if votes else ""


def _told_gender(article: Article, mentions: list[Mention], starts: list[int]) -> str:
    """The gender of most pronouns between a person's mentions and the next person's: "Clinton said she ..."."""
    votes: Counter = Counter()
    for mention in mentions:
        at = bisect_right(starts, mention.start)
        stop = min(mention.end + 30, starts[at] if at < len(starts) else len(article.words))
        for lower in article.lowers[mention.end : stop]:
            if lower in _GENDERED:
                votes[_GENDERED[lower]] += 1
                break
    (first, most), *rest = [*votes.most_common(2), ("", 0)]
    return first if most >= 2 and most >= 3 * rest[0][1] else ""


_GENDERED = {"he": "m", "his": "m", "him": "m", "she": "f", "her": "f", "himself": "m", "herself": "f"}
_ARTICLE = re.compile(r"^(?:the|The)\s+")


def _cluster_names(article: Article, mentions: list[Mention], entities: list[Entity]) -> None:
    """Organizations and places by their words; acronyms by initials or by the brackets after the full name."""
    known: dict[str, int] = {}
    for index, mention in enumerate(mentions):
        if mention.label not in ("ORG", "LOC", "NORP"):
            continue
        surface = _ARTICLE.sub("", article.slice(mention.start, mention.end))
        key = surface.replace(".", "").lower()
        entity = known.get(key)
        if entity is None and surface.isupper() and 2 <= len(key) <= 6:
            entity = known.get("acronym:" + key)
        if entity is None:
            entity = len(entities)
            entities.append(Entity(mention.label, surface))
            known[key] = entity
            initials = "".join(word[0] for word in surface.split() if word[0].isupper()).lower()
            if len(initials) > 1 and " " in surface:
                known.setdefault("acronym:" + initials, entity)
            if index + 1 < len(mentions):
                following = mentions[index + 1]
                if following.start == mention.end + 1 and article.words[mention.end] == "(":
                    known.setdefault(article.slice(following.start, following.end).replace(".", "").lower(), entity)
        mention.entity = entity


@Language.factory(
    "claimx_mentions", requires=["doc.ents", "doc._.claimx_attributions"], assigns=["doc._.claimx_mentions"]
)
def create_mentions(nlp: Language, name: str) -> MentionFinder:
    return MentionFinder(name)


class MentionFinder:
    """Sets ``doc._.claimx_mentions``: a list of `Mention` and a list of `Entity`."""

    def __init__(self, name: str = "claimx_mentions") -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        sources = [attribution.source for attribution in doc._.claimx_attributions if attribution.source]
        mentions, entities = find_mentions(doc, Article(doc), sources)
        set_mentions(doc, mentions, entities)
        return doc
