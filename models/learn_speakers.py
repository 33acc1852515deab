"""Learn the weights by which pronouns find their speaker (`claimx/rules/speaker_weights.json`).

    python models/learn_speakers.py ARTICLES.jsonl SPEAKERS.jsonl [ARTICLES.jsonl SPEAKERS.jsonl ...]

ARTICLES are annotated as for learn_cues.py; SPEAKERS say who each source is: {"id", "speakers": [{"key", "name",
"kind"}], "attribution_speaker": {attribution id: key}}. Articles are resolved with gold attributions; every "he" or
"she" whose gold speaker is among the candidates becomes one choice, and the weights of the candidates' traits are
fitted by a conditional logit model (softmax over the candidates of each choice) with an L2 penalty.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

import claimx
from claimx.pipeline.annotations import Attribution, set_attributions
from claimx.pipeline.mentions import MentionFinder
from claimx.pipeline.quotations import QuotationFinder
from claimx.pipeline.speakers import Resolution

TARGET = Path(claimx.__file__).parent / "rules" / "speaker_weights.json"
PENALTY = 2.0


class Recording(Resolution):
    """Resolves an article and keeps the traits of every candidate for a pronoun; gold answers stand in for guesses."""

    def __init__(self, doc, gold: dict[int, str]) -> None:
        super().__init__(doc)
        self.gold, self.choices, self.claim = gold, [], -1

    def _resolve(self, source):
        self.claim = source.claim
        return super()._resolve(source)

    def _choose(self, traits: dict[int, dict[str, float]]):
        name = self.gold.get(self.claim)
        right = [key for key in traits if name and self._is(key, name)]
        if len(right) == 1:
            self.choices.append((traits, right[0]))
            return right[0]
        return super()._choose(traits)

    def _is(self, key, name: str) -> bool:
        if key[0] == "phrase":
            return (
                self.found[key].name.split()[-1].lower() == name.split()[-1].lower()
                and self.found[key].name.split()[0] in name
            )
        return self.entities[key[1]].name.split()[-1].lower() == name.split()[-1].lower()


def choices_of(nlp, articles: Path, speakers: Path):
    gold = {row["id"]: row for row in map(json.loads, speakers.read_text(encoding="utf-8").splitlines())}
    rows = [row for row in map(json.loads, articles.read_text(encoding="utf-8").splitlines()) if row["id"] in gold]
    for doc, row in nlp.pipe(((row["text"], row) for row in rows), as_tuples=True):
        told = gold[row["id"]]
        names = {speaker["key"]: speaker["name"] for speaker in told["speakers"]}
        kept = [a for a in row["attributions"] if a["content"] and a["source"]]
        doc = QuotationFinder()(doc)
        set_attributions(
            doc,
            [
                Attribution(
                    [tuple(span) for span in a["content"]],
                    None,
                    (a["source"][0][0], a["source"][-1][1]),
                    None,
                    "",
                    "",
                    1.0,
                    "",
                )
                for a in kept
            ],
        )
        doc = MentionFinder()(doc)
        resolution = Recording(
            doc, {i: names.get(told["attribution_speaker"].get(a["id"]), "") for i, a in enumerate(kept)}
        )
        resolution.speakers()
        yield from resolution.choices


def fit(choices, names: list[str], steps: int = 400, rate: float = 0.5) -> np.ndarray:
    index = {name: i for i, name in enumerate(names)}
    tables, answers = [], []
    for traits, right in choices:
        entities = list(traits)
        table = np.zeros((len(entities), len(names)))
        for i, entity in enumerate(entities):
            for name, value in traits[entity].items():
                table[i, index[name]] = value
        tables.append(table)
        answers.append(entities.index(right))
    weights = np.zeros(len(names))
    for _ in range(steps):
        gradient = PENALTY * weights
        for table, right in zip(tables, answers, strict=True):
            scores = table @ weights
            p = np.exp(scores - scores.max())
            gradient += table.T @ (p / p.sum()) - table[right]
        weights -= rate * gradient / len(tables) * 2
    correct = sum(int((table @ weights).argmax()) == right for table, right in zip(tables, answers, strict=True))
    print(f"{len(tables)} choices, {correct / len(tables):.1%} right on the same data")
    return weights


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--model", default="en_core_web_sm")
    args = parser.parse_args()
    nlp = claimx.load_base(args.model)
    choices = [
        choice
        for articles, speakers in zip(args.files[::2], args.files[1::2], strict=True)
        for choice in choices_of(nlp, articles, speakers)
    ]
    names = sorted({name for traits, _ in choices for row in traits.values() for name in row})
    weights = fit(choices, names)
    lines = [f"  {json.dumps(name)}: {round(float(weight), 2)}" for name, weight in zip(names, weights, strict=True)]
    TARGET.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
