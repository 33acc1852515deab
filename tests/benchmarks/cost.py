"""Time and memory against length, for texts of every shape.

    python tests/benchmarks/cost.py [--least N] [--most N] [SHAPE ...]

Prints for each shape of `tests/shapes.py` the CPU seconds at each length, those for a million characters at the
longest, the slope of time against length on logarithmic axes (1 is linear), and the peak memory there. Each length has
a process of its own, on one thread.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from shapes import SHAPES

_READ = """
import json, resource, sys, time
sys.path.insert(0, sys.argv[1])
from shapes import SHAPES
import claimx
nlp = claimx.load()
claimx.extract("“Yes,” Ann Hale said.", nlp=nlp)
text = SHAPES[sys.argv[2]](int(sys.argv[3]))
start = time.process_time()
claims = len(claimx.extract(text, nlp=nlp).claims)
seconds = time.process_time() - start
print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, claims]))
"""

_LENGTHS = (1_000, 16_000, 64_000, 256_000, 1_000_000, 5_000_000)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--least", type=int, default=1000, help="characters of the shortest text")
    parser.add_argument("--most", type=int, default=256_000, help="characters of the longest text")
    parser.add_argument("--timeout", type=float, default=600, help="seconds for one text")
    parser.add_argument("shapes", nargs="*")
    arguments = parser.parse_args()
    lengths = [n for n in _LENGTHS if arguments.least <= n <= arguments.most]
    print("| shape |", " | ".join(f"{n:,}" for n in lengths), "| s/MB | slope | MB |")
    print("|---|" + "--:|" * (len(lengths) + 3))
    for name in arguments.shapes or SHAPES:
        found = [_measured(name, length, arguments.timeout) for length in lengths]
        cells = [f"{row[0]:.2f}" if row else "too long" for row in found]
        done = [(length, *row) for length, row in zip(lengths, found, strict=True) if row]
        longest, seconds, memory, _ = done[-1]
        slope = _slope([(length, took) for length, took, *_ in done if length >= 16_000])
        print(
            f"| {name} |", " | ".join(cells), f"| {seconds / longest * 1e6:.1f} | {slope} | {memory:.0f} |", flush=True
        )


def _measured(name: str, length: int, timeout: float) -> list[float] | None:
    command = [sys.executable, "-c", _READ, str(Path(__file__).parent.parent), name, str(length)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=True)
    except subprocess.TimeoutExpired:
        return None
    return json.loads(done.stdout)


def _slope(points: list[tuple[int, float]]) -> str:
    """Of the line through the points on logarithmic axes, by least squares."""
    rows = [(math.log(length), math.log(max(seconds, 1e-3))) for length, seconds in points]
    if len(rows) < 2:
        return "–"
    mean_x, mean_y = (sum(values) / len(rows) for values in zip(*rows, strict=True))
    return f"{sum((x - mean_x) * (y - mean_y) for x, y in rows) / sum((x - mean_x) ** 2 for x, _ in rows):.2f}"


if __name__ == "__main__":
    main()
