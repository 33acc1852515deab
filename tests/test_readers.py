"""Reading: (bytes, what is read), and that each failure names its file and what to do."""

import io
import json
import os
import threading

import pytest

from claimx.errors import InputError
from claimx.readers import Article, ReadOptions, read
from claimx.readers.files import decode


def read_all(paths, **options):
    told: list[str] = []
    return list(read([str(path) for path in paths], ReadOptions(**options), told.append)), told


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Zoë said “no.”".encode(), "Zoë said “no.”"),
        ("\ufeffZoë said “no.”".encode(), "Zoë said “no.”"),
        ("Zoë said “no.”".encode("utf-16"), "Zoë said “no.”"),
        ("Zoë said “no.”".encode("utf-32"), "Zoë said “no.”"),
        (b"one\r\ntwo\rthree\n", "one\ntwo\nthree\n"),
        (b"", ""),
    ],
)
def test_decoding_needs_no_guess(data, text):
    told = []
    assert decode(data, "a.txt", None, told.append) == text
    assert told == []


def test_other_encodings_are_detected_and_said():
    told = []
    text = "“The café at Bézier’s is closed,” Zoë Müller said on Monday in Genève. “It will stay so.” "
    assert decode((text * 5).encode("cp1252"), "a.txt", None, told.append) == text * 5
    assert told and "a.txt" in told[0] and "cp1252" in told[0]


def test_a_named_encoding_is_used_or_refused():
    assert decode("Zoë".encode("cp1252"), "a.txt", "cp1252", print) == "Zoë"
    with pytest.raises(InputError, match=r"a\.txt.*not valid ascii.*--encoding"):
        decode("Zoë".encode(), "a.txt", "ascii", print)


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0", b"a\0b"])
def test_what_is_no_text_is_refused(data):
    with pytest.raises(InputError, match=r"a\.txt.*not a text file"):
        decode(data, "a.txt", None, lambda message: None)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"A text without an end" * 9, ["<stdin>: holds more than 0 MB"]),
        (b'{"text": "a"}\n{"text": "' + b"b" * 200 + b'"}\n{"text": "c"}\n', ["a", "line 2 is longer", "c"]),
        (b'{"text": "a"}\n\n\n{"text": "' + b"b" * 200, ["a", "line 4 is longer"]),
        (b'{"text": "a"}\n{"text": "\xff"}\n{"text": "c"}\n', ["a", "line 2: is not valid utf-8", "c"]),
        (b'\xef\xbb\xbf{"text": "a"}\r\n{"text": "b"}', ["a", "b"]),
        ('{"text": "a"}\n{"text": "b"}\n'.encode("utf-16"), ["a", "b"]),
        ('{"text": "a"}\n{"text": "b"}\n'.encode("utf-16-be"), ["a", "b"]),
    ],
)
def test_standard_input_is_not_read_without_end(monkeypatch, data, expected):
    monkeypatch.setattr("claimx.readers.MOST_BYTES", 100)
    for module in ("claimx.readers", "claimx.readers.records"):
        monkeypatch.setattr(f"{module}.LONGEST", 64)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
    articles, _ = read_all(["-"])
    found = [str(article) if isinstance(article, InputError) else article.text for article in articles]
    assert len(found) == len(expected) and all(part in text for part, text in zip(expected, found, strict=True))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_named_pipe_is_read_if_somebody_writes_to_it(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "a.txt")
    writer = threading.Thread(target=lambda: (tmp_path / "a.txt").write_text("Hello."))
    writer.start()
    [article], _ = read_all([tmp_path / "a.txt"])
    assert article.text == "Hello."
    writer.join()
    monkeypatch.setattr("claimx.readers.files._PATIENCE", 0.1)
    [error], _ = read_all([tmp_path / "a.txt"])
    assert "nobody writes" in str(error)


def test_plain_text(tmp_path):
    path = tmp_path / "a b.txt"
    path.write_text("Hello.")
    [article], _ = read_all([path])
    assert article == Article("a b.txt", "Hello.", path=str(path))


def test_html_gives_main_text_and_title(tmp_path):
    path = tmp_path / "a.html"
    body = "".join(
        f"<p>The council met on day {i} and the mayor said that the bridge would stay open.</p>" for i in range(12)
    )
    path.write_text(
        f"<html><head><title>Bridge stays open</title></head><body><nav>Home News Sport</nav>"
        f"<article><h1>Bridge stays open</h1>{body}</article><footer>© Courier</footer></body></html>"
    )
    [article], _ = read_all([path])
    assert article.title == "Bridge stays open"
    assert "the mayor said that the bridge" in article.text
    assert "Home News" not in article.text


def test_json_and_jsonl_keep_ids_and_order(tmp_path):
    one, many, lines = tmp_path / "one.json", tmp_path / "many.json", tmp_path / "lines.jsonl"
    one.write_text(json.dumps({"id": "x", "text": "One.", "title": "T", "url": "u"}))
    many.write_text(json.dumps([{"id": 2, "text": "Two."}, {"text": "Three."}]))
    lines.write_text('{"id": "b", "text": "Four."}\n\n{"id": "a", "text": "Five."}\n')
    found, _ = read_all([one, many, lines])
    assert [(article.id, article.text) for article in found] == [
        ("x", "One."),
        ("2", "Two."),
        ("many.json:2", "Three."),
        ("b", "Four."),
        ("a", "Five."),
    ]
    assert (found[0].title, found[0].url) == ("T", "u")


def test_other_keys(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"key": "k", "body": "One."}\n')
    [article], _ = read_all([path], text_key="body", id_key="key")
    assert (article.id, article.text) == ("k", "One.")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.json", "{", "line 1 is not valid JSON"),
        ("a.json", "3", "neither an article"),
        ("a.json", '{"body": "x"}', "no key 'text'.*body.*--text-key"),
        ("a.json", '{"text": 3}', "'text' holds a int"),
        ("a.html", "<html></html>", "no article text"),
    ],
)
def test_bad_input_names_the_file_and_what_to_do(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_text(content)
    [error], _ = read_all([path])
    assert isinstance(error, InputError)
    assert str(error).startswith(str(path))
    with pytest.raises(InputError, match=message):
        raise error


def test_one_bad_record_hides_no_other(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": 1, "text": "One."}\nnonsense\n{"id": 3}\n[]\n{"id": 5, "text": "Five."}\n')
    found, _ = read_all([tmp_path / "missing.txt", tmp_path, path])
    assert [type(item).__name__ for item in found] == ["InputError"] * 2 + ["Article"] + ["InputError"] * 3 + [
        "Article"
    ]
    assert "no such file" in str(found[0]) and "folder" in str(found[1]) and "line 2" in str(found[3])
