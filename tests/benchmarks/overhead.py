"""What each component costs, measured side by side in one run.

    python tests/benchmarks/overhead.py [ARTICLES.jsonl] [--rounds 5] [--model NAME]

Without a file, the articles of the tests are read. Every article goes through the tokenizer and then, alone, through
each component, in turn; the shares are of the medians over the rounds. Of the component with the encoder, what its
network and word-piece tokenizer take stands apart; the rest is claimx's own.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import process_time

import claimx

TOKENIZER, ENCODER, FINDER = "tokenizer", "encoder", "claimx_attribution"
ARTICLES = Path(__file__).parent.parent / "articles"


def texts(path: Path | None) -> list[str]:
    if path:
        return [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]
    return [article.read_text(encoding="utf-8") for article in sorted(ARTICLES.glob("*.txt"))] * 5


class _Timed:
    """Stands in for an object, and adds the CPU seconds of one of its methods to `spent`."""

    def __init__(self, wrapped: object, method: str, spent: dict[str, float]) -> None:
        def timed(*args, **options):
            start = process_time()
            try:
                return run(*args, **options)
            finally:
                spent[ENCODER] += process_time() - start

        run = getattr(wrapped, method)
        setattr(self, method, timed)


def measure(nlp, articles: list[str]) -> dict[str, float]:
    """CPU seconds of the tokenizer, the encoder, and of each component without it, over all articles."""
    spent: dict[str, float] = defaultdict(float)
    finder = nlp.get_pipe(FINDER)
    network, weights, kept = finder._network, finder._weights, (finder._network._encoder, finder._network._link)
    finder._weights = replace(weights, tokenizer=_Timed(weights.tokenizer, "encode", spent))
    network._encoder, network._link = (_Timed(graph, "run", spent) for graph in kept)
    for text in articles:
        start = process_time()
        doc = nlp.make_doc(text)
        spent[TOKENIZER] += process_time() - start
        for name, component in nlp.pipeline:
            start, before = process_time(), spent[ENCODER]
            doc = component(doc)
            spent[name] += process_time() - start - (spent[ENCODER] - before)
    finder._weights, (network._encoder, network._link) = weights, kept
    return spent


def medians_over(nlp, articles: list[str], rounds: int) -> dict[str, float]:
    measure(nlp, articles[:5])
    found = [measure(nlp, articles) for _ in range(rounds)]
    return {name: median(spent[name] for spent in found) for name in sorted(found[0], key=found[0].get, reverse=True)}


def own_share(medians: dict[str, float]) -> float:
    """Seconds of claimx's own components for each second of the encoder and tokenizers."""
    others = medians[TOKENIZER] + medians[ENCODER]
    return (sum(medians.values()) - others) / others


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", nargs="?", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--model", default=claimx.DEFAULT_MODEL)
    args = parser.parse_args()
    nlp = claimx.load(args.model)
    articles = texts(args.articles)
    words = sum(len(text.split()) for text in articles)
    medians = medians_over(nlp, articles, args.rounds)
    total = sum(medians.values())
    print(f"{len(articles)} articles, {words:,} words, {args.rounds} rounds, CPU seconds (medians)")
    for name, seconds in medians.items():
        print(f"{name:24}{seconds:8.2f}{seconds / total:9.1%} of all")
    print(f"{'all':24}{total:8.2f}{words / total:12,.0f} words/s")
    print(f"{'own components / encoder and tokenizers':44}{own_share(medians):8.3f}")
    who = medians["claimx_speakers"] + medians["claimx_affiliations"]
    print(f"{'speakers and affiliations / the rest':44}{who / (total - who):8.3f}")


if __name__ == "__main__":
    main()
