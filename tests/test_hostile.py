"""What is promised of bad input: a record, an empty record, or an error with a name; nothing lost, nothing let in."""

import bz2
import contextlib
import csv
import gzip
import importlib
import io
import json
import os
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner
from shapes import SHAPES

import claimx
from claimx.cli import main
from claimx.errors import ClaimxError, InputError
from claimx.readers import ReadOptions, read
from claimx.schema import Reading
from claimx.writers import FORMATS, save, write
from claimx.zstd import PACKAGE

zstd = importlib.import_module(PACKAGE)

NEWS = "“The bridge is safe,” said Zoë Hale.\n\nMayor Ada Brandt denied that it would close."


def page(body: str) -> str:
    return f"<html><head><title>T</title></head><body><article><p>{body}</p></article></body></html>"


@dataclass(frozen=True)
class Bad:
    """An input, and what becomes of it: how many claims each article has (-1 for any number), or words of its error."""

    name: str
    content: bytes
    expected: list[int | str]


def _text(name: str, text: str, *expected, encoding: str = "utf-8") -> Bad:
    return Bad(f"{name}.txt", text.encode(encoding), list(expected))


def _archive(kind: type[zipfile.ZipFile] | type[tarfile.TarFile]) -> bytes:
    """An archive of one file that wants to be outside of it."""
    stream = io.BytesIO()
    if kind is zipfile.ZipFile:
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("../../escaped.txt", NEWS)
    else:
        with tarfile.TarFile(fileobj=stream, mode="w") as archive:
            member = tarfile.TarInfo("../../escaped.txt")
            member.size = len(NEWS.encode())
            archive.addfile(member, io.BytesIO(NEWS.encode()))
    return stream.getvalue()


