"""What claimx's rules cost on top of the base pipeline they read, measured side by side in one run.

    python tests/benchmarks/overhead.py [ARTICLES.jsonl] [--rounds 5]

Without a file, the articles of the tests are read. Every article goes through the base pipeline and then, alone,
through each component, in turn; the ratios are of the medians over the rounds.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from pathlib import Path
from statistics import median
from time import process_time

import claimx
from claimx.api import COMPONENTS

ARTICLES = Path(__file__).parent.parent / "articles"


def texts(path: Path | None) -> list[str]:
    if path:
        return [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]
    return [article.read_text(encoding="utf-8") for article in sorted(ARTICLES.glob("*.txt"))] * 5


def measure(nlp, articles: list[str]) -> dict[str, float]:
    """CPU seconds of the base pipeline and of each component over all articles."""
    spent: dict[str, float] = defaultdict(float)
    own = [(name, nlp.get_pipe(name)) for name in ("claimx_paragraphs", *COMPONENTS)]
    with nlp.select_pipes(disable=[name for name, _ in own]):
        for text in articles:
            start = process_time()
            doc = nlp(text)
            spent["base pipeline"] += process_time() - start
            for name, component in own[1:]:
                start = process_time()
                doc = component(doc)
                spent[name] += process_time() - start
            start = process_time()
            own[0][1](nlp.make_doc(text))
            spent["claimx_paragraphs"] += process_time() - start
            start = process_time()
            nlp.make_doc(text)
            spent["claimx_paragraphs"] -= process_time() - start
    return spent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", nargs="?", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--model", default="en_core_web_sm")
    args = parser.parse_args()
    nlp = claimx.load(args.model)
    articles = texts(args.articles)
    words = sum(len(text.split()) for text in articles)
    measure(nlp, articles[:5])
    rounds = [measure(nlp, articles) for _ in range(args.rounds)]
    base = median(spent["base pipeline"] for spent in rounds)
    print(f"{len(articles)} articles, {words:,} words, {args.rounds} rounds, CPU seconds (medians)")
    print(f"{'base pipeline':24}{base:8.2f}{words / base:12,.0f} words/s")
    total = median(sum(spent.values()) - spent["base pipeline"] for spent in rounds)
    for name in ("claimx_paragraphs", *COMPONENTS):
        seconds = median(spent[name] for spent in rounds)
        print(f"{name:24}{seconds:8.2f}{seconds / base:12.3f} of the base pipeline")
    print(f"{'all claimx components':24}{total:8.2f}{total / base:12.3f} of the base pipeline")


if __name__ == "__main__":
    main()
