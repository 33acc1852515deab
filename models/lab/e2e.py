import sys, json, time; sys.path[:0]=["/work/main/models/news","/work/main"]
from pathlib import Path
import claimx; assert claimx.__file__.startswith("/work/main"), claimx.__file__
from pipeline import claim_pipeline, READERS
model=Path("/work/exp/r6/model")
def build(**least):
    cal=json.load(open(model/"shipped.json"))
    nlp=claim_pipeline(model,{"calibration":cal,"threshold":0.44,"min_speaker":0.0,"min_affiliation":0.0,**least},READERS)
    nlp.get_pipe("claimx_attribution").threads=2
    return nlp
if __name__=="__main__":
    nlp=build(); D=Path("/work/shared/data"); out=open(sys.argv[1],"w")
    keep={json.loads(l)["id"] for l in open(D/"reading/dev.jsonl")}
    t=time.time()
    for part in ("polnear","written"):
        rows=[r for r in map(json.loads,open(D/f"{part}/dev.jsonl")) if r["id"] in keep]
        for r,doc in zip(rows,nlp.pipe(x["text"] for x in rows)):
            out.write(json.dumps({"id":r["id"],"part":part,"text":r["text"],**doc._.claimx})+"\n")
    print("%.1fs"%(time.time()-t))
