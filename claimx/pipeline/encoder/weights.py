"""The trained network and what belongs to it, held once in a process however many pipelines use it."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from claimx.errors import ModelError
from claimx.pipeline.encoder import calibration
from claimx.pipeline.encoder.features import load_tokenizer
from claimx.pipeline.encoder.heads import ReaderHeads
from claimx.pipeline.encoder.network import Network

if TYPE_CHECKING:
    from tokenizers import Tokenizer

GRAPHS = ("encoder.onnx", "link.onnx")
HEADS = ("mentions.onnx", "extents.onnx", "vectors.onnx")
FILES = (*GRAPHS, *HEADS, "tokenizer.json", calibration.FILE)
MANIFEST = "sha256.json"
#: Weights that are kept although no pipeline uses them any more.
_KEPT = 2


@dataclass(frozen=True, eq=False)
class Weights:
    """The contents of `FILES` by their names, their SHA-256, and what is made of them. Nothing of it ever changes."""

    files: dict[str, bytes]
    hashes: dict[str, str]
    network: Network
    heads: ReaderHeads
    tokenizer: Tokenizer
    calibration: calibration.Calibration

    @classmethod
    def of(cls, files: Mapping[str, bytes]) -> Weights:
        """The weights with these contents: those that are held already, where there are any."""
        return cls._of(files, {name: sha256(files[name]).hexdigest() for name in FILES})

    @classmethod
    def _of(cls, files: Mapping[str, bytes], hashes: dict[str, str]) -> Weights:
        key = tuple(hashes.values())
        with _lock:
            weights = _held.get(key)
            if weights is None:
                weights = cls(
                    {name: files[name] for name in FILES},
                    hashes,
                    Network(*(files[name] for name in GRAPHS)),
                    ReaderHeads(*(files[name] for name in HEADS)),
                    load_tokenizer(files["tokenizer.json"]),
                    calibration.Calibration(**json.loads(files[calibration.FILE])),
                )
                _held[key] = weights
            _latest[key] = weights
            _latest.move_to_end(key)
            while len(_latest) > _KEPT:
                _latest.popitem(last=False)
        return weights

    @classmethod
    def read(cls, path: Path) -> Weights:
        """The weights in a folder, checked against their hashes. Raises `ModelError`."""
        try:
            stamp = _stamp(path)
            known = _read.get(stamp)
            if known is not None:  # the same files, unchanged since they were checked
                return known
            expected = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
            files = {name: (path / name).read_bytes() for name in FILES}
        except (OSError, ValueError) as error:
            raise ModelError.incomplete(str(path), error) from error
        hashes = {name: sha256(content).hexdigest() for name, content in files.items()}
        for name in FILES:
            if hashes[name] != expected.get(name):
                raise ModelError.damaged(str(path / name))
        weights = _read[stamp] = cls._of(files, hashes)
        return weights


def _stamp(path: Path) -> tuple:
    """What changes when one of the files in a folder does."""
    found = [(path / name).stat() for name in (MANIFEST, *FILES)]
    return str(path.resolve()), *((s.st_dev, s.st_ino, s.st_size, s.st_mtime_ns, s.st_ctime_ns) for s in found)


_lock = Lock()
_held: WeakValueDictionary[tuple[str, ...], Weights] = WeakValueDictionary()
_read: WeakValueDictionary[tuple, Weights] = WeakValueDictionary()
_latest: OrderedDict[tuple[str, ...], Weights] = OrderedDict()
