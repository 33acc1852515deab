"""Each command once, as it is installed: what shows whether it works with given versions of what it needs.

`.ci/run` runs this file with the lowest allowed versions and with the newest.
"""

from __future__ import annotations

import json
import re
import signal
import sqlite3
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from pyarrow.parquet import read_table

from claimx.readers.files import bytes_of

HERE = Path(__file__).parent
ARTICLE = HERE / "articles" / "cold-store-trial.txt"
TEXT = ARTICLE.read_text(encoding="utf-8")
GOLD = {"id": "a", "text": "“It is safe,” Ann Hale said.", "attributions": [
    {"id": "1", "content": [[0, 13]], "source": [[14, 22]], "cue": [[23, 27]]}
]}  # fmt: skip
pytestmark = pytest.mark.smoke


def claimx(*arguments: str | Path) -> str:
    """What a command prints; it may say nothing else, no warning above all."""
    command = [sys.executable, "-m", "claimx", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def claims_of(document: dict) -> list[tuple]:
    names = {speaker["id"]: speaker["name"] for speaker in document["speakers"]}
    return [(claim["spans"], names.get(claim["speaker"])) for claim in document["claims"]]


@pytest.fixture(scope="module")
def expected():
    rows = map(json.loads, (HERE / "articles" / "records.jsonl").read_text(encoding="utf-8").splitlines())
    return next(claims_of(row) for row in rows if row["id"] == ARTICLE.stem)


def test_extract(expected, tmp_path):
    assert claims_of(json.loads(claimx("extract", ARTICLE))) == expected
    speaker = expected[0][1]
    page = tmp_path / "page.html"
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in TEXT.split("\n\n"))
    page.write_text(f"<html><body><article>{paragraphs}</article></body></html>", encoding="utf-8")
    read = json.loads(claimx("extract", page))
    assert [name for _, name in claims_of(read)] == [name for _, name in expected]
    assert speaker in claimx("extract", ARTICLE, "--view", "list")
    claimx("extract", ARTICLE, "-o", tmp_path / "report.html")
    assert speaker in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_batch(expected, tmp_path):
    (tmp_path / "in.jsonl").write_text("".join(json.dumps({"id": n, "text": TEXT}) + "\n" for n in "ab"))
    for name in ("out.jsonl.zst", "out.parquet", "out.sqlite"):
        claimx("batch", tmp_path / "in.jsonl", "-o", tmp_path / name, "--workers", "2", "--quiet")
    documents = [json.loads(line) for line in bytes_of(str(tmp_path / "out.jsonl.zst")).splitlines()]
    assert [(document["id"], claims_of(document)) for document in documents] == [("a", expected), ("b", expected)]
    assert read_table(tmp_path / "out.parquet").num_rows == 2 * len(expected)
    with sqlite3.connect(tmp_path / "out.sqlite") as tables:
        assert tables.execute("SELECT count(*) FROM claims").fetchone() == (2 * len(expected),)


def test_evaluate(tmp_path):
    (tmp_path / "gold.jsonl").write_text(json.dumps(GOLD) + "\n", encoding="utf-8")
    assert "100.0" in claimx("evaluate", tmp_path / "gold.jsonl")


def post(address: str, kind: str, body: str) -> str:
    request = urllib.request.Request(address, body.encode(), {"Content-Type": kind})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read().decode()


def test_serve(expected):
    command = [sys.executable, "-m", "claimx", "serve", "--port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        address = re.search(r"http://127\.0\.0\.1:\d+", process.stderr.readline())[0]
        for path in ("/", "/docs", "/openapi.json", "/v1/health"):
            with urllib.request.urlopen(address + path, timeout=60) as answer:
                assert answer.status == 200
        answer = post(f"{address}/v1/extract", "application/json", json.dumps({"text": TEXT}))
        assert claims_of(json.loads(answer)) == expected
        form = f'--end\r\nContent-Disposition: form-data; name="text"\r\n\r\n{TEXT}\r\n--end--\r\n'
        assert expected[0][1] in post(f"{address}/report", "multipart/form-data; boundary=end", form)
    finally:
        process.send_signal(signal.SIGINT)
        _, rest = process.communicate(timeout=30)
    assert (process.returncode, "warning" in rest.lower()) == (0, False), rest
