"""Learn the weights by which sources find their speaker (`claimx/rules/speaker_weights.json`).

    python models/learn_speakers.py ARTICLES.jsonl SPEAKERS.jsonl [ARTICLES.jsonl SPEAKERS.jsonl ...]
        [--mentions MENTIONS.jsonl] [--folds 4]

ARTICLES are annotated as for learn_cues.py; SPEAKERS say who each source is: {"id", "speakers": [{"key", "name",
"kind"}], "attribution_speaker": {attribution id: key or null}}. Articles are resolved with gold attributions; every
source that names nobody and whose gold speaker is among the candidates becomes one choice, and the earlier ones of an
article are taken for resolved rightly. MENTIONS are texts with coreference, {"text", "mentions": [{"span", "type",
"entity", "form"}]}: each pronoun and noun phrase there counts as a source as well, with the weight `MENTION_WEIGHT`.

The weights are those of a conditional logit model: softmax over the candidates of a choice, weights for all sorts of
sources plus weights for each, an L2 penalty on both, fitted by L-BFGS. `--folds` also measures by cross-validation
over articles. Needs scikit-learn; takes a minute on one core for 300 articles.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from spacy.tokens import Doc

import claimx
from claimx.pipeline.annotations import Attribution, set_attributions
from claimx.pipeline.candidates import NEW, NOBODY, Candidate
from claimx.pipeline.coreference import ANY
from claimx.pipeline.intervals import Intervals
from claimx.pipeline.kinds import kind_of
from claimx.pipeline.lexicon import HONORIFICS, NICKNAMES, SUFFIXES, WORDS
from claimx.pipeline.mentions import MentionFinder
from claimx.pipeline.sources import Source
from claimx.pipeline.speakers import Resolution

TARGET = Path(claimx.__file__).parent / "rules" / "speaker_weights.json"
PENALTY = 2.0
#: Weight of a mention that is no source beside one that is.
MENTION_WEIGHT = 0.2
#: Traits seen less often, and weights smaller than this, are left out.
MIN_COUNT, MIN_WEIGHT = 4, 0.01


@dataclass(slots=True)
class Choice:
    """One source of a sort: the traits of its candidates, and which of them are right."""

    article: str
    sort: str
    traits: list[dict[str, float]]
    right: list[bool]
    weight: float = 1.0
    text: str = ""
    names: tuple[str, ...] = ()
    gold: str | None = None


class Recording(Resolution):
    """Resolves an article and keeps the candidates of each source; gold answers stand in for guesses."""

    def __init__(self, doc: Doc, article: str, gold: dict[int, tuple[str, str] | None], weight: float = 1.0) -> None:
        super().__init__(doc)
        self.id, self.gold, self.weight = article, gold, weight
        self.choices: list[Choice] = []

    def _choose(self, source: Source, sort: str, candidates: list[Candidate]) -> tuple[Candidate, float]:
        if source.claim not in self.gold:
            return super()._choose(source, sort, candidates)
        gold = self.gold[source.claim]
        right = [
            gold is None if candidate.key == NOBODY else gold is not None and is_named(*gold, candidate.name)
            for candidate in candidates
        ]
        text = self.article.slice(source.start, source.end)
        names = tuple(candidate.name for candidate in candidates)
        traits = [candidate.traits for candidate in candidates]
        self.choices.append(Choice(self.id, sort, traits, right, self.weight, text, names, gold and gold[0]))
        chosen = [candidate for candidate, is_right in zip(candidates, right, strict=True) if is_right]
        if chosen:
            return min(chosen, key=lambda candidate: candidate.key == NEW), 1.0
        return super()._choose(source, sort, candidates)


def is_named(name: str, kind: str, found: str) -> bool:
    """Whether two names can be one speaker's: one surname and no other forename; else half of the words in common."""
    a, b = _words(name), _words(found)
    if not a or not b:
        return False
    if kind == "person":
        a, b = ([word for word in words if word not in SUFFIXES] or words for words in (a, b))
        if a[-1] != b[-1]:
            return False
        x, y = (NICKNAMES.get(words[0], words[0]) for words in (a, b))
        return len(a) == 1 or len(b) == 1 or x == y or x.startswith(y) or y.startswith(x) or x in b or y in a
    return 2 * len(set(a) & set(b)) / (len(set(a)) + len(set(b))) >= 0.5


