"""The network: one MiniLM encoder, flat tags for claim parts, entities and roles, and a tagger conditioned on a cue."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from claimx.pipeline.encoder.tags import ENTITY_TAGS, FLAT_TAGS, LINK_TAGS, ROLE_TAGS

DISTANCES = 24


class Layer(nn.Module):
    """A post-norm transformer layer as in BERT (Devlin et al., 2019)."""

    def __init__(self, width: int, heads: int, inner: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, inner), nn.Linear(inner, width)
        self.norm1, self.norm2 = nn.LayerNorm(width, eps=1e-12), nn.LayerNorm(width, eps=1e-12)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        batch, length, width = x.shape
        q, k, v = self.qkv(x).view(batch, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        attended = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        attended = self.out(attended.transpose(1, 2).reshape(batch, length, width))
        x = self.norm1(x + F.dropout(attended, self.dropout, self.training))
        fed = self.down(F.gelu(self.up(x)))
        return self.norm2(x + F.dropout(fed, self.dropout, self.training))


def distance_bucket(distance: Tensor) -> Tensor:
    """Signed distance in words -> one of 24 buckets, exact up to 5, then logarithmic up to 128."""
    size = distance.abs()
    far = (6 + (torch.log(size.clamp(min=6).float() / 6) / math.log(128 / 6) * 5.99).long()).clamp(max=11)
    bucket = torch.where(size < 6, size, far)
    return torch.where(distance < 0, bucket, bucket + 12)


def _head(width: int, tags: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(width, 192), nn.GELU(), nn.Linear(192, tags))


class ClaimNetwork(nn.Module):
    """`flat` tags claim parts, `entity` names, `role` roles; `link` tags source and content around one cue."""

    def __init__(self, layers: int = 6, width: int = 384, link_width: int = 192, link_layers: int = 2) -> None:
        super().__init__()
        self.width = width
        self.word = nn.Embedding(30522, width)
        self.position = nn.Embedding(512, width)
        self.token_type = nn.Parameter(torch.zeros(width))
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.layers = nn.ModuleList(Layer(width, 12, 4 * width) for _ in range(layers))
        self.case, self.quote, self.gap = nn.Embedding(6, width), nn.Embedding(5, width), nn.Embedding(4, width)
        self.flat, self.entity, self.role = (
            _head(width, len(FLAT_TAGS)),
            _head(width, len(ENTITY_TAGS)),
            _head(width, len(ROLE_TAGS)),
        )
        self.link_in, self.link_cue = nn.Linear(width, link_width), nn.Linear(width, link_width)
        self.link_distance, self.link_is_cue = nn.Embedding(DISTANCES, link_width), nn.Embedding(2, link_width)
        self.link_quote, self.link_gap = nn.Embedding(5, link_width), nn.Embedding(4, link_width)
        self.link_norm = nn.LayerNorm(link_width)
        self.link_layers = nn.ModuleList(Layer(link_width, 6, 2 * link_width) for _ in range(link_layers))
        self.link_out = nn.Linear(link_width, len(LINK_TAGS))
        for table, scale in (
            (self.case, 0.01),
            (self.quote, 0.01),
            (self.gap, 0.01),
            (self.link_distance, 0.05),
            (self.link_is_cue, 0.05),
            (self.link_quote, 0.05),
            (self.link_gap, 0.05),
        ):
            nn.init.normal_(table.weight, std=scale)

    def load_weights(self, path) -> None:
        """Weights of an earlier training, as `average.py` writes them (words excepted)."""
        from safetensors.torch import load_file

        weights = {name: value.float() for name, value in load_file(path).items()}
        missing, unexpected = self.load_state_dict(weights, strict=False)
        if unexpected or set(missing) != {"word.weight"}:
            raise ValueError(f"{path}: weights of another network ({sorted(unexpected)[:3]}, {sorted(missing)[:3]})")

    def load_minilm(self, path) -> None:
        from safetensors.torch import load_file

        weights = {name.removeprefix("bert."): value.float() for name, value in load_file(path).items()}
        with torch.no_grad():
            self.word.weight.copy_(weights["embeddings.word_embeddings.weight"])
            self.position.weight.copy_(weights["embeddings.position_embeddings.weight"])
            self.token_type.copy_(weights["embeddings.token_type_embeddings.weight"][0])
            self.norm.weight.copy_(weights["embeddings.LayerNorm.weight"])
            self.norm.bias.copy_(weights["embeddings.LayerNorm.bias"])
            for i, layer in enumerate(self.layers):
                parts = {
                    layer.qkv: ["attention.self.query", "attention.self.key", "attention.self.value"],
                    layer.out: ["attention.output.dense"],
                    layer.norm1: ["attention.output.LayerNorm"],
                    layer.up: ["intermediate.dense"],
                    layer.down: ["output.dense"],
                    layer.norm2: ["output.LayerNorm"],
                }
                for module, names in parts.items():
                    for kind in ("weight", "bias"):
                        values = [weights[f"encoder.layer.{i}.{name}.{kind}"] for name in names]
                        getattr(module, kind).copy_(torch.cat(values))

    def encode(self, ids: Tensor, case: Tensor, quote: Tensor, gap: Tensor, mask: Tensor | None) -> Tensor:
        """(batch, pieces) inputs -> (batch, pieces, width) states; `mask` is True where a piece stands."""
        places = torch.arange(ids.shape[1], device=ids.device)
        x = (
            self.word(ids)
            + self.position(places)[None]
            + self.token_type
            + self.case(case)
            + self.quote(quote)
            + self.gap(gap)
        )
        x = F.dropout(self.norm(x), 0.1, self.training)
        keep = None if mask is None else mask[:, None, None, :]
        for layer in self.layers:
            x = layer(x, keep)
        return F.dropout(x, 0.1, self.training)

    def link(
        self,
        words: Tensor,
        cue: Tensor,
        distance: Tensor,
        is_cue: Tensor,
        quote: Tensor,
        gap: Tensor,
        mask: Tensor | None,
    ) -> Tensor:
        """(cues, words, link_width) projected states around each cue, (cues, width) cue states -> (cues, words, 5)."""
        x = (
            words
            + self.link_cue(cue)[:, None]
            + self.link_distance(distance_bucket(distance))
            + self.link_is_cue(is_cue)
        )
        x = F.dropout(self.link_norm(x + self.link_quote(quote) + self.link_gap(gap)), 0.1, self.training)
        keep = None if mask is None else mask[:, None, None, :]
        for layer in self.link_layers:
            x = layer(x, keep)
        return self.link_out(x)
