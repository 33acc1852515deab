"""Average the weights of trained runs into one file, in half precision.

    python news/average.py RUN [RUN ...] OUT.safetensors

A RUN is a folder that `train.py` wrote. Runs to average start from the same weights.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from safetensors.torch import save_file


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=Path, nargs="+")
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    states = [torch.load(run / "state.pt", map_location="cpu", weights_only=True) for run in args.runs]
    kept = zip(states[0]["names"], *(state["average"] for state in states), strict=True)
    means = {name: torch.stack(values).mean(0).half().contiguous() for name, *values in kept}
    save_file(means, args.out)


if __name__ == "__main__":
    main()
