"""Learn the weights of a ranker: choices, a penalised conditional logit model, and how well it does.

The weights are for all sorts of questions plus for each of them, fitted together by L-BFGS with an L2 penalty.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from claimx.pipeline.ranking import ANY
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from spacy.language import Language
from spacy.tokens import Doc

from claimx.pipeline.lexicon import HONORIFICS, NICKNAMES, SUFFIXES, WORDS

PENALTY = 2.0
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


def annotated(nlp: Language, files: list[Path]) -> Iterator[tuple[Doc, dict, dict]]:
    """Docs of annotated articles, each with its row and that of its speakers; `files` are pairs of both."""
    for articles, speakers in zip(files[::2], files[1::2], strict=True):
        told = {row["id"]: row for row in read_rows(speakers)}
        rows = [row for row in read_rows(articles) if row["id"] in told]
        for doc, row in nlp.pipe(((row["text"], row) for row in rows), as_tuples=True):
            yield doc, row, told[row["id"]]


def read_rows(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def write(weights: dict[tuple[str, str], float], target: Path) -> None:
    by_sort: dict[str, dict[str, float]] = defaultdict(dict)
    for (sort, trait), weight in sorted(weights.items()):
        if abs(weight) >= MIN_WEIGHT:
            by_sort[sort][trait] = round(weight, 2)
    target.write_text(json.dumps(by_sort, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


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
