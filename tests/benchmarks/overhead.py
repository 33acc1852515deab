"""What each component costs, measured side by side in one run.

    python tests/benchmarks/overhead.py [ARTICLES.jsonl] [--rounds 5] [--model en_core_web_sm]

Without a file, the articles of the tests are read. Every article goes through the base pipeline (the parse for the
rules, the tokenizer alone for the trained pipeline) and then, alone, through each component, in turn; the shares are of
the medians over the rounds.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from pathlib import Path
from statistics import median
from time import process_time

import claimx

PARAGRAPHS = "claimx_paragraphs"
ARTICLES = Path(__file__).parent.parent / "articles"


def texts(path: Path | None) -> list[str]:
    if path:
        return [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]
    return [article.read_text(encoding="utf-8") for article in sorted(ARTICLES.glob("*.txt"))] * 5


def measure(nlp, articles: list[str]) -> dict[str, float]:
    """CPU seconds of the base pipeline and of each component over all articles."""
    spent: dict[str, float] = defaultdict(float)
    own = [(name, nlp.get_pipe(name)) for name in nlp.pipe_names if name.startswith("claimx_")]
    paragraphs = [component for name, component in own if name == PARAGRAPHS]  # stands before the base pipeline
    with nlp.select_pipes(disable=[name for name, _ in own]):
        for text in articles:
            start = process_time()
            doc = nlp(text)
            spent["base pipeline"] += process_time() - start
            for name, component in own:
                if name != PARAGRAPHS:
                    start = process_time()
                    doc = component(doc)
                    spent[name] += process_time() - start
            for component in paragraphs:
                made = nlp.make_doc(text)
                start = process_time()
                component(made)
                spent[PARAGRAPHS] += process_time() - start
    return spent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", nargs="?", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--model", default=claimx.DEFAULT_MODEL)
    args = parser.parse_args()
    nlp = claimx.load(args.model)
    articles = texts(args.articles)
    words = sum(len(text.split()) for text in articles)
    measure(nlp, articles[:5])
    rounds = [measure(nlp, articles) for _ in range(args.rounds)]
    medians = {name: median(spent[name] for spent in rounds) for name in rounds[0]}
    total = sum(medians.values())
    print(f"{len(articles)} articles, {words:,} words, {args.rounds} rounds, CPU seconds (medians)")
    for name, seconds in medians.items():
        print(f"{name:24}{seconds:8.2f}{seconds / total:9.1%} of all")
    print(f"{'all':24}{total:8.2f}{words / total:12,.0f} words/s")
    if args.model != claimx.DEFAULT_MODEL:
        base = medians["base pipeline"]
        print(f"{'all components / base pipeline':36}{(total - base) / base:8.3f}")
    who = medians["claimx_speakers"] + medians["claimx_affiliations"]
    print(f"{'speakers and affiliations / the rest':36}{who / (total - who):8.3f}")


if __name__ == "__main__":
    main()
