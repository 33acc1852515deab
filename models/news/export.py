"""Export trained weights to ONNX, quantised to eight bits: what the component `claimx_attribution` runs.

    python news/export.py CONFIG WEIGHTS.safetensors PREPARED.jsonl MODEL

Writes `encoder.onnx` (one window of word pieces to tags, word states and projections), `link.onnx` (the tagger
conditioned on a cue) and `tokenizer.json` to MODEL, and the graphs in full precision to MODEL/full.
Attention becomes ONNX Runtime's fused operator, which is a quarter faster than the operators PyTorch writes. How the
weights are rounded, by training articles of PREPARED, stands in `quantize.py`.
"""

from __future__ import annotations

import copy
import shutil
from pathlib import Path

import torch
from network import ClaimNetwork, Layer
from quantize import round_network, to_eight_bits
from reader import PLACE_FEATURES, SPELLING_FEATURES, Reader
from settings import arguments, minilm, read_jsonl
from torch import nn
from torch.nn import functional as F

from claimx.pipeline.encoder.features import features, load_tokenizer
from claimx.pipeline.encoder.tags import WINDOW
from claimx.pipeline.encoder.weights import GRAPHS
from claimx.pipeline.quotations.marks import find_quotations

#: The pair scorers, and the features that each takes.
PAIRS = {"antecedent": SPELLING_FEATURES, **dict.fromkeys(("bearer", "organization", "member"), PLACE_FEATURES)}


class FusedAttention(torch.autograd.Function):
    """Attention without a mask: (batch, length, width) each, as `com.microsoft::MultiHeadAttention` in the graph."""

    @staticmethod
    def symbolic(g, q, k, v, heads):
        return g.op("com.microsoft::MultiHeadAttention", q, k, v, num_heads_i=heads).setType(q.type())

    @staticmethod
    def forward(ctx, q, k, v, heads):
        q, k, v = (x.unflatten(2, (heads, -1)).transpose(1, 2) for x in (q, k, v))
        return F.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2)


class FusedLayer(nn.Module):
    """A `Layer` at work: no dropout, no mask."""

    def __init__(self, layer: Layer) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, x, mask=None):
        layer = self.layer
        x = layer.norm1(x + layer.out(FusedAttention.apply(*layer.qkv(x).chunk(3, -1), layer.heads)))
        return layer.norm2(x + layer.down(F.gelu(layer.up(x))))


class Encoder(nn.Module):
    """Features of the pieces (1, pieces) and first pieces of words (words,) -> tags, states and projections."""

    def __init__(self, net: ClaimNetwork) -> None:
        super().__init__()
        self.net = net

    def forward(self, ids, case, quote, gap, first):
        words = self.net.encode(ids, case, quote, gap, None)[0][first]
        tags = (head(words).softmax(-1) for head in (self.net.flat, self.net.entity, self.net.role))
        return *tags, words, self.net.link_in(words)


class Link(nn.Module):
    """The words around each cue -> source and content probabilities."""

    def __init__(self, net: ClaimNetwork) -> None:
        super().__init__()
        self.net = net

    def forward(self, near, cue, distance, is_cue, quote, gap):
        return self.net.link(near, cue, distance, is_cue, quote, gap, None).softmax(-1)


def round_weights(net: ClaimNetwork, articles: list[str], tokenizer, strengths: dict[str, float]) -> dict:
    """Round the weights of `net` for what `articles` give them; see `quantize.round_network`."""

    def run() -> None:
        for text in articles:
            read = features(text, tokenizer, find_quotations(text))
            pieces = (torch.from_numpy(getattr(read, n)[None, :WINDOW]) for n in ("ids", "case", "quote", "gap"))
            states = net.encode(*pieces, None)
            for head in (net.flat, net.entity, net.role, net.link_in):
                head(states)

    return round_network(net.eval(), run, strengths, "word")


def write_graph(module: nn.Module, inputs: dict, outputs: list[str], axes: dict, path: Path) -> None:
    torch.onnx.export(
        module,
        tuple(inputs.values()),
        str(path),
        input_names=list(inputs),
        output_names=outputs,
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
        custom_opsets={"com.microsoft": 1},
    )


