"""The reader: light heads on the word states of the network, for mentions, roles and what ties them to each other.

At work its scores are evidence beside others; `claimx.pipeline.mentions` and `claimx.pipeline.affiliations` decide.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from claimx.pipeline.encoder.reading import KINDS, REACH
from claimx.pipeline.encoder.spelling import FORMS, PRONOUN_CLASSES
from claimx.pipeline.encoder.tags import ROLE_TAGS

#: Features of a pair of mentions, and of a role and a mention (`claimx.pipeline.encoder.pairs`).
SPELLING_FEATURES, PLACE_FEATURES = 14, 4
_BUCKETS = 24


def bucket(distance: Tensor) -> Tensor:
    """Signed distance -> one of 48 buckets: exact up to 5, logarithmic beyond."""
    size = distance.abs()
    far = (6 + (torch.log(size.clamp(min=6).float() / 6) * 3).long()).clamp(max=_BUCKETS - 1)
    return torch.where(size < 6, size, far) + _BUCKETS * (distance < 0)


class Pair(nn.Module):
    """Scores of pairs and, for each left one, of nothing at all."""

    def __init__(self, width: int, features: int, inner: int = 160, low: int = 64) -> None:
        super().__init__()
        self.a, self.b = nn.Linear(width, inner), nn.Linear(width, inner, bias=False)
        self.f = nn.Linear(features, inner, bias=False)
        self.d, self.m = nn.Embedding(2 * _BUCKETS, inner), nn.Embedding(2 * _BUCKETS, inner)
        self.p, self.q = nn.Linear(width, low, bias=False), nn.Linear(width, low, bias=False)
        self.bi, self.out = nn.Linear(low, 1, bias=False), nn.Linear(inner, 1)
        self.null = nn.Sequential(nn.Linear(width, low), nn.GELU(), nn.Linear(low, 1))

    def forward(self, left: Tensor, right: Tensor, features: Tensor, words: Tensor, ranks: Tensor) -> Tensor:
        """left (n, width), right (m, width), features (n, m, ·), distances in words and in mentions (n, m), left minus
        right -> (n, 1 + m), nothing first."""
        hidden = self.a(left)[:, None] + self.b(right)[None] + self.d(bucket(words)) + self.m(bucket(ranks))
        scores = self.out(F.gelu(hidden + self.f(features)))[..., 0]
        scores = scores + (self.bi.weight * self.p(left)) @ self.q(right).T / 8
        return torch.cat([self.null(left), scores], 1)


class Extent(nn.Module):
    """How far a mention reaches from its head, to the left (`sign` -1) or to the right (1)."""

    def __init__(self, width: int, sign: int, inner: int = 128) -> None:
        super().__init__()
        self.sign = sign
        self.a, self.b = nn.Linear(width, inner), nn.Linear(width, inner)
        self.d, self.out = nn.Embedding(REACH + 1, inner), nn.Linear(inner, 1)

    def forward(self, states: Tensor, heads: Tensor) -> Tensor:
        """states (words, width), heads (n,) -> scores (n, REACH + 1) of ends at distance 0, 1, ..."""
        distance = torch.arange(REACH + 1, device=heads.device)
        index = heads[:, None] + self.sign * distance
        there = (index >= 0) & (index < states.shape[0])
        near = index.clamp(min=0).minimum(torch.full_like(index, 1) * (states.shape[0] - 1))
        hidden = self.a(states[heads])[:, None] + self.b(states)[near] + self.d(distance)[None]
        return self.out(F.gelu(hidden))[..., 0].masked_fill(~there, -1e4)


def _tagger(width: int, tags: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(width, 192), nn.GELU(), nn.Dropout(0.2), nn.Linear(192, tags))


class Reader(nn.Module):
    """`kind` tags the heads of mentions, `role` the words of roles, `left` and `right` find how far mentions reach;
    the pair scorers compare what `represent` makes of them."""

    def __init__(self, width: int = 384, dim: int = 256) -> None:
        super().__init__()
        self.kind, self.role = _tagger(width, 1 + len(KINDS)), _tagger(width, len(ROLE_TAGS))
        self.left, self.right = Extent(width, -1), Extent(width, 1)
        self.span = nn.Linear(3 * width, dim)
        self.form, self.pron = nn.Embedding(len(FORMS), dim), nn.Embedding(len(PRONOUN_CLASSES), dim)
        self.norm, self.drop = nn.LayerNorm(dim), nn.Dropout(0.3)
        self.antecedent = Pair(dim, SPELLING_FEATURES)
        self.bearer, self.organization, self.member = (Pair(dim, PLACE_FEATURES) for _ in range(3))

    def represent(
        self, states: Tensor, head: Tensor, start: Tensor, last: Tensor, form: Tensor, pron: Tensor
    ) -> Tensor:
        """Words (n,) of spans, and what their spelling is -> vectors (n, dim)."""
        ends = torch.cat([states[head], states[start], states[last]], -1)
        return self.drop(self.norm(self.span(ends) + self.form(form) + self.pron(pron)))
