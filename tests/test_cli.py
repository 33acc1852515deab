"""The command line as a subprocess: data on stdout, the rest on stderr, exit codes, every format."""

import csv
import gzip
import io
import json
import os
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest

import claimx

TEXT = "“The bridge is safe,” chief engineer Tomas Lindqvist said. Mayor Ada Brandt denied that it would close.\n"


def run(*args, input=None, cwd=None, **env):
    return subprocess.run(
        [sys.executable, "-m", "claimx", *map(str, args)],
        input=input,
        capture_output=True,
        cwd=cwd,
        env={**os.environ, "PYTHONUTF8": "0", "LC_ALL": "C", **env},
        timeout=120,
    )


@pytest.fixture(scope="module")
def article(tmp_path_factory):
    path = tmp_path_factory.mktemp("cli") / "bridge.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_json_is_the_default_when_piped(article):
    done = run("extract", article)
    assert (done.returncode, done.stderr) == (0, b"")
    document = json.loads(done.stdout)
    jsonschema.validate(document, claimx.json_schema())
    assert document["id"] == "bridge.txt"
    assert [claim["kind"] for claim in document["claims"]] == ["direct", "indirect"]
    assert document["source"]["path"] == str(article)


def test_jsonl_one_article_a_line(article):
    done = run("extract", article, article, "-f", "jsonl")
    documents = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(documents) == 2
    for document in documents:
        jsonschema.validate(document, claimx.json_schema())


def test_json_of_several_articles_is_a_list(article):
    assert [document["id"] for document in json.loads(run("extract", article, article).stdout)] == ["bridge.txt"] * 2


@pytest.mark.parametrize("name", ["a.json", "a.csv", "a.jsonl.gz", "-"])
def test_no_article_of_a_file_of_many_is_lost(tmp_path, name):
    rows = [{"id": "x", "text": TEXT}, {"id": "y", "text": TEXT}]
    as_lines = "".join(json.dumps(row) + "\n" for row in rows).encode()
    table = io.StringIO()
    csv.writer(table).writerows([["id", "text"], ["x", TEXT], ["y", TEXT]])
    content = {
        "a.json": json.dumps(rows).encode(),
        "a.csv": table.getvalue().encode(),
        "a.jsonl.gz": gzip.compress(as_lines),
    }
    if name != "-":
        (tmp_path / name).write_bytes(content[name])
    done = run("extract", name, "-f", "json", cwd=tmp_path, input=as_lines)
    assert [document["id"] for document in json.loads(done.stdout)] == ["x", "y"]


def test_flat_jsonl_one_claim_a_line(article):
    rows = [json.loads(line) for line in run("extract", article, "-f", "jsonl", "--flat").stdout.splitlines()]
    assert [(row["speaker"], row["roles"]) for row in rows] == [
        ("Tomas Lindqvist", "chief engineer"),
        ("Ada Brandt", "Mayor"),
    ]


@pytest.mark.parametrize(("format_", "dialect"), [("csv", "excel"), ("tsv", "excel-tab")])
def test_tables_for_spreadsheets(article, format_, dialect):
    done = run("extract", article, "-f", format_)
    rows = list(csv.DictReader(io.StringIO(done.stdout.decode("utf-8"), newline=""), dialect=dialect))
    assert [row["cue"] for row in rows] == ["said", "denied"]
    assert TEXT[int(rows[0]["start"]) : int(rows[0]["end"])] == rows[0]["text"]


def test_table_for_people(article):
    out = run("extract", article, "-f", "table", COLUMNS="100", PYTHONUTF8="1").stdout.decode("utf-8")
    assert "Tomas Lindqvist" in out and "2 claims (1 direct, 1 indirect)" in out
    assert "\x1b[" not in out


