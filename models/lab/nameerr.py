from calib import *
import random
spk={r["id"]:r for p in ("polnear","written") for r in rd(D/f"{p}/train-speakers.jsonl")}
none=Choice(Certainty,{}); out=[]
for a in load("train","train.pkl")[::3]:
    if a.id not in spk: continue
    ents=predicted(a); R=resolved(a,ents,none); s=spk[a.id]; gs={x["key"]:x for x in s["speakers"]}
    by={n:sp for sp in R.speakers for n in sp.attributions}
    for n,x in enumerate(a.att):
        if n not in by: continue
        i=R.mention_of(tuple(x["source"][0])); want=gs.get(s["attribution_speaker"].get(x["id"])); src=a.text[slice(*x["source"][0])]
        ok=bool(want) and same_name(want["name"],want["kind"],by[n].name)
        if not ok: out.append((a.mentions[i].form,src[:70],want and (want["kind"],want["name"][:60]),(by[n].kind,by[n].name[:60]),a.text[a.mentions[i].start:a.mentions[i].end][:40],round(a.mentions[i].certainty,2)))
print(len(out))
random.seed(3)
for f in ("name","nominal","pronoun"):
    x=[o for o in out if o[0]==f]; print(f,len(x)); [print("  ",*o[1:],sep=" | ") for o in random.sample(x,min(45,len(x)))]
