"""Learn the weights by which sources find their speaker (`claimx/rules/speaker_weights.json`).

    python models/learn_speakers.py ARTICLES.jsonl SPEAKERS.jsonl [ARTICLES.jsonl SPEAKERS.jsonl ...]
        [--mentions MENTIONS.jsonl] [--folds 4] [--out WEIGHTS.json]

ARTICLES are {"id", "text", "attributions": [{"id", "source": [[s, e]], "cue": [[s, e]], "content": [[s, e]]}]}, offsets
in Unicode code points; SPEAKERS say who each source is: {"id", "speakers": [{"key", "name", "kind"}],
"attribution_speaker": {attribution id: key or null}}. Articles are resolved with gold attributions; every
source that names nobody and whose gold speaker is among the candidates becomes one choice, and the earlier ones of an
article are taken for resolved rightly. MENTIONS are texts with coreference, {"text", "mentions": [{"span", "type",
"entity", "form"}]}: each pronoun and noun phrase there counts as a source as well, with the weight `MENTION_WEIGHT`.

The weights are those of a conditional logit model: softmax over the candidates of a choice, weights for all sorts of
sources plus weights for each, an L2 penalty on both, fitted by L-BFGS. `--folds` also measures by cross-validation
over articles. Needs scikit-learn; takes a minute on one core for 300 articles.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path

from claimx.pipeline.candidates import NEW, NOBODY
from claimx.pipeline.ranking import Candidate
from claimx.pipeline.resolution import Resolution
from claimx.pipeline.sources import Source
from ranking import Choice, annotated, cross_validate, fit, is_named, measure, read_rows, report, write
from spacy.tokens import Doc

import claimx
from claimx.pipeline.annotations import Attribution, set_attributions
from claimx.pipeline.attributions.claim_kinds import kind_of
from claimx.pipeline.intervals import Intervals
from claimx.pipeline.mentions import MentionFinder

TARGET = Path(claimx.__file__).parent / "rules" / "speaker_weights.json"
#: Weight of a mention that is no source beside one that is.
MENTION_WEIGHT = 0.2


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--mentions", type=Path)
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--out", type=Path, default=TARGET)
    args = parser.parse_args()
    nlp = claimx.load()
    choices = []
    with nlp.select_pipes(enable=["claimx_quotations", "claimx_attribution"]):
        for doc, row, told in annotated(nlp, args.files):
            choices += choices_of(doc, row, told)
        rows = read_rows(args.mentions) if args.mentions else []
        for doc, row in nlp.pipe(((row["text"], row) for row in rows), as_tuples=True):
            choices += mention_choices(doc, row)
    if args.folds:
        print("cross-validated:", report(cross_validate(choices, args.folds)))
    weights = fit(choices)
    print("on the same data:", report(list(measure((c for c in choices if c.weight == 1.0), weights))))
    write(weights, args.out)


if __name__ == "__main__":
    main()
