"""How claims are told to people, the same in every view."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from claimx.schema import Kind

if TYPE_CHECKING:
    from claimx.schema import Affiliation, Claim, Extraction, Post, Speaker, SpeakerEntry


#: A speaker who is at least so certain is shown without a figure.
CERTAIN = 0.8
#: What marks a claim whose text without its cue would say the opposite.
NEGATED = "negated"


def describe(speaker: Speaker | SpeakerEntry) -> list[str]:
    """A speaker's affiliations in words: "chief engineer, Port Authority"."""
    posts: Iterable[Affiliation | Post] = speaker.affiliations
    return list(dict.fromkeys(", ".join(part for part in (a.role, a.organization) if part) for a in posts))


def counted(extraction: Extraction) -> str:
    """2 claims (1 direct, 1 indirect)"""
    total = len(extraction.claims)
    kinds = ", ".join(
        f"{n} {kind}" for kind in Kind.__args__ if (n := sum(claim.kind == kind for claim in extraction.claims))
    )
    return f"{total} claim{'s' * (total != 1)} ({kinds})" if total else "no claims"


def who(extraction: Extraction, claim: Claim) -> str:
    """The speaker of a claim, else its source as mentioned, else a dash."""
    speaker = extraction.speaker_of(claim)
    return speaker.name if speaker else claim.source.text if claim.source else "—"


def shown_confidence(confidence: float) -> str:
    """Two digits; no claim is shown as certain."""
    return f"{min(confidence, 0.99):.2f}"


def shown_doubt(claim: Claim) -> str:
    """73%: how certain a speaker is who is not quite; else empty."""
    confidence = claim.speaker_confidence
    if claim.speaker is None or confidence is None or confidence >= CERTAIN:
        return ""
    return f"{confidence:.0%}"


def sort_of(claim: Claim) -> str:
    """negated indirect assertion"""
    return " ".join((*([NEGATED] if claim.negated else []), claim.kind, claim.type))
