"""``claimx_affiliations``: in what capacity each speaker speaks: roles and organizations the article ties to them.

Reads tokens, names and speakers, no parse. Role and organization are verbatim substrings of the article.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from spacy.language import Language
from spacy.tokens import Doc

from claimx.pipeline.annotations import Affiliation, Speaker, set_speakers
from claimx.pipeline.article import Article
from claimx.pipeline.component import RuleComponent
from claimx.pipeline.roles import RoleReader

_ARTICLES = frozenset(("the", "a", "an"))


@Language.factory(
    "claimx_affiliations",
    requires=["doc._.claimx_mentions", "doc._.claimx_speakers"],
    assigns=["doc._.claimx_speakers"],
)
def create_affiliations(nlp: Language, name: str) -> AffiliationFinder:
    return AffiliationFinder(name)


class AffiliationFinder(RuleComponent):
    """Adds the affiliations to ``doc._.claimx_speakers``."""

    def __init__(self, name: str = "claimx_affiliations") -> None:
        super().__init__(name)

    def __call__(self, doc: Doc) -> Doc:
        speakers: list[Speaker] = doc._.claimx_speakers
        if not speakers:
            return doc
        article = Article(doc)
        mentions, entities = doc._.claimx_mentions
        reader = RoleReader(article, mentions, entities)
        read = reader.facts()
        facts: dict[int, list] = {}
        for fact in read:
            facts.setdefault(mentions[fact.mention].entity, []).append((fact.mention, fact.role, fact.organization))
        for entity, fact in reader.called(reader.role_words(read)):
            facts[entity].append((fact.mention, fact.role, fact.organization))
        for speaker in speakers:
            own = facts.get(speaker.entity, []) if speaker.entity >= 0 else []
            if speaker.kind in ("person", "unnamed", "group"):
                own = own + self._told_by_sources(article, reader, speaker)
            speaker.affiliations = _merged(article, own)
            if speaker.kind != "person":  # that officials are officials, their name says
                speaker.affiliations = [a for a in speaker.affiliations if a.organization]
        set_speakers(doc, speakers)
        return doc

    @staticmethod
    def _told_by_sources(article: Article, reader: RoleReader, speaker: Speaker) -> list:
        """What noun phrases that the speaker was mentioned by say: "a spokesman for the ministry"."""
        found = []
        for start, end in speaker.mentions:
            low, high = bisect_right(article.offsets, start) - 1, bisect_left(article.offsets, end)
            if any(i in reader.inside and reader.inside[i].label == "PER" for i in range(low, high)):
                continue
            if high - low == 1 and not article.is_role(low):
                continue
            phrase = reader.read(low, high, known_only=True, plural=True)
            if phrase and (phrase.role or phrase.organization):
                found.append((-1, phrase.role, phrase.organization))
        return found


def _merged(article: Article, facts: list) -> list[Affiliation]:
    """One affiliation for facts that say the same; what one mention tells in two places is put together."""

    def words(span) -> frozenset[str]:
        return frozenset(article.lowers[span[0] : span[1]]) - _ARTICLES if span else frozenset()

    paired = []
    for mention, role, organization in facts:
        if role is None and paired and paired[-1][0] == mention and mention >= 0 and paired[-1][2] is None:
            paired[-1] = (mention, paired[-1][1], organization)  # "Sen. Ted Cruz (R-Tex.)"
        else:
            paired.append((mention, role, organization))
    kept: list[tuple] = []
    for _, role, organization in paired:
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
