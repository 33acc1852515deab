"""Measure claims on the annotated development articles, and fail where a figure falls under its floor.

    python tests/eval_gate.py SHARED [--model NAME] [--no-floors]

SHARED holds `data/*/dev.jsonl`, `data/*/dev-speakers.jsonl` and the scorers `eval/score.py`, `eval/score_speakers.py`.
Our own measures must agree with `score.py` to the decimal. `eval_floors.json` names the floors of each part and the
SHA-256 of the gold they hold for; lowering one is a decision that shows in a diff.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from hashlib import sha256
from pathlib import Path

from rich.console import Console

import claimx
from claimx.evaluation.gold import read_gold
from claimx.evaluation.run import evaluate, extracted, print_report

FLOORS = json.loads(Path(__file__).with_name("eval_floors.json").read_text(encoding="utf-8"))


def scored(*command) -> dict:
    """What a scorer prints with --json."""
    run = [sys.executable, *map(str, command), "--json"]
    return json.loads(subprocess.run(run, check=True, capture_output=True, text=True).stdout)


def figure(figures: dict, path: str) -> float:
    """The figure at a path like "direct/source.overlap/f"."""
    for key in path.split("/"):
        figures = figures[key]
    return figures


def failures(name: str, gold: Path, figures: dict) -> list[str]:
    floors = FLOORS[name]
    if sha256(gold.read_bytes()).hexdigest() != floors["sha256"]:
        return [f"{name}: the gold is not the one the floors are for"]
    found = {path: figure(figures, path) for path in floors["at_least"]}
    low = [f"{name}: {p} is {found[p]}, floor {floor}" for p, floor in floors["at_least"].items() if found[p] < floor]
    error = figures["confidence"]["error"]
    return low + [f"{name}: calibration error {error}"] * (error > floors["calibration_error"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--model", default=claimx.DEFAULT_MODEL)
    parser.add_argument("--no-floors", action="store_true")
    args = parser.parse_args()
    nlp, failed = claimx.load(args.model), []
    for gold in sorted(args.shared / "data" / name / "dev.jsonl" for name in FLOORS):
        articles = read_gold(gold)
        documents = [d | {"id": a.id} for a, d in zip(articles, extracted(articles, nlp), strict=True)]
        figures = evaluate(articles, documents)
        Console().print(f"\n== {gold.parent.name} dev")
        print_report(figures, Console())
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as predicted:
            predicted.writelines(json.dumps(document, ensure_ascii=False) + "\n" for document in documents)
            predicted.flush()
            theirs = scored(args.shared / "eval" / "score.py", gold, predicted.name)
            speakers = gold.with_name("dev-speakers.jsonl")
            figures["speakers"] = scored(args.shared / "eval" / "score_speakers.py", gold, speakers, predicted.name)
            print(figures["speakers"])
        differing = [key for key in theirs if theirs[key] != figures[key]]
        failed += [f"{gold.parent.name}: differs from score.py in {', '.join(differing)}"] * bool(differing)
        failed += [] if args.no_floors else failures(gold.parent.name, gold, figures)
    if failed:
        sys.exit("\n".join(failed))


if __name__ == "__main__":
    main()
