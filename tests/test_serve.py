"""``claimx serve``: the endpoint, the page, and what neither lets happen."""

import json
import re
import signal
import subprocess
import sys
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jsonschema
import openapi_spec_validator
import pytest
from browser import open_browser
from fastapi.testclient import TestClient

import claimx
from claimx.errors import FetchError
from claimx.web.app import create_app
from claimx.web.fetching import Fetcher, is_public
from claimx.web.reading import ArticleReader
from claimx.web.service import ServerOptions

TEXT = "“The bridge is safe,” chief engineer Tomas Lindqvist said. Mayor Ada Brandt denied that it would close."
PAGE = (
    f"<html><head><title>Bridge</title></head><body><article><h1>Bridge</h1><p>{TEXT * 3}</p></article></body></html>"
)


@pytest.fixture(scope="module")
def reader():
    with ArticleReader(timeout=20) as reader:
        yield reader


def client_of(reader, fetcher=None, **options) -> TestClient:
    return TestClient(create_app(reader, ServerOptions(**options), fetcher), base_url="http://localhost")


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


# ---- fetching -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("192.168.0.1", False),
        ("172.16.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("2002:7f00:1::", False),
        ("64:ff9b::7f00:1", False),
        ("not an address", False),
    ],
)
def test_only_public_addresses_are_public(address, public):
    assert is_public(address) == public


class Site(BaseHTTPRequestHandler):
    """A site on this machine."""

    asked: list[str] = []

    def do_GET(self):
        self.asked.append(self.path)
        if self.path.startswith("/to?"):
            self.send_response(302)
            self.send_header("Location", self.path.partition("?")[2])
            self.end_headers()
            return
        kinds = {"/image": "image/png", "/zip": "text/html", "/latin": "text/html; charset=iso-8859-1"}
        body = {"/large": b"x" * 200_000, "/latin": PAGE.replace("Ada", "Adé").replace("“", '"').replace("”", '"')
                .encode("latin-1")}.get(self.path, PAGE.encode())  # fmt: skip
        self.send_response(404 if self.path == "/none" else 200)
        self.send_header("Content-Type", kinds.get(self.path, "text/html; charset=utf-8"))
        if self.path == "/zip":
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def site():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def fetching(**options) -> Fetcher:
    """A fetcher that takes this machine for a public one."""
    return Fetcher(**{"most": 100_000, "timeout": 5.0, "allowed": lambda address: True, "any_port": True, **options})


def test_a_page_is_fetched_and_read(reader, site):
    client = client_of(reader, fetching(), allow_fetch=True)
    answer = client.post("/v1/extract", json={"url": f"{site}/to?/latin"}).json()
    assert answer["title"] == "Bridge" and "Adé Brandt" in answer["text"]
    assert answer["source"]["url"] == f"{site}/latin"
    assert "<h2>Bridge</h2>" in client.post("/report", data={"url": f"{site}/page"}).text


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/none", "404"),
        ("/image", "no web page"),
        ("/zip", "no web page"),
        ("/large", "more than"),
        ("/to?/to?/to?/to?/to?/to?/to?/page", "one address to the next"),
        ("/to?file:///etc/passwd", "no address of a web page"),
    ],
)
def test_what_is_no_page_is_not_read(reader, site, path, told):
    answer = client_of(reader, fetching(), allow_fetch=True).post("/v1/extract", json={"url": site + path})
    assert (answer.status_code, told in answer.text) == (400, True)


@pytest.mark.parametrize(
    "url",
    ["{site}/", "http://localhost:{port}/", "http://[::ffff:127.0.0.1]:{port}/", "http://2130706433:{port}/",
     "http://0x7f.1:{port}/", "http://127.0.0.1/", "file:///etc/passwd", "ftp://example.org/", "http://a@127.0.0.1/",
     "http://169.254.169.254/latest/meta-data/", "nonsense", "http://"],
)  # fmt: skip
def test_private_addresses_are_not_asked(reader, site, url):
    client, before = client_of(reader, allow_fetch=True), len(Site.asked)
    address = url.format(site=site, port=site.rpartition(":")[2])
    answer = client.post("/v1/extract", json={"url": address})
    assert answer.status_code == 400 and len(Site.asked) == before


def test_a_redirect_to_a_private_address_is_not_followed(reader, site):
    """The first address counts as public, the one it leads to does not."""
    looked = []

    def allowed(address):
        looked.append(address)
        return len(looked) == 1

    fetcher = fetching(allowed=allowed)
    answer = client_of(reader, fetcher, allow_fetch=True).post(
        "/v1/extract", json={"url": f"{site}/to?http://localhost/"}
    )
    assert answer.status_code == 400 and "no public address" in answer.text and len(looked) >= 2


def test_a_name_with_one_private_address_is_refused(monkeypatch):
    import anyio

    async def both(host, port, **options):
        return [(2, 1, 6, "", ("93.184.216.34", port)), (2, 1, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(anyio, "getaddrinfo", both)
    with pytest.raises(FetchError, match="no public address"):
        anyio.run(Fetcher(most=1000, timeout=2.0).fetch, "http://rebound.example/")


def test_a_site_that_does_not_answer_is_given_up():
    import socket

    import anyio

    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(FetchError, match="did not arrive"):
            anyio.run(fetching(timeout=0.3).fetch, url)


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
    try:
        browser.get(served)
        browser.find_element("id", "text").send_keys(TEXT)
        browser.find_element("css selector", "button").click()
        assert [mark.text for mark in browser.find_elements("css selector", "mark[data-c]")][0].startswith(
            "“The bridge"
        )
        browser.find_element("css selector", ".brand a").click()
        assert browser.find_element("id", "text").get_attribute("value") == ""
        browser.get(f"{served}/docs")
        browser.implicitly_wait(10)
        assert browser.find_element("css selector", ".opblock-summary-path").text.replace("\u200b", "") == "/v1/extract"
        assert [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"] == []
    finally:
        browser.quit()
