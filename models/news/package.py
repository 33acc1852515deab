"""Put the trained pipeline into the spaCy package that is installed with claimx.

    python news/package.py CONFIG MODEL CALIBRATION.json PACKAGE

MODEL is a folder that `export.py` wrote, CALIBRATION what `calibrate.py` wrote, PACKAGE the folder of the package:
its `meta.json` is written anew, and its data folder with config, tokenizer, vocabulary, graphs and their hashes.
"""

from __future__ import annotations

import json
import shutil

from pipeline import attribution_pipeline
from settings import arguments

from claimx import __version__
from claimx.api import MODEL_COMPONENTS

META = {
    "lang": "en",
    "name": "claimx_news",
    "version": __version__,
    "description": "Claims in English news: quotations, cues, sources, speakers and their affiliations",
    "author": "The developers of claimx",
    "license": "MIT",
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
    nlp = attribution_pipeline(args.model, fitted, MODEL_COMPONENTS[2:])
    nlp.meta.update(META)
    args.package.mkdir(parents=True, exist_ok=True)
    for old in args.package.glob("en_claimx_news-*"):
        shutil.rmtree(old)
    data = args.package / f"{META['lang']}_{META['name']}-{META['version']}"
    nlp.to_disk(data)
    for rules in data.glob("*/rules"):  # the package goes with claimx, and follows its rules
        shutil.rmtree(rules)
    shutil.copyfile(data / "meta.json", args.package / "meta.json")
    size = sum(file.stat().st_size for file in data.rglob("*") if file.is_file())
    print(f"{data}: {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
