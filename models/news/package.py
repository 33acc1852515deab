"""Put the trained pipeline into a distribution that pip installs and spaCy loads by its name.

    python news/package.py CONFIG MODEL CALIBRATION.json PACKAGE

MODEL is a folder that `export.py` wrote, CALIBRATION what `calibrate.py` wrote, PACKAGE the folder of the distribution:
`meta.json` is written anew, and the folder of data with config, tokenizer, vocabulary, graphs and their hashes. All
else (`pyproject.toml`, which says name, version and licence, `__init__.py`, the model card) is written by hand and lies
in `en_claimx_news` of the recipe; a PACKAGE elsewhere gets a copy.
"""

from __future__ import annotations

import json
import shutil
import tomllib
from pathlib import Path

from pipeline import READERS, claim_pipeline
from settings import arguments

RECIPE = Path(__file__).parents[1]
BY_HAND = ("pyproject.toml", "LICENSE", "README.md", "reliability.png", "{name}/__init__.py")
META = {
    "spacy_version": ">=3.8.2,<3.9.0",
    "sources": [
        {"name": "all-MiniLM-L6-v2", "license": "Apache-2.0", "author": "Reimers and Gurevych"},
        {"name": "PolNeAR 1.0", "license": "none stated", "author": "Newell, Margolin and Ruths"},
        {"name": "GUM", "license": "CC BY 4.0 (annotations)", "author": "Zeldes"},
        {"name": "Articles written for claimx", "license": "MIT", "author": "The developers of claimx"},
    ],
}


def main() -> None:
    args, _ = arguments(__doc__, "model", "calibration", "package")
    fitted = json.loads(args.calibration.read_text(encoding="utf-8"))
    nlp = claim_pipeline(args.model, fitted, READERS)
    project = tomllib.loads((RECIPE / "en_claimx_news" / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    name, version = project["name"], project["version"]
    author = ", ".join(person["name"] for person in project["authors"])
    nlp.meta.update(META, name=name.removeprefix(f"{nlp.lang}_"), version=version, author=author)
    nlp.meta.update({key: project[key] for key in ("description", "license")})
    package = args.package / name
    package.mkdir(parents=True, exist_ok=True)
    for file in (file.format(name=name) for file in BY_HAND):
        if not (args.package / file).exists():
            shutil.copyfile(RECIPE / name / file, args.package / file)
    for old in (*package.glob(f"{name}-*"), args.package / "build"):  # a build keeps data, which the next would ship
        shutil.rmtree(old, ignore_errors=True)
    data = package / f"{name}-{version}"
    nlp.to_disk(data)
    for rules in data.glob("*/rules"):  # the package goes with claimx, and follows its rules
        shutil.rmtree(rules)
    shutil.copyfile(data / "meta.json", package / "meta.json")
    size = sum(file.stat().st_size for file in data.rglob("*") if file.is_file())
    print(f"{data}: {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
