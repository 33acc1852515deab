"""``claimx batch``: nothing lost, nothing twice, the same bytes however it was run."""

import csv
import gzip
import importlib
import io
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from functools import partial
from itertools import islice
from pathlib import Path

import en_claimx_news
import jsonschema
import pytest
import spacy
from made_articles import article, broken, write_folder

import claimx.zstd
from claimx.batch import Batch, Filters, Options
from claimx.batch.inputs import Source, survey
from claimx.batch.output import Output
from claimx.batch.pool import Pool
from claimx.batch.worker import Worker
from claimx.errors import BatchError, OutputError
from claimx.readers import ReadOptions

TEXT = "“The bridge is safe,” chief engineer Tomas Lindqvist said. Mayor Ada Brandt denied that it would close.\n"
OPTIONS = Options()


class Here:
    """An engine in this process; `stop` ends it before a batch, as Ctrl-C would."""

    worker = None

    def __init__(self, options=OPTIONS, stop=None):
        Here.worker = Here.worker or Worker(OPTIONS)
        Here.worker.options = options
        self.info, self.stop = Here.worker.info, stop

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def map(self, source):
        tasks, number = source.tasks(), 0
        while batch := list(islice(tasks, 2)):
            if number == self.stop:
                raise KeyboardInterrupt
            yield [Here.worker(task) for task in batch]
            number += 1


def run_here(inputs, output, *, stop=None, restart=False, options=OPTIONS, **more):
    inputs = [str(path) for path in (inputs if isinstance(inputs, list) else [inputs])]
    batch = Batch(inputs, str(output), options, engine=lambda options: Here(options, stop), **more)
    return batch.run(restart=restart)


def command(*args):
    return [sys.executable, "-m", "claimx", "batch", *map(str, args)]


def run(*args, **more):
    return subprocess.run(command(*args), capture_output=True, timeout=300, **more)


def lines(path):
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]


