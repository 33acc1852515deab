"""train_aff.py TRAIN.pkl DEV.pkl : bearing, placing, membership on gold entities"""
from data import *; import collections, sys, math
from logit import fit, fit_binary
from claimx.pipeline.affiliations.traits import *
from claimx.pipeline.affiliations.links import *
from claimx.pipeline.affiliations.links import Links, NONE
from claimx.pipeline.affiliations.component import by_entity, is_plural, members_of, GRAPHS
from claimx.pipeline.annotations import Entity
from claimx.pipeline.encoder.pairs import PairScorer
from claimx.pipeline.lexicon import Lexicon; LX=Lexicon()
R=Path("/work/exp/r6"); S={n:PairScorer((R/n).read_bytes()) for n in GRAPHS}
def gold_entities(a):
    keys={}; ents=[]
    for i,(m,g) in enumerate(zip(a.mentions,a.gold)):
        k=g if g is not None else ("x",i)
        if k not in keys: keys[k]=len(ents); ents.append(Entity(a.ents[g]["kind"] if g else m.kind, a.ents[g]["name"] if g else "", []))
        m.entity=keys[k]; ents[keys[k]].mentions.append(i)
    return keys,ents
def prepare(a, usual):
    keys,ents=gold_entities(a); L=Links(a.words,a.mentions,ents,usual)
    rd_=a.reading; roles=[]
    B=by_entity(S["bearer.onnx"],rd_,rd_.role_vectors,rd_.roles[:,1]-1,a.mentions); O=by_entity(S["organization.onnx"],rd_,rd_.role_vectors,rd_.roles[:,1]-1,a.mentions)
    gr=collections.defaultdict(list)
    for r in a.d["roles"]:
        lo,hi=a.words.range_of(*r["span"]); gr[hi-1].append(r)
    for k,(s,e) in enumerate(rd_.roles.tolist()):
        r=Role(s,e,float(rd_.role_scores[k]),B.get(k,{}),O.get(k,{}),is_plural(a.words,e))
        g=gr.get(e-1); roles.append((r,g[0] if g else None))
    return L,keys,roles
def head_word(w,e):
    l=w.lowers[e-1]; return (LX.title_of(l) or LX.singular_of(l))
def keys_inv(keys): return {v:k for k,v in keys.items()}
def rows(a, usual, what):
    L,keys,roles=prepare(a,usual)
    for r,g in roles:
        c,v=L.bearers(r); gold=[keys[b] for b in g["bearers"] if b in keys] if g else []
        if what=="bearing":
            top=max(r.bearers,key=r.bearers.get,default=-1)
            if not g and top>=0 and keys_inv(keys).get(top,("x",))[0]=="x" : continue
            want=[i for i,x in enumerate(c) if x in gold] or ([len(c)-1] if not gold else None)
            if want: yield v,want[0],want,r,g
            elif g is not None: yield v,None,None,r,g
        if g and gold:
            c,v,p=L.organizations(r,gold); org=g["organization"]; o=keys.get(org,-9) if org else NONE
            if what=="placing":
                if o in c: yield v,c.index(o),[c.index(o)],r,g
                else: yield v,None,None,r,g
            L.tell(r,gold,o if o>=0 else NONE)
    if what=="membership":
        gm=collections.defaultdict(set)
        for m in a.d["mentions"]:
            for x in m.get("members",()): gm[(m["span"][0],m["span"][1])].add(x)
        bykey={v:k for k,v in keys.items()}
        for place,sh in members_of(L,a.reading,S["member.onnx"]):
            m=place.mention; g=gm.get((m.start,m.end),set())
            for e,lp in sh.items():
                if e<0 or e==m.entity or lp<math.log(0.05) or L.entities[e].kind not in ("person","unnamed"): continue
                where=min((L.places[i] for i in L.entities[e].mentions),key=lambda p:abs(p.start-place.start))
                yield list(membership(a.words,place,where,L.entities[m.entity],lp,sh.get(-1,-1.0))),bykey[e] in g,None,None,None
def enc(v): return [(t.value,x) for t,x in v]
def sc(v,w): return sum(w[t.value]*x for t,x in v)
if __name__=="__main__":
    train=load("train",sys.argv[1]); dev=load("dev",sys.argv[2])
    n=collections.Counter(); no=collections.Counter()
    for a in train:
        for r in a.d["roles"]:
            lo,hi=a.words.range_of(*r["span"]); h=head_word(a.words,hi); n[h]+=1; no[h]+= r["organization"] is None
    base=sum(no.values())/sum(n.values()); lo_=lambda p: math.log(p/(1-p))
    usual={h:round(lo_((no[h]+6*base)/(n[h]+6)),2) for h in n if n[h]>=3}; usual[""]=round(lo_(base),2)
    json.dump(dict(sorted(usual.items())),open("/work/main/claimx/rules/role_places.json","w"),indent=0)
    W={}
    for what,E in (("bearing",Bearing),("placing",Placing)):
        G=[];miss=0
        for a in train:
            for v,j,*_ in rows(a,usual,what):
                if j is None: miss+=1
                else: G.append(([enc(x) for x in v],j))
        w=fit(G,len(E)+1,2.0); W[what]={t.name:round(float(w[t.value]),3) for t in E if abs(w[t.value])>=0.0005}
        for name,arts in (("train",train),("dev",dev)):
            ok=nn=0
            for a in arts:
                for v,j,want,*_ in rows(a,usual,what):
                    nn+=1; s=[sc(x,w) for x in v]; ok+= want is not None and int(np.argmax(s)) in want
            print(what,name,len(G),"missed",miss,"acc %.3f of %d"%(ok/nn,nn))
    X=[];y=[]
    for a in train:
        for v,j,*_ in rows(a,usual,"membership"): X.append(enc(v)); y.append(j)
    w=fit_binary(X,y,len(Membership)+1,2.0); W["membership"]={t.name:round(float(w[t.value]),3) for t in Membership}
    for name,arts in (("train",train),("dev",dev)):
        tp=fp=fn=0
        for a in arts:
            for v,j,*_ in rows(a,usual,"membership"):
                p=sc(v,w)>0; tp+=p and j; fp+=p and not j; fn+=(not p) and j
        print("membership",name,tp,fp,fn)
    W["confidence"]={"raw":[0.0,1.0],"right":[0.0,1.0]}
    json.dump(W,open("/work/main/claimx/rules/affiliation_weights.json","w"),indent=1)
