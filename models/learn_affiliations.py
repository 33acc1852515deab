"""Learn the weights that tie roles to people and organizations (`claimx/rules/affiliation_weights.json`).

    python models/learn_affiliations.py ARTICLES.jsonl SPEAKERS.jsonl [ARTICLES.jsonl SPEAKERS.jsonl ...]
        [--folds 4] [--out WEIGHTS.json]

Files as for learn_speakers.py, with the affiliations of SPEAKERS: [{"role", "organization"}]. Sources are resolved with
gold attributions. Every role that an article names is a choice among the people nearby and nobody: right are those who
bear it in SPEAKERS, and where none does, nobody and the people who are no speakers, of whom nothing is known. Every
role rightly borne is a choice among organizations and none, every organization read without a role one of whether it
counts. Needs scikit-learn; takes a minute on one core for 300 articles.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

from claimx.pipeline.ranking import Candidate
from claimx.pipeline.role_links import NOBODY, NOWHERE, LinkFinder
from learn_speakers import set_gold
from ranking import Choice, annotated, cross_validate, fit, is_named, measure, report, write
from spacy.tokens import Doc

import claimx
from claimx.pipeline.lexicon import TITLES, singular_of
from claimx.pipeline.mentions import MentionFinder
from claimx.pipeline.speakers import SpeakerResolver

TARGET = Path(claimx.__file__).parent / "rules" / "affiliation_weights.json"


def same_words(a: str, b: str) -> bool:
    """Whether half of the words are the same, or those of one are among the other's; titles spelt out."""
    x, y = _words(a), _words(b)
    return bool(x and y) and (x <= y or y <= x or 2 * len(x & y) / (len(x) + len(y)) >= 0.5)


def _words(text: str) -> set[str]:
    words = re.findall(r"\w+\.?", re.sub(r"[’']s\b", "", text.lower()))
    senses = (TITLES.get(word) or TITLES.get(word + ".") or singular_of(word).rstrip(".") for word in words)
    return {word for word in senses if word not in ("the", "a", "an")}


def choices_of(doc: Doc, article: dict, told: dict) -> Iterator[Choice]:
    """The choices of an article; `doc` has names, roles and quotations."""
    set_gold(doc, [a for a in article["attributions"] if a["content"]])
    doc = SpeakerResolver()(MentionFinder()(doc))
    yield from _choices_of(LinkFinder(doc), told)
    del doc.spans["claimx_roles"]  # as in a pipeline without a model that tags roles
    links = LinkFinder(SpeakerResolver()(doc))
    yield from (choice for choice in _choices_of(links, told) if choice.sort.endswith("no tags"))


def _choices_of(links: LinkFinder, told: dict) -> Iterator[Choice]:
    people = [speaker for speaker in told["speakers"] if speaker["kind"] == "person"]
    gold: dict[int, list[dict]] = {}
    for i, entity in enumerate(links.entities):
        mates = [
            person for person in people if entity.label == "PER" and is_named(person["name"], "person", entity.name)
        ]
        if mates:
            gold[i] = [affiliation for person in mates for affiliation in person["affiliations"]]
    for span in links.roles:
        role = links.article.slice(*span.role)
        borne = {
            entity: [a["organization"] for a in rows if a["role"] and same_words(a["role"], role)]
            for entity, rows in gold.items()
        }
        candidates = links.bearers(span)
        right = [bool(borne.get(candidate.key[-1])) for candidate in candidates]
        if not any(right):
            right = [candidate.key == NOBODY or candidate.key[1] not in gold for candidate in candidates]
        else:
            for candidate, is_right in zip(candidates, right, strict=True):
                if is_right:
                    yield from _organization(links, span, candidate.key[1], borne[candidate.key[1]], told["id"])
        yield _choice(told["id"], links.sort_of(span), candidates, right, role)
    for entity, fact, candidates in links.memberships():
        if entity in gold:
            name = links.article.slice(*fact.organization)
            counts = any(a["organization"] and same_words(a["organization"], name) for a in gold[entity])
            yield _choice(told["id"], "membership", candidates, [counts, not counts], name)


def _organization(links: LinkFinder, span, bearer: int, gold: list[str | None], article: str) -> Iterator[Choice]:
    candidates, tokens = links.organizations(span, bearer)
    right = []
    for candidate in candidates:
        if candidate.key == NOWHERE:
            right.append(None in gold)
            continue
        names = [links.article.slice(*tokens[candidate.key])]
        if candidate.key[0] == "entity":
            names.append(links.entities[candidate.key[1]].name)
        right.append(any(told and same_words(told, name) for told in gold for name in names))
    if any(right):
        yield _choice(article, "organization", candidates, right, links.article.slice(*span.role))


def _choice(article: str, sort: str, candidates: list[Candidate], right: list[bool], text: str) -> Choice:
    names = tuple(str(candidate.key) for candidate in candidates)
    return Choice(article, sort, [candidate.traits for candidate in candidates], right, 1.0, text, names)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--out", type=Path, default=TARGET)
    args = parser.parse_args()
    nlp = claimx.load()
    choices: list[Choice] = []
    with nlp.select_pipes(enable=["claimx_quotations", "claimx_attribution"]):
        for doc, row, told in annotated(nlp, args.files):
            choices += choices_of(doc, row, told)
    if args.folds:
        print("cross-validated:", report(cross_validate(choices, args.folds)))
    weights = fit(choices)
    print("on the same data:", report(list(measure(choices, weights))))
    write(weights, args.out)


if __name__ == "__main__":
    main()
