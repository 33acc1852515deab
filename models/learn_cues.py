"""Learn the cue lexicon (`claimx/rules/cues.json`, `context.json`) from annotated articles.

    python models/learn_cues.py TRAIN.jsonl [TRAIN.jsonl ...]

TRAIN holds one article a line: {"id", "text", "attributions": [{"source": [[s, e]], "cue": [[s, e]], "content":
[[s, e]]}]}, offsets in Unicode code points. Each article is parsed, every frame match of `claimx/rules/frames.json`
becomes a row, positive where a gold attribution has that cue and (token Dice >= 0.5) that content; nested ones are
left out, since only outermost attributions are annotated. A logistic regression over frame, lemma, lemma with frame
and context is fitted, and written out as what a linguist reads and edits: the rate of each cue in each frame in an
average context, the rate of each frame with an unknown cue, and the weight (log odds) of each trait of the context.
Needs scikit-learn; takes about five minutes on one core for 1,000 articles.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from spacy.tokens import Doc

import claimx
from claimx.pipeline.frames import Frames
from claimx.pipeline.quotation_marks import find_quotations
from claimx.pipeline.zones import Zones

RULES = Path(claimx.__file__).parent / "rules"
MIN_COUNT = 3
MIN_RATE = 0.06


def covered(doc: Doc, spans) -> frozenset[int]:
    """Indices of the word tokens that the character spans cover."""
    return frozenset(
        token.i
        for start, end in spans
        for token in doc.char_span(start, end, alignment_mode="expand") or ()
        if token.text[0].isalnum()
    )


def dice(a: frozenset, b: frozenset) -> float:
    return 2 * len(a & b) / (len(a) + len(b)) if a or b else 0.0


def rows_of(doc: Doc, attributions: list[dict], frames: Frames):
    """Yield (lemma, frame, context, is attribution) for every frame match outside quotations and outermost."""
    gold = [(a["cue"][0], covered(doc, a["content"]), a["content"]) for a in attributions if a["cue"] and a["content"]]
    quotations = find_quotations(doc.text)
    for candidate in frames.candidates(doc):
        at = doc[candidate.cue].idx
        if any(q.start < at < q.end for q in quotations):
            continue
        if any(start <= at < end for _, _, spans in gold for start, end in spans):
            continue
        words = frozenset(i for start, end in candidate.content for i in range(start, end) if doc[i].text[0].isalnum())
        right = any(start <= at < end and dice(words, content) >= 0.5 for (start, end), content, _ in gold)
        yield candidate.lemma, candidate.frame, candidate.context, right, doc[candidate.cue].is_lower


def quote_rows_of(doc: Doc, attributions: list[dict]):
    """Yield (lemma, is cue) for every verb next to a quotation in a position from which it could introduce it."""
    gold = [(a["cue"][0], a["content"]) for a in attributions if a["cue"] and a["content"]]
    zones = Zones(doc, find_quotations(doc.text))
    for quotation, verb in zones.verbs():
        at = doc[verb].idx
        yield (
            doc[verb].lemma_.lower(),
            any(
                start <= at < end and any(s < quotation.end and quotation.start < e for s, e in content)
                for (start, end), content in gold
            ),
        )


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train", nargs="+", type=Path)
    parser.add_argument("--model", default="en_core_web_sm")
    args = parser.parse_args()
    nlp = claimx.load_base(args.model)
    frames = Frames(nlp.vocab)
    articles = [json.loads(line) for path in args.train for line in path.read_text(encoding="utf-8").splitlines()]
    rows, quote_rows = [], []
    for doc, article in nlp.pipe(((a["text"], a) for a in articles), as_tuples=True):
        rows += rows_of(doc, article["attributions"], frames)
        quote_rows += quote_rows_of(doc, article["attributions"])

    pairs, lemmas = Counter((row[0], row[1]) for row in rows), Counter(row[0] for row in rows)
    lower = Counter(row[0] for row in rows if row[4])
    words = {lemma for lemma, count in lemmas.items() if count >= MIN_COUNT and lower[lemma] > count / 2}  # no names

    def traits(row):
        lemma, frame, context = row[:3]
        found = {f"frame={frame}": 1.0} | {f"context={trait}": 1.0 for trait in context}
        if lemmas[lemma] >= MIN_COUNT:
            found[f"lemma={lemma}"] = 1.0
        if pairs[lemma, frame] >= MIN_COUNT:
            found[f"pair={lemma}|{frame}"] = 1.0
        return found

    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform([traits(row) for row in rows])
    matrix.indices, matrix.indptr = matrix.indices.astype(np.int32), matrix.indptr.astype(np.int32)  # for liblinear
    truth = np.array([row[3] for row in rows])
    model = LogisticRegression(C=1.0, max_iter=500, solver="liblinear").fit(matrix, truth)
    weight = defaultdict(float, zip(vectorizer.feature_names_, model.coef_[0], strict=True))
    is_context = np.array([name.startswith("context=") for name in vectorizer.feature_names_])
    average = float((matrix[:, is_context] @ model.coef_[0][is_context]).mean())
    bias = float(model.intercept_[0]) + average

    cues: dict[str, dict] = defaultdict(lambda: {"lean": 0.0, "frames": {}})
    for lemma in lemmas:
        if lemma in words and lemma.replace("-", "").replace(" ", "").isalpha():
            cues[lemma]["lean"] = round(weight[f"lemma={lemma}"], 2)
    for (lemma, frame), count in pairs.items():
        rate = sigmoid(bias + weight[f"frame={frame}"] + weight[f"lemma={lemma}"] + weight[f"pair={lemma}|{frame}"])
        if count >= MIN_COUNT and lemma in cues and rate >= MIN_RATE:
            cues[lemma]["frames"][frame] = round(rate, 3)
    counts, hits = Counter(), Counter()
    for lemma, right in quote_rows:
        counts[lemma] += 1
        hits[lemma] += right
    overall = sum(hits.values()) / sum(counts.values())
    for lemma, count in counts.items():
        if count >= MIN_COUNT and lemma in words:
            cues[lemma]["frames"]["quotation"] = round((hits[lemma] + 2 * overall) / (count + 2), 3)
    cues = {lemma: entry for lemma, entry in cues.items() if entry["frames"] or abs(entry["lean"]) > 0.5}
    frame_counts = Counter(row[1] for row in rows)
    defaults = {
        frame: round(sigmoid(bias + weight[f"frame={frame}"]), 3) for frame, n in frame_counts.items() if n >= MIN_COUNT
    }
    defaults["quotation"] = round(overall, 3)
    context = {
        name.removeprefix("context="): round(weight[name], 2)
        for name in vectorizer.feature_names_
        if name.startswith("context=") and abs(weight[name]) >= 0.05
    }
    write(RULES / "cues.json", {"defaults": defaults, "cues": cues})
    write(RULES / "context.json", {"average": round(average, 3), "traits": context})


def write(path: Path, value: dict) -> None:
    """One entry a line, sorted, so that a change shows as a line in a diff."""
    parts = []
    for key, entry in value.items():
        if isinstance(entry, dict):
            lines = [f"    {json.dumps(k)}: {json.dumps(v, sort_keys=True)}" for k, v in sorted(entry.items())]
            parts.append(f"  {json.dumps(key)}: {{\n" + ",\n".join(lines) + "\n  }")
        else:
            parts.append(f"  {json.dumps(key)}: {json.dumps(entry)}")
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
