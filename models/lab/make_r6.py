import sys, torch, glob; sys.path[:0]=["/work/main/models/news","/work/main"]
from safetensors.torch import load_file, save_file
from pathlib import Path
from export import export_reader
from reader import Reader
W={k:v for f in sorted(glob.glob("/work/shared/study/weights/R6.?.safetensors")) for k,v in load_file(f).items()}
save_file({k[4:]:v for k,v in W.items() if k.startswith("net.")}, "/work/exp/r6/net.safetensors")
r={k[7:]:v for k,v in W.items() if k.startswith("reader.")}
save_file(r, "/work/exp/r6/reader.safetensors")
R=Reader(); R.load_state_dict({k:v.float() for k,v in r.items()})
export_reader(R, Path("/work/exp/r6"))
