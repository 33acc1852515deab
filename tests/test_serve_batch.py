"""``POST /v1/extract/batch``: many articles, answered as JSON Lines while they are read."""

import json
import time

import jsonschema
import pytest
from serving import PAGE, TEXT, client_of, connected, serving

import claimx
from claimx.web.metrics import Metrics
from claimx.web.problems import Problem
from claimx.web.reading import ArticleReader

PATH = "/v1/extract/batch"


@pytest.fixture(scope="module")
def client(reader):
    return client_of(reader, max_articles=10, max_characters=5000)


def lines_of(answer) -> list[dict]:
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/x-ndjson"), answer.text
    assert answer.text.endswith("\n")
    return [json.loads(line) for line in answer.text.splitlines()]


def test_each_line_is_what_one_article_gives(client):
    articles = [{"text": TEXT, "id": "a"}, {"html": PAGE, "id": "b"}, {"text": TEXT, "kinds": ["direct"], "id": "c"}]
    lines = lines_of(client.post(PATH, json={"articles": articles}))
    assert lines == [client.post("/v1/extract", json=article).json() for article in articles]
    jsonschema.validate(lines[0], claimx.json_schema())


def test_an_article_that_fails_is_a_problem_with_its_id_and_the_others_are_read(client):
    given = [
        {"text": TEXT, "id": "good"},
        {"text": 5, "id": "no text"},
        {"text": TEXT, "nonsense": 1},
        "no article",
        {},
        {"html": "<html></html>", "id": "empty"},
        {"url": "https://example.org", "id": "page"},
        {"text": "word " * 2000},
        {"text": "\ud800", "id": "half"},
        {"text": TEXT, "id": None},
    ]
    content = json.dumps({"articles": given})
    lines = lines_of(client.post(PATH, content=content, headers={"Content-Type": "application/json"}))
    assert [(line["id"], line.get("status")) for line in lines] == [
        ("good", None),
        ("no text", 422),
        ("3", 422),
        ("4", 422),
        ("5", 400),
        ("empty", 400),
        ("page", 403),
        ("8", 413),
        ("half", 400),
        ("10", None),
    ]
    for line in lines:
        if "status" in line:
            assert "claims" not in line and Problem.model_validate(line).detail
    assert lines[1]["errors"][0]["loc"] == ["text"]


@pytest.mark.parametrize(
    ("given", "status", "told"),
    [
        ({"articles": []}, 400, "no articles"),
        ({"articles": [{"text": TEXT}] * 11}, 413, "11 articles, more than 10"),
        ({"articles": [{"text": TEXT, "id": "x"}, {"text": TEXT}, {"text": TEXT, "id": "x"}]}, 422, "1 and 3 both"),
        ({"articles": [{"text": TEXT, "id": "2"}, {"text": TEXT}]}, 422, "1 and 2 both have the id '2'"),
        ({"articles": [{"text": "x" * 5_000_000}]}, 413, "bytes"),
        ({"articles": {"text": TEXT}}, 422, "articles"),
        ({"texts": [TEXT]}, 422, "texts"),
    ],
)
def test_a_batch_that_cannot_begin_is_refused_as_a_whole(client, given, status, told):
    answer = client.post(PATH, json=given)
    assert (answer.status_code, answer.json()["status"], told in answer.json()["detail"]) == (status, status, True)


def test_two_processes_answer_in_order_and_as_one_does(client):
    articles = [{"text": f"{TEXT} " * (1 if n % 2 else 20), "id": f"a{n}"} for n in range(8)]
    with ArticleReader(workers=2) as reader:
        two = client_of(reader).post(PATH, json={"articles": articles})
    assert two.text == client.post(PATH, json={"articles": articles}).text
    assert [line["id"] for line in lines_of(two)] == [f"a{n}" for n in range(8)]


def request_of(articles: list[dict]) -> bytes:
    body = json.dumps({"articles": articles}).encode()
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    )
    return head.encode() + b"\r\n" + body


def test_lines_come_as_they_are_done_and_work_ends_with_the_connection(reader, monkeypatch):
    begun, extract = [], reader.extract

    def counting(article):
        begun.append(article.id)
        time.sleep(0.2)
        return extract(article)

    monkeypatch.setattr(reader, "extract", counting)
    metrics = Metrics()
    with serving(reader, metrics=metrics, max_articles=100) as port:
        with connected(port, request_of([{"text": TEXT}] * 100)) as connection:
            received = b""
            while b'"id": "1"' not in received:
                received += connection.recv(65536)
            assert len(begun) < 20
        time.sleep(1.0)
        after = len(begun)
        time.sleep(1.0)
        assert len(begun) == after < 30
        monkeypatch.undo()
        assert client_of(reader).post("/v1/extract", json={"text": TEXT}).status_code == 200
