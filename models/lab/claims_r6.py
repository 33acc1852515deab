import sys, json; sys.path[:0]=["/work/main/models/news","/work/main"]
from pathlib import Path
import claimx; assert "base" in claimx.__file__
from pipeline import attribution_pipeline
from claimx.evaluation.gold import *
model=Path(sys.argv[1]); 
cal=json.load(open("/work/main/models/en_claimx_news/en_claimx_news/en_claimx_news-0.6.0/claimx_attribution/calibration.json"))
nlp=attribution_pipeline(model,{"calibration":cal,"threshold":0.47},("claimx_mentions","claimx_speakers","claimx_affiliations","claimx_extraction"))
nlp.get_pipe("claimx_attribution").threads=2
out=open(sys.argv[2],"w")
ids=set()
for part in ("polnear","written"):
    rows=[json.loads(l) for l in open(f"/work/shared/data/{part}/dev.jsonl")]
    for r,doc in zip(rows,nlp.pipe(x["text"] for x in rows)):
        out.write(json.dumps({"id":r["id"],"part":part,"text":r["text"],**doc._.claimx})+"\n")
