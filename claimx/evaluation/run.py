"""Measure a pipeline, or claims that were written to a file, against gold."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from claimx.errors import GoldError
from claimx.evaluation.gold import BAD_VALUES, GoldArticle, GoldAttribution, Spans, check_spans, read_text
from claimx.evaluation.measures import KINDS, UNITS, measure, reliability, right_claims

if TYPE_CHECKING:
    from spacy.language import Language

#: Confidences at which precision is told.
THRESHOLDS = (0.5, 0.7, 0.9)


def evaluate(articles: list[GoldArticle], documents: Iterable[dict]) -> dict:
    """Compare `documents`, in the JSON contract, with `articles`, one for one: figures of `measure`, and of confidence.

    "confidence" holds how far it is off (`reliability`), and "at": precision and recall of claims with their source
    among those at least so sure; it is `None` where a claim has no confidence.
    """
    found = [document["claims"] for document in documents]
    claims = [[_attribution(claim) for claim in row] for row in found]
    figures = measure(articles, claims).to_dict()
    confidences = [claim.get("confidence") for row in found for claim in row]
    if any(confidence is None for confidence in confidences):
        return figures | {"confidence": None}
    right = [r for article, row in zip(articles, claims, strict=True) for r in right_claims(article, row)]
    judged = list(zip(confidences, right, strict=True))
    return figures | {"confidence": {**reliability(judged), "at": _at(judged, figures["all"]["gold"])}}


def _at(judged: list[tuple[float, bool]], gold: int) -> list[dict]:
    rows = []
    for threshold in (0.0, *THRESHOLDS):
        kept = [right for confidence, right in judged if confidence >= threshold]
        precision, recall = (round(100 * sum(kept) / n, 1) if n else 0.0 for n in (len(kept), gold))
        rows.append({"threshold": threshold, "claims": len(kept), "p": precision, "r": recall})
    return rows


def extracted(articles: list[GoldArticle], nlp: Language) -> Iterable[dict]:
    """The documents that the pipeline makes of the articles."""
    from claimx.api import extract_many

    return (extraction.to_dict() for extraction in extract_many((a.text for a in articles), nlp=nlp))


def read_predictions(path: Path, articles: list[GoldArticle]) -> list[dict]:
    """Documents in the JSON contract, one a line, in the order of the articles. Raises `GoldError`."""
    documents, texts = {}, {article.id: article.text for article in articles}
    for number, line in enumerate(read_text(Path(path)).split("\n"), 1):
        if not line.strip():
            continue
        try:
            document = json.loads(line)
            claims = [_attribution(claim) for claim in document["claims"]]
            if not all(isinstance(claim.get("confidence"), (int, float, type(None))) for claim in document["claims"]):
                raise TypeError("a confidence that is no number")
            documents[document["id"]] = document
        except BAD_VALUES as error:
            raise GoldError.bad_prediction(str(path), number, error) from error
        if document["id"] in texts:
            check_spans(claims, texts[document["id"]], f"{path}: line {number}")
    missing = [article.id for article in articles if article.id not in documents]
    if missing:
        raise GoldError.not_predicted(str(path), missing)
    return [documents[article.id] for article in articles]


def _attribution(claim: dict) -> GoldAttribution:
    return GoldAttribution(_spans(claim), _spans(claim.get("source")), _spans(claim.get("cue")))


def _spans(part: dict | None) -> Spans:
    return sorted((int(start), int(end)) for start, end in (part or {}).get("spans", ()))


def print_report(figures: dict, console) -> None:
    """Show the figures as tables."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("", "found/gold", "exact", "content", "with source: P, R, F1", "with cue"):
        table.add_column(name, justify="right" if name else "left")
    for part in ("all", *KINDS):
        row = figures[part]
        exact, content, cue = (str(row[name]["f"]) for name in ("content.exact", "content.overlap", "cue.overlap"))
        source = "{p:5.1f} {r:5.1f} {f:5.1f}".format(**row["source.overlap"])
        table.add_row(part, f"{row['pred']}/{row['gold']}", exact, content, source, cue)
    console.print(f"{figures['articles']} articles, F1 of claims")
    console.print(table)
    for unit in UNITS:
        console.print(f"{unit} F1: " + ", ".join(f"{role} {row['f']}" for role, row in figures[unit].items()))
    if figures["confidence"]:
        console.print(f"calibration error of the confidence: {figures['confidence']['error']:.3f}")
        for row in figures["confidence"]["at"]:
            least = f"at least {row['threshold']}" if row["threshold"] else "any"
            console.print(f"  confidence {least}: {row['claims']} claims, precision {row['p']}, recall {row['r']}")
