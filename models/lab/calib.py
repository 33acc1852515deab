from train_ents import *
from types import SimpleNamespace as NS
from logit import fit_binary
from claimx.pipeline.annotations import Attribution
from claimx.pipeline.entities.clustering import read
from claimx.pipeline.entities.naming import entity_of
from claimx.pipeline.choice import choices, Choice
from claimx.pipeline.speakers.resolution import Resolution, Certainty
sys.path.insert(0,"/work/shared/eval")
from score_speakers import same_name
ch=choices(Trait,json.load(open("/work/main/claimx/rules/entity_weights.json")),"w")
def predicted(a):
    c=Clustering(a.words,a.told,network(a.reading)); cert=list(read(c,ch,lambda i,e:False))
    for m,e,p in zip(a.mentions,c.entity_of,cert): m.entity=e; m.certainty=p
    return [entity_of(a.words,r,a.told,a.mentions) for r in c.entities]
def resolved(a,ents,choice):
    at=[Attribution(x["content"],None,tuple(x["source"][0]) if x["source"] else None,None,"","",1.0,"") for x in a.att]
    d=NS(_=NS(claimx_mentions=a.mentions,claimx_entities=ents,claimx_attributions=at))
    return Resolution(d,a.words,choice)
def rows(part,path):
    spk={r["id"]:r for p in ("polnear","written") for r in rd(D/f"{p}/{part}-speakers.jsonl")}
    none=Choice(Certainty,{})
    for a in load(part,path):
        if a.id not in spk: continue
        ents=predicted(a); R=resolved(a,ents,none); s=spk[a.id]; gs={x["key"]:x for x in s["speakers"]}
        by={n:sp for sp in R.speakers for n in sp.attributions}
        for n,x in enumerate(a.att):
            if n not in by: continue
            i=R.mention_of(tuple(x["source"][0])); want=gs.get(s["attribution_speaker"].get(x["id"]))
            ok=bool(want) and same_name(want["name"],want["kind"],by[n].name)
            yield list(R.values(i)),ok,a.mentions[i].form,want
if __name__=="__main__":
    X=[];Y=[]
    for v,ok,f,_ in rows("train",sys.argv[1]): X.append([(t.value,x) for t,x in v]); Y.append(ok)
    w=fit_binary(X,Y,len(Certainty)+1,1.0)
    json.dump({"speaker":{t.name:round(float(w[t.value]),3) for t in Certainty if abs(w[t.value])>5e-4}},open("/work/main/claimx/rules/speaker_weights.json","w"),indent=1)
    c=Choice(Certainty,json.load(open("/work/main/claimx/rules/speaker_weights.json"))["speaker"])
    for part,path in (("train",sys.argv[1]),("dev",sys.argv[2])):
        P=[];Y=[];F=[]
        for v,ok,f,_ in rows(part,path): P.append(c.probability(v)); Y.append(ok); F.append(f)
        P=np.array(P);Y=np.array(Y);F=np.array(F)
        ece=0
        for lo in np.arange(0,1,.1):
            m=(P>=lo)&(P<lo+.1+(lo>.85))
            if m.any(): ece+=m.mean()*abs(P[m].mean()-Y[m].mean()); print("   %.1f n %d conf %.3f right %.3f"%(lo,m.sum(),P[m].mean(),Y[m].mean()))
        print(part,len(P),"right %.3f ECE %.3f"%(Y.mean(),ece),{f:"%.3f/%d"%(Y[F==f].mean(),(F==f).sum()) for f in set(F)})
        for t in (0.3,0.4,0.5,0.6): print("   thr",t,"kept %.3f right of kept %.3f; right lost %.3f"%((P>=t).mean(),Y[P>=t].mean(),(Y&(P<t)).mean()))