_RECORD = json.dumps({"id": "a", "text": NEWS}, ensure_ascii=False)
_NOISE = bytes(range(256)) * 4
INPUTS = [
    # nothing in it
    _text("empty", "", 0),
    _text("white space", " \n\t\r\n \u2003\n", 0),
    _text("byte order mark alone", "\ufeff", 0),
    # encodings
    _text("byte order mark", "\ufeff" + NEWS, 2),
    _text("utf-16", NEWS, 2, encoding="utf-16"),
    _text("utf-16 without mark", NEWS, 2, encoding="utf-16-le"),
    _text("utf-16 without mark, ASCII", NEWS.replace("ë", "e"), 2, encoding="utf-16-be"),
    _text("utf-16 big endian", "\ufeff" + NEWS, 2, encoding="utf-16-be"),
    _text("utf-32", NEWS, 2, encoding="utf-32"),
    _text("latin-1", NEWS.replace("“", '"').replace("”", '"') * 3, -1, encoding="latin-1"),
    _text("cp1252", NEWS * 3, -1, encoding="cp1252"),
    _text("shift-jis", "橋は安全だと市長は言った。" * 30, 0, encoding="shift-jis"),
    Bad("noise behind a mark.txt", b"\xff\xfe\xfa\x80\x81" * 50, [0]),
    Bad("nul.txt", NEWS.encode() + b"\0" + NEWS.encode(), ["not a text file"]),
    Bad("encoded surrogate.txt", NEWS.encode() + b"\xed\xa0\x80", [-1]),
    # characters
    _text("controls", NEWS.replace(" ", " \x01\x1b[31m"), -1),
    _text("zero width", NEWS.replace(" ", " \u200b\u200d"), -1),
    _text("bidi", "\u202e" + NEWS + "\u202c\u2066x\u2069", -1),
    _text("no-break spaces", NEWS.replace(" ", "\u00a0"), -1),
    _text("combining marks", NEWS.replace("a", "a" + "\u0301" * 50), -1),
    _text("emoji", "🚒 " + NEWS.replace("bridge", "🌉 👩‍🚒"), 2),
    _text("decomposed", NEWS.replace("ë", "e\u0308"), 2),
    _text("carriage returns", NEWS.replace("\n", "\r"), 2),
    _text("windows line ends", NEWS.replace("\n", "\r\n"), 2),
    _text("line separators", NEWS.replace("\n", "\u2028"), -1),
    _text("private use", "\ue000\uf8ff\U000f0000 " + NEWS, 2),
    _text("not characters", "\ufffe\uffff " + NEWS, -1),
    # what is no text
    Bad("picture.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0\0\0\1\0\x08\6\0\0\0" + _NOISE, ["not a text"]),
    Bad("document.txt", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nstream\n" + _NOISE, ["not a text"]),
    _text("page", page(NEWS), -1),
    Bad("page without text.html", b"<html><head></head><body></body></html>", ["no article text"]),
    Bad("text.html", NEWS.encode() * 5, ["no article text"]),
    Bad("broken.html", page(NEWS * 5).encode()[:-30], [-1]),
    # compression
    Bad("fine.txt.gz", gzip.compress(NEWS.encode()), [2]),
    Bad("cut.txt.gz", gzip.compress(NEWS.encode() * 99)[:-20], ["damaged or cut short"]),
    Bad("plain.txt.gz", NEWS.encode(), ["damaged or cut short"]),
    Bad("bomb.txt.gz", gzip.compress(b" " * (80 << 20)), ["more than 64 MB"]),
    Bad("bomb.jsonl.gz", gzip.compress(b'{"text": "' + b"a" * (40 << 20) + b'"}\n'), ["longer than"]),
    Bad("fine.txt.zst", zstd.compress(NEWS.encode()), [2]),
    Bad("cut.txt.zst", zstd.compress(NEWS.encode() * 99)[:-5], ["damaged or cut short"]),
    Bad("cut.jsonl.zst", zstd.compress(b'{"text": "a"}\n' * 9)[:-5], ["damaged or cut short"]),
    Bad("plain.txt.zst", NEWS.encode(), ["damaged or cut short"]),
    Bad("bomb.txt.zst", zstd.compress(b" " * (80 << 20)), ["more than 64 MB"]),
    Bad("bytes after.txt.gz", gzip.compress(NEWS.encode()) + b"more", ["damaged or cut short"]),
    # archives are not opened, so nothing is put anywhere
    Bad("archive.zip", _archive(zipfile.ZipFile), ["not a text file"]),
    Bad("archive.txt", _archive(zipfile.ZipFile), ["not a text file"]),
    Bad("archive.tar", _archive(tarfile.TarFile), ["not a text file"]),
    Bad("archive.tar.gz", gzip.compress(_archive(tarfile.TarFile)), ["not a text file"]),
    Bad("text.bz2", bz2.compress(NEWS.encode()), ["not a text file"]),
    # JSON
    Bad("empty.json", b"", ["not valid JSON"]),
    Bad("cut.json", _RECORD[:-5].encode(), ["not valid JSON"]),
    Bad("number.json", b"17", ["neither an article"]),
    Bad("empty list.json", b"[]", ["no articles"]),
    Bad("deep.json", b"[" * 100_000, ["JSON"]),
    Bad("deep object.json", b'{"text":' * 100_000, ["JSON"]),
    Bad("no text.json", b'{"body": "x"}', ["no key 'text'"]),
    Bad("number as text.json", b'{"text": 5}', ["not text"]),
    Bad("null text.json", b'{"text": null}', ["not text"]),
    Bad("list as text.json", b'{"text": ["x"]}', ["not text"]),
    Bad("half a character.json", b'{"text": "\\ud83d said Ann Hale."}', ["half a character"]),
    Bad("nan.json", b'{"text": NaN}', ["not text"]),
    Bad("odd ids.jsonl", b'{"id": null, "text": "a"}\n{"id": 7, "text": "b"}\n{"id": ["x"], "text": "c"}\n', [0, 0, 0]),
    Bad("cut.jsonl", f"{_RECORD}\n{_RECORD[:-9]}".encode(), [2, "not valid JSON"]),
    Bad("mixed.jsonl", f"{_RECORD}\n\n17\n{{}}\n[]\n{_RECORD}\n".encode(), [2, "not text", "no key", "not text", 2]),
    Bad("twice.jsonl", f"{_RECORD}\n{_RECORD}\n".encode(), [2, 2]),
    Bad("empty.jsonl", b"\n\n", ["no articles"]),
    Bad("bad bytes.jsonl", f"{_RECORD}\n".encode() + b'{"text": "\xff\xfe"}\n' + f"{_RECORD}\n".encode(), [2, "", 2]),
    # tables
    Bad("empty.csv", b"", ["no articles"]),
    Bad("header.csv", b"id,text\n", ["no articles"]),
    Bad("no text.csv", b"id,body\n1,x\n", ["no key 'text'"]),
    Bad("short rows.csv", b"id,text\n1\n2,b\n", ["", 0]),
    Bad("open mark.csv", b'id,text\n1,"never closed\n2,b\n', [-1]),
    # found by tests/fuzz.py
    Bad("cut utf-16.csv", b"\xff\xfe[", ["utf-16-le"]),
    Bad("cut utf-16.jsonl", b"\xff\xfe[", ["utf-16-le"]),
    Bad("not one.parquet", b"PAR1 no PAR1", [""]),
]  # fmt: skip
#: Every shape of text, a little of it: a record each.
INPUTS += [_text(f"shape {name}", shape(3000), -1) for name, shape in SHAPES.items()]
#: As much of some as anybody sends: (shape, code points). More of all is in the benchmark of cost.
MUCH = [
    *(("straight marks", 100_000), ("nested marks", 100_000), ("one sentence", 300_000), ("tiny paragraphs", 300_000)),
    *(("one line", 100_000), ("lyrics", 100_000)),
]
LONG = [
    *(
        "straight marks",
        "nested marks",
        "marks of all sorts",
        "continued paragraphs",
        "one sentence",
        "tiny paragraphs",
    ),
    *("transcript", "table", "lyrics", "capitals", "no capitals", "one line", "bidi", "combining marks", "chinese"),
    *("arabic", "thai", "anything", "address", "many people", "one name"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """All bad inputs in one folder, with odd names among them."""
    path = tmp_path_factory.mktemp("hostile")
    for bad in INPUTS:
        (path / bad.name).write_bytes(bad.content)
    return path


def outcomes_of(nlp, path: Path) -> list[int | str]:
    """What the library says of a file: the number of claims of each article, or the text of an error."""
    found: list[int | str] = []
    for article in read([str(path)], ReadOptions(), lambda warning: None):
        if isinstance(article, InputError):
            found.append(str(article))
            continue
        extraction = claimx.extract(article.text, nlp=nlp, id=article.id)
        check(extraction, article.text)
        found.append(len(extraction.claims))
    return found


def check(extraction: claimx.Extraction, text: str) -> None:
    """That an extraction keeps the contract, and can be written."""
    document = extraction.to_dict()
    jsonschema.validate(document, claimx.json_schema())
    ids = {speaker["id"] for speaker in document["speakers"]}
    for claim in document["claims"]:
        assert claim["text"] == " … ".join(text[start:end] for start, end in claim["spans"])
        parts = [part for part in (claim["cue"], claim["source"]) if part]
        assert all(part["text"] == " … ".join(text[s:e] for s, e in part["spans"]) for part in parts)
        spans = sorted([*claim["spans"], *(span for part in parts for span in part["spans"])])
        assert all(end <= start for (_, end), (start, _) in zip(spans, spans[1:], strict=False))
        assert claim["speaker"] is None or claim["speaker"] in ids
    for format in ("json", "csv", "html", "list", "text", "webannotation"):
        stream = io.StringIO()
        write([Reading(extraction, text)], stream, format)
        stream.getvalue().encode("utf-8")


def agrees(found: list[int | str], expected: list[int | str]) -> bool:
    return len(found) == len(expected) and all(
        (isinstance(is_, int) and wanted in (-1, is_))
        if isinstance(wanted, int)
        else isinstance(is_, str) and wanted in is_
        for is_, wanted in zip(found, expected, strict=True)
    )


@pytest.mark.parametrize("bad", INPUTS, ids=lambda bad: bad.name)
def test_the_library_says_what_is_expected(nlp, folder, bad):
    assert agrees(found := outcomes_of(nlp, folder / bad.name), bad.expected), found


def test_extract_and_batch_lose_nothing(folder, tmp_path):
    """Over the whole folder: as many records and errors as expected, each of the right file, and no traceback."""
    names = sorted(bad.name for bad in INPUTS)
    records = {bad.name: sum(isinstance(e, int) for e in bad.expected) for bad in INPUTS}
    errors = {bad.name: sum(isinstance(e, str) for e in bad.expected) for bad in INPUTS}
    run = {"capture_output": True, "cwd": folder, "timeout": 300, "text": True, "encoding": "utf-8"}
    done = subprocess.run([sys.executable, "-m", "claimx", "extract", *names, "-f", "jsonl"], **run)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    documents = [json.loads(line) for line in done.stdout.splitlines()]
    told = [line for line in done.stderr.splitlines() if "not UTF-8; read as" not in line]
    for name in names:
        assert sum(document["source"]["path"] == name for document in documents) == records[name], name
        assert sum(line.startswith(f"claimx: {name}: ") for line in told) == errors[name], name
    assert len(told) == sum(errors.values())
    out = tmp_path / "out.jsonl"
    done = subprocess.run([sys.executable, "-m", "claimx", "batch", ".", "-o", out, "-q", "--workers", "2"], **run)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    batched = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    failed = [json.loads(line) for line in Path(f"{out}.errors.jsonl").read_text("utf-8").splitlines()]
    for name in names:
        own = [document for document in batched if Path(document["source"]["path"]).name == name]
        assert len(own) == records[name], name
        assert sum(Path(failure["path"]).name == name for failure in failed) == errors[name], name
        single = [document for document in documents if document["source"]["path"] == name]
        assert [d["claims"] for d in own] == [d["claims"] for d in single], name


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that nobody can read, as of Linux")
def test_files_that_are_none(tmp_path, nlp):
    (tmp_path / "a.txt").write_text(NEWS, encoding="utf-8")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "nowhere.txt").symlink_to(tmp_path / "gone")
    (tmp_path / "itself.txt").symlink_to(tmp_path / "itself.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "memory.txt").symlink_to("/proc/self/mem")
    (tmp_path / "folder.txt").mkdir()
    out = tmp_path.parent / f"{tmp_path.name}.jsonl"
    run = {"capture_output": True, "timeout": 120, "text": True}
    done = subprocess.run([sys.executable, "-m", "claimx", "batch", tmp_path, "-o", out, "-q"], **run)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert len(out.read_text().splitlines()) == 1
    failed = {Path(json.loads(line)["path"]).name for line in Path(f"{out}.errors.jsonl").read_text().splitlines()}
    assert failed == {"loop", "nowhere.txt", "itself.txt", "pipe.txt", "memory.txt"}
    for name in ("memory.txt", "folder.txt", "itself.txt"):
        done = subprocess.run([sys.executable, "-m", "claimx", "extract", tmp_path / name, tmp_path / "a.txt"], **run)
        assert done.returncode == 1 and f"{name}: " in done.stderr and len(json.loads(done.stdout)) == 1


def on_terminal(command: list[str], folder: Path) -> tuple[int, str]:
    """The exit code of a command and what it shows on a terminal."""
    ours, theirs = os.openpty()
    with subprocess.Popen(command, cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        shown = b""
        with contextlib.suppress(OSError):  # how a terminal tells that the other end is closed
            while piece := os.read(ours, 1 << 16):
                shown += piece
    os.close(ours)
    return process.returncode, shown.decode("utf-8")


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a terminal")
@pytest.mark.parametrize("command", [["extract"], ["batch", "-o", "out.csv"]], ids=["extract", "batch"])
def test_names_and_ids_are_no_codes_of_the_terminal_and_no_markup(tmp_path, command):
    ids = ["[/red]", "[bold", "\x1b[31mred", "a\nclaimx: all is well", "\u202eesrever"]
    lines = [json.dumps({"id": id, "text": NEWS}) for id in ids]
    (tmp_path / "[red]\x1b[31m.jsonl").write_text("\n".join([*lines, "no JSON"]), encoding="utf-8")
    (tmp_path / "\x1b]0;title\x07\n.txt").write_bytes("é said".encode("latin-1") * 20)
    code, shown = on_terminal([sys.executable, "-m", "claimx", *command, *sorted(os.listdir(tmp_path))], tmp_path)
    assert code == 1 and "\ufffd]0;title\ufffd\ufffd.txt: not UTF-8" in shown
    assert "\x1b[31m" not in shown and "\x1b]" not in shown and "\u202e" not in shown
    assert not any(line.startswith("claimx: all is well") for line in shown.splitlines())


@pytest.mark.parametrize("name", LONG)
def test_long_texts_of_any_shape_keep_the_contract(nlp, name):
    text = SHAPES[name](12_000)
    check(claimx.extract(text, nlp=nlp), text)


@pytest.mark.parametrize(("name", "length"), MUCH)
def test_very_much_of_a_shape_keeps_the_contract(nlp, name, length):
    text = SHAPES[name](length)
    extraction = claimx.extract(text, nlp=nlp)
    for claim in extraction.claims:
        assert claim.text == " … ".join(text[start:end] for start, end in claim.spans)


@pytest.fixture(scope="module")
def strange(nlp):
    """A reading of every shape of text, with news in it."""
    texts = {name: f"{shape(300)}\n\n{NEWS}\n\n{shape(300)}" for name, shape in SHAPES.items()}
    readings = [Reading(claimx.extract(text, nlp=nlp, id=text[:40], title=text[:40]), text) for text in texts.values()]
    assert sum(bool(reading.extraction.claims) for reading in readings) > 30
    return readings


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_holds_every_shape(strange, tmp_path, format):
    save(strange, str(tmp_path / "out"), format)
    assert any((tmp_path / "out").iterdir()) if FORMATS[format].made == "folder" else (tmp_path / "out").stat().st_size


def test_a_text_longer_than_the_limit_is_an_error(nlp):
    for limit, fails in ((10, True), (11, False)):
        try:
            claimx.extract("Hello there", nlp=nlp, max_chars=limit)
            assert not fails
        except ClaimxError as error:
            assert fails and "--max-chars" in str(error)


BAD_LINES = [
    *("17", "{}", "[]", "null", '"x"', "NaN", "{", "[" * 100_000, '{"id": "a"}', '{"id": ["a"], "text": "b"}'),
    *('{"id": "a", "text": 5, "attributions": []}', '{"id": "a", "claims": 5}', '{"id": "a", "claims": [5]}'),
]
BAD_SPANS = [[[0, 1, 2]], [["x", "y"]], [[0, 99]], [[-3, 2]], [[2, 2]], [5], 5, [[0, 1e400]], [[0, 10**400]]]


def test_annotations_and_predictions_that_are_none_are_told(tmp_path):
    gold = {"id": "a", "text": NEWS, "attributions": [{"content": [[0, 21]], "source": [[28, 36]], "cue": [[23, 27]]}]}
    good = tmp_path / "good.jsonl"
    good.write_text(json.dumps(gold), encoding="utf-8")
    claim = {"kind": "direct", "confidence": 0.5, "cue": None, "source": None, "speaker": None}
    bad = [*BAD_LINES, *(json.dumps(gold | {"attributions": [{"content": spans}]}) for spans in BAD_SPANS)]
    bad += [json.dumps(gold | {"claims": [claim | {"spans": spans}]}) for spans in BAD_SPANS]
    bad += [json.dumps(gold | {"claims": [claim | {"spans": [[0, 5]], "confidence": given}]}) for given in ("0.5", [])]
    for line in bad:
        path = tmp_path / "bad.jsonl"
        path.write_text(line, encoding="utf-8")
        as_gold, as_prediction = [str(path)], [str(good), "--predictions", str(path)]
        for arguments in [as_prediction] if '"claims": [{' in line else [as_gold, as_prediction]:
            done = CliRunner().invoke(main, ["evaluate", *arguments])
            assert done.exit_code == 1 and done.output.startswith(f"Error: {path}: line 1"), (line[:99], done.output)


@pytest.mark.parametrize(
    "line", ["T1", "T1\tCue 5\tx", "T1\tCue 5 x\t", "T1\tCue 1 2 3\tx", "R1\tof a:T9 b:T8", "T1\tCue ;\t"]
)
def test_brat_that_is_none_is_told(tmp_path, line):
    (tmp_path / "a.txt").write_text(NEWS, encoding="utf-8")
    (tmp_path / "a.ann").write_text(line, encoding="utf-8")
    done = CliRunner().invoke(main, ["evaluate", str(tmp_path)])
    assert done.exit_code == 1 and done.output.startswith(f"Error: {tmp_path / 'a.ann'}: ")


BAD_TOML = [
    "[",
    "x",
    "x = ",
    "x = [" * 50_000,
    'threshold = "high"',
    "threshold = [1]",
    "[extract]\nodd = 1",
    "\0",
    "x = 1e",
]


@pytest.mark.parametrize("content", BAD_TOML)
def test_settings_that_are_none_are_told(tmp_path, content):
    path = tmp_path / "a.toml"
    path.write_text(content, encoding="utf-8")
    (tmp_path / "a.txt").write_text(NEWS, encoding="utf-8")
    for arguments in (
        ["--config", path, "extract", tmp_path / "a.txt"],
        ["extract", tmp_path / "a.txt", "--rules", path],
    ):
        done = CliRunner().invoke(main, [str(argument) for argument in arguments])
        assert done.exit_code == 2 and f"{path}: " in done.output, done.output


FORMULAS = ["=1+1 said", "+1", "-2+3", "@SUM(A1)", "\tx", "\rx", "\nx"]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_a_table_begins_like_a_formula(nlp, text):
    extraction = claimx.extract(NEWS, nlp=nlp, id=text, title=text)
    extraction.speakers[0].name = text
    extraction.claims[0].text = text
    for format, separator in (("csv", ","), ("tsv", "\t")):
        for escape in (True, False):
            stream = io.StringIO(newline="")
            write([Reading(extraction, NEWS)], stream, format, escape=escape)
            stream.seek(0)
            rows = list(csv.DictReader(stream, delimiter=separator))
            assert {row["id"] for row in rows} == {f"'{text}" if escape else text}
            cells = [cell for row in rows for cell in row.values()]
            assert any(cell.startswith(text[0]) for cell in cells) != escape
            assert rows[0]["confidence"] == str(extraction.claims[0].confidence)


def test_debug_prints_the_traceback_and_nothing_else_does(tmp_path):
    (tmp_path / "nul.txt").write_bytes(b"\0\1")
    run = {"capture_output": True, "text": True, "cwd": tmp_path, "timeout": 60}
    for flags, shown in (([], False), (["--debug"], True)):
        for command in (["extract", "nul.txt"], ["extract", "x.txt", "--model", "no_such_model"], ["evaluate", "gone"]):
            done = subprocess.run([sys.executable, "-m", "claimx", *flags, *command], **run)
            assert done.returncode in (1, 2) and ("Traceback" in done.stderr) == shown, command


def test_what_nobody_thought_of_is_told_without_a_traceback(monkeypatch):
    def broken():
        raise ZeroDivisionError("so it is")

    monkeypatch.setattr("claimx.schema.json_schema", broken)
    done = CliRunner().invoke(main, ["schema"])
    assert done.exit_code == 70 and "ZeroDivisionError: so it is" in done.output and "--debug" in done.output
    assert "Traceback" not in done.output and "Traceback" in CliRunner().invoke(main, ["--debug", "schema"]).output


_ENTITIES = {
    "outside": '<!ENTITY x SYSTEM "file:///etc/passwd">',
    "growing": '<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;"><!ENTITY x "&b;&b;&b;&b;&b;&b;&b;">',
}


@pytest.mark.parametrize("name", _ENTITIES)
def test_entities_of_a_page_are_not_followed(tmp_path, name):
    page = f"<!DOCTYPE r [{_ENTITIES[name]}]><html><body><p>&x;&x; {NEWS * 5}</p></body></html>"
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    [article] = read([str(tmp_path / "a.html")], ReadOptions(), lambda warning: None)
    if not isinstance(article, InputError):
        assert "root:" not in article.text and len(article.text) < 2000
