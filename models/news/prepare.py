"""Gather the training articles with their labels into one file.

    python news/prepare.py CONFIG SHARED PREPARED.jsonl

SHARED holds `data/polnear/train.jsonl` and `data/written/train.jsonl` (attributions), `train-speakers.jsonl` beside
each (roles and organizations of some of their articles), and `data/gum/mentions.jsonl` (entities). Articles without
entity gold get silver entities from a spaCy pipeline; all get silver roles from claimx's rules over these. A line is
{"id", "text", "part", "weight", "attributions": [...] | null, "entities": [[start, end, label], ...]}, offsets in
Unicode code points. `part` is "train", or "held" for the articles that calibration needs unseen. GUM documents held
back for measuring are left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import spacy
from claimx.pipeline.article import article_of
from claimx.pipeline.roles import RoleReader
from settings import arguments, read_jsonl

from claimx.api import add_components

LABELS = {"PERSON": "PER", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC", "NORP": "LOC", "FAC": "LOC"}
GOLD_LABELS = {"person": "PER", "organization": "ORG", "place": "LOC"}


def silver(doc) -> list[tuple[int, int, str]]:
    """Entities as a model tags them, without possessives and leading articles; none that runs over a line."""
    found = []
    for ent in doc.ents:
        label = LABELS.get(ent.label_)
        start, end = ent.start_char, ent.end_char
        surface = doc.text[start:end]
        if label is None or "\n" in surface:
            continue
        end -= 2 * surface.endswith(("’s", "'s"))
        start += 4 * (surface.lower().startswith("the ") and label != "ORG")
        if start < end:
            found.append((start, end, label))
    return found


def silver_pipeline(name: str):
    """The named spaCy pipeline, for its names alone, and claimx's mentions behind it."""
    nlp = spacy.load(name, exclude=["tagger", "parser", "attribute_ruler", "lemmatizer"])
    add_components(nlp, ["claimx_mentions"])
    return nlp


def silver_roles(doc) -> set[str]:
    """Roles that claimx's rules read beside the names of an article, as they are written."""
    article = article_of(doc)
    mentions, entities = doc._.claimx_mentions
    facts = RoleReader(article, mentions, entities).facts()
    return {doc.text[slice(*article.span(*fact.role))] for fact in facts if fact.role}


def told(path: Path) -> dict[str, tuple[set[str], set[str]]]:
    """Roles and capitalised organizations of each article that has speaker gold."""
    found = {}
    for article in read_jsonl(path):
        affiliations = [a for speaker in article["speakers"] for a in speaker["affiliations"]]
        roles = {a["role"] for a in affiliations if a["role"]}
        organizations = {a["organization"] for a in affiliations if a["organization"]}
        found[article["id"]] = roles, {name for name in organizations if name[0].isupper()}
    return found


def occurrences(text: str, phrases: set[str], label: str) -> Iterator[tuple[int, int, str]]:
    """Wherever one of the phrases stands in the text, the longest first."""
    if phrases:
        pattern = "|".join(re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True))
        yield from ((*match.span(), label) for match in re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", text))


def labelled(doc, gold: tuple[set[str], set[str]] = (set(), set())) -> list[tuple[int, int, str]]:
    """Silver entities, gold organizations where no name was found, and roles."""
    entities = silver(doc)
    taken = {i for start, end, _ in entities for i in range(start, end)}
    found = [org for org in occurrences(doc.text, gold[1], "ORG") if taken.isdisjoint(range(*org[:2]))]
    return entities + found + list(occurrences(doc.text, gold[0] | silver_roles(doc), "ROLE"))


def annotated(nlp, folder: Path, weight: int, held_back: int) -> Iterator[dict]:
    """Articles with gold attributions."""
    gold = told(folder / "train-speakers.jsonl")
    articles = read_jsonl(folder / "train.jsonl")
    docs = nlp.pipe((article["text"] for article in articles), batch_size=16)
    for number, (doc, article) in enumerate(zip(docs, articles, strict=True)):
        row = {key: article[key] for key in ("id", "text", "attributions")}
        part = "train" if number % held_back else "held"
        yield row | {"part": part, "weight": weight, "entities": labelled(doc, gold.get(article["id"], (set(), set())))}


def with_names(nlp, path: Path, weight: int, held_back: int) -> Iterator[dict]:
    """Documents with gold names and no attributions."""
    documents = [document for number, document in enumerate(read_jsonl(path)) if number % held_back]
    for doc, document in zip(nlp.pipe(d["text"] for d in documents), documents, strict=True):
        entities = [[*m["span"], GOLD_LABELS[m["type"]]] for m in document["mentions"] if m["form"] == "name"]
        entities += occurrences(doc.text, silver_roles(doc), "ROLE")
        row = {"id": document["id"], "text": document["text"], "attributions": None}
        yield row | {"part": "train", "weight": weight, "entities": entities}


def main() -> None:
    args, config = arguments(__doc__, "shared", "prepared")
    options, data = config["prepare"], args.shared / "data"
    nlp = silver_pipeline(options["silver"])
    args.prepared.parent.mkdir(parents=True, exist_ok=True)
    with args.prepared.open("w", encoding="utf-8") as out:
        for part in options["parts"].split():
            weight = options["weights"][part]
            if part == "gum":
                rows = with_names(nlp, data / part / "mentions.jsonl", weight, options["gum_held_back"])
            else:
                rows = annotated(nlp, data / part, weight, options["held_back"])
            for row in rows:
                out.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
