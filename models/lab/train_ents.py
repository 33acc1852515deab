"""train_ents.py TRAIN.pkl DEV.pkl OUT.json"""
from data import *; import collections, sys
from logit import fit
from claimx.pipeline.entities.traits import Trait
from claimx.pipeline.entities.descriptions import SORTS
from claimx.pipeline.encoder.pairs import PairScorer
from claimx.pipeline.choice import Choice
A=PairScorer(Path("/work/exp/r6/antecedent.onnx").read_bytes())
def network(reading):
    rows={}
    for first,low,sc in A.antecedents(reading):
        for k in range(len(sc)): rows[first+k]=(float(sc[k,0]),low,sc[k,1:1+max(0,first+k-low)])
    return rows.get
def choices_of(a):
    c=Clustering(a.words,a.told,network(a.reading)); home={}
    for i,(t,g) in enumerate(zip(a.told,a.gold)):
        key=g if g is not None else ("spurious",i)
        cands=c.candidates(i); want=home.get(key,-1)
        if g is not None:
            for j,x in enumerate(cands):
                if x.entity==want: yield t.sort,[[(tr.value,v) for tr,v in x.values] for x in cands],j,want,t,a; break
            else: yield t.sort,None,None,want,t,a
        home[key]=c.add(i,want)
if __name__=="__main__":
    l2=2.0
    N=len(Trait)+1
    tr=collections.defaultdict(list); miss=collections.Counter()
    for a in load("train",sys.argv[1]):
        for s,c,j,w,t,_ in choices_of(a):
            if c is None: miss[s]+=1
            else: tr[s].append((c,j))
    print({s:len(v) for s,v in tr.items()},"missed",miss)
    W={s:fit(tr[s],N,l2) for s in SORTS}
    json.dump({s:{t.name:round(float(W[s][t.value]),3) for t in Trait if abs(W[s][t.value])>=0.0005} for s in SORTS},open(sys.argv[3],"w"),indent=1)
    def score(c,w): return [sum(w[i]*v for i,v in x) for x in c]
    for name,arts in (("train",None),("dev",load("dev",sys.argv[2]))):
        ok=collections.Counter();n=collections.Counter()
        it=((s,c,j) for s in tr for c,j in tr[s]) if arts is None else ((s,c,j) for a in arts for s,c,j,*_ in choices_of(a))
        for s,c,j in it:
            n[s]+=1
            if c is not None: ok[s]+=int(np.argmax(score(c,W[s])))==j
        print(name,"%.3f"%(sum(ok.values())/sum(n.values())),{s:"%.3f/%d"%(ok[s]/n[s],n[s]) for s in n})
