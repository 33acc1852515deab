"""A coverage-guided fuzzer over the readers and the quotation finder: python tests/fuzz.py [SECONDS]

Needs atheris (`pip install atheris`; CPython 3.11 to 3.13). What it finds is kept as a row of `tests/test_hostile.py`
or `tests/test_quotations.py`. An input is a byte that chooses what reads the rest.
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["claimx"]):
    from claimx.errors import ClaimxError
    from claimx.pipeline.quotations import find_quotations
    from claimx.readers import ReadOptions, read
    from claimx.readers.files import decode
    from claimx.toml_files import line_of

_SUFFIXES = (".txt", ".json", ".jsonl", ".csv", ".tsv", ".txt.gz", ".jsonl.gz", ".html")
_FOLDER = Path(tempfile.mkdtemp())


def quotations(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    for quotation in find_quotations(text):
        assert 0 <= quotation.start < quotation.end <= len(text)


def file(data: bytes, suffix: str) -> None:
    path = _FOLDER / f"a{suffix}"
    path.write_bytes(data)
    for article in read([str(path)], ReadOptions(), lambda warning: None):
        if not isinstance(article, ClaimxError):
            article.text.encode("utf-8")


def text(data: bytes) -> None:
    with contextlib.suppress(ClaimxError):
        decode(data, "a", None, lambda warning: None)
    line_of(data.decode("latin-1"), ["a", "b"], "c")


def one_input(data: bytes) -> None:
    if not data:
        return
    choice = data[0] % (len(_SUFFIXES) + 3)
    if choice < len(_SUFFIXES):
        file(data[1:], _SUFFIXES[choice])
    elif choice == len(_SUFFIXES):
        text(data[1:])
    else:
        quotations(data[1:])


if __name__ == "__main__":
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    atheris.Setup(
        [sys.argv[0], f"-max_total_time={seconds}", "-max_len=4096", "-timeout=10", "-rss_limit_mb=4096"], one_input
    )
    atheris.Fuzz()
