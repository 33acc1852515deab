"""The processor that a figure was measured on."""

from __future__ import annotations

import os
import platform
import re
from pathlib import Path

#: Instructions that decide how fast eight-bit products are.
_FLAGS = ("avx2", "avx512f", "avx512_vnni", "avx_vnni", "amx_int8", "asimddp", "i8mm")


def processor() -> str:
    """Name, instructions that count here, and load: "AMD EPYC (avx2, avx512f, avx512_vnni), load 0.4"."""
    info = Path("/proc/cpuinfo")
    text = info.read_text(encoding="utf-8") if info.is_file() else ""
    name = re.search(r"^model name\s*: (.*)", text, re.M)
    flags = re.search(r"^(?:flags|Features)\s*: (.*)", text, re.M)
    found = [flag for flag in _FLAGS if flags and flag in flags[1].split()]
    model = name[1] if name else platform.processor() or platform.machine()
    return f"{model} ({', '.join(found) or 'instructions unknown'}), load {os.getloadavg()[0]:.1f}"
