"""The spaCy pipeline around exported graphs, as it is calibrated, measured and packaged."""

from __future__ import annotations

import json
from pathlib import Path

import spacy
from spacy.language import Language

from claimx.api import COMPONENTS, add_components
from claimx.pipeline.affiliations.component import GRAPHS as ROLE_GRAPHS
from claimx.pipeline.attributions.component import FILES, AttributionFinder
from claimx.pipeline.encoder import calibration
from claimx.pipeline.entities.component import GRAPH as ANTECEDENT_GRAPH

#: The components that find claims, and those that say who makes them.
FINDERS, READERS = COMPONENTS[:2], COMPONENTS[2:]


def claim_pipeline(model: Path, fitted: dict | None = None, components: tuple[str, ...] = ()) -> Language:
    """Quotations and the network in the folder `model`, and more `components` behind them.

    `fitted` is what calibrate.py wrote; without it, a confidence is the product of the odds of cue, content and source.
    """
    weights = [1.0] * 3 + [0.0] * (len(calibration.TRAITS) - 3)
    fitted = fitted or {"calibration": {"weights": weights, "bias": 0.0}, "threshold": 0.0}
    nlp = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "claimx.BoundedTokenizer.v1"}}})
    options = {"claimx_attribution": {"threshold": fitted["threshold"]}}
    options["claimx_extraction"] = {name: fitted[name] for name in ("min_speaker", "min_affiliation") if name in fitted}
    add_components(nlp, (*FINDERS, *components), options)
    network: AttributionFinder = nlp.get_pipe("claimx_attribution")
    files = {name: (model / name).read_bytes() for name in FILES if name != calibration.FILE}
    network.set_files(files | {calibration.FILE: json.dumps(fitted["calibration"]).encode()})
    for name, graphs in (("claimx_entities", (ANTECEDENT_GRAPH,)), ("claimx_affiliations", ROLE_GRAPHS)):
        if name in components:
            nlp.get_pipe(name).set_files({graph: (model / graph).read_bytes() for graph in graphs})
    return nlp