def failures(output):
    return lines(f"{output}.errors.jsonl")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Twelve articles, the third of them broken."""
    path = tmp_path_factory.mktemp("batch") / "in"
    path.mkdir()
    for number in range(12):
        (path / f"{number:02}.txt").write_text(article(number, 250), encoding="utf-8")
    (path / "02.txt").write_bytes(b"a\0b")
    return path


@pytest.fixture(scope="module")
def expected(folder, tmp_path_factory):
    """The data set of `folder`, as an undisturbed run makes it."""
    output = tmp_path_factory.mktemp("expected") / "out.jsonl"
    assert run_here(folder, output).exit_code == 1
    return output


def same(output, expected):
    return all(
        Path(f"{output}{part}").read_bytes() == Path(f"{expected}{part}").read_bytes()
        for part in ("", ".errors.jsonl", ".manifest.json")
    )


# what is read


def test_every_article_ends_as_a_record_or_an_error(folder, expected):
    records = lines(expected)
    for record in records:
        jsonschema.validate(record, claimx.json_schema())
    assert [record["id"] for record in records] == [f"{n:02}.txt" for n in range(12) if n != 2]
    [failure] = failures(expected)
    assert failure == {
        "id": "02.txt",
        "path": str(folder / "02.txt"),
        "stage": "read",
        "error": "InputError",
        "message": failure["message"],
    }
    assert "not a text file" in failure["message"]


def test_records_are_those_of_extract(folder, expected):
    path = folder / "05.txt"
    [record] = [record for record in lines(expected) if record["id"] == "05.txt"]
    assert record == claimx.extract(path.read_text("utf-8"), id="05.txt", path=str(path)).to_dict()


JSONL = '{{"id": "x", "text": {0}}}\n\n{{"text": {0}}}\n'.format(json.dumps(TEXT))
CSV = io.StringIO()
csv.writer(CSV).writerows([["id", "text", "title"], ["x", TEXT, "T"], ["", TEXT, ""]])


@pytest.mark.parametrize(
    ("name", "content", "ids"),
    [
        ("a.txt", TEXT.encode(), ["a.txt"]),
        ("a.txt.gz", gzip.compress(TEXT.encode()), ["a.txt.gz"]),
        ("a.json", json.dumps({"id": 7, "text": TEXT}).encode(), ["7"]),
        ("a.json", json.dumps([{"id": 7, "text": TEXT}, {"text": TEXT}]).encode(), ["7", "a.json:2"]),
        ("a.jsonl", JSONL.encode(), ["x", "a.jsonl:3"]),
        ("a.jsonl.gz", gzip.compress(JSONL.encode()), ["x", "a.jsonl.gz:3"]),
        ("a.csv", CSV.getvalue().encode(), ["x", "a.csv:2"]),
        ("a.csv", CSV.getvalue().replace(",", ";").encode("utf-8-sig"), ["x", "a.csv:2"]),
        ("a.tsv", f'id\ttext\n1\t"{TEXT}"\n'.encode(), ["1"]),
        ("a.jsonl", JSONL.encode("utf-16"), ["x", "a.jsonl:3"]),
    ],
)
def test_files_of_one_article_or_many(tmp_path, name, content, ids):
    (tmp_path / name).write_bytes(content)
    report = run_here(tmp_path / name, tmp_path / "out.jsonl")
    assert report.exit_code == 0
    records = lines(tmp_path / "out.jsonl")
    assert [record["id"] for record in records] == ids
    assert {len(record["claims"]) for record in records} == {2}


def test_parquet_is_read_a_few_rows_at_a_time(tmp_path):
    pyarrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    rows = {"id": [f"r{n}" for n in range(150)], "body": [TEXT] * 149 + [None], "other": list(range(150))}
    parquet.write_table(pyarrow.table(rows), tmp_path / "a.parquet")
    report = run_here(
        tmp_path / "a.parquet",
        tmp_path / "out.jsonl",
        options=Options(claimx.DEFAULT_MODEL, reading=ReadOptions(None, "body")),
    )
    assert (report.counts.articles, report.counts.failed) == (150, 1)
    assert "row 150" in failures(tmp_path / "out.jsonl")[0]["message"]


def test_zst_is_read_and_written(tmp_path):
    zstd = pytest.importorskip(claimx.zstd.PACKAGE)
    (tmp_path / "a.jsonl.zst").write_bytes(zstd.compress(JSONL.encode()))
    assert run_here(tmp_path / "a.jsonl.zst", tmp_path / "out.jsonl.zst").exit_code == 0
    text = zstd.decompress((tmp_path / "out.jsonl.zst").read_bytes()).decode()
    assert [json.loads(line)["id"] for line in text.splitlines()] == ["x", "a.jsonl.zst:3"]


def test_folders_are_read_sorted_and_hidden_files_left_out(tmp_path):
    source = tmp_path / "in"
    for name in ("b/2.txt", "b/1.txt", "a.txt", "c.html", ".hidden.txt", ".git/x.txt"):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(TEXT)
    os.symlink(tmp_path, source / "b" / "loop")
    found = survey([str(source)], None, tmp_path / "list", lambda files: None)
    ids = [json.loads(line)["id"] for line in (tmp_path / "list").open()]
    assert (ids, found.files) == (["a.txt", "b/1.txt", "b/2.txt", "b/loop", "c.html"], 5)
    for pattern, expected in (("*.txt", ["a.txt", "b/1.txt", "b/2.txt"]), ("b/*.txt", ["b/1.txt", "b/2.txt"])):
        survey([str(source)], pattern, tmp_path / "list", lambda files: None)
        found = [json.loads(line)["id"] for line in (tmp_path / "list").open()]
        assert [id for id in found if id != "b/loop"] == expected


def test_globs_addresses_and_lists(tmp_path, monkeypatch):
    pytest.importorskip("fsspec")
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(TEXT)
    listing = io.TextIOWrapper(io.BytesIO(f"{tmp_path}/b.txt\n{tmp_path}/a.txt\n".encode()))
    monkeypatch.setattr("sys.stdin", listing)
    for number, (inputs, ids) in enumerate(
        [(f"{tmp_path}/?.txt", "ab"), (f"file://{tmp_path}/a.txt", "a"), ("-", "ba")]
    ):
        output = tmp_path / f"out{number}.jsonl"
        assert run_here(inputs, output).exit_code == 0
        assert [record["id"] for record in lines(output)] == [f"{id}.txt" for id in ids]


def test_odd_file_names_are_read(tmp_path):
    source = tmp_path / "in"
    source.mkdir()
    names = [b"a b.txt", "zoë.txt".encode(), b"half\xff.txt", b"-o.txt", b"new\nline.txt", b"[1].txt"]
    for name in names:
        with open(os.path.join(os.fsencode(source), name), "w") as stream:
            stream.write(TEXT)
    os.symlink("nowhere", os.path.join(os.fsencode(source), b"gone\xff.txt"))
    assert run_here(source, tmp_path / "out.jsonl").exit_code == 1
    assert [failure["id"] for failure in failures(tmp_path / "out.jsonl")] == ["gone?.txt"]
    ids = [record["id"] for record in lines(tmp_path / "out.jsonl")]
    assert sorted(ids) == sorted(name.decode("utf-8", "replace").replace("\ufffd", "?") for name in names)


def test_articles_on_standard_input_are_no_list(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b'{"text": "One."}\n')))
    with pytest.raises(BatchError, match="Save them as .jsonl"):
        run_here("-", tmp_path / "out.jsonl")


def test_one_bad_record_hides_no_other(tmp_path):
    rows = [
        b'{"id": 1, "text": "Z\xc3\xb6e."}',
        b"nonsense",
        b'{"id": 3}',
        b"[]",
        b'{"text": "\xff"}',
        b'{"id": 6, "text": ""}',
    ]
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(rows))
    assert run_here(tmp_path / "a.jsonl", tmp_path / "out.jsonl").exit_code == 1
    assert [record["id"] for record in lines(tmp_path / "out.jsonl")] == ["1", "6"]
    assert [re.search(r"line \d", row["message"])[0] for row in failures(tmp_path / "out.jsonl")] == [
        "line 2", "line 3", "line 4", "line 5",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("way", "message"),
    list(
        enumerate(
            [
                "not a text file",
                "not a text file",
                "not a text file",
                "no such file",
                "neither a file nor a folder",
                "cut short",
                "cut short",
                "cut short|zstd",
                "no article text",
                "no article text",
                "not valid JSON",
                "no key 'text'",
                "holds a int",
                "half a character",
                "holds no articles",
                "holds no articles",
                "not valid JSON",
                "no key 'text'",
                "cut short|pyarrow",
                "more than the limit",
            ]
        )
    ),
)
def test_twenty_ways_to_be_broken(tmp_path, way, message):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(TEXT)
    broken(tmp_path / "in", way)
    assert run_here(tmp_path / "in", tmp_path / "out.jsonl").exit_code == 1
    assert len(lines(tmp_path / "out.jsonl")) == 1
    [failure] = failures(tmp_path / "out.jsonl")
    assert re.search(message, failure["message"]), failure
    assert failure["message"].startswith(failure["path"])


# what is written


def test_csv_and_its_compressed_form(folder, tmp_path, expected):
    claims = [claim for record in lines(expected) for claim in record["claims"]]
    for name, opened in (("out.csv", open), ("out.csv.gz", gzip.open)):
        assert run_here(folder, tmp_path / name).exit_code == 1
        with opened(tmp_path / name, "rt", encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        assert [row["text"] for row in rows] == [claim["text"] for claim in claims]


def test_sqlite_has_tables_with_keys_and_search(folder, tmp_path, expected):
    output = tmp_path / "out.sqlite"
    run_here(folder, output)
    db = sqlite3.connect(output)
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    records = lines(expected)
    counted = {
        table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        for table in ("articles", "claims", "speakers", "affiliations")
    }
    assert counted == {
        "articles": len(records),
        "claims": sum(len(record["claims"]) for record in records),
        "speakers": sum(len(record["speakers"]) for record in records),
        "affiliations": sum(len(speaker["affiliations"]) for record in records for speaker in record["speakers"]),
    }
    found = db.execute(
        "SELECT a.id, s.name FROM claims_search f JOIN claims c ON c.key = f.rowid JOIN articles a ON a.key = c.article"
        " LEFT JOIN speakers s ON s.key = c.speaker WHERE claims_search MATCH 'trust' ORDER BY c.key"
    ).fetchall()
    names = [
        (record["id"], {s["id"]: s["name"] for s in record["speakers"]}.get(claim["speaker"]))
        for record in records
        for claim in record["claims"]
        if "trust" in claim["text"] + (claim["source"] or {"text": ""})["text"]
    ]
    assert found and found == names


def test_parquet_has_typed_columns(folder, tmp_path, expected):
    parquet = pytest.importorskip("pyarrow.parquet")
    run_here(folder, tmp_path / "out.parquet")
    rows = parquet.read_table(tmp_path / "out.parquet").to_pylist()
    claims = [claim for record in lines(expected) for claim in record["claims"]]
    assert [(row["text"], row["start"], row["confidence"]) for row in rows] == [
        (claim["text"], claim["spans"][0][0], claim["confidence"]) for claim in claims
    ]
    assert all(isinstance(row["roles"], list) and row["cue"] != "" for row in rows)


def test_a_package_that_is_missing_is_told_before_anything_is_read(folder, tmp_path, monkeypatch):
    monkeypatch.setattr("claimx.writers.find_spec", lambda package: None)
    for name, package in (("out.parquet", "pyarrow"), ("out.csv.zst", claimx.zstd.PACKAGE)):
        with pytest.raises(OutputError, match=rf"{name}.*{package}.*pip install"):
            run_here(folder, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_shards_hold_what_one_file_does(folder, tmp_path, expected):
    report = run_here(folder, tmp_path / "out", partition=True, shard_size=5)
    shards = sorted((tmp_path / "out").iterdir())
    assert [shard.name for shard in shards] == ["part-00000.jsonl", "part-00001.jsonl", "part-00002.jsonl"]
    assert b"".join(shard.read_bytes() for shard in shards) == expected.read_bytes()
    assert failures(tmp_path / "out") == failures(expected)
    assert report.kinds == json.loads(Path(f"{expected}.manifest.json").read_text("utf-8"))["counts"]["kinds"]


@pytest.mark.parametrize("stop", range(4))
def test_shards_go_on_where_they_stopped(folder, tmp_path, expected, stop):
    with pytest.raises(KeyboardInterrupt):
        run_here(folder, tmp_path / "out", partition=True, shard_size=4, stop=stop)
    run_here(folder, tmp_path / "out", partition=True, shard_size=4)
    shards = sorted((tmp_path / "out").iterdir())
    assert b"".join(shard.read_bytes() for shard in shards) == expected.read_bytes()
    assert failures(tmp_path / "out") == failures(expected)


def test_a_shard_that_was_counted_but_not_put_in_its_place_is_made_again(folder, tmp_path, expected, monkeypatch):
    publish = Output.publish

    def killed(self, made, target):
        if target.endswith("part-00001.jsonl"):
            raise KeyboardInterrupt
        publish(self, made, target)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Output, "publish", killed)
        run_here(folder, tmp_path / "out", partition=True, shard_size=4)
    run_here(folder, tmp_path / "out", partition=True, shard_size=4)
    shards = sorted((tmp_path / "out").iterdir())
    assert b"".join(shard.read_bytes() for shard in shards) == expected.read_bytes()
    assert failures(tmp_path / "out") == failures(expected)


def test_an_address_is_written_to(folder, tmp_path, expected, monkeypatch):
    pytest.importorskip("fsspec")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "far").mkdir()
    run_here(folder, f"file://{tmp_path}/far/out.jsonl")
    assert same(tmp_path / "far" / "out.jsonl", expected)
    assert run_here(folder, f"file://{tmp_path}/far/out.jsonl").already
    assert [path.name for path in tmp_path.iterdir()] == ["far"]


# going on


@pytest.mark.parametrize("stop", [0, 1, 3])
def test_an_interrupted_run_goes_on(folder, tmp_path, expected, stop):
    output = tmp_path / "out.jsonl"
    with pytest.raises(KeyboardInterrupt):
        run_here(folder, output, stop=stop)
    assert not output.exists()
    report = run_here(folder, output)
    assert (report.resumed > 0) == (stop > 0)
    assert same(output, expected)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "out.jsonl", "out.jsonl.errors.jsonl", "out.jsonl.manifest.json",
    ]  # fmt: skip


@pytest.mark.parametrize("tail", [b"r\t1\t2", b"\0\0\0\0", b'r\t1\t2\t3\t{"id": "x"', b"garbage\nr\t1\t2\t3\t{}\n"])
def test_a_line_cut_short_is_read_again(folder, tmp_path, expected, tail):
    output = tmp_path / "out.jsonl"
    with pytest.raises(KeyboardInterrupt):
        run_here(folder, output, stop=2)
    with open(f"{output}.partial/journal-00000", "ab") as journal:
        journal.write(tail)
    run_here(folder, output)
    assert same(output, expected)


def of_version_1(line: str) -> str:
    """A line of the journal as claimx wrote it before schema version 2."""
    *head, found = line.split("\t", 4)
    document = json.loads(found)
    if head[0] == "r":
        document["schema_version"] = 1
        for claim in document["claims"]:
            del claim["negated"], claim["speaker_confidence"]
        for affiliation in (a for speaker in document["speakers"] for a in speaker["affiliations"]):
            del affiliation["confidence"]
    return "\t".join((*head, json.dumps(document, ensure_ascii=False))) + "\n"


@pytest.mark.parametrize("name", ["out.jsonl", "out.csv", "out.sqlite"])
def test_a_run_that_began_with_documents_of_version_1_goes_on(folder, tmp_path, name):
    output = tmp_path / name
    with pytest.raises(KeyboardInterrupt):
        run_here(folder, output, stop=2)
    journal = Path(f"{output}.partial/journal-00000")
    journal.write_text("".join(map(of_version_1, journal.read_text("utf-8").splitlines())), encoding="utf-8")
    report = run_here(folder, output)
    assert report.resumed > 1 and report.counts.claims > 0
    if name == "out.csv":
        rows = list(csv.DictReader(io.StringIO(output.read_text("utf-8"), newline="")))
        assert {row["negated"] for row in rows} == {"false", "true"}


def test_a_finished_run_is_not_made_again(folder, tmp_path):
    output = tmp_path / "out.jsonl"
    first = run_here(folder, output)
    before = output.stat().st_mtime_ns
    again = run_here(folder, output)
    assert again.already and (again.counts, again.kinds) == (first.counts, first.kinds)
    assert output.stat().st_mtime_ns == before
    output.unlink()
    assert not run_here(folder, output).already


def test_other_settings_are_refused_and_restart_takes_them(folder, tmp_path):
    output = tmp_path / "out.jsonl"
    with pytest.raises(KeyboardInterrupt):
        run_here(folder, output, stop=2)
    for options, named in (
        (Options(claimx.DEFAULT_MODEL, 0.9), "threshold was None, now 0.9"),
        (Options(claimx.DEFAULT_MODEL, min_speaker=0.5), "min_speaker was None, now 0.5"),
        (Options(claimx.DEFAULT_MODEL, filters=Filters(frozenset(("direct",)))), "kinds was None"),
    ):
        with pytest.raises(BatchError, match=named + ".*--restart"):
            run_here(folder, output, options=options)
    report = run_here(folder, output, options=options, restart=True)
    assert report.resumed == 0 and set(report.kinds) == {"direct"}


def test_other_inputs_are_refused(tmp_path):
    source, output = tmp_path / "in", tmp_path / "out.jsonl"
    write_folder(source, 6)
    with pytest.raises(KeyboardInterrupt):
        run_here(source, output, stop=1)
    (source / "00003.txt").write_text(TEXT)
    with pytest.raises(BatchError, match="00003.txt has changed.*--restart"):
        run_here(source, output)
    (source / "00001a.txt").write_text(TEXT)
    with pytest.raises(BatchError, match="00001a.txt is new"):
        run_here(source, output)
    assert run_here(source, output, restart=True).counts.articles == 7


def test_what_changes_or_vanishes_meanwhile_is_an_error(tmp_path):
    source = tmp_path / "in"
    write_folder(source, 4)
    survey([str(source)], None, tmp_path / "list", lambda files: None)
    (source / "00001.txt").write_text(TEXT)
    (source / "00002.txt").unlink()
    worker = Here().worker
    told = [json.loads(worker(task).line) for task in Source(tmp_path / "list", ReadOptions()).tasks()]
    assert ["has changed" in told[1]["message"], "no such file" in told[2]["message"]] == [True, True]
    assert [("claims" in row) for row in told] == [True, False, False, True]


def test_a_folder_that_is_removed_meanwhile_is_told(folder, tmp_path, expected):
    class Vandal(Here):
        def map(self, source):
            for number, outcomes in enumerate(super().map(source)):
                yield outcomes
                if number == 1:
                    shutil.rmtree(tmp_path / "out.jsonl.partial")

    output = tmp_path / "out.jsonl"
    with pytest.raises(BatchError, match="has been removed"):
        Batch([str(folder)], str(output), engine=Vandal).run()
    run_here(folder, output)
    assert same(output, expected)


def test_another_output_is_not_overwritten(folder, tmp_path):
    output = tmp_path / "out.jsonl"
    output.write_text("mine")
    with pytest.raises(BatchError, match="no batch wrote it.*--restart"):
        run_here(folder, output)
    assert (output.read_text(), list(tmp_path.iterdir())) == ("mine", [output])
    run_here(folder, output, restart=True)
    assert output.read_text() != "mine"


def test_two_runs_do_not_share_an_output(folder, tmp_path):
    from filelock import FileLock

    output = tmp_path / "out.jsonl"
    Path(f"{output}.partial").mkdir()
    with FileLock(f"{output}.partial/lock"), pytest.raises(BatchError, match="another claimx"):
        run_here(folder, output)


# workers


@pytest.mark.parametrize("name", ["out.jsonl", "out.sqlite"])
def test_the_number_of_workers_changes_no_byte(folder, tmp_path, name):
    found = set()
    for workers in (1, 3):
        output = tmp_path / str(workers) / name
        output.parent.mkdir()
        assert Batch([str(folder)], str(output), OPTIONS, workers=workers).run().exit_code == 1
        found.add((output.read_bytes(), Path(f"{output}.errors.jsonl").read_bytes()))
    assert len(found) == 1


POISON = """
import os, signal, time
from spacy.language import Language

