"""Gather the training articles with their labels into one file.

    python models/news/prepare.py SHARED OUT.jsonl

SHARED holds `data/polnear/train.jsonl` and `data/written/train.jsonl` (attributions), `train-speakers.jsonl` beside
each (roles and organizations of some of their articles), and `data/gum/mentions.jsonl` (entities). Articles without
entity gold get silver entities from spaCy's en_core_web_sm; all get silver roles from claimx's rules. A line of OUT is
{"id", "text", "part", "weight", "attributions": [...] | null, "entities": [[start, end, label], ...]}, offsets in
Unicode code points. `part` is "train", or "held" for every twentieth article, which calibration needs unseen. Every
fifth GUM document is held back for measuring and left out.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator
from pathlib import Path

import claimx
from claimx.pipeline.article import Article
from claimx.pipeline.roles import RoleReader

LABELS = {"PERSON": "PER", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC", "NORP": "LOC", "FAC": "LOC"}
GOLD_LABELS = {"person": "PER", "organization": "ORG", "place": "LOC"}
#: How often an article is seen in an epoch: the written ones are few, and are of many beats and countries.
WEIGHTS = {"polnear": 1, "written": 3, "gum": 3}
HELD_BACK = 20


def read(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


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


def silver_roles(doc) -> set[str]:
    """Roles that claimx's rules read beside the names of an article, as they are written."""
    article = Article(doc)
    mentions, entities = doc._.claimx_mentions
    facts = RoleReader(article, mentions, entities).facts()
    return {doc.text[slice(*article.span(*fact.role))] for fact in facts if fact.role}


def told(path: Path) -> dict[str, tuple[set[str], set[str]]]:
    """Roles and capitalised organizations of each article that has speaker gold."""
    found = {}
    for article in read(path):
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    data = args.shared / "data"
    nlp = claimx.load("en_core_web_sm")
    with args.out.open("w", encoding="utf-8") as out:
        for name in ("polnear", "written"):
            gold = told(data / name / "train-speakers.jsonl")
            articles = read(data / name / "train.jsonl")
            docs = nlp.pipe((article["text"] for article in articles), batch_size=16)
            for number, (doc, article) in enumerate(zip(docs, articles, strict=True)):
                row = {key: article[key] for key in ("id", "text", "attributions")}
                row |= {"part": "train" if number % HELD_BACK else "held", "weight": WEIGHTS[name]}
                row["entities"] = labelled(doc, gold.get(article["id"], (set(), set())))
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
        documents = [d for number, d in enumerate(read(data / "gum" / "mentions.jsonl")) if number % 5]
        for doc, document in zip(nlp.pipe(d["text"] for d in documents), documents, strict=True):
            entities = [[*m["span"], GOLD_LABELS[m["type"]]] for m in document["mentions"] if m["form"] == "name"]
            entities += occurrences(doc.text, silver_roles(doc), "ROLE")
            row = {"id": document["id"], "text": document["text"], "attributions": None}
            row |= {"part": "train", "weight": WEIGHTS["gum"], "entities": entities}
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