def _words(name: str) -> list[str]:
    words = re.findall(r"\w+", re.sub(r"[’']s\b", "", name.lower()))
    return [word for word in words if word not in HONORIFICS and word not in WORDS["determiners"]] or words


def choices_of(doc: Doc, article: dict, told: dict) -> list[Choice]:
    """The choices of an article whose sources have been annotated; `doc` has names and quotations."""
    speakers = {row["key"]: (row["name"], row["kind"]) for row in told["speakers"]}
    kept = [a for a in article["attributions"] if a["content"]]
    set_gold(doc, kept)
    gold = {i: speakers.get(told["attribution_speaker"].get(a["id"])) for i, a in enumerate(kept)}
    recording = Recording(MentionFinder()(doc), told["id"], gold)
    recording.speakers()
    return recording.choices


def set_gold(doc: Doc, attributions: list[dict]) -> None:
    """Put annotated attributions on a Doc."""
    outer = Intervals((q.start, q.end, q) for q in doc._.claimx_quotations if q.depth == 0)
    rows = []
    for a in attributions:
        content = [tuple(span) for span in a["content"]]
        cue = tuple(a["cue"][0]) if a["cue"] else None
        source = (a["source"][0][0], a["source"][-1][1]) if a["source"] else None
        rows.append(Attribution(content, cue, source, None, "", kind_of(doc.text, content, outer), 1.0, ""))
    set_attributions(doc, rows)


def mention_choices(doc: Doc, row: dict) -> list[Choice]:
    """The choices of a text with coreference: who each pronoun and noun phrase is, where a name tells."""
    names: dict[str, list[str]] = defaultdict(list)
    for mention in row["mentions"]:
        if mention["form"] == "name":
            names[mention["entity"]].append(row["text"][slice(*mention["span"])])
    kept, gold = [], {}
    for mention in row["mentions"]:
        told = names.get(mention["entity"])
        if mention["form"] != "name" and mention["type"] in ("person", "organization") and told:
            gold[len(kept)] = (max(told, key=len), mention["type"])
            start, end = mention["span"]
            kept.append({"content": [[end, end + 1]], "source": [[start, end]], "cue": None})
    set_gold(doc, kept)
    recording = Recording(MentionFinder()(doc), row["id"], gold, MENTION_WEIGHT)
    recording.speakers()
    return recording.choices


class Table:
    """Choices as one sparse matrix: a row a candidate, a column a trait, for all sorts and for each."""

    def __init__(self, choices: Iterable[Choice], columns: dict[tuple[str, str], int]) -> None:
        self.choices = [choice for choice in choices if any(choice.right)]
        rows, places, values = [], [], []
        self.starts, count = [], 0
        for choice in self.choices:
            self.starts.append(count)
            for traits in choice.traits:
                for trait, value in traits.items():
                    for sort in (ANY, choice.sort):
                        if (sort, trait) in columns:
                            rows.append(count)
                            places.append(columns[sort, trait])
                            values.append(value)
                count += 1
        self.matrix = csr_matrix((values, (rows, places)), shape=(count, len(columns)))
        self.right = np.array([r for choice in self.choices for r in choice.right], bool)
        self.weights = np.array([choice.weight for choice in self.choices])
        self.sizes = np.diff([*self.starts, count])

    def probabilities(self, scores: np.ndarray) -> np.ndarray:
        scores = scores - np.repeat(np.maximum.reduceat(scores, self.starts), self.sizes)
        exp = np.exp(scores)
        return exp / np.repeat(np.add.reduceat(exp, self.starts), self.sizes)


