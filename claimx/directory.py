"""A directory of speakers: who makes claims in one or many articles, and in what capacity.

Across articles, a person is the same one only under the same full name (two words and more, never a surname alone) and
with affiliations that agree: one of the articles tells none, or both tell one that has a word in common. Organizations
are the same under the same name. Groups, documents and unnamed speakers stay their articles' own: "officials" here are
not "officials" there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from claimx.schema import Affiliation, Appearance, Claim, ClaimCounts, Extraction, Post, Speaker, SpeakerEntry

_SMALL = frozenset(("the", "a", "an", "of", "for", "at", "in", "and", "former", "s"))


def directory(extractions: Iterable[Extraction]) -> list[SpeakerEntry]:
    """The speakers of articles, those with most claims first; speakers of one article stay apart."""
    entries: list[SpeakerEntry] = []
    by_name: dict[tuple[str, str], list[SpeakerEntry]] = {}
    for extraction in extractions:
        claims = extraction.claims_by_speaker()
        taken: set[int] = set()  # an article keeps its speakers apart for a reason
        for speaker in extraction.speakers:
            key = key_of(speaker)
            known = by_name.setdefault(key, []) if key else []
            fitting = [entry for entry in known if id(entry) not in taken and _agree(entry, speaker)]
            entry = _best(fitting, speaker)
            if entry is None:
                entry = _entry(speaker)
                entries.append(entry)
                known.append(entry)
            taken.add(id(entry))
            _add(entry, speaker, extraction, claims.get(speaker.id, []))
    return sorted(entries, key=lambda entry: (-entry.claims.total, entry.name.casefold()))


def key_of(speaker: Speaker) -> tuple[str, str] | None:
    """What speakers of several articles must share to be one; None for those who cannot be."""
    plain = unicodedata.normalize("NFKD", speaker.name.casefold())
    words = re.findall(r"\w+", "".join(c for c in plain if not unicodedata.combining(c)))
    if speaker.kind == "person":
        return (speaker.kind, " ".join(words)) if len(words) > 1 else None
    words = words[1:] if words[:1] == ["the"] else words
    return (speaker.kind, " ".join(words)) if speaker.kind == "organization" and words else None


def _agree(entry: SpeakerEntry, speaker: Speaker) -> bool:
    if speaker.kind != "person" or not entry.affiliations or not speaker.affiliations:
        return True
    return _overlap(entry, speaker)


def _overlap(entry: SpeakerEntry, speaker: Speaker) -> bool:
    return bool(_words(entry.affiliations) & _words(speaker.affiliations))


def _words(affiliations: Iterable) -> set[str]:
    text = " ".join(part for a in affiliations for part in (a.role, a.organization) if part)
    return set(re.findall(r"\w+", text.casefold())) - _SMALL


def _best(fitting: list[SpeakerEntry], speaker: Speaker) -> SpeakerEntry | None:
    """The one entry that fits; of several, the one whose affiliations say the same, none where that is not clear."""
    if len(fitting) > 1:
        fitting = [entry for entry in fitting if _overlap(entry, speaker)]
    return fitting[0] if len(fitting) == 1 else None


def _entry(speaker: Speaker) -> SpeakerEntry:
    return SpeakerEntry(
        name=speaker.name,
        kind=speaker.kind,
        aliases=[],
        mentions=0,
        pronouns=[],
        affiliations=[],
        claims=ClaimCounts(),
        articles=[],
    )


def _add(entry: SpeakerEntry, speaker: Speaker, extraction: Extraction, claims: list[Claim]) -> None:
    for claim in claims:
        setattr(entry.claims, claim.kind, getattr(entry.claims, claim.kind) + 1)
    entry.mentions += speaker.mentions
    _extend(entry.aliases, [alias for alias in speaker.aliases if alias.casefold() != entry.name.casefold()])
    _extend(entry.pronouns, speaker.pronouns)
    for affiliation in speaker.affiliations:
        _add_post(entry.affiliations, affiliation)
    appearance = Appearance(id=extraction.id, path=extraction.source.path, speaker=speaker.id, claims=len(claims))
    entry.articles.append(appearance)


def _add_post(posts: list[Post], told: Affiliation) -> None:
    """Add an affiliation, once; the most certain article tells how certain it is."""
    known = next((p for p in posts if (p.role, p.organization) == (told.role, told.organization)), None)
    if known is None:
        posts.append(Post(role=told.role, organization=told.organization, confidence=told.confidence))
    else:
        known.confidence = max(known.confidence, told.confidence)


def _extend(values: list, more: Iterable) -> None:
    for value in more:
        if value not in values:
            values.append(value)
