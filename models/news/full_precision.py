"""What the eight-bit graphs say in full precision: a yardstick for tests and measurements. Needs onnx alone."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import helper, numpy_helper


def to_full_precision(graph: bytes) -> bytes:
    """The graph that `to_eight_bits` wrote, with the same weights and full precision in all else."""
    model = onnx.load_from_string(graph)
    given = {tensor.name: tensor for tensor in model.graph.initializer}
    inputs: dict[str, str] = {}
    nodes, ones = [], []
    for node in model.graph.node:
        if node.op_type == "DynamicQuantizeLinear":
            inputs[node.output[0]] = node.input[0]
            ones.append(numpy_helper.from_array(np.float32(1), node.output[1]))
        elif node.op_type == "MatMulInteger":
            weight = given[node.input[1]]
            weight.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(weight).astype(np.float32), weight.name))
            nodes.append(helper.make_node("MatMul", [inputs[node.input[0]], weight.name], node.output, node.name))
        else:
            nodes.append(node)
    replace(model.graph.node, nodes)
    model.graph.initializer.extend(ones)
    return model.SerializeToString()


def replace(field, values: list) -> None:
    """Fill a repeated field of a message with other values."""
    del field[:]
    field.extend(values)
