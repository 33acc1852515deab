"""Average the weights of trained runs and export them to ONNX, quantised to eight bits.

    python models/news/export.py OUT RUN [RUN ...] --minilm FOLDER
    python models/news/export.py OUT models/news/weights.safetensors --minilm FOLDER

Writes `encoder.onnx` (word pieces to flat tags, entity tags, word states and projections) and `link.onnx` (the tagger
conditioned on a cue) with dynamic axes, weights as int8 per channel, and their full-precision twins beside them when
--full is given. `weights.safetensors` holds what was trained, in half precision: to start further training from.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from network import ClaimNetwork
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.torch import save_file
from torch import nn


class Encoder(nn.Module):
    """Features of pieces and first pieces of words -> flat and entity probabilities, states, projections."""

    def __init__(self, net: ClaimNetwork) -> None:
        super().__init__()
        self.net = net

    def forward(self, ids, case, quote, gap, mask, first):
        hidden = self.net.encode(ids, case, quote, gap, mask)
        words = torch.gather(hidden, 1, first[..., None].expand(-1, -1, hidden.shape[-1]))
        return self.net.flat(words).softmax(-1), self.net.entity(words).softmax(-1), words, self.net.link_in(words)


class Link(nn.Module):
    """The words around each cue -> source and content probabilities."""

    def __init__(self, net: ClaimNetwork) -> None:
        super().__init__()
        self.net = net

    def forward(self, near, cue, distance, is_cue, quote, gap, mask):
        return self.net.link(near, cue, distance, is_cue, quote, gap, mask).softmax(-1)


def averaged(runs: list[Path], minilm: Path) -> ClaimNetwork:
    """The network whose weights are the mean of the runs' averages, or those of a file that this script wrote."""
    net = ClaimNetwork()
    net.load_minilm(minilm / "model.safetensors")
    if len(runs) == 1 and runs[0].is_file():
        net.load_weights(runs[0])
        return net.eval()
    states = [torch.load(run / "state.pt", map_location="cpu", weights_only=True) for run in runs]
    parameters = dict(net.named_parameters())
    with torch.no_grad():
        for name, *values in zip(states[0]["names"], *(state["average"] for state in states), strict=True):
            parameters[name].copy_(torch.stack(values).mean(0))
    return net.eval()


def export(net: ClaimNetwork, out: Path) -> None:
    batch, pieces, words, cues, near = 2, 64, 40, 3, 24
    whole = torch.randint(0, 3, (batch, pieces))
    first = torch.arange(words)[None].repeat(batch, 1)
    mask = torch.ones(batch, pieces, dtype=torch.bool)
    names = ["ids", "case", "quote", "gap", "mask", "first"]
    axes = {name: {0: "batch", 1: "pieces"} for name in names[:-1]} | {"first": {0: "batch", 1: "words"}}
    outputs = ["flat", "entity", "words", "near"]
    torch.onnx.export(
        Encoder(net),
        (whole, whole, whole, whole, mask, first),
        str(out / "encoder.full.onnx"),
        input_names=names,
        output_names=outputs,
        dynamic_axes=axes | {name: {0: "batch", 1: "words"} for name in outputs},
        opset_version=17,
        dynamo=False,
    )
    marks = torch.zeros(cues, near, dtype=torch.long)
    names = ["near", "cue", "distance", "is_cue", "quote", "gap", "mask"]
    torch.onnx.export(
        Link(net),
        (
            torch.randn(cues, near, net.link_in.out_features),
            torch.randn(cues, net.link_in.in_features),
            marks + 1,
            marks,
            marks,
            marks,
            torch.ones(cues, near, dtype=torch.bool),
        ),
        str(out / "link.full.onnx"),
        input_names=names,
        output_names=["tags"],
        dynamic_axes={name: {0: "cues", 1: "near"} for name in [*names, "tags"] if name != "cue"}
        | {"cue": {0: "cues"}},
        opset_version=17,
        dynamo=False,
    )
    for name in ("encoder", "link"):
        quantize_dynamic(
            out / f"{name}.full.onnx",
            out / f"{name}.onnx",
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=["MatMul", "Gemm", "Gather"],
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("runs", type=Path, nargs="+")
    parser.add_argument("--minilm", type=Path, required=True)
    parser.add_argument("--full", action="store_true", help="keep the full-precision graphs")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    net = averaged(args.runs, args.minilm)
    trained = {name: value.half() for name, value in net.state_dict().items() if name != "word.weight"}
    save_file(trained, args.out / "weights.safetensors")
    export(net, args.out)
    if not args.full:
        for path in args.out.glob("*.full.onnx"):
            path.unlink()


if __name__ == "__main__":
    main()
