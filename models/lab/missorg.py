import sys; sys.argv=["x","train.pkl","dev.pkl"]
from train_aff import *
from data import *
import random
D_=load("train","train.pkl",1)
usual=json.load(open("/work/main/claimx/rules/role_places.json"))
out=[]; n=collections.Counter()
for a in D_[::3]:
    L,keys,roles=prepare(a,usual)
    for r,g in roles:
        gold=[keys[b] for b in g["bearers"] if b in keys] if g else []
        if not(g and gold): continue
        c,v,p=L.organizations(r,gold); org=g["organization"]; o=keys.get(org,-9) if org else NONE
        if o not in c:
            e=a.ents[org]; n["no entity" if o==-9 else L.entities[o].kind]+=1
            lo,hi=a.words.starts[r.start],a.words.spans[r.end-1][1]
            out.append(("NOENT" if o==-9 else L.entities[o].kind, e["kind"], e.get("name"), a.text[lo:hi], "||", a.text[max(0,lo-70):hi+70].replace("\n"," ")))
        L.tell(r,gold,o if o>=0 else NONE)
print(n); random.seed(2); random.shuffle(out)
for x in out[:24]: print(x)
