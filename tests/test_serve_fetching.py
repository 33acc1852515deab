"""Pages that ``claimx serve --allow-fetch`` fetches, and addresses that it does not ask."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from serving import PAGE, client_of

from claimx.errors import FetchError
from claimx.web.fetching import Fetcher, is_public


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
