"""The graphs that are shipped count in eight bits. On the articles of the tests they say what full precision says."""

from __future__ import annotations

import sys
from pathlib import Path

import onnx
import pytest

import claimx
from claimx.pipeline.encoder.weights import GRAPHS, Weights

sys.path.insert(0, str(Path(__file__).parents[2] / "models" / "news"))
from full_precision import to_full_precision

#: Confidence may differ by this much. Of the 118 claims of the articles three differ by more than 0.03, where the
#: network is undecided between two readings.
_TOLERANCE = 0.05
#: The confidence of none of their claims is near it.
_THRESHOLD = 0.3


@pytest.fixture(scope="module")
def shipped() -> Weights:
    return claimx.load().get_pipe("claimx_attribution")._weights


@pytest.fixture(scope="module")
def exact(shipped):
    """The default pipeline with full precision in all but its weights."""
    graphs = {name: to_full_precision(shipped.files[name]) for name in GRAPHS}
    nlp = claimx.load(threshold=_THRESHOLD)
    nlp.get_pipe("claimx_attribution").set_files(shipped.files | graphs)
    return nlp


@pytest.mark.parametrize("graph", GRAPHS)
def test_no_sum_of_two_products_leaves_sixteen_bits(shipped, graph):
    """Processors with AVX2 and without VNNI would cut it off: 2 * 255 * 64 fits, 2 * 255 * 65 does not."""
    graph = onnx.load_from_string(shipped.files[graph]).graph
    weights = {tensor.name: tensor for tensor in graph.initializer}
    products = [node for node in graph.node if node.op_type == "MatMulInteger"]
    assert len(products) > 5
    for node in products:
        values = onnx.numpy_helper.to_array(weights[node.input[1]])
        assert abs(values.astype(int)).max() <= 64, node.name


def test_eight_bits_lose_no_claim(exact):
    from conftest import articles

    nlp = claimx.load(threshold=_THRESHOLD)
    for name, text, _ in articles():
        ours, theirs = (
            {tuple(claim.spans): claim.confidence for claim in claimx.extract(text, nlp=pipeline).claims}
            for pipeline in (nlp, exact)
        )
        assert ours.keys() == theirs.keys(), name
        assert ours == pytest.approx(theirs, abs=_TOLERANCE), name
