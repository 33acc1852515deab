"""A coverage-guided fuzzer over all readers and the quotation finder: python tests/fuzz.py [SECONDS]

Needs atheris (`pip install atheris`; CPython 3.11 to 3.13). What it finds is kept as a row of `tests/test_hostile.py`
or `tests/test_quotations.py`. An input is a byte that chooses what reads the rest.
"""

from __future__ import annotations

import contextlib
import io
import sys
import tempfile
from functools import partial
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["claimx"]):
    from claimx.errors import ClaimxError
    from claimx.evaluation.gold import read_gold
    from claimx.pipeline.quotations.marks import find_quotations
    from claimx.readers import ReadOptions, read
    from claimx.readers.files import decode
    from claimx.user_rules import read_rules

_SUFFIXES = (".txt", ".json", ".jsonl", ".csv", ".tsv", ".txt.gz", ".jsonl.gz", ".txt.zst", ".html")
_FOLDER = Path(tempfile.mkdtemp())


def quotations(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    for quotation in find_quotations(text):
        assert 0 <= quotation.start < quotation.end <= len(text)


def articles(name: str) -> None:
    for article in read([name], ReadOptions(), lambda warning: None):
        if not isinstance(article, ClaimxError):
            article.text.encode("utf-8")


def file(data: bytes, suffix: str) -> None:
    path = _FOLDER / f"a{suffix}"
    path.write_bytes(data)
    articles(str(path))


def standard_input(data: bytes) -> None:
    sys.stdin = io.TextIOWrapper(io.BytesIO(data))
    articles("-")


def text(data: bytes) -> None:
    with contextlib.suppress(ClaimxError):
        decode(data, "a", None, lambda warning: None)


def rules(data: bytes) -> None:
    path = _FOLDER / "a.toml"
    path.write_bytes(data)
    with contextlib.suppress(ClaimxError):
        read_rules(path)


def gold(data: bytes) -> None:
    for name in ("b.txt", "b.ann", "b.jsonl"):
        (_FOLDER / name).write_bytes(data)
    for name in ("b.ann", "b.jsonl"):
        with contextlib.suppress(ClaimxError):
            read_gold(_FOLDER / name)


_TARGETS = [
    *(partial(file, suffix=suffix) for suffix in _SUFFIXES),
    *(standard_input, text, rules, gold, quotations, quotations),
]


def one_input(data: bytes) -> None:
    if data:
        _TARGETS[data[0] % len(_TARGETS)](data[1:])


if __name__ == "__main__":
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    atheris.Setup(
        [sys.argv[0], f"-max_total_time={seconds}", "-max_len=4096", "-timeout=10", "-rss_limit_mb=4096"], one_input
    )
    atheris.Fuzz()