@Language.factory("poison")
def create_poison(nlp, name):
    def poison(doc):
        if "POISON" in doc.text:
            os.kill(os.getpid(), signal.SIGKILL)
        if "ENDLESS" in doc.text:
            time.sleep(600)
        return doc

    return poison
"""


def test_an_article_that_kills_its_worker_is_an_error_and_no_other_is_lost(tmp_path, monkeypatch):
    (tmp_path / "poison.py").write_text(POISON)
    installed = tmp_path / "poison-1.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Name: poison\nVersion: 1\n")
    (installed / "entry_points.txt").write_text("[spacy_factories]\npoison = poison:create_poison\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.import_module("poison")  # workers find it by its entry point
    [folder] = Path(en_claimx_news.__file__).parent.glob("en_claimx_news-*")
    nlp = spacy.load(folder)
    nlp.add_pipe("poison", first=True)
    nlp.to_disk(tmp_path / "poisonous")
    source = tmp_path / "in"
    write_folder(source, 10)
    (source / "00003.txt").write_text("POISON")
    (source / "00007.txt").write_text("ENDLESS")
    output = tmp_path / "out.jsonl"
    report = Batch([str(source)], str(output), Options(str(tmp_path / "poisonous")), workers=2, timeout=5).run()
    assert (report.counts.articles, report.counts.failed) == (10, 2)
    assert [(row["id"], row["stage"], row["error"]) for row in failures(output)] == [
        ("00003.txt", "extract", "WorkerDied"),
        ("00007.txt", "extract", "TimedOut"),
    ]


def test_workers_that_are_killed_lose_nothing(tmp_path):
    source = tmp_path / "in"
    write_folder(source, 30)
    survey([str(source)], None, tmp_path / "list", lambda files: None)
    rng, found, killed = random.Random(5), [], []
    with Pool(OPTIONS, workers=2, timeout=60) as pool:
        for number, outcomes in enumerate(pool.map(Source(tmp_path / "list", ReadOptions()))):
            found += [json.loads(outcome.line) for outcome in outcomes]
            if number in (0, 3):
                killed.append(rng.choice(pool._processes).process.pid)
                os.kill(killed[-1], signal.SIGKILL)
    assert len(set(killed)) == 2
    assert [row["id"] for row in found] == [f"{n:05}.txt" for n in range(30)]
    assert all("claims" in row for row in found)


def test_all_workers_may_die_at_once(tmp_path):
    source = tmp_path / "in"
    write_folder(source, 8)
    survey([str(source)], None, tmp_path / "list", lambda files: None)
    with Pool(OPTIONS, workers=2, timeout=60) as pool:
        for worker in pool._processes:
            worker.process.kill()
            worker.process.join()
        outcomes = [outcome for batch in pool.map(Source(tmp_path / "list", ReadOptions())) for outcome in batch]
    assert [json.loads(outcome.line)["id"] for outcome in outcomes] == [f"{n:05}.txt" for n in range(8)]


def test_a_run_killed_at_any_moment_goes_on_to_the_same_bytes(folder, tmp_path, expected):
    output, rng = tmp_path / "out.jsonl", random.Random(11)
    done = subprocess.run(command(folder, "-o", tmp_path / "whole.jsonl", "-q"), stderr=subprocess.DEVNULL)
    assert done.returncode == 1
    for _ in range(4):
        process = subprocess.Popen(command(folder, "-o", output, "-q"), start_new_session=True)
        try:
            process.wait(rng.uniform(0.3, 3))
        except subprocess.TimeoutExpired:
            if rng.random() < 0.5:
                process.kill()
            else:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    assert run(folder, "-o", output).returncode == 1
    assert same(output, expected) and same(tmp_path / "whole.jsonl", expected)


def test_ctrl_c_ends_at_once_and_says_how_to_go_on(folder, tmp_path):
    for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
        output = tmp_path / f"out{code}.jsonl"
        heeding = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)  # also where the tests run in the background
        process = subprocess.Popen(command(folder, "-o", output), stderr=subprocess.PIPE, preexec_fn=heeding)
        deadline = time.monotonic() + 60
        while not Path(f"{output}.partial/inputs").exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(number)
        _, told = process.communicate(timeout=60)
        assert process.returncode == code
        assert b"same command" in told and b"Traceback" not in told


def test_a_full_disk_is_told_and_nothing_is_lost(folder, tmp_path, expected):
    resource = pytest.importorskip("resource")
    output = tmp_path / "out.jsonl"
    limit = expected.stat().st_size // 2
    done = run(folder, "-o", output, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
    assert done.returncode == 1
    assert b"cannot be written" in done.stderr and b"same command" in done.stderr and b"Traceback" not in done.stderr
    assert not output.exists()
    assert run(folder, "-o", output).returncode == 1
    assert same(output, expected)


# the command


@pytest.mark.parametrize(
    ("args", "code", "told"),
    [
        (["in/a.txt"], 0, "1 read, none failed"),
        (["in"], 1, "1 read, 1 failed: see out.jsonl.errors.jsonl"),
        (["in/b.txt"], 3, "0 read, 1 failed"),
        (["gone.txt"], 3, "0 read, 1 failed"),
        (["in", "--glob", "*.md"], 2, "holds no file to read"),
        (["in", "-o", "out.doc"], 2, "its suffix names no format"),
        (["in", "-o", "out.parquet.gz"], 2, "its suffix names no format"),
        (["in", "-o", "gone/out.jsonl"], 2, "no folder gone"),
        (["in", "--partition", "-o", "out.sqlite"], 2, "a database is one file"),
        (["in", "--ray-address", "auto"], 2, "--engine ray"),
        (["in", "--model", "no_such_model"], 2, "cannot load the spaCy pipeline"),
        ([], 2, "Missing argument"),
    ],
)
def test_exit_codes_and_what_is_told(tmp_path, args, code, told):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(TEXT)
    (tmp_path / "in" / "b.txt").write_bytes(b"\0")
    done = run(*(args if "-o" in args else [*args, "-o", "out.jsonl"]), "--workers", 1, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (code, b"")
    assert told in done.stderr.decode() and b"Traceback" not in done.stderr
    if code == 2:
        assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_the_summary_tells_claims_and_speakers(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT)
    done = run("a.txt", "-o", "out.csv", "--workers", 1, cwd=tmp_path)
    told = done.stderr.decode()
    assert "2 (1 direct, 1 indirect)" in told and "Ada Brandt 1, Tomas Lindqvist 1" in told and "words/s" in told
    quiet = run("a.txt", "-o", "quiet.csv", "--workers", 1, "--quiet", cwd=tmp_path)
    assert (quiet.returncode, quiet.stderr) == (0, b"")


# a cluster


def _actors() -> list[int]:
    listed = subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True).stdout.splitlines()
    return [int(line.split()[0]) for line in listed if "ray::MapWorker" in line]


def test_ray_gives_the_same_records_even_when_an_actor_is_killed(tmp_path):
    pytest.importorskip("ray")
    source, articles = tmp_path / "in", tmp_path / "in" / "many.jsonl"
    write_folder(source, 40, bad=10)
    articles.write_text("".join(json.dumps({"id": f"m{n}", "text": article(n, 400)}) + "\n" for n in range(60)))
    assert run(source, "-o", tmp_path / "local.jsonl").returncode == 1
    process = subprocess.Popen(command(source, "-o", tmp_path / "ray.jsonl", "--engine", "ray", "--workers", 2))
    deadline = time.monotonic() + 120
    journal = tmp_path / "ray.jsonl.partial" / "journal-00000"
    while not journal.exists() and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.05)
    actors = _actors()
    assert len(actors) == 2
    os.kill(actors[0], signal.SIGKILL)
    assert process.wait(240) == 1
    assert same(tmp_path / "ray.jsonl", tmp_path / "local.jsonl")
