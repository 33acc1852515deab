"""What each component costs, measured side by side in one run.

    python tests/benchmarks/overhead.py [ARTICLES.jsonl] [--rounds 5] [--model en_core_web_sm]

Without a file, the articles of the tests are read. Every article goes through the base pipeline (the parse for the
rules, the tokenizer alone for the trained pipeline) and then, alone, through each component, in turn; the shares are of
the medians over the rounds. Of the trained component, what its network and word-piece tokenizer take stands apart as
the encoder; the rest is claimx's own.
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
BASE, ENCODER, TRAINED = "base pipeline", "encoder", "claimx_attribution"
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
    """CPU seconds of the base pipeline, the encoder, and of each component without it, over all articles."""
    spent: dict[str, float] = defaultdict(float)
    own = [(name, nlp.get_pipe(name)) for name in nlp.pipe_names if name.startswith("claimx_")]
    paragraphs = [component for name, component in own if name == PARAGRAPHS]  # stands before the base pipeline
    trained = dict(own).get(TRAINED)
    if trained:
        network, kept = trained._network, (trained._tokenizer, trained._network._encoder, trained._network._link)
        trained._tokenizer = _Timed(kept[0], "encode", spent)
        network._encoder, network._link = _Timed(kept[1], "run", spent), _Timed(kept[2], "run", spent)
    with nlp.select_pipes(disable=[name for name, _ in own]):
        for text in articles:
            start = process_time()
            doc = nlp(text)
            spent[BASE] += process_time() - start
            for name, component in own:
                if name != PARAGRAPHS:
                    start, before = process_time(), spent[ENCODER]
                    doc = component(doc)
                    spent[name] += process_time() - start - (spent[ENCODER] - before)
            for component in paragraphs:
                made = nlp.make_doc(text)
                start = process_time()
                component(made)
                spent[PARAGRAPHS] += process_time() - start
    if trained:
        trained._tokenizer, network._encoder, network._link = kept
    return spent


def medians_over(nlp, articles: list[str], rounds: int) -> dict[str, float]:
    measure(nlp, articles[:5])
    found = [measure(nlp, articles) for _ in range(rounds)]
    return {name: median(spent[name] for spent in found) for name in sorted(found[0], key=found[0].get, reverse=True)}


def own_share(medians: dict[str, float]) -> float:
    """Seconds of claimx's own components for each second of the encoder or base pipeline."""
    others = medians[BASE] + medians[ENCODER]
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
    print(f"{'own components / encoder and base pipeline':44}{own_share(medians):8.3f}")
    who = medians["claimx_speakers"] + medians["claimx_affiliations"]
    print(f"{'speakers and affiliations / the rest':44}{who / (total - who):8.3f}")


if __name__ == "__main__":
    main()
