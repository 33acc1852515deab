"""Docs with readings from states of a torch net (with dropout for train) or plain."""
import sys, json, pickle, random
sys.path[:0]=["/work/main/models/news","/work/main"]
import numpy as np, torch
from pathlib import Path
from network import ClaimNetwork
from settings import minilm
from claimx.pipeline.encoder.features import features, load_tokenizer
from claimx.pipeline.encoder.windows import windows
from claimx.pipeline.quotations.marks import find_quotations
tok = load_tokenizer((minilm()/"tokenizer.json").read_bytes())
rd=lambda p:[json.loads(l) for l in open(p,encoding="utf-8")]
def net_of(path="/work/exp/r6/net.safetensors"):
    n=ClaimNetwork(); n.load_minilm(minilm()/"model.safetensors"); n.load_weights(path); return n.eval()
@torch.no_grad()
def states_of(net, f):
    out=[]
    for w in windows(f):
        a=f.first[w.start]; b=f.first[w.end] if w.end<len(f.first) else len(f.ids)
        p={n:getattr(f,n)[a:b] for n in ("ids","case","quote","gap")}; first=f.first[w.first:w.last]-a
        if f.lead and not w.start:
            p={n:np.concatenate([getattr(f.lead,n),v]) for n,v in p.items()}; first=first+len(f.lead.ids)
        h=net.encode(*(torch.from_numpy(p[n][None].astype(np.int64)) for n in ("ids","case","quote","gap")),None)[0]
        out.append(h[torch.from_numpy(first.astype(np.int64))].numpy())
    return np.concatenate(out)