def export(net: ClaimNetwork, out: Path) -> None:
    """Write the two full-precision graphs of `net` to the folder `out`."""
    for layers in (net.layers, net.link_layers):
        for i, layer in enumerate(layers):
            layers[i] = FusedLayer(layer)
    window = torch.randint(0, 3, (1, 64))
    pieces = dict.fromkeys(("ids", "case", "quote", "gap"), window)
    outputs = ["flat", "entity", "role", "states", "near"]
    axes = {name: {1: "pieces"} for name in pieces} | {name: {0: "words"} for name in ("first", *outputs)}
    write_graph(Encoder(net), pieces | {"first": torch.arange(40)}, outputs, axes, out / "encoder.onnx")
    cues, near = 3, 24
    marks = torch.zeros(cues, near, dtype=torch.long)
    inputs = {"near": torch.randn(cues, near, net.link_in.out_features), "cue": torch.randn(cues, net.width)}
    inputs |= {"distance": marks + 1, "is_cue": marks, "quote": marks, "gap": marks}
    axes = {name: {0: "cues", 1: "near"} for name in (*inputs, "tags")} | {"cue": {0: "cues"}}
    write_graph(Link(net), inputs, ["tags"], axes, out / "link.onnx")


class Tags(nn.Module):
    """Word states -> kinds of mentions at their heads, tags of roles, as probabilities."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.kind, self.role = reader.kind, reader.role

    def forward(self, states):
        return self.kind(states).softmax(-1), self.role(states).softmax(-1)


class Extents(nn.Module):
    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.left, self.right = reader.left, reader.right

    def forward(self, states, heads):
        return self.left(states, heads), self.right(states, heads)


class Vectors(nn.Module):
    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, states, head, start, last, form, pronoun):
        return self.reader.represent(states, head, start, last, form, pronoun)


def export_reader(reader: Reader, out: Path) -> None:
    """Write the graphs of the reader to the folder `out`, in full precision: they are small."""
    reader = reader.eval()
    width, dim = reader.span.in_features // 3, reader.span.out_features
    states, some = {"states": torch.randn(9, width)}, torch.tensor([1, 2, 3])
    words = {"states": {0: "words"}}
    axes = words | {"kinds": {0: "words"}, "roles": {0: "words"}}
    write_graph(Tags(reader), states, ["kinds", "roles"], axes, out / "mentions.onnx")
    axes = words | {name: {0: "mentions"} for name in ("heads", "left", "right")}
    write_graph(Extents(reader), states | {"heads": some}, ["left", "right"], axes, out / "extents.onnx")
    spans = dict.fromkeys(("head", "start", "last", "form", "pronoun"), some)
    axes = words | {name: {0: "mentions"} for name in (*spans, "vectors")}
    write_graph(Vectors(reader), states | spans, ["vectors"], axes, out / "vectors.onnx")
    for name, size in PAIRS.items():
        inputs = {"left": torch.randn(3, dim), "right": torch.randn(4, dim), "features": torch.randn(3, 4, size)}
        inputs |= {"words": torch.ones(3, 4, dtype=torch.long), "ranks": torch.ones(3, 4, dtype=torch.long)}
        both = {name: {0: "lefts", 1: "rights"} for name in ("features", "words", "ranks", "scores")}
        axes = both | {"left": {0: "lefts"}, "right": {0: "rights"}}
        write_graph(getattr(reader, name), inputs, ["scores"], axes, out / f"{name}.onnx")


def main() -> None:
    args, config = arguments(__doc__, "weights", "prepared", "model")
    options, tokenizer = config["export"], minilm() / "tokenizer.json"
    net = ClaimNetwork()
    net.load_minilm(minilm() / "model.safetensors")
    net.load_weights(args.weights)
    for part in ("full", "rounded"):
        (args.model / part).mkdir(parents=True, exist_ok=True)
    export(copy.deepcopy(net.eval()), args.model / "full")
    articles = [row["text"] for row in read_jsonl(args.prepared) if row["part"] == "train"][:: options["sample"]]
    scales = round_weights(net, articles, load_tokenizer(tokenizer.read_bytes()), options["smoothing"])
    export(net, args.model / "rounded")
    for graph in GRAPHS:
        to_eight_bits(args.model / "rounded" / graph, args.model / graph, scales)
    for folder in (args.model, args.model / "full"):
        shutil.copyfile(tokenizer, folder / "tokenizer.json")


if __name__ == "__main__":
    main()