def columns_of(choices: Iterable[Choice]) -> dict[tuple[str, str], int]:
    counts: Counter = Counter()
    for choice in choices:
        for trait in {trait for traits in choice.traits for trait in traits}:
            counts.update(((ANY, trait), (choice.sort, trait)))
    return {column: i for i, column in enumerate(sorted(c for c, n in counts.items() if n >= MIN_COUNT))}


def fit(choices: list[Choice]) -> dict[tuple[str, str], float]:
    """The weights of the penalised conditional logit model; where several candidates are right, any will do."""
    columns = columns_of(choices)
    table = Table(choices, columns)
    repeated = np.repeat(table.weights, table.sizes)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        p = table.probabilities(table.matrix @ weights)
        right = np.add.reduceat(p * table.right, table.starts)
        told = p * table.right / np.repeat(right, table.sizes)
        value = -(table.weights * np.log(right + 1e-12)).sum() + 0.5 * PENALTY * weights @ weights
        return value, table.matrix.T @ (repeated * (p - told)) + PENALTY * weights

    found = minimize(loss, np.zeros(len(columns)), jac=True, method="L-BFGS-B", options={"maxiter": 500})
    return {column: float(found.x[i]) for column, i in columns.items()}


def measure(choices: Iterable[Choice], weights: dict[tuple[str, str], float]) -> Iterator[tuple[Choice, int]]:
    """Each choice with the index of the candidate that the weights choose."""
    for choice in choices:
        scores = [
            sum(value * (weights.get((ANY, t), 0.0) + weights.get((choice.sort, t), 0.0)) for t, value in row.items())
            for row in choice.traits
        ]
        yield choice, int(np.argmax(scores))


def cross_validate(choices: list[Choice], folds: int) -> list[tuple[Choice, int]]:
    articles = sorted({choice.article for choice in choices if choice.weight == 1.0})
    random.Random(5).shuffle(articles)
    fold_of = {article: i % folds for i, article in enumerate(articles)}
    results = []
    for fold in range(folds):
        weights = fit([choice for choice in choices if fold_of.get(choice.article, -1) != fold])
        results += measure((choice for choice in choices if fold_of.get(choice.article, -1) == fold), weights)
    return results


def report(results: list[tuple[Choice, int]]) -> str:
    right: Counter = Counter()
    total: Counter = Counter()
    for choice, best in results:
        for sort in (choice.sort, "all"):
            total[sort] += 1
            right[sort] += choice.right[best]
    return "  ".join(f"{sort} {right[sort] / total[sort]:.1%} of {total[sort]}" for sort in sorted(total))


def read_rows(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--mentions", type=Path)
    parser.add_argument("--folds", type=int, default=0)
    args = parser.parse_args()
    nlp = claimx.load()
    choices = []
    with nlp.select_pipes(enable=["claimx_quotations", "claimx_attribution"]):
        for articles, speakers in zip(args.files[::2], args.files[1::2], strict=True):
            told = {row["id"]: row for row in read_rows(speakers)}
            rows = [row for row in read_rows(articles) if row["id"] in told]
            for doc, row in nlp.pipe(((row["text"], row) for row in rows), as_tuples=True):
                choices += choices_of(doc, row, told[row["id"]])
        rows = read_rows(args.mentions) if args.mentions else []
        for doc, row in nlp.pipe(((row["text"], row) for row in rows), as_tuples=True):
            choices += mention_choices(doc, row)
    if args.folds:
        print("cross-validated:", report(cross_validate(choices, args.folds)))
    weights = fit(choices)
    print("on the same data:", report(list(measure((c for c in choices if c.weight == 1.0), weights))))
    write(weights)


def write(weights: dict[tuple[str, str], float]) -> None:
    by_sort: dict[str, dict[str, float]] = defaultdict(dict)
    for (sort, trait), weight in sorted(weights.items()):
        if abs(weight) >= MIN_WEIGHT:
            by_sort[sort][trait] = round(weight, 2)
    TARGET.write_text(json.dumps(by_sort, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
