"""How well claims were found. All figures are micro averages over all articles, in percent.

An attribution is paired with at most one claim, best token Dice of the contents first, at 0.5 or more.

- ``content.overlap``: claims paired over claims, gold attributions paired over attributions.
- ``source.overlap``: pairs whose sources share a word, or are both absent, over the same: END TO END.
- ``source.exact``: the same, with sources that are equal once marks and white space at their edges are trimmed.
- ``cue.overlap``: the same as ``source.overlap`` for cues.
- ``content.exact``: contents equal once trimmed, whatever the pairing.
- ``source.accuracy``: of the attributions paired, those with the right source.
- ``token``: words of each role; ``segment``: unbroken pieces of each role (Wang et al., CofeNet, COLING 2022).

All of these but the last two stand for all attributions and for those direct, mixed and indirect by their quotation
marks: recall by gold's kind, precision by the claim's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from claimx.evaluation.gold import PARTS, GoldArticle, GoldAttribution, Spans

KINDS = ("direct", "mixed", "indirect")
UNITS = ("token", "segment")
_WORD = re.compile(r"\w+(?:[’'.\-]\w+)*|[%$£€]")
_EDGE = " \t\r\n\u00a0\"“”«»„‘’'`,.;:!?—–-…()[]"
_DICE = 0.5


@dataclass(slots=True)
class Report:
    """What `measure` found; `to_dict` gives the figures."""

    articles: int = 0
    counts: Counter = field(default_factory=Counter)

    def to_dict(self) -> dict:
        """`{"articles", "all" | "direct" | "mixed" | "indirect": {measure: {"p", "r", "f"}}, "token", "segment"}`."""
        figures: dict = {"articles": self.articles, "all": self._part(KINDS)}
        figures |= {kind: self._part((kind,)) for kind in KINDS}
        for unit in UNITS:
            figures[unit] = {
                role: _figures(*(self.counts[unit, role, n] for n in ("hit", "claims", "hit", "gold")))
                for role in PARTS
            }
        return figures

    def _part(self, kinds: Sequence[str]) -> dict:
        def total(name: str) -> int:
            return sum(self.counts[name, kind] for kind in kinds)

        measures = ("content.exact", "content.overlap", "source.overlap", "source.exact", "cue.overlap")
        rows = {
            name: _figures(total(name + ".p"), total("pred"), total(name + ".r"), total("gold")) for name in measures
        }
        accuracy = round(100 * total("source.overlap.r") / max(1, total("content.overlap.r")), 1)
        return {"gold": total("gold"), "pred": total("pred"), **rows, "source.accuracy": accuracy}


def measure(articles: Sequence[GoldArticle], found: Sequence[Sequence[GoldAttribution]]) -> Report:
    """Compare the claims `found` in each of the articles with gold."""
    report = Report(len(articles))
    for article, claims in zip(articles, found, strict=True):
        _compare(article, claims, report.counts)
    return report


def right_claims(article: GoldArticle, claims: Sequence[GoldAttribution]) -> list[bool]:
    """Whether each claim is paired with an attribution and has its source: what a confidence is the probability of."""
    comparison = _Comparison(article, claims)
    right = {j for i, j in comparison.pairs.items() if comparison.agree("source", i, j)}
    return [j in right for j in range(len(claims))]


def reliability(judged: Sequence[tuple[float, bool]], bins: int = 10) -> dict:
    """How far confidences are off: `{"error", "bins": [{"claims", "confidence", "right"}, ...]}`.

    `judged` holds (confidence, right) of each claim; `error` is the expected calibration error over bins of equal
    width (Guo et al., On Calibration of Modern Neural Networks, 2017).
    """
    rows = []
    for k in range(bins):
        inside = [(c, r) for c, r in judged if k / bins <= c < (k + 1) / bins or k == bins - 1 and c == 1]
        if inside:
            confidence, right = (sum(column) / len(inside) for column in zip(*inside, strict=True))
            rows.append({"claims": len(inside), "confidence": round(confidence, 3), "right": round(right, 3)})
    error = sum(row["claims"] * abs(row["confidence"] - row["right"]) for row in rows) / max(1, len(judged))
    return {"error": round(error, 4), "bins": rows}


class _Comparison:
    """The attributions of an article beside the claims found in it."""

    def __init__(self, article: GoldArticle, claims: Sequence[GoldAttribution]) -> None:
        self.text = article.text
        self.starts = [match.span() for match in _WORD.finditer(article.text)]
        self.gold = [a for a in article.attributions if a.content]
        self.claims = [claim for claim in claims if claim.content]
        self.words = {
            role: tuple([self._words(getattr(item, role)) for item in side] for side in (self.gold, self.claims))
            for role in PARTS
        }
        self.pairs = self._paired()

    def _words(self, spans: Spans) -> frozenset[int]:
        return frozenset(i for i, (s, e) in enumerate(self.starts) if any(a < e and s < b for a, b in spans))

    def _paired(self) -> dict[int, int]:
        gold, found = self.words["content"]
        options = []
        for i, mine in enumerate(gold):
            for j, theirs in enumerate(found):
                if shared := len(mine & theirs):
                    dice = 2 * shared / (len(mine) + len(theirs))
                    options.append((dice, -abs(len(mine) - len(theirs)), i, j))
        pairs: dict[int, int] = {}
        taken: set[int] = set()
        for dice, _, i, j in sorted(options, reverse=True):
            if dice >= _DICE and i not in pairs and j not in taken:
                pairs[i] = j
                taken.add(j)
        return pairs

    def agree(self, role: str, i: int, j: int) -> bool:
        mine, theirs = getattr(self.gold[i], role), getattr(self.claims[j], role)
        shared = self.words[role][0][i] & self.words[role][1][j]
        return bool(shared) or not mine and not theirs or self.equal(role, i, j)

    def equal(self, role: str, i: int, j: int) -> bool:
        return _trimmed(self.text, getattr(self.gold[i], role)) == _trimmed(self.text, getattr(self.claims[j], role))


def _compare(article: GoldArticle, claims: Sequence[GoldAttribution], counts: Counter) -> None:
    both = _Comparison(article, claims)
    kinds = [[quotation_kind(both.text, item.content) for item in side] for side in (both.gold, both.claims)]
    counts.update(("gold", kind) for kind in kinds[0])
    counts.update(("pred", kind) for kind in kinds[1])
    for i, j in both.pairs.items():
        for side, kind in (("r", kinds[0][i]), ("p", kinds[1][j])):
            counts[f"content.overlap.{side}", kind] += 1
            counts[f"source.overlap.{side}", kind] += both.agree("source", i, j)
            counts[f"cue.overlap.{side}", kind] += both.agree("cue", i, j)
            counts[f"source.exact.{side}", kind] += both.equal("source", i, j)
    contents = [[_trimmed(both.text, item.content) for item in side] for side in (both.gold, both.claims)]
    for k, side in enumerate("rp"):
        others = set(contents[1 - k])
        counts.update(
            (f"content.exact.{side}", kind) for c, kind in zip(contents[k], kinds[k], strict=True) if c in others
        )
    for role in PARTS:
        words = [frozenset().union(*side) for side in both.words[role]]
        pieces = [
            {piece for item in side for piece in _trimmed(both.text, getattr(item, role))}
            for side in (both.gold, both.claims)
        ]
        for unit, (gold, found) in (("token", words), ("segment", pieces)):
            counts[unit, role, "hit"] += len(gold & found)
            counts[unit, role, "gold"] += len(gold)
            counts[unit, role, "claims"] += len(found)


def _trimmed(text: str, spans: Spans) -> tuple[tuple[int, int], ...]:
    """Spans without marks and white space at their edges; pieces with nothing else between them are one."""
    out: list[tuple[int, int]] = []
    for start, end in spans:
        while start < end and text[start] in _EDGE:
            start += 1
        while end > start and text[end - 1] in _EDGE:
            end -= 1
        if start < end:
            if out and not text[out[-1][1] : start].strip(_EDGE):
                start = out.pop()[0]
            out.append((start, end))
    return tuple(out)


def quotation_kind(text: str, content: Spans) -> str:
    """direct, mixed or indirect by the double marks in and before the content, paragraph by paragraph."""
    begin = text.rfind("\n", 0, content[0][0]) + 1
    inside, state = False, []
    for i in range(begin, min(len(text), content[-1][1] + 2)):
        char, two = text[i], text[i : i + 2]
        if char == "\n" or char in "”»":
            inside = False
        elif char in "“«„" or two == "``":
            inside = True
        elif char == '"' or two == "''":
            inside = not inside
        state.append(inside)
    words = [state[match.start() - begin] for start, end in content for match in _WORD.finditer(text, start, end)]
    if not any(words):
        return "indirect"
    return "direct" if sum(words) >= 0.95 * len(words) else "mixed"


def _figures(hit_found: int, found: int, hit_gold: int, gold: int) -> dict[str, float]:
    p, r = hit_found / found if found else 0.0, hit_gold / gold if gold else 0.0
    f = 200 * p * r / (p + r) if p + r else 0.0
    return {"p": round(100 * p, 1), "r": round(100 * r, 1), "f": round(f, 1)}
