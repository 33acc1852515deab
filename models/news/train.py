"""Train the network that finds claims and entities, on a GPU where there is one, else on one CPU core.

    python news/train.py CONFIG PREPARED.jsonl RUN [--start WEIGHTS.safetensors]

RUN is a folder; its `state.pt` is written from time to time and gone on from when the same command is given again,
with more steps too: a finished run is then warmed up anew. Weights are kept in full precision, computed with in
bfloat16, and averaged over the run. 2,600 steps of 16 windows take 105 minutes on one core.
"""

from __future__ import annotations

import copy
import random
import time
from pathlib import Path

import torch
from articles import load_articles
from augment import Augmenter
from batches import IGNORE, Batches, link_inputs
from network import ClaimNetwork
from settings import arguments, minilm
from torch.nn.functional import cross_entropy

from claimx.pipeline.encoder.features import load_tokenizer
from claimx.pipeline.encoder.tags import ENTITY_TAGS, FLAT_TAGS, LINK_TAGS, ROLE_TAGS, WINDOW

ENCODER = ("position", "token_type", "norm", "layers")


class Trainer:
    def __init__(self, options: dict, run: Path, start: Path | None) -> None:
        self.options = options
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.rng = random.Random(options["seed"])
        self.net = ClaimNetwork()
        self.net.load_minilm(minilm() / "model.safetensors")
        if start:
            self.net.load_weights(start)
        self.net.word.weight.requires_grad_(False)
        self.net.to(self.device)
        self.low = copy.deepcopy(self.net).bfloat16().train()
        self.full, self.half = ([p for p in n.parameters() if p.requires_grad] for n in (self.net, self.low))
        self.names = [name for name, p in self.net.named_parameters() if p.requires_grad]
        self.average = [p.detach().clone() for p in self.full]
        groups: dict[bool, list] = {True: [], False: []}
        for name, parameter in zip(self.names, self.full, strict=True):
            groups[name.split(".")[0] in ENCODER].append(parameter)
        rates = {True: options["rate"], False: options["head_rate"]}
        self.optimizer = torch.optim.AdamW(
            [{"params": groups[key], "lr": rates[key], "base": rates[key]} for key in (True, False)],
            weight_decay=0.01,
            betas=(0.9, 0.98),
        )
        self.step, self.spent = 0, 0.0
        self.state = run / "state.pt"
        if self.state.exists():
            self.load()

    def load(self) -> None:
        state = torch.load(self.state, map_location=self.device, weights_only=True)
        self.net.load_state_dict(state["net"], strict=False)
        self.optimizer.load_state_dict(state["optimizer"])
        self.average = [p.to(self.device) for p in state["average"]]
        self.step, self.spent = state["step"], state["spent"]
        with torch.no_grad():
            torch._foreach_copy_(self.half, self.full)

    def save(self) -> None:
        net = {name: value for name, value in self.net.state_dict().items() if name != "word.weight"}
        state = {"net": net, "average": self.average, "names": self.names, "optimizer": self.optimizer.state_dict()}
        torch.save(state | {"step": self.step, "spent": self.spent}, self.state)

    def run(self, batches: Batches) -> None:
        begin, saved = time.time() - self.spent, time.time()
        if self.step >= self.options["steps"]:
            return
        for batch in batches:
            losses = self.update(batch)
            self.spent = time.time() - begin
            if self.step % 25 == 0:
                print(f"step {self.step} {self.spent:.0f}s", *(f"{n} {v:.3f}" for n, v in losses.items()), flush=True)
            done = self.step >= self.options["steps"]
            if done or time.time() - saved > self.options["save_every"]:
                saved = time.time()
                self.save()
            if done:
                return

    def update(self, batch: dict) -> dict[str, float]:
        losses = self.losses(batch)
        (losses["flat"] + 3 * losses["link"] + 0.5 * losses["entity"] + 0.5 * losses["role"]).backward()
        for p, q in zip(self.full, self.half, strict=True):
            p.grad = None if q.grad is None else q.grad.float()
            q.grad = None
        left = max(0.02, 1 - self.step / self.options["steps"])
        for group in self.optimizer.param_groups:
            group["lr"] = group["base"] * min(1, (self.step + 1) / 100) * left
        torch.nn.utils.clip_grad_norm_(self.full, 1.0)
        self.optimizer.step()
        self.step += 1
        with torch.no_grad():
            torch._foreach_copy_(self.half, self.full)
            kept = min(0.998, (self.step + 1) / (self.step + 10))
            torch._foreach_lerp_(self.average, [p.detach() for p in self.full], 1 - kept)
        return {name: loss.item() for name, loss in losses.items()}

    def losses(self, batch: dict) -> dict[str, torch.Tensor]:
        cues = list(batch.pop("cues"))
        batch = {name: value.to(self.device) for name, value in batch.items()}
        mask = None if bool(batch["mask"].all()) else batch["mask"]
        hidden = self.low.encode(*(batch[name] for name in ("ids", "case", "quote", "gap")), mask)
        words = torch.gather(hidden, 1, batch["first"][..., None].expand(-1, -1, hidden.shape[-1]))
        scores = self.low.flat(words).float()
        nothing = scores.sum() * 0
        flat = batch["flat"].reshape(-1)
        names = self.low.entity(words).float().reshape(-1, len(ENTITY_TAGS))
        posts = self.low.role(words).float().reshape(-1, len(ROLE_TAGS))
        losses = {
            "flat": cross_entropy(scores.reshape(-1, len(FLAT_TAGS)), flat, ignore_index=IGNORE)
            if bool((flat != IGNORE).any())
            else nothing,
            "link": nothing,
            "entity": cross_entropy(names, batch["entity"].reshape(-1), ignore_index=IGNORE),
            "role": cross_entropy(posts, batch["role"].reshape(-1), ignore_index=IGNORE),
        }
        if self.step > self.options["false_cues_from"]:
            cues += self.false_cues(scores.detach(), batch["flat"], cues)
        if cues:
            around = link_inputs(cues, batch, self.rng, self.device)
            cue = torch.einsum("nu,nuw->nw", around["weight"].to(words.dtype), words[around["row"]])
            near = self.low.link_in(words)[around["row"][:, None], around["index"]]
            keep = None if bool(around["mask"].all()) else around["mask"]
            out = self.low.link(near, cue, around["distance"], around["is_cue"], around["quote"], around["gap"], keep)
            gold = around["gold"].masked_fill(~around["mask"], IGNORE)
            losses["link"] = cross_entropy(
                out.float().reshape(-1, len(LINK_TAGS)), gold.reshape(-1), ignore_index=IGNORE
            )
        return losses

    @staticmethod
    def false_cues(scores, flat, cues) -> list:
        """Words that look like cues and are none: their tagger learns to give them nothing."""
        probability = scores.softmax(-1)[..., 3:5].sum(-1) * ((flat != 3) & (flat != 4) & (flat >= 0))
        near = {(k, i) for k, start, end, _, _ in cues for i in range(start - 1, end + 1)}
        found = (probability > 0.2).nonzero().tolist()[: 2 * len(flat)]
        return [(k, i, i + 1, None, None) for k, i in found if (k, i) not in near]


def main() -> None:
    args, config = arguments(__doc__, "prepared", "run", "--start")
    options = config["train"]
    torch.set_num_threads(1)
    torch.manual_seed(options["seed"])
    args.run.mkdir(parents=True, exist_ok=True)
    tokenizer = load_tokenizer((minilm() / "tokenizer.json").read_bytes())
    trainer = Trainer(options, args.run, args.start)
    augmenter = Augmenter(config["augment"], options["seed"])
    rows, seed = load_articles(args.prepared), options["seed"] + trainer.step
    trainer.run(Batches(rows, tokenizer, augmenter, size=WINDOW, per_batch=options["windows"], seed=seed))


if __name__ == "__main__":
    main()
