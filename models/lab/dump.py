"""dump.py PART OUT DROPOUT SEED"""
import sys; sys.path.insert(0,"/work/exp")
from reading import *
from claimx.pipeline.encoder.heads import ReaderHeads
from claimx.pipeline.encoder.network import Encoded
from claimx.pipeline.encoder.sections import sections
part,out,drop,seed=sys.argv[1],sys.argv[2],float(sys.argv[3]),int(sys.argv[4]); torch.manual_seed(seed); torch.set_num_threads(2)
R=Path("/work/exp/r6"); g=lambda n:(R/f"{n}.onnx").read_bytes()
H=ReaderHeads(g("mentions"),g("extents"),g("vectors"))
net=net_of()
if drop>0:
    import torch.nn.functional as F
    real=F.dropout
    import network
    class FF: pass
    for l in net.layers: l.dropout=drop
    network.F.dropout=lambda x,p,training: real(x,drop,training)
    net.train()
D=Path("/work/shared/data")
att={r["id"]:r["attributions"] for n in ("polnear","written") for r in rd(D/f"{n}/{part}.jsonl")}
res={}
rows=rd(D/f"reading/{part}.jsonl")
if len(sys.argv)>5: rows=rows[::int(sys.argv[5])]
for k,d in enumerate(rows):
    text=d["text"]; q=find_quotations(text); f=features(text,tok,q); st=states_of(net,f)
    src=[tuple(s) for a in att[d["id"]] for s in a["source"][:1]]
    c=H.collect()
    for s in sections(f,q): c.add(s,Encoded(s.features,None,None,None,st[s.start:s.end],None),src)
    res[d["id"]]=c.reading(f)
    if k%100==0: print(k,flush=True)
pickle.dump(res,open(out,"wb"))
