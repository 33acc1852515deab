"""Extract from annotated development articles and print the tables of the scorers beside them.

    python tests/score_dev.py SHARED

SHARED holds `data/*/dev.jsonl`, `data/*/dev-speakers.jsonl` and `eval/score.py`, `eval/score_speakers.py`.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import claimx


def main() -> None:
    shared = Path(sys.argv[1])
    nlp = claimx.load()
    for gold in sorted(shared.glob("data/*/dev.jsonl")):
        articles = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()]
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as predicted:
            for article, found in zip(
                articles, claimx.extract_many((a["text"] for a in articles), nlp=nlp), strict=True
            ):
                predicted.write(json.dumps({**found.to_dict(), "id": article["id"]}, ensure_ascii=False) + "\n")
            predicted.flush()
            print(f"\n== {gold.parent.name} dev", flush=True)
            score(shared / "eval" / "score.py", gold, predicted.name)
            score(shared / "eval" / "score_speakers.py", gold, gold.with_name("dev-speakers.jsonl"), predicted.name)


def score(*command) -> None:
    subprocess.run([sys.executable, *map(str, command)], check=True)


if __name__ == "__main__":
    main()
