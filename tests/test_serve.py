"""``claimx serve``: the endpoint, the page, and what neither lets happen."""

import json
import re
import signal
import subprocess
import sys
import urllib.request

import jsonschema
import openapi_spec_validator
import pytest
from browser import open_browser
from serving import PAGE, TEXT, client_of

import claimx
from claimx.web.reading import ArticleReader


@pytest.fixture(scope="module")
def client(reader):
    return client_of(reader)


def test_the_endpoint_answers_with_the_contract(client, nlp):
    answer = client.post("/v1/extract", json={"text": TEXT, "id": "a1", "title": "T", "url": "https://example.org/a"})
    assert answer.status_code == 200
    jsonschema.validate(answer.json(), claimx.json_schema())
    assert answer.json() == claimx.extract(TEXT, nlp=nlp, id="a1", title="T", url="https://example.org/a").to_dict()


@pytest.mark.parametrize(
    ("given", "cues"),
    [
        ({"kinds": ["direct"]}, ["said"]),
        ({"types": ["belief"]}, []),
        ({"speaker": "brandt"}, ["denied"]),
        ({"min_confidence": 1}, []),
    ],
)
def test_the_endpoint_filters(client, given, cues):
    answer = client.post("/v1/extract", json={"text": TEXT, **given}).json()
    assert [claim["cue"]["text"] for claim in answer["claims"]] == cues


def test_the_endpoint_explains_when_asked(client):
    answer = client.post("/v1/extract", json={"text": TEXT, "explain": True}).json()
    assert {claim["evidence"]["rule"] for claim in answer["claims"]} == {"name"}


def test_html_comes_back_with_its_text(client):
    answer = client.post("/v1/extract", json={"html": PAGE, "id": "p"}).json()
    assert (answer["id"], answer["title"]) == ("p", "Bridge")
    for claim in answer["claims"]:
        assert claim["text"] == " … ".join(answer["text"][start:end] for start, end in claim["spans"])


@pytest.mark.parametrize(
    ("given", "status", "told"),
    [
        ({}, 400, "no text"),
        ({"html": "<html></html>"}, 400, "no article text"),
        ({"text": "\ud800"}, 400, "text: article 1 has half a character"),
        ({"text": float("inf")}, 422, "valid string"),
        ({"text": "x", "\ud800": 1}, 422, ""),
        ([[]], 422, ""),
        ({"text": 5}, 422, ""),
        ({"text": "x", "kinds": ["spoken"]}, 422, ""),
        ({"text": "x", "min_confidence": 2}, 422, ""),
        ({"text": "x", "nonsense": 1}, 422, ""),
        ({"url": "https://example.org"}, 403, "--allow-fetch"),
        ({"text": "word " * 200_000}, 413, "characters"),
        ({"text": "x" * 5_000_000}, 413, "bytes"),
    ],
)
def test_bad_requests_are_told_so(client, given, status, told):
    answer = client.post("/v1/extract", content=json.dumps(given), headers={"Content-Type": "application/json"})
    assert (answer.status_code, told in answer.text) == (status, True)


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"text":' * 50_000, b"", b"\xff\xfe", b"{", b"null"])
def test_a_body_that_is_no_request_is_told_so(client, body):
    answer = client.post("/v1/extract", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422) and answer.json()["detail"]


def test_a_body_without_a_length_is_cut_off_all_the_same(client):
    chunks = (b"x" * 1_000_000 for _ in range(10))
    assert client.post("/v1/extract", content=chunks).status_code == 413


def test_a_text_that_takes_too_long_is_given_up_and_the_next_is_read():
    with ArticleReader(timeout=1.0) as reader:
        client = client_of(reader)
        slow = client.post("/v1/extract", json={"text": (TEXT + "\n\n") * 4000})
        assert slow.status_code == 503 and "1 seconds" in slow.text
        assert client.post("/v1/extract", json={"text": TEXT}).status_code == 200


def test_posts_from_pages_of_other_sites_are_refused(client):
    form = {"data": {"text": TEXT}}
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        assert client.post("/report", headers=headers, **form).status_code == 403
    assert client.post("/report", headers={"Origin": "http://localhost"}, **form).status_code == 200


def test_names_that_are_not_the_servers_are_refused(client):
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400
    assert client.get("/", headers={"Host": "127.0.0.1:8765"}).status_code == 200


def test_the_page_makes_a_report_of_a_text_or_a_file(client):
    assert "Paste an article" in client.get("/").text
    pasted = client.post("/report", data={"text": TEXT.replace(". ", ".\r\n\r\n")})
    assert pasted.status_code == 200 and 'data-c="c1"' in pasted.text and "another text" in pasted.text
    chosen = client.post("/report", files={"file": ("a/bridge.html", PAGE.encode("utf-16"), "text/html")})
    assert "<h2>Bridge</h2>" in chosen.text


@pytest.mark.parametrize(
    ("sent", "status", "told"),
    [
        ({"data": {"text": "  "}}, 400, "no text"),
        ({"files": {"file": ("a.txt", b"\0\1\2\xff\xfe\0", "text/plain")}}, 400, "not a text file"),
        ({"data": {"url": "https://example.org/<script>"}}, 403, "fetches no pages"),
    ],
)
def test_the_page_says_what_is_wrong(client, sent, status, told):
    answer = client.post("/report", **sent)
    assert answer.status_code == status and told in answer.text and 'role="alert"' in answer.text
    assert "<script>" not in answer.text


def test_the_documentation_is_openapi_and_comes_from_here(client):
    document = client.get("/openapi.json").json()
    openapi_spec_validator.validate(document)
    answer = document["paths"]["/v1/extract"]["post"]["responses"]
    assert {"200", "400", "403", "413", "503"} <= set(answer)
    page = client.get("/docs").text
    for address in re.findall(r'(?:src|href)="([^"]+)"', page):
        assert address.startswith("/") and not address.startswith("//")
        assert client.get(address).status_code == 200
    assert client.get("/v1/health").json()["model"]["name"] == "en_claimx_news"
    assert client.get("/v1/schema").json() == claimx.json_schema()


# ---- the command ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def served():
    """The address of a server that the command started; it must end well when interrupted."""
    command = [sys.executable, "-m", "claimx", "serve", "--port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    line = process.stderr.readline()
    yield re.search(r"http://127\.0\.0\.1:\d+", line)[0]
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 0
    assert "Traceback" not in process.stderr.read()


def test_the_command_serves(served):
    request = urllib.request.Request(
        f"{served}/v1/extract", json.dumps({"text": TEXT}).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        jsonschema.validate(json.load(answer), claimx.json_schema())


def test_a_port_in_use_is_a_usage_error(served):
    command = [sys.executable, "-m", "claimx", "serve", "--port", served.rpartition(":")[2]]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2 and "cannot listen" in done.stderr and "Traceback" not in done.stderr


def test_the_page_works_in_a_browser(served):
    browser = open_browser()
    browser.implicitly_wait(30)  # the answer to a form loads while the test goes on
    try:
        browser.get(served)
        browser.find_element("id", "text").send_keys(TEXT)
        browser.find_element("css selector", "button").click()
        assert browser.find_element("css selector", "mark[data-c]").text.startswith("“The bridge")
        browser.find_element("css selector", ".brand a").click()
        assert browser.find_element("id", "text").get_attribute("value") == ""
        browser.get(f"{served}/docs")
        assert browser.find_element("css selector", ".opblock-summary-path").text.replace("\u200b", "") == "/v1/extract"
        assert [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"] == []
    finally:
        browser.quit()
