"""Check that the training data is at hand, and that it is the data the recipe was written for.

    python news/fetch.py CONFIG SHARED

Nothing is downloaded: the corpora are handed out by their makers, who are named here with their licences.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from settings import arguments


class Source(NamedTuple):
    path: str
    digest: str
    origin: str


POLNEAR = (
    "PolNeAR 1.0, Newell, Margolin and Ruths (LREC 2018), https://github.com/networkdynamics/PolNeAR, no licence stated"
)
WRITTEN = "articles written and annotated for claimx, MIT"
GUM = "GUM, Zeldes (2017), https://github.com/amir-zeldes/gum, annotations CC BY 4.0, texts CC BY or CC BY-SA"
SOURCES = {
    "polnear": [
        Source("polnear/train.jsonl", "11a06e10ae09a0b6f2ffd0ac19c36ee13f12c4014e45d5480bf9386290ceaa9c", POLNEAR),
        Source(
            "polnear/train-speakers.jsonl",
            "ee42d59e7ebc56f3335de9badf1bea3e46781e45c106239db65275bfbdfc6efd",
            f"speakers annotated for claimx in {POLNEAR}",
        ),
    ],
    "written": [
        Source("written/train.jsonl", "751884a50dc9149e25daf386f72ec737cdac81b4d62fa7fa543d185cdd71352d", WRITTEN),
        Source(
            "written/train-speakers.jsonl", "a46bd34a1866c0dc7c2a4109a6a1f748a9fb557507313f2247f945630ecad71b", WRITTEN
        ),
    ],
    "gum": [Source("gum/mentions.jsonl", "9fb53f5caab58fa9c452c971411588925f886f4ad17151877bc96b405629f132", GUM)],
}


def main() -> None:
    args, config = arguments(__doc__, "shared")
    missing = []
    for part in config["prepare"]["parts"].split():
        for source in SOURCES[part]:
            path: Path = args.shared / "data" / source.path
            if not path.is_file():
                missing.append(f"{path}: missing. Get it from {source.origin}")
                continue
            same = sha256(path.read_bytes()).hexdigest() == source.digest
            print(f"{path}: {'as expected' if same else 'NOT the version the recipe is for'} ({source.origin})")
    if missing:
        raise SystemExit("\n".join(missing))


if __name__ == "__main__":
    main()
