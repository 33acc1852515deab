import sys,json; sys.path.insert(0,"/work/shared/eval")
import score_speakers as S
D="/work/shared/data"; rd=lambda p:{d["id"]:d for d in map(json.loads,open(p))}
reading=rd(D+"/reading/dev.jsonl"); pred=rd("/work/exp/new.jsonl")
for p in ("polnear","written"):
    for k,s in rd(f"{D}/{p}/dev-speakers.jsonl").items():
        ps=pred[k]["speakers"]
        for x in s["speakers"]:
            if x["kind"]!="person": continue
            mates=[y for y in ps if S.same_name(x["name"],"person",y["name"])]
            gf=S.facts(x,"affiliation"); pf=[f for y in mates for f in S.facts(y,"affiliation")]
            more=S.also_right(reading[k],x["name"])
            bad=[f for f in pf if not any(S.exact(g,f) for g in gf) and not any(S.exact(g,f) for g in more)]
            miss=[g for g in gf if not any(S.exact(g,q) for q in pf)]
            if bad or miss: print(p[0],k[:22],"|",x["name"],"|",[y["name"] for y in mates],"| gold",gf,"| pred",pf,"| BAD",bad)
