"""Zstandard: Python's own from 3.14 on, and before that what backports.zstd brings of it."""

from __future__ import annotations

import importlib
import sys
from typing import IO

PACKAGE = "compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd"


def zstd_file(raw: IO[bytes], mode: str = "r") -> IO[bytes]:
    """`raw` decompressed (mode "r"), or compressed into ("w"). Raises `ImportError` where `PACKAGE` is missing."""
    return importlib.import_module(PACKAGE).ZstdFile(raw, mode)
