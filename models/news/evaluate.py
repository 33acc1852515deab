"""Measure an exported network: claims and confidence on articles no step has seen, names, eight bits against full.

    python news/evaluate.py CONFIG SHARED MODEL CALIBRATION.json REPORT

REPORT is a folder: `measures.json`, the same as tables in `measures.md`, and `reliability.png` (confidence against how
often a claim was right) go there.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import spacy
from pipeline import READERS, claim_pipeline
from settings import arguments, read_jsonl

from claimx.evaluation.gold import read_gold
from claimx.evaluation.measures import KINDS, UNITS
from claimx.evaluation.run import evaluate, extracted

NAMES = {"person": "PERSON", "organization": "ORG"}


def names_found(nlp, documents: list[dict]) -> dict[str, dict[str, float]]:
    """Precision, recall and F1 of the names of people and organizations; leading "the" and final "'s" do not count."""
    counts: Counter = Counter()
    for document, doc in zip(documents, nlp.pipe(d["text"] for d in documents), strict=True):
        gold = {
            (*_core(doc.text, *mention["span"]), NAMES[mention["type"]])
            for mention in document["mentions"]
            if mention["form"] == "name" and mention["type"] in NAMES
        }
        found = {
            (*_core(doc.text, ent.start_char, ent.end_char), ent.label_)
            for ent in doc.ents
            if ent.label_ in NAMES.values()
        }
        for name, spans in (("gold", gold), ("found", found), ("right", gold & found)):
            counts.update((name, label) for *_, label in spans)
    table = {}
    for label in NAMES.values():
        right, found, gold = (counts[name, label] for name in ("right", "found", "gold"))
        f = round(200 * right / (found + gold), 1) if found + gold else 0.0
        table[label] = {
            "p": round(100 * right / max(1, found), 1),
            "r": round(100 * right / max(1, gold), 1),
            "f": f,
            "gold": gold,
        }
    return table


def _core(text: str, start: int, end: int) -> tuple[int, int]:
    surface = text[start:end]
    start += 4 * surface.lower().startswith("the ")
    return start, end - 2 * surface.endswith(("'s", "’s"))


MEASURES = ("content.exact", "content.overlap", "source.overlap", "source.exact", "cue.overlap")


def tables(measures: dict) -> str:
    """The measures as Markdown tables, as they stand in the model card."""
    out = []
    for part, row in measures["claims"].items():
        heads = ("content exact", "content", "with source", "source exact", "with cue")
        out += [f"| {part} | gold | found | {' | '.join(heads)} |", "|---" * 8 + "|"]
        for kind in ("all", *KINDS):
            cells = ("{p} / {r} / {f}".format(**row[kind][name]) for name in MEASURES)
            out.append(f"| {kind} | {row[kind]['gold']} | {row[kind]['pred']} | {' | '.join(cells)} |")
        units = (f"{unit} F1 " + ", ".join(f"{role} {v['f']}" for role, v in row[unit].items()) for unit in UNITS)
        out += ["", "; ".join(units) + ".", ""]
    out += [
        "| least confidence | " + " | ".join(measures["claims"]) + " |",
        "|---" * (1 + len(measures["claims"])) + "|",
    ]
    for rows in zip(*(row["confidence"]["at"] for row in measures["claims"].values()), strict=True):
        cells = (f"{row['claims']}, {row['p']}, {row['r']}" for row in rows)
        out.append(f"| {rows[0]['threshold'] or 'default'} | {' | '.join(cells)} |")
    errors = (f"{part} {row['confidence']['error']:.3f}" for part, row in measures["claims"].items())
    out += ["", "Expected calibration error: " + ", ".join(errors) + ".", ""]
    if "names" in measures:
        out += ["| names, P / R / F1 | " + " | ".join(NAMES.values()) + " |", "|---" * (1 + len(NAMES)) + "|"]
        for name, row in measures["names"].items():
            out.append(f"| {name} | " + " | ".join("{p} / {r} / {f}".format(**row[label]) for label in row) + " |")
    out += ["", "| claims with source, F1 | eight bits | full precision |", "|---|---|---|"]
    for part in measures["claims"]:
        both = (measures[key][part]["all"]["source.overlap"]["f"] for key in ("claims", "claims in full precision"))
        out.append(f"| {part} | {' | '.join(map(str, both))} |")
    return "\n".join(out) + "\n"


def draw(reliabilities: dict[str, dict], path: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(5, 4.6), dpi=110)
    axes.plot([0, 1], [0, 1], color="#999999", linewidth=1, label="perfect")
    for (part, table), style in zip(reliabilities.items(), ("o-", "s--"), strict=False):
        rows = [row for row in table["bins"] if row["claims"] >= 10]
        label = f"{part} dev (error {table['error']:.3f})"
        axes.plot([row["confidence"] for row in rows], [row["right"] for row in rows], style, label=label)
    axes.set(xlabel="confidence", ylabel="share of claims right, with their source", xlim=(0, 1), ylim=(0, 1))
    axes.legend(loc="upper left", frameon=False)
    figure.tight_layout()
    figure.savefig(path)


def main() -> None:
    args, config = arguments(__doc__, "shared", "model", "calibration", "report")
    fitted = json.loads(args.calibration.read_text(encoding="utf-8"))
    args.report.mkdir(parents=True, exist_ok=True)
    measures: dict = {"claims": {}, "claims in full precision": {}}
    for key, folder in (("claims", args.model), ("claims in full precision", args.model / "full")):
        nlp = claim_pipeline(folder, fitted, READERS)
        for part in config["prepare"]["parts"].split():
            path = args.shared / "data" / part / "dev.jsonl"
            if part != "gum":
                articles = read_gold(path)
                measures[key][part] = evaluate(articles, extracted(articles, nlp))
                row = measures[key][part]
                kinds = ", ".join(f"{kind} {row[kind]['source.overlap']['f']}" for kind in ("all", "direct", "mixed"))
                print(f"{key}, {part}: {kinds}, exact {row['all']['content.exact']['f']}")
    if "gum" in config["prepare"]["parts"].split():
        rows = read_jsonl(args.shared / "data" / "gum" / "mentions.jsonl")[:: config["prepare"]["gum_held_back"]]
        measures["names"] = {
            "en_claimx_news": names_found(claim_pipeline(args.model), rows),
            config["prepare"]["silver"]: names_found(spacy.load(config["prepare"]["silver"]), rows),
        }
        print(measures["names"])
    (args.report / "measures.json").write_text(json.dumps(measures, indent=2) + "\n", encoding="utf-8")
    (args.report / "measures.md").write_text(tables(measures), encoding="utf-8")
    draw({part: row["confidence"] for part, row in measures["claims"].items()}, args.report / "reliability.png")


if __name__ == "__main__":
    main()
