"""Facts into affiliations: the words that are shown, and one affiliation for facts that say the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from claimx.pipeline.affiliations.links import NONE, PARTY_CODE, Fact, Links
from claimx.pipeline.affiliations.traits import Place, Placing, Role
from claimx.pipeline.annotations import Affiliation, Offsets
from claimx.pipeline.words import Words

_ARTICLES = frozenset(("the", "a", "an"))
#: Ties by which the words next to a role name its organization.
_CLOSE = frozenset(
    (Placing.OF, Placing.AT, Placing.FOR, Placing.RIGHT_BEFORE, Placing.POSSESSIVE_BEFORE, Placing.BEARER_OF)
)
Certainty = Callable[[Fact], float]


@dataclass(slots=True)
class _Told:
    role: Offsets | None
    organization: Offsets | None
    confidence: float
    verb: bool = False


def affiliations(links: Links, facts: Iterable[Fact], certainty: Certainty) -> list[Affiliation]:
    """The affiliations of one entity, in the order in which the text tells them."""
    words, told = links.words, []
    for fact in facts:
        organization = organization_of(links, fact)
        role = role_of(words, fact.role, organization) if fact.role else None
        if role is None and (fact.role or organization is None):
            continue
        is_verb = fact.role is not None and words.lowers[fact.role.end - 1] in words.lexicon.heading_verbs
        told.append(_Told(role, organization, certainty(fact), is_verb))
    return [Affiliation(t.role, t.organization, round(t.confidence, 3)) for t in _merged(words, told)]


def role_of(words: Words, role: Role, organization: Offsets | None) -> Offsets | None:
    """The words of a role, without the organization that it begins with and without marks at its edges."""
    start, end = role.start, role.end
    if organization:
        low, high = words.range_of(*organization)
        if low <= start < high < end:
            start = high
    while start < end and (
        not words.words[start][0].isalnum() or words.lowers[start] in _ARTICLES | words.lexicon.honorifics.keys()
    ):
        start += 1
    while start < end and (not words.words[end - 1][-1].isalnum() or words.lowers[end - 1] in _HANGING):
        end -= 1
    if start >= end or not _is_post(words, role, end):
        return None
    low, high = words.span(start, end)
    if words.text[low:high].lower().endswith(("'s", "’s")):
        high -= 2
    elif words.text[high : high + 1] == "." and words.lowers[end - 1] + "." in words.lexicon.titles:
        high += 1  # Sen.
    return low, high


def _is_post(words: Words, role: Role, end: int) -> bool:
    """Whether the last word of a role is a noun or verb for a post: no fragment (longtime), no other verb."""
    head = next((i for i in range(role.start + 1, end) if words.lowers[i] in ("of", "for", "to", "in", "at")), end) - 1
    lower = words.lowers[head].removesuffix("'s")
    if lower in words.lexicon.heading_verbs or words.lexicon.is_title(lower):
        return True
    return words.lexicon.is_role(lower) and (role.plural_bearer or words.lexicon.singular_of(lower) == lower)


def organization_of(links: Links, fact: Fact) -> Offsets | None:
    """What an organization is called: by the name next to the role, else by its fullest name; None for no more than
    “the firm” of which the article tells no name."""
    if fact.code is not None:
        return fact.code
    if fact.organization == NONE:
        return None
    words, entity = links.words, links.entities[fact.organization]
    place = fact.place
    if (
        entity.kind == "unnamed"
        or entity.kind != "organization"
        and not (fact.ties & _CLOSE and place and place.mention.form == "name")
    ):
        return None
    if place is not None and fact.ties & {Placing.RIGHT_BEFORE} and _is_demonym(words, place):
        return None
    code = place and PARTY_CODE.match(words.text, place.mention.start, place.mention.end)
    if code:
        return code.span(2) if fact.role else code.span(1)
    if place is not None and place.mention.form == "name" and (fact.role is None or fact.ties & _CLOSE):
        return _bare(words, (place.mention.start, place.mention.end))
    own = [links.mentions[i] for i in entity.mentions]
    if entity.name:
        named = next((m for m in own if " ".join(words.text[m.start : m.end].split()).endswith(entity.name)), None)
        if named is not None:
            return _bare(words, (named.start, named.end))
    phrases = [m for m in own if m.form == "nominal"]
    best = max(phrases, key=lambda m: (m.head - m.start, -m.start), default=None)
    if best is None:
        return None
    low, high = words.at(best.start), words.at(best.head) + 1
    while low < high - 1 and words.lowers[low] in _ARTICLES | words.lexicon.words_of("possessives"):
        low += 1
    if high - low == 1 and words.lowers[low].removesuffix("'s") in words.lexicon.words_of("generic_organizations"):
        return None  # “the firm” says nothing
    start, end = words.span(low, high)
    return start, end - 2 * words.text[start:end].lower().endswith(("'s", "’s"))


def _is_demonym(words: Words, place: Place) -> bool:
    """Whether a single word before a role tells a nationality: the French engineer."""
    lower = words.lowers[place.start]
    return (
        place.end - place.start == 1
        and lower.endswith(words.lexicon.demonym_endings)
        and lower not in words.lexicon.parties
    )


#: What no role ends with.
_HANGING = frozenset(("of", "for", "at", "to", "in", "and", "the", "a", "with", "on", "by"))


def _bare(words: Words, span: Offsets) -> Offsets:
    """A name without its article."""
    low, high = words.range_of(*span)
    if high - low > 1 and words.lowers[low] in _ARTICLES | words.lexicon.words_of("possessives"):
        return words.spans[low + 1][0], span[1]
    return span


def _merged(words: Words, told: Sequence[_Told]) -> list[_Told]:
    """One fact for those that say the same: the fuller role, the organization where one of them tells it. What a noun
    tells, a verb need not tell again (“chairs the board” beside “chairman of the board”)."""

    def parts(span: Offsets | None) -> frozenset[str]:
        if span is None:
            return frozenset()
        low, high = words.range_of(*span)
        lowers = [lower.removesuffix("'s") for lower in words.lowers[low:high] if lower[0].isalnum()]
        return (
            frozenset(words.lexicon.title_of(lower) or words.lexicon.singular_of(lower) for lower in lowers) - _ARTICLES
        )

    kept: list[_Told] = []
    for one in told:
        a, x = parts(one.role), parts(one.organization)
        for other in kept:
            b, y = parts(other.role), parts(other.organization)
            same_role = a == b or bool(a and b) and (a <= b or b <= a)
            same_place = not x or not y or x <= y or y <= x
            if same_role and same_place:
                other.role = one.role if len(a) > len(b) else other.role
                if len(x) > len(y) and not (y and other.confidence > one.confidence):
                    other.organization = one.organization
                other.confidence = max(one.confidence, other.confidence)
                break
        else:
            kept.append(_Told(one.role, one.organization, one.confidence, one.verb))
    best: dict[frozenset[str], float] = {}
    for k in kept:
        if k.role and k.organization:
            best[parts(k.role)] = max(k.confidence, best.get(parts(k.role), 0.0))
    kept = [k for k in kept if not (k.role and k.organization) or k.confidence > 0.6 * best[parts(k.role)]]
    nouns = [parts(k.organization) for k in kept if k.role and not k.verb]
    kept = [k for k in kept if not k.verb or not any(n == parts(k.organization) for n in nouns)]
    with_role = [parts(k.organization) for k in kept if k.role]
    return [k for k in kept if k.role or not any(parts(k.organization) & n for n in with_role)]
