"""Eight-bit arithmetic that gives the same on every processor, and nearly what full precision gives.

Weights have seven bits, activations eight: products are summed in pairs in sixteen bits on processors with AVX2 and
without VNNI, and 2 * 255 * 64 is the most that fits there. Four things keep the results close to full precision:

- Activations are scaled by their largest value in each row (word piece), so that no piece is coarser for its company.
- Channels whose activations are large are made smaller, and their weights larger (SmoothQuant; Xiao et al., 2023).
- Each weight is rounded so that it makes up for the errors of those rounded before it, as training articles weigh them
  (GPTQ; Frantar et al., 2023).
- Word embeddings have a scale for each word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import onnx
import torch
from full_precision import replace
from onnx import helper, numpy_helper
from torch import Tensor, nn
from torch.nn import functional as F

#: The largest weight.
LARGEST = 64
#: Share of the mean of a Hessian's diagonal that is added to it, so that it can be inverted.
_DAMPING = 0.01


class RoundedLinear(nn.Module):
    """A linear map with weights of seven bits, times a `scale` for each output, over rows scaled to [-1, 1].

    Channels are multiplied by `smoothing` first, which the weights undo.
    """

    def __init__(self, linear: nn.Linear, smoothing: Tensor | None) -> None:
        super().__init__()
        self.in_features, self.out_features = linear.in_features, linear.out_features
        self.smoothed = smoothing is not None
        weight = linear.weight.data
        if smoothing is not None:
            self.register_buffer("smoothing", smoothing)
            weight = weight / smoothing
        self.weight = nn.Parameter(weight.clone(), requires_grad=False)
        self.bias = None if linear.bias is None else nn.Parameter(linear.bias.data.clone(), requires_grad=False)
        self.scale = (weight.abs().amax(1) / LARGEST).clamp(min=1e-9)

    def prepared(self, x: Tensor) -> Tensor:
        return x * self.smoothing if self.smoothed else x

    def forward(self, x: Tensor) -> Tensor:
        x = self.prepared(x)
        largest = x.abs().amax(-1, keepdim=True) + 1e-6
        x = F.linear(x / largest, self.weight) * largest
        return x if self.bias is None else x + self.bias

    def round(self, hessian: Tensor | None) -> None:
        """Round the weights; `hessian` (inputs, inputs) sums the outer products of the inputs that they will meet."""
        self.weight.data = rounded(self.weight.data, self.scale, hessian)


class RoundedEmbedding(nn.Module):
    """Embeddings of eight bits, with a scale for each."""

    def __init__(self, embedding: nn.Embedding) -> None:
        super().__init__()
        weight = embedding.weight.data
        scale = (weight.abs().amax(1, keepdim=True) / 127).clamp(min=1e-9)
        self.register_buffer("table", (weight / scale).round().to(torch.int8))
        self.register_buffer("scale", scale)

    def forward(self, ids: Tensor) -> Tensor:
        return self.table[ids].float() * self.scale[ids]


def rounded(weight: Tensor, scale: Tensor, hessian: Tensor | None) -> Tensor:
    """`weight` (outputs, inputs) in multiples of `scale` (outputs,)."""

    def nearest(values: Tensor, scale: Tensor) -> Tensor:
        return (values / scale).round().clamp(-LARGEST, LARGEST) * scale

    if hessian is None:
        return nearest(weight, scale[:, None])
    damped = hessian + torch.eye(len(hessian)) * _DAMPING * hessian.diagonal().mean()
    order = damped.diagonal().argsort(descending=True)
    rest, out = weight[:, order].clone(), torch.empty_like(weight)
    damped = damped[order][:, order].double()
    upper = torch.linalg.cholesky(torch.cholesky_inverse(torch.linalg.cholesky(damped)), upper=True).float()
    for i, channel in enumerate(order.tolist()):
        out[:, channel] = nearest(rest[:, i], scale)
        error = (rest[:, i] - out[:, channel]) / upper[i, i]
        rest[:, i:] -= error[:, None] * upper[i, i:]
    return out


def round_network(
    net: nn.Module, run: Callable[[], None], strengths: dict[str, float], embedding: str
) -> dict[str, np.ndarray]:
    """Round all linear maps of `net`, in place, and its `embedding`; `run` runs it over articles.

    `strengths` says how much of the unevenness of its channels a map's weights take over, by the last part of its
    name (0 to 1; of others, nothing). Maps that `run` does not reach are rounded without a look at what they meet.
    Returns the scales (outputs,) of the maps by their names in `net`.
    """
    largest: dict[nn.Module, Tensor] = {}

    def look(module: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        seen = inputs[0].abs().flatten(0, -2).amax(0)
        largest[module] = torch.maximum(largest.get(module, seen), seen)

    linears = {name: module for name, module in net.named_modules() if isinstance(module, nn.Linear)}
    _watch(linears.values(), look, run)
    maps: dict[str, RoundedLinear] = {}
    for name, linear in linears.items():
        strength = strengths.get(name.rpartition(".")[2], 0.0) if linear in largest else 0.0
        smoothing = _smoothing(linear.weight.data, largest[linear], strength) if strength else None
        maps[name] = RoundedLinear(linear, smoothing)
        _replace(net, name, maps[name])
    hessians: dict[nn.Module, Tensor] = {}

    def sum_up(module: RoundedLinear, inputs: tuple[Tensor, ...]) -> None:
        rows = module.prepared(inputs[0]).flatten(0, -2)
        hessians[module] = hessians.get(module, 0) + rows.T @ rows

    _watch(maps.values(), sum_up, run)
    for module in maps.values():
        module.round(hessians.get(module))
    _replace(net, embedding, RoundedEmbedding(net.get_submodule(embedding)))
    return {name: module.scale.numpy() for name, module in maps.items()}


def _watch(modules: Iterable[nn.Module], hook: Callable, run: Callable[[], None]) -> None:
    handles = [module.register_forward_pre_hook(hook) for module in modules]
    with torch.no_grad():
        run()
    for handle in handles:
        handle.remove()


def _smoothing(weight: Tensor, largest: Tensor, strength: float) -> Tensor:
    factor = weight.abs().amax(0).clamp(min=1e-5) ** (1 - strength) / largest.clamp(min=1e-5) ** strength
    return factor / factor.log().mean().exp()


def _replace(net: nn.Module, name: str, module: nn.Module) -> None:
    parent, _, last = name.rpartition(".")
    owner = net.get_submodule(parent)
    if isinstance(owner, nn.Sequential):
        owner[int(last)] = module
    else:
        setattr(owner, last, module)


def to_eight_bits(graph: Path, out: Path, scales: dict[str, np.ndarray]) -> None:
    """Write the graph of a rounded network, whose maps have these `scales`, with its products as eight-bit ones."""
    model = onnx.load(graph)
    given = {tensor.name: tensor for tensor in model.graph.initializer}
    nodes, weights = [], []
    for node in model.graph.node:
        if node.op_type != "MatMul" or node.input[1] not in given:
            nodes.append(node)
            continue
        name = _module(node.name.removesuffix("/MatMul"))
        scale = scales[name]
        ints = numpy_helper.to_array(given[node.input[1]]) / scale
        if np.abs(ints - ints.round()).max() > 0.01:
            raise ValueError(f"{node.name}: its weights are not rounded")
        part = f"{name}/{{}}".format
        weights += [
            numpy_helper.from_array(ints.round().astype(np.int8), part("weight")),
            numpy_helper.from_array(scale.astype(np.float32), part("scale")),
        ]
        nodes += [
            helper.make_node(
                "DynamicQuantizeLinear", [node.input[0]], [part("bytes"), part("step"), part("zero")], part("Quantize")
            ),
            helper.make_node(
                "MatMulInteger", [part("bytes"), part("weight"), part("zero")], [part("sum")], part("MatMulInteger")
            ),
            helper.make_node("Cast", [part("sum")], [part("float")], part("Cast"), to=onnx.TensorProto.FLOAT),
            helper.make_node("Mul", [part("step"), part("scale")], [part("steps")], part("Scale")),
            helper.make_node("Mul", [part("float"), part("steps")], list(node.output), part("Mul")),
        ]
    used = {name for node in nodes for name in node.input}
    kept = [tensor for tensor in model.graph.initializer if tensor.name in used]
    replace(model.graph.node, nodes)
    replace(model.graph.initializer, kept + weights)
    onnx.save(model, out)


def _module(path: str) -> str:
    """The name of the module behind a node: `/layers.0/up` is `layers.0.up`, `/flat/flat.2` is `flat.2`."""
    *above, last = path.strip("/").split("/")
    return last if above and last.startswith(f"{above[-1]}.") else ".".join([*above, last])
