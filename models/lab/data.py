import sys; sys.path[:0]=["/work/exp","/work/main/models/news","/work/main"]
import json, pickle
import numpy as np
from pathlib import Path
from claimx.pipeline.words import Words
from claimx.pipeline.quotations.marks import find_quotations
from claimx.pipeline.mentions.finding import mentions_of, joint_of
from claimx.pipeline.encoder.heads import head_of
from claimx.pipeline.entities.descriptions import describe, roles_by_head
from claimx.pipeline.entities.clustering import Clustering
from claimx.pipeline.entities.traits import is_apposed
D=Path("/work/shared/data")
rd=lambda p:[json.loads(l) for l in open(p,encoding="utf-8")]
class Art:
    def __init__(self, d, att, reading):
        self.d=d; self.id=d["id"]; self.text=d["text"]; self.reading=reading; self.att=att
        self.q=find_quotations(self.text)
        self.words=Words(self.text, [tuple(x) for x in reading.words.tolist()], self.q)
        src=[tuple(s) for a in att for s in a["source"][:1]]
        self.mentions=mentions_of(self.words, reading, src, (), [tuple(x) for x in reading.roles.tolist()])
        self.speaking={}
        for k,a in enumerate(att):
            if a["source"]:
                lo,hi=self.words.range_of(*a["source"][0])
                j=joint_of(self.words,self.mentions,lo,hi)
                self.speaking.setdefault(lo+head_of(self.words.words[lo:hi]) if j is None else j,k)
        self.align()
        self.role_heads=roles_by_head(self.words, reading.roles.tolist())
        self.told=[describe(self.words,m,self.role_heads,self.speaking) for m in self.mentions]
    def align(self):
        W=self.words; ents={e["key"]:e for e in self.d["entities"]}; self.ents=ents
        exact={}; byhead={}
        for m in sorted(self.d["mentions"], key=lambda m:-(m["span"][1]-m["span"][0])):
            s,e=m["span"]; exact[(s,e)]=m
            lo,hi=W.range_of(s,e)
            j=joint_of(W,self.mentions,lo,hi)
            byhead[W.spans[lo+head_of(W.words[lo:hi]) if j is None else j][0]]=m
        self.gold=[]
        for m in self.mentions:
            g=exact.get((m.start,m.end))
            if g is None:
                g=byhead.get(m.head)
            self.gold.append(g and g["entity"])
        M=self.mentions; R=[W.range_of(m.start,m.end) for m in M]
        for i,m in enumerate(M):
            if self.gold[i] is not None or m.form!="nominal" or m.kind not in ("person","unnamed"): continue
            for j in range(max(0,i-4),min(len(M),i+5)):
                if self.gold[j] is None or M[j].form!="name" or self.ents[self.gold[j]]["kind"]!="person": continue
                if is_apposed(W,R[i][1],R[j][0]) or is_apposed(W,R[j][1],R[i][0]): self.gold[i]=self.gold[j]; break
def load(part, path, step=1):
    read=pickle.load(open(path,"rb"))
    att={r["id"]:r["attributions"] for n in ("polnear","written") for r in rd(D/f"{n}/{part}.jsonl")}
    return [Art(d,att[d["id"]],read[d["id"]]) for d in rd(D/f"reading/{part}.jsonl") if d["id"] in read]
