"""Gather the training articles with their labels into one file.

    python models/news/prepare.py SHARED OUT.jsonl

SHARED holds `data/polnear/train.jsonl`, `data/written/train.jsonl` (attributions) and `data/gum/mentions.jsonl`
(entities). Articles without entity gold get silver entities from spaCy's en_core_web_sm. A line of OUT is
{"id", "text", "weight", "attributions": [...] | null, "entities": [[start, end, label], ...]}, offsets in Unicode code
points. Every fifth GUM document is held back for measuring and left out.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import claimx

LABELS = {"PERSON": "PER", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC", "NORP": "LOC", "FAC": "LOC"}
GOLD_LABELS = {"person": "PER", "organization": "ORG", "place": "LOC"}
#: How often an article is seen in an epoch: the written ones are few, and are of many beats and countries.
WEIGHTS = {"polnear": 1, "written": 3, "gum": 1}


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    nlp = claimx.load_base()
    with args.out.open("w", encoding="utf-8") as out:
        for name in ("polnear", "written"):
            articles = read(args.shared / "data" / name / "train.jsonl")
            for doc, article in nlp.pipe(((article["text"], article) for article in articles), as_tuples=True):
                row = {key: article[key] for key in ("id", "text", "attributions")}
                out.write(
                    json.dumps({**row, "weight": WEIGHTS[name], "entities": silver(doc)}, ensure_ascii=False) + "\n"
                )
        for number, document in enumerate(read(args.shared / "data" / "gum" / "mentions.jsonl")):
            if number % 5:
                gold = [[*m["span"], GOLD_LABELS[m["type"]]] for m in document["mentions"] if m["form"] == "name"]
                row = {"id": document["id"], "text": document["text"], "attributions": None}
                out.write(json.dumps({**row, "weight": WEIGHTS["gum"], "entities": gold}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
