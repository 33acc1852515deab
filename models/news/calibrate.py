"""Fit the confidence of claims on articles held back from training, and choose the least confidence to keep.

    python news/calibrate.py CONFIG MODEL PREPARED.jsonl OUT.json

MODEL is a folder that `export.py` wrote. A claim is right if it is paired with an attribution whose source it has
(`claimx.evaluation.measures`). OUT gets {"calibration": {"weights", "bias"}, "threshold", "reliability"}; the
threshold is the one with the best F1 of claims with their source.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from pipeline import claim_pipeline
from settings import arguments, read_jsonl
from sklearn.linear_model import LogisticRegression

from claimx.evaluation.gold import PARTS, GoldArticle, GoldAttribution
from claimx.evaluation.measures import reliability, right_claims
from claimx.pipeline.encoder.calibration import Calibration, traits


def held_back(prepared: Path) -> list[GoldArticle]:
    return [
        GoldArticle(
            row["id"],
            row["text"],
            [
                GoldAttribution(**{part: sorted(map(tuple, given[part])) for part in PARTS})
                for given in row["attributions"]
            ],
        )
        for row in read_jsonl(prepared)
        if row["part"] == "held"
    ]


def fitted(x: np.ndarray, right: np.ndarray) -> LogisticRegression:
    """Logistic regression on targets drawn in from 0 and 1 by Platt's prior (1999), so that few claims suffice."""
    n = right.sum()
    target = np.where(right, (n + 1) / (n + 2), 1 / (len(right) - n + 2))
    both = np.repeat([True, False], len(right))
    weights = np.concatenate([target, 1 - target])
    return LogisticRegression(C=1.0, max_iter=1000).fit(np.concatenate([x, x]), both, weights)


def best_threshold(confidences: np.ndarray, right: np.ndarray, gold: int) -> float:
    """The least confidence to keep, in steps of 0.01, for the best F1."""
    steps = np.arange(0.05, 0.95, 0.01)
    scores = [2 * right[confidences >= step].sum() / ((confidences >= step).sum() + gold) for step in steps]
    return round(float(steps[int(np.argmax(scores))]), 2)


def main() -> None:
    args, _ = arguments(__doc__, "model", "prepared", "out")
    articles = held_back(args.prepared)
    nlp = claim_pipeline(args.model)
    model = nlp.get_pipe("claimx_attribution")
    rows, right = [], []
    with nlp.select_pipes(disable=["claimx_attribution"]):
        docs = list(nlp.pipe(article.text for article in articles))
    for article, (_, claims) in zip(articles, model.predict(docs), strict=True):
        found = [GoldAttribution(c.content, [c.source] if c.source else [], [c.cue]) for c in claims]
        rows += [traits(claim) for claim in claims]
        right += right_claims(article, found)
    if not rows:
        raise SystemExit(f"{args.model}: finds no claims in the articles held back. Train longer.")
    x, y = np.array(rows), np.array(right, bool)
    fit = fitted(x, y)
    calibration = Calibration([round(float(w), 4) for w in fit.coef_[0]], round(float(fit.intercept_[0]), 4))
    confidences = fit.predict_proba(x)[:, 1]
    threshold = best_threshold(confidences, y, sum(len(article.attributions) for article in articles))
    table = reliability(list(zip(confidences.tolist(), right, strict=True)))
    result = {
        "articles": len(articles),
        "claims": len(y),
        "calibration": {"weights": calibration.weights, "bias": calibration.bias},
        "threshold": threshold,
        "reliability": table,
    }
    args.out.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(f"{len(y)} claims in {len(articles)} articles, threshold {threshold}, error {table['error']:.3f}")


if __name__ == "__main__":
    main()