@pytest.mark.parametrize("view", ["list", "table", "text"])
def test_views_are_for_people_also_in_a_pipe(article, view):
    plain = run("extract", article, "--view", view, COLUMNS="100", PYTHONUTF8="1", FORCE_COLOR="").stdout.decode(
        "utf-8"
    )
    assert "2 claims (1 direct, 1 indirect), 2 speakers" in plain and "\x1b[" not in plain
    coloured = run("extract", article, "--view", view, "--color", "always", PYTHONUTF8="1").stdout.decode("utf-8")
    assert "\x1b[" in coloured
    calm = run("extract", article, "--view", view, "--color", "always", NO_COLOR="1", PYTHONUTF8="1").stdout.decode()
    assert not re.search(r"\x1b\[[0-9;]*3[1-7]", calm)  # no colours; bold stays


def test_a_terminal_that_cannot_show_a_mark_shows_another(article):
    assert b"The bridge is safe" in run("extract", article, "--view", "text", PYTHONIOENCODING="ascii").stdout


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["--view", "text", "-f", "json"], "Leave one of them out"),
        (["-f", "parquet"], "goes with --output"),
        (["-f", "brat"], "goes with --output"),
        (["-o", "x.csv.parquet.gz"], "suffix"),
    ],
)
def test_formats_that_do_not_fit_are_usage_errors(article, tmp_path, args, told):
    done = run("extract", article, *args, cwd=tmp_path)
    assert (done.returncode, done.stdout, told in done.stderr.decode()) == (2, b"", True)
    assert list(tmp_path.iterdir()) == []


def test_a_report_of_several_articles_has_an_index(article, tmp_path):
    assert run("extract", article, article, "-o", tmp_path / "report.html").returncode == 0
    assert 'data-many="yes"' in (tmp_path / "report.html").read_text("utf-8")


def test_standard_input(article):
    done = run("extract", "-", input=TEXT.encode())
    assert json.loads(done.stdout)["id"] == "stdin"
    assert json.loads(run("extract", input=TEXT.encode()).stdout) == json.loads(done.stdout)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a full device, as of Linux")
@pytest.mark.parametrize("command", ["extract -f jsonl", "extract -f list", "speakers -f csv", "schema"])
def test_a_full_or_closed_output_is_told(article, command):
    name, *options = command.split()
    shown = shlex.join([sys.executable, "-m", "claimx", name, *([str(article)] if options else []), *options])
    for end, told in (("> /dev/full", b"No space left"), (">&-", b"standard output is closed")):
        done = subprocess.run(f"{shown} {end}", shell=True, capture_output=True, timeout=60)
        assert done.returncode in (1, 2) and told in done.stderr and b"Traceback" not in done.stderr


def test_a_closed_input_is_told():
    for arguments, told in (("extract -", "<stdin>: is closed"), ("extract", "no article is named")):
        command = f"{shlex.quote(sys.executable)} -m claimx {arguments} <&-"
        done = subprocess.run(command, shell=True, capture_output=True, timeout=60, text=True)
        assert done.returncode in (1, 2) and told in done.stderr


