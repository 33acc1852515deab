"""Errors of ``claimx serve``: one shape for all, by the standard, and documented."""

import json

import openapi_spec_validator
import pytest
from pydantic import ValidationError
from serving import TEXT, client_of

from claimx.web.problems import MEDIA_TYPE, Problem


@pytest.fixture(scope="module")
def client(reader):
    return client_of(reader, max_bytes=10_000, max_characters=2000)


def problem_of(answer, status: int) -> dict:
    """The body of an error, which must have the shape of all errors."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, MEDIA_TYPE), answer.text
    body = answer.json()
    assert set(body) - {"errors"} == {"type", "title", "status", "detail", "request_id"}
    assert body["status"] == status and body["request_id"] == answer.headers["x-request-id"]
    assert body["detail"].strip().endswith((".", '".')) and answer.headers["x-content-type-options"] == "nosniff"
    Problem.model_validate(body)
    return body


JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("method", "path", "request_", "status", "told"),
    [
        ("POST", "/v1/extract", {"json": {}}, 400, "no text"),
        ("GET", "/v1/health", {"headers": {"Host": "evil.example"}}, 400, "--allowed-host"),
        ("GET", "/", {"headers": {"Host": "ev il"}}, 400, "--allowed-host"),
        ("POST", "/v1/extract", {"json": {"url": "https://example.org"}}, 403, "--allow-fetch"),
        ("POST", "/v1/extract", {"json": {"text": TEXT}, "headers": {"Origin": "https://evil.example"}}, 403, "site"),
        ("GET", "/v1/nothing", {}, 404, "/docs"),
        ("GET", "/static-offline-docs/nothing.js", {}, 404, "nothing at this path"),
        ("GET", "/v1/extract", {}, 405, "method"),
        ("DELETE", "/v1/health", {}, 405, "method"),
        ("POST", "/v1/extract", {"json": {"text": "x" * 2001}}, 413, "2,001 characters"),
        ("POST", "/v1/extract", {"json": {"text": "x" * 10_001}}, 413, "10,000 bytes"),
        ("POST", "/v1/extract", {"content": iter([b"x" * 9000] * 2), "headers": JSON}, 413, "10,000 bytes"),
        ("POST", "/report", {"data": {"text": "x" * 10_001}}, 413, "10,000 bytes"),
        ("POST", "/v1/extract", {"data": {"text": TEXT}}, 415, "Send application/json"),
        ("POST", "/v1/extract", {"content": b"{}", "headers": {"Content-Type": "text/plain"}}, 415, "'text/plain'"),
        ("POST", "/v1/extract", {"content": b"{}"}, 415, "there is no Content-Type"),
        ("POST", "/v1/extract/batch", {"content": b"{}"}, 415, "Send application/json"),
        ("POST", "/report", {"json": {"text": TEXT}}, 415, "multipart/form-data"),
        ("POST", "/v1/extract", {"content": b"{", "headers": JSON}, 422, "JSON"),
        ("POST", "/v1/extract", {"json": {"txet": TEXT}}, 422, "txet"),
        ("POST", "/v1/extract?explain=true", {"json": {"text": TEXT}}, 422, "query.explain"),
        ("GET", "/v1/health?verbose", {}, 422, "query.verbose"),
        ("GET", "/?text=x", {}, 422, "query.text"),
    ],
)
def test_every_error_has_one_shape_and_says_what_is_wrong(client, method, path, request_, status, told):
    assert told in problem_of(client.request(method, path, **request_), status)["detail"]


def test_an_error_tells_each_thing_that_is_wrong(client):
    answer = client.post("/v1/extract", json={"text": 5, "kinds": ["spoken"], "more": 1})
    assert [each["loc"] for each in problem_of(answer, 422)["errors"]] == [
        ["body", "text"],
        ["body", "kinds", 0],
        ["body", "more"],
    ]


def test_other_types_of_json_are_read(client):
    for media in ("application/json; charset=utf-8", "Application/JSON", "application/ld+json"):
        answer = client.post("/v1/extract", content=json.dumps({"text": TEXT}), headers={"Content-Type": media})
        assert answer.status_code == 200, media


def test_a_path_says_which_methods_it_takes(client):
    assert client.get("/v1/extract").headers["allow"] == "POST"


@pytest.mark.parametrize("path", ["/", "/report", "/docs", "/openapi.json", "/v1/health", "/v1/schema"])
def test_head_answers_as_get_does_without_a_body(client, path):
    head, get = client.head(path), client.get(path)
    assert (head.status_code, head.content) == (200, b"")
    assert {name for name, value in head.headers.items() if get.headers.get(name) != value} == {"x-request-id"}
    assert int(head.headers["content-length"]) == len(get.content)


def test_a_busy_server_says_when_to_come_back(reader):
    client = client_of(reader, max_per_client=0)
    answer = client.post("/v1/extract", json={"text": TEXT})
    assert "requests in progress" in problem_of(answer, 429)["detail"] and answer.headers["retry-after"] == "1"


def test_an_unexpected_error_is_told_without_its_cause(reader, monkeypatch, caplog):
    def fail(article):
        raise RuntimeError(f"about {article.text}")

    monkeypatch.setattr(reader, "extract", fail)
    client = client_of(reader)
    body = problem_of(client.post("/v1/extract", json={"text": TEXT}), 500)
    assert "bug in claimx" in body["detail"] and "RuntimeError" not in str(body) and "bridge" not in str(body)
    [record] = [record for record in caplog.records if record.levelname == "ERROR"]
    assert record.fields["error"] == "RuntimeError" and record.fields["request_id"] == body["request_id"]
    assert "test_serve_errors.py" in record.fields["frames"][-1] and "bridge" not in str(record.fields)
    [line] = client.post("/v1/extract/batch", json={"articles": [{"text": TEXT}]}).text.splitlines()
    assert json.loads(line)["status"] == 500 and "bridge" not in line


def test_the_documentation_has_the_shape_of_errors(client):
    document = client.get("/openapi.json").json()
    openapi_spec_validator.validate(document)
    for path in ("/v1/extract", "/v1/extract/batch"):
        responses = document["paths"][path]["post"]["responses"]
        errors = {code: answer["content"] for code, answer in responses.items() if code != "200"}
        assert set(errors) == {"400", "403", "404", "405", "408", "413", "415", "422", "429", "500", "503"}
        for content in errors.values():
            assert content == {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    shape = document["components"]["schemas"]["Problem"]
    assert {"type", "title", "status", "detail"} == set(shape["required"])
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_the_shape_can_be_missed():
    with pytest.raises(ValidationError):
        Problem.model_validate({"detail": "no text"})
