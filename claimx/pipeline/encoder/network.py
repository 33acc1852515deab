"""The network on a processor: the one place that knows how its graphs are run (ONNX Runtime, eight-bit weights).

One window, and one cue, is run at a time, without padding. On one thread that is as fast as a batch, and since
eight-bit activations are scaled by what is run together, it makes a result independent of what else is being read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from dataclasses import dataclass

import numpy as np

from claimx.pipeline.encoder.features import Features
from claimx.pipeline.encoder.sections import Section
from claimx.pipeline.encoder.windows import Window

#: Words on either side of a cue that its tagger sees: fewer than in training (64), which costs nothing but time.
_REACH = 48
#: A window without it has no English in it, and is not read: nobody says anything.
_WORD = re.compile("[A-Za-z]{3}")
#: On processors, a fused skip and norm is slower than the two one after the other (an eighth of the encoder's time).
_SLOW = ["SkipLayerNormFusion"]


@dataclass(slots=True)
class Encoded:
    """Probabilities of tags, (words, tags): `flat`, `entity`, `role`; `states` and `near` are what `link` reads."""

    features: Features
    flat: np.ndarray
    entity: np.ndarray
    role: np.ndarray
    states: np.ndarray
    near: np.ndarray


class Network:
    """Runs the graphs `encoder` and `link`, each given as the bytes of an ONNX file, `threads` windows at a time."""

    def __init__(self, encoder: bytes, link: bytes, *, threads: int = 1) -> None:
        self._encoder, self._link = session(encoder), session(link)
        self._widths = [output.shape[1] for output in self._encoder.get_outputs()]
        self.set_threads(threads)

    def with_threads(self, threads: int) -> Network:
        """A network over the same graphs, which are not loaded again, that runs `threads` windows at a time."""
        other = copy(self)
        other.set_threads(threads)
        return other

    def set_threads(self, threads: int) -> None:
        self._pool = ThreadPoolExecutor(threads) if threads > 1 else None

    def encode(self, sections: Sequence[Section]) -> list[Encoded]:
        """Run the encoder over sections: the longest windows first, and a window that two of them touch once."""
        uses = [(section, (id(section.whole), window)) for section in sections for window in section.windows]
        wholes = {key: section.whole for section, key in uses}
        windows = sorted(wholes, key=lambda key: key[1].start - key[1].end)
        said = dict(zip(windows, self._map(lambda key: self._run(wholes[key], key[1]), windows), strict=True))
        parts: dict[int, list] = {id(section): [] for section in sections}
        for section, key in uses:
            window = key[1]
            low, high = max(window.first, section.start), min(window.last, section.end)
            parts[id(section)].append([output[low - window.first : high - window.first] for output in said[key]])
        return [
            Encoded(section.features, *map(np.concatenate, zip(*parts[id(section)], strict=True)))
            for section in sections
        ]

    def _run(self, features: Features, window: Window) -> list[np.ndarray]:
        begin = features.first[window.start]
        stop = features.first[window.end] if window.end < len(features.first) else len(features.ids)
        pieces = {name: getattr(features, name)[begin:stop] for name in ("ids", "case", "quote", "gap")}
        first = features.first[window.first : window.last] - begin
        if not _WORD.search(features.text, *features.words[[window.start, window.end - 1], [0, 1]].tolist()):
            return [_nothing(len(first), width) for width in self._widths]
        if features.lead and not window.start:
            pieces = {name: np.concatenate([getattr(features.lead, name), own]) for name, own in pieces.items()}
            first += len(features.lead.ids)
        return self._encoder.run(None, {name: values[None] for name, values in pieces.items()} | {"first": first})

    def link(self, encoded: Encoded, cues: Sequence[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
        """Source and content tags around each cue, a (first word, end word): offsets (cues,), tags (cues, near, 5)."""
        count = len(encoded.near)
        length = min(2 * _REACH, count)
        bounds = np.array(cues).reshape(-1, 2)
        middles = (bounds[:, 0] + bounds[:, 1] - 1) // 2
        offsets = np.clip(middles - _REACH, 0, count - length)
        index = offsets[:, None] + np.arange(length)
        first = encoded.features.first
        inputs = {
            "near": encoded.near[index],
            "cue": np.stack([encoded.states[start:end].mean(0) for start, end in cues]),
            "distance": index - middles[:, None],
            "is_cue": ((index >= bounds[:, :1]) & (index < bounds[:, 1:])).astype(np.int64),
            "quote": encoded.features.quote[first][index],
            "gap": encoded.features.gap[first][index],
        }
        each = self._map(
            lambda i: self._link.run(None, {n: v[i : i + 1] for n, v in inputs.items()})[0], range(len(cues))
        )
        return offsets, np.concatenate(list(each))

    def _map(self, function: Callable, items: Iterable) -> Iterable:
        return self._pool.map(function, items) if self._pool else map(function, items)


def _nothing(words: int, width: int) -> np.ndarray:
    """What the encoder says where it is not asked: no word is part of anything."""
    output = np.zeros((words, width), np.float32)
    output[:, 0] = 1.0
    return output


def session(graph: bytes):
    """An ONNX Runtime session on one thread for the bytes of a graph."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"], disabled_optimizers=_SLOW)
