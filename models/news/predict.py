"""Run the exported network on articles and write their claims, for scoring.

    python models/news/predict.py MODEL GOLD.jsonl OUT.jsonl --minilm FOLDER

MODEL is the folder that `export.py` wrote. A line of OUT is {"id", "claims": [{"spans", "cue", "source", "score"}]}.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import onnxruntime
from decode import Cue, decode
from features import Encoded, encode, load_tokenizer

WINDOW, CORE = 256, 160  # word pieces in a window, and those of them whose tags are kept
REACH, CUES = 64, 32  # words to each side of a cue, and cues in a batch
CANDIDATE = 0.2


class Network:
    """The two graphs of an exported model."""

    def __init__(self, model: Path, suffix: str = ".onnx") -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.encoder, self.link = (
            onnxruntime.InferenceSession(model / f"{name}{suffix}", options, providers=["CPUExecutionProvider"])
            for name in ("encoder", "link")
        )

    def __call__(self, encoded: Encoded) -> tuple[np.ndarray, list[Cue]]:
        """Flat tag probabilities (words, 7) and the cue candidates of an article."""
        parts = [self._window(encoded, *window) for window in windows(encoded)]
        if not parts:
            return np.zeros((0, 7), np.float32), []
        flat, states, near = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
        return flat, self._linked(encoded, candidates(flat), states, near)

    def _window(self, encoded: Encoded, start: int, end: int, first: int, last: int) -> list[np.ndarray]:
        begin = encoded.first[start]
        stop = encoded.first[end] if end < len(encoded.first) else len(encoded.ids)
        inputs = {n: getattr(encoded, n)[begin:stop].astype(np.int64)[None] for n in ("ids", "case", "quote", "gap")}
        inputs["mask"] = np.ones((1, stop - begin), bool)
        inputs["first"] = (encoded.first[first:last] - begin).astype(np.int64)[None]
        return [array[0] for array in self.encoder.run(["flat", "words", "near"], inputs)]

    def _linked(self, encoded: Encoded, found: list, states: np.ndarray, near: np.ndarray) -> list[Cue]:
        quote, gap = (array[encoded.first].astype(np.int64) for array in (encoded.quote, encoded.gap))
        length, cues = min(2 * REACH, len(near)), []
        for batch in (found[i : i + CUES] for i in range(0, len(found), CUES)):
            middles = np.array([(start + end - 1) // 2 for start, end, _ in batch])
            offsets = np.clip(middles - REACH, 0, len(near) - length)
            index = offsets[:, None] + np.arange(length)
            bounds = np.array([(start, end) for start, end, _ in batch])
            inputs = {
                "near": near[index],
                "cue": np.stack([states[start:end].mean(0) for start, end, _ in batch]),
                "distance": index - middles[:, None],
                "is_cue": ((index >= bounds[:, :1]) & (index < bounds[:, 1:])).astype(np.int64),
                "quote": quote[index],
                "gap": gap[index],
                "mask": np.ones(index.shape, bool),
            }
            tags = self.link.run(["tags"], inputs)[0]
            cues += [Cue(*cue, int(o), t) for cue, o, t in zip(batch, offsets, tags, strict=True)]
        return cues


def windows(encoded: Encoded) -> list[tuple[int, int, int, int]]:
    """(start, end, first, last) in words: tags of `first` to `last` are read off the window of `start` to `end`."""
    count, pieces = len(encoded.first), len(encoded.ids)
    if pieces <= WINDOW:
        return [(0, count, 0, count)] if count else []
    bounds = np.append(encoded.first, pieces)
    out, first = [], 0
    while first < count:
        last = int(np.searchsorted(bounds, bounds[first] + CORE, "right")) - 1
        last = max(first + 1, min(count, last))
        begin = max(0, min(bounds[first] - (WINDOW - CORE) // 2, pieces - WINDOW))
        start = min(first, int(np.searchsorted(encoded.first, begin, "left")))
        end = int(np.searchsorted(bounds, bounds[start] + WINDOW, "right")) - 1
        out.append((start, min(max(end, last), count), first, last))
        first = last
    return out


def candidates(flat: np.ndarray) -> list[tuple[int, int, float]]:
    """Runs of words that may be a cue: (start, end, probability)."""
    probability, out, i = flat[:, 3] + flat[:, 4], [], 0
    while i < len(flat):
        if probability[i] < CANDIDATE:
            i += 1
            continue
        end = i + 1
        while end < len(flat) and probability[end] >= CANDIDATE and not flat[end, 3] > max(0.5, flat[end, 4]):
            end += 1
        top = probability[i:end].max()
        sure = np.nonzero(probability[i:end] >= min(0.5, 0.6 * top))[0]
        out.append((i + int(sure[0]), i + int(sure[-1]) + 1, float(top)))
        i = end
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("gold", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--minilm", type=Path, required=True)
    parser.add_argument("--full", action="store_true", help="the full-precision graphs")
    args = parser.parse_args()
    tokenizer = load_tokenizer(args.minilm)
    network = Network(args.model, ".full.onnx" if args.full else ".onnx")
    with args.out.open("w", encoding="utf-8") as out:
        for line in args.gold.read_text(encoding="utf-8").splitlines():
            article = json.loads(line)
            encoded = encode(article["text"], tokenizer)
            claims = [
                {
                    "spans": claim.spans,
                    "cue": {"spans": [claim.cue]},
                    "source": claim.source and {"spans": [claim.source]},
                    "score": round(claim.score, 4),
                }
                for claim in decode(article["text"], encoded, *network(encoded))
            ]
            out.write(json.dumps({"id": article["id"], "claims": claims}) + "\n")


if __name__ == "__main__":
    main()
