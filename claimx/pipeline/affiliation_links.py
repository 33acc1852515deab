"""The affiliations of an article's speakers: roles and organizations that it ties to them.

Who bears a role, and in which organization, is chosen among candidates (`role_links.py`, `ranking.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from spacy.tokens import Doc

from claimx.pipeline.annotations import Affiliation, Speaker
from claimx.pipeline.article import Article
from claimx.pipeline.lexicon import TITLES, singular_of
from claimx.pipeline.ranking import Candidate, Ranker
from claimx.pipeline.role_links import NOWHERE, LinkFinder
from claimx.pipeline.role_phrases import Range

_RANKER = Ranker("affiliation_weights.json")
_ARTICLES = frozenset(("the", "a", "an"))
#: Least probability of one who bears a role, of one of several who do, of a membership without a role, and of the
#: organization of a role.
_LEAST = {"one": 0.4, "several": 0.3, "membership": 0.5, "organization": 0.4}


def set_affiliations(doc: Doc, speakers: Iterable[Speaker]) -> None:
    """Set the affiliations of the speakers of an article."""
    links = LinkFinder(doc)
    facts = _facts(links)
    for speaker in speakers:
        own = facts.get(speaker.entity, []) if speaker.entity >= 0 else []
        if speaker.entity < 0 and speaker.kind in ("person", "unnamed", "group"):
            own = [(p.role, p.organization) for p in links.told_by_sources(speaker) if p.role or p.organization]
        speaker.affiliations = _merged(links.article, own)
        if speaker.kind != "person":  # that officials are officials, their name says
            speaker.affiliations = [a for a in speaker.affiliations if a.organization]


def _facts(links: LinkFinder) -> dict[int, list[tuple[Range | None, Range | None]]]:
    """Role and/or organization of each speaking person (entity), in the order of the text."""
    facts: dict[int, list] = defaultdict(list)
    for span in links.roles:
        sort = links.sort_of(span)
        candidates = links.bearers(span)
        for candidate, probability in zip(candidates, _RANKER.probabilities(sort, candidates), strict=True):
            if (
                candidate.key[0] != "entity"
                or probability < _LEAST[sort.split(",")[0]]
                or candidate.key[1] not in links.speaking
            ):
                continue
            organizations, tokens = links.organizations(span, candidate.key[1])
            organization = _bare(links, tokens.get(_chosen(organizations)))
            facts[candidate.key[1]].append((_without(links, span.role, organization), organization))
    for entity, fact, candidates in links.memberships():
        if entity in links.speaking and _RANKER.probabilities("membership", candidates)[0] >= _LEAST["membership"]:
            facts[entity].append((None, _bare(links, fact.organization)))
    return facts


def _chosen(organizations: list[Candidate]) -> tuple:
    """The key of the organization that a role is in, or `NOWHERE`."""
    probabilities = _RANKER.probabilities("organization", organizations)
    some = {c.key: p for c, p in zip(organizations, probabilities, strict=True) if c.key != NOWHERE}
    best = max(some, key=some.__getitem__, default=NOWHERE)
    return best if some and some[best] >= _LEAST["organization"] else NOWHERE


def _bare(links: LinkFinder, organization: Range | None) -> Range | None:
    """An organization without its article."""
    if organization and links.lowers[organization[0]] in _ARTICLES and organization[1] - organization[0] > 1:
        return organization[0] + 1, organization[1]
    return organization


def _without(links: LinkFinder, role: Range, organization: Range | None) -> Range:
    """A role without the organization that it begins with."""
    start, end = role
    if organization and organization[0] <= start < organization[1] < end:
        start = organization[1] + (links.lowers[organization[1]] in ("'s", "’s", "'", "’"))
    return (start, end) if start < end else role


def _merged(article: Article, facts: list[tuple[Range | None, Range | None]]) -> list[Affiliation]:
    """One affiliation for facts that say the same: the fuller role, the organization where one of them tells it."""

    def words(span: Range | None) -> frozenset[str]:
        lowers = article.lowers[span[0] : span[1]] if span else []
        return frozenset(TITLES.get(lower, singular_of(lower)) for lower in lowers) - _ARTICLES

    kept: list[tuple] = []
    for role, organization in facts:
        for i, (other_role, other_organization) in enumerate(kept):
            a, b = words(role), words(other_role)
            x, y = words(organization), words(other_organization)
            same_role = a == b or bool(a and b) and (a <= b or b <= a)
            same_organization = not x or not y or x <= y or y <= x
            if same_role and same_organization:
                kept[i] = (
                    role if len(a) > len(b) else other_role,
                    organization if len(x) > len(y) else other_organization,
                )
                break
        else:
            kept.append((role, organization))
    told = [words(organization) for role, organization in kept if role]
    return [
        Affiliation(
            article.span(*role) if role else None,
            article.span(*organization) if organization else None,
        )
        for role, organization in kept
        if role or not any(words(organization) <= other for other in told)
    ]