def test_records_on_standard_input_are_answered_as_they_come():
    command = [sys.executable, "-m", "claimx", "extract", "-", "-f", "jsonl"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        for number, line in enumerate([b'{"text": "One."}', b"not JSON", b'{"text": "Three."}'], 1):
            process.stdin.write(line + b"\n")
            process.stdin.flush()
            if number != 2:
                assert json.loads(process.stdout.readline())["id"] == f"stdin:{number}"
            else:
                assert b"<stdin>: line 2 is not valid JSON" in process.stderr.readline()
        process.stdin.close()
        assert process.wait() == 1


@pytest.mark.parametrize("suffix", ["json", "jsonl", "csv", "tsv", "txt"])
def test_output_files_by_suffix(article, tmp_path, suffix):
    target = tmp_path / f"out.{suffix}"
    done = run("extract", article, "-o", target)
    assert (done.returncode, done.stdout) == (0, b"")
    assert "Lindqvist" in target.read_text("utf-8")
    assert list(tmp_path.iterdir()) == [target]


def test_output_is_written_whole_or_not_at_all(article, tmp_path):
    done = run("extract", article, "-o", tmp_path / "gone" / "out.json")
    assert done.returncode == 2 and b"cannot be written" in done.stderr
    assert run("extract", article, "-o", tmp_path / "out.doc").returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_one_bad_input_stops_no_other(article, tmp_path):
    done = run("extract", article, tmp_path / "missing.txt", article, "-f", "jsonl")
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 2
    [line] = done.stderr.decode().splitlines()
    assert "missing.txt" in line and "no such file" in line


@pytest.mark.parametrize(
    ("args", "cues"),
    [
        (["--kind", "direct"], ["said"]),
        (["--kind", "direct,indirect"], ["said", "denied"]),
        (["--type", "belief"], []),
        (["--speaker", "brandt"], ["denied"]),
        (["--min-confidence", "1"], []),
    ],
)
def test_filters(article, args, cues):
    assert [claim["cue"]["text"] for claim in json.loads(run("extract", article, *args).stdout)["claims"]] == cues


FERRY = Path(claimx.__file__).parent / "docs" / "ferry.txt"


@pytest.mark.parametrize(
    ("args", "env"), [(["--min-speaker", "1"], {}), ([], {"CLAIMX_MIN_SPEAKER": "1"}), (["--min-speaker", "0.5"], {})]
)
def test_a_speaker_under_the_threshold_is_not_told(args, env, tmp_path):
    least = float(args[1]) if args else 1.0
    document = json.loads(run("extract", FERRY, *args, **env).stdout)
    told = [(claim["speaker"], claim["speaker_confidence"]) for claim in document["claims"]]
    assert all((speaker is None) == (confidence is None or confidence < least) for speaker, confidence in told)
    assert least < 1 or {speaker is None for speaker, _ in told} == {True, False}
    speakers = {claim["speaker"] for claim in document["claims"]} - {None}
    assert speakers == {speaker["id"] for speaker in document["speakers"]}
    assert run("batch", FERRY, "-o", "out.jsonl", "-q", "--workers", "1", *args, cwd=tmp_path, **env).returncode == 0
    [same] = map(json.loads, (tmp_path / "out.jsonl").read_text("utf-8").splitlines())
    assert same["claims"] == document["claims"] and same["speakers"] == document["speakers"]
    entries = json.loads(run("speakers", FERRY, "-f", "json", *args, **env).stdout)
    assert {entry["name"] for entry in entries} == {speaker["name"] for speaker in document["speakers"]}


@pytest.mark.parametrize("command", ["extract", "speakers", "batch", "evaluate", "serve"])
def test_every_command_with_a_threshold_takes_those_of_speakers_and_affiliations(command, monkeypatch, tmp_path):
    """In the settings file as well, on their way to what loads the pipeline."""
    from click.testing import CliRunner

    from claimx.cli import main

    class Told(Exception):
        pass

    def tell(*args, **options):
        given = next((vars_of(arg) for arg in args if hasattr(arg, "min_speaker")), options)
        raise Told(given["min_speaker"], given["min_affiliation"])

    def vars_of(options):
        return {name: getattr(options, name) for name in ("min_speaker", "min_affiliation")}

    for place in ("claimx.load", "claimx.web.server.run", "claimx.batch.run.Batch"):
        monkeypatch.setattr(place, tell)
    (tmp_path / "claimx.toml").write_text("min-speaker = 0.7\nmin_affiliation = 0.6\n")
    gold = tmp_path / "gold.jsonl"
    gold.write_text('{"id": "a", "text": "x", "attributions": []}')
    args = {"batch": [gold, "-o", tmp_path / "out.jsonl"], "serve": []}.get(command, [gold])
    settings = ["--config", str(tmp_path / "claimx.toml"), command, *map(str, args)]
    done = CliRunner().invoke(main, [*settings, "--min-affiliation", "0.2"])
    assert isinstance(done.exception, SystemExit)
    assert "Told" in done.output and "(0.7, 0.2)" in done.output, done.output


@pytest.mark.parametrize(
    "args",
    [
        ["--kind", "spoken"],
        ["--format", "doc"],
        ["--min-confidence", "2"],
        ["--min-speaker", "1.1"],
        ["--min-affiliation", "-1"],
        ["--flat"],
        ["--encoding", "klingon"],
        ["--model", "no_such_model"],
        ["--nonsense"],
    ],
)
def test_wrong_usage_exits_2_without_a_traceback(article, args):
    done = run("extract", article, *args)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"Error" in done.stderr and b"Traceback" not in done.stderr


def test_schema_is_printed():
    assert json.loads(run("schema").stdout) == claimx.json_schema()


def test_version_and_help_need_nothing_heavy():
    assert run("--version").stdout.decode().split()[-1] == claimx.__version__
    code = (
        "import sys; from claimx.cli import main; main(['--help'], standalone_mode=False); "
        "print([m for m in ('spacy', 'pydantic', 'rich', 'numpy', 'trafilatura') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines()[-1] == "[]"


def test_help_answers_at_once():
    best = min(_timed("--help") for _ in range(3))
    assert best < 3  # 0.3 s on an idle machine; this catches a heavy import on a busy one


def _timed(*args) -> float:
    start = time.perf_counter()
    run(*args)
    return time.perf_counter() - start


@pytest.mark.parametrize("command", ["extract", "speakers", "batch", "evaluate", "schema"])
def test_every_command_has_help_and_is_in_the_readme(command):
    assert run(command, "--help").returncode == 0
    assert f"claimx {command}" in (Path(__file__).parent.parent / "README.md").read_text("utf-8")


def test_choices_are_those_of_the_contract():
    from claimx import schema
    from claimx.cli import options

    assert schema.Kind.__args__ == options.KINDS
    assert schema.AttributionType.__args__ == options.TYPES


def test_every_option_has_help():
    from claimx.cli import main

    for command in main.commands.values():
        for parameter in command.params:
            assert parameter.param_type_name == "argument" or parameter.help, parameter.name


def test_speakers_lists_who_speaks_over_articles(tmp_path):
    (tmp_path / "a.txt").write_text("Ada Brandt, mayor of Leeds, said the road was closed.", encoding="utf-8")
    (tmp_path / "b.txt").write_text("“We stay,” Mayor Ada Brandt said.", encoding="utf-8")
    [entry] = json.loads(run("speakers", tmp_path / "a.txt", tmp_path / "b.txt").stdout)
    assert entry["name"] == "Ada Brandt"
    assert entry["claims"] == {"direct": 1, "mixed": 0, "indirect": 1}
    assert {"role": "mayor", "organization": "Leeds", "confidence": 1.0} in entry["affiliations"]
    assert [found["id"] for found in entry["articles"]] == ["a.txt", "b.txt"]


@pytest.mark.parametrize("format_", ["table", "jsonl", "csv", "tsv"])
def test_speakers_in_every_format(article, format_):
    done = run("speakers", article, "-f", format_)
    assert done.returncode == 0
    assert b"Lindqvist" in done.stdout


def test_speakers_of_some_kinds(article):
    assert json.loads(run("speakers", article, "--kind", "organization,group").stdout) == []


def test_one_broken_article_does_not_stop_a_directory(article, tmp_path):
    done = run("speakers", article, tmp_path / "none.txt")
    assert done.returncode == 1
    assert b"none.txt" in done.stderr
    assert len(json.loads(done.stdout)) == 2


def test_explain_tells_how_speakers_were_found(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("Ada Brandt met voters. She said the road was closed.", encoding="utf-8")
    document = json.loads(run("extract", path, "--explain").stdout)
    jsonschema.validate(document, claimx.json_schema())
    [claim] = document["claims"]
    assert claim["evidence"]["rule"] == "pronoun"
    assert claim["evidence"]["mention"]["text"] == "Ada Brandt"
    assert b"pronoun" in run("extract", path, "-f", "table", "--explain").stdout


def test_an_unknown_suffix_is_a_usage_error_with_flat(article):
    done = run("extract", article, "--flat", "-o", "claims.xyz")
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
