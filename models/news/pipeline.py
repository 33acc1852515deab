"""The spaCy pipeline around an exported network, as it is calibrated, measured and packaged."""

from __future__ import annotations

import json
from pathlib import Path

import spacy
from spacy.language import Language

from claimx.api import add_components
from claimx.pipeline.attributions.component import FILES, AttributionFinder
from claimx.pipeline.encoder import calibration


def attribution_pipeline(model: Path, fitted: dict | None = None, components: tuple[str, ...] = ()) -> Language:
    """Quotations and the network in the folder `model`, and more `components` behind them.

    `fitted` is what calibrate.py wrote; without it, a confidence is the product of the odds of cue, content and source.
    """
    weights = [1.0] * 3 + [0.0] * (len(calibration.TRAITS) - 3)
    fitted = fitted or {"calibration": {"weights": weights, "bias": 0.0}, "threshold": 0.0}
    nlp = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "claimx.BoundedTokenizer.v1"}}})
    names = ("claimx_quotations", "claimx_attribution", *components)
    add_components(nlp, names, {"claimx_attribution": {"threshold": fitted["threshold"]}})
    network: AttributionFinder = nlp.get_pipe("claimx_attribution")
    files = {name: (model / name).read_bytes() for name in FILES if name != calibration.FILE}
    network.set_files(files | {calibration.FILE: json.dumps(fitted["calibration"]).encode()})
    return nlp
