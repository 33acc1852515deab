"""``claimx serve`` under other names, below a path, and behind a proxy; and what the page says of where a text goes."""

import json
import re

import pytest
from click.testing import CliRunner
from serving import TEXT, client_of

from claimx.cli import main
from claimx.web.proxy import client_key
from claimx.web.server import allowed_hosts

STAYS = "nothing you paste leaves this machine"


@pytest.mark.parametrize(
    ("host", "names", "asked", "status"),
    [
        ("127.0.0.1", (), "localhost:8765", 200),
        ("127.0.0.1", (), "[::1]:8765", 200),
        ("127.0.0.1", (), "claims.example", 400),
        ("127.0.0.1", ("claims.example",), "claims.example", 200),
        ("127.0.0.1", ("claims.example",), "Claims.Example:443", 200),
        ("127.0.0.1", ("claims.example",), "127.0.0.1", 200),
        ("127.0.0.1", ("claims.example",), "a.claims.example", 400),
        ("127.0.0.1", ("*.example",), "a.claims.example", 200),
        ("127.0.0.1", ("*.example",), "example", 400),
        ("127.0.0.1", ("www.example",), "example", 400),
        ("0.0.0.0", (), "claims.example", 200),
        ("0.0.0.0", ("claims.example",), "claims.example", 200),
        ("0.0.0.0", ("claims.example",), "evil.example", 400),
        ("0.0.0.0", ("*",), "evil.example", 200),
    ],
)
def test_the_server_answers_to_its_names(reader, host, names, asked, status):
    client = client_of(reader, hosts=allowed_hosts(host, names))
    assert client.get("/v1/health", headers={"Host": asked}).status_code == status


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--allowed-host", "https://claims.example", "without scheme, port and path"),
        ("--allowed-host", "claims.example:80", "without scheme, port and path"),
        ("--allowed-host", "a.*.example", "no host name"),
        ("--trusted-proxy", "*", "neither an IP address nor a network"),
        ("--trusted-proxy", "proxy.example", "neither an IP address nor a network"),
        ("--root-path", "claims", "no path such as /claims"),
        ("--root-path", "/a?b", "no path such as /claims"),
        ("--log-format", "xml", "'text', 'json'"),
        ("--max-articles", "0", "x>=1"),
    ],
)
def test_values_that_cannot_be_right_are_usage_errors(option, value, told):
    result = CliRunner().invoke(main, ["--config", "none", "serve", option, value])
    assert result.exit_code == 2 and told in result.stderr, result.output


def test_names_and_proxies_can_be_repeated_and_stand_in_settings(tmp_path, monkeypatch):
    seen = {}
    monkeypatch.setattr("claimx.web.server.run", lambda options, server, **others: seen.update(server=server))
    settings = tmp_path / "claimx.toml"
    settings.write_text('[serve]\nallowed-host = ["a.example", "::1"]\ntrusted-proxy = "10.0.0.0/8"\n')
    CliRunner().invoke(main, ["--config", str(settings), "serve"], catch_exceptions=False)
    assert seen["server"].hosts[-2:] == ("a.example", "[::1]") and seen["server"].trusted_proxies == ("10.0.0.0/8",)
    arguments = ["--allowed-host", "b.example", "--allowed-host", "c.example", "--root-path", "/claims/"]
    CliRunner().invoke(main, ["--config", str(settings), "serve", *arguments], catch_exceptions=False)
    assert seen["server"].hosts[-2:] == ("b.example", "c.example") and seen["server"].root_path == "/claims"
    monkeypatch.setenv("CLAIMX_SERVE_ALLOWED_HOST", "d.example e.example")
    shown = CliRunner().invoke(main, ["--config", str(settings), "config", "serve", "-f", "json"]).stdout
    told = json.loads(shown)["settings"]["serve"]
    assert told["allowed-host"] == {"value": ["d.example", "e.example"], "from": "CLAIMX_SERVE_ALLOWED_HOST"}
    assert told["trusted-proxy"] == {"value": ["10.0.0.0/8"], "from": f"{settings}:3"}


@pytest.mark.parametrize("left", ["/claims", ""], ids=["the proxy leaves the path", "the proxy takes it off"])
def test_below_a_path_every_link_leads_below_it(reader, left):
    client = client_of(reader, root_path="/claims")
    page = client.get(f"{left}/").text
    for target in re.findall(r'(?:action|href)="(/[^"]*)"', page):
        assert target.startswith("/claims/")
    report = client.post(f"{left}/report", data={"text": TEXT})
    assert 'href="/claims/"' in report.text
    documentation = client.get(f"{left}/docs").text
    addresses = re.findall(r'(?:src|href)="([^"]+)"', documentation)
    assert addresses and all(address.startswith("/claims/") for address in addresses)
    for address in addresses:
        assert client.get(left + address.removeprefix("/claims")).status_code == 200
    document = client.get(f"{left}/openapi.json").json()
    assert document["servers"] == [{"url": "/claims"}]
    assert client.post(f"{left}/v1/extract", json={"text": TEXT}).status_code == 200


def client_seen(reader, caplog, client: str, trusted: tuple[str, ...], headers: dict[str, str]) -> dict:
    """What the log says of a request."""
    caplog.clear()
    with caplog.at_level("INFO", "claimx.web"):
        answer = client_of(reader, client=client, trusted_proxies=trusted).get("/v1/health", headers=headers)
    [record] = [record for record in caplog.records if record.message == "request"]
    return {**record.fields, "answered": answer.headers["x-request-id"], "code": answer.status_code}


@pytest.mark.parametrize(
    ("client", "trusted", "forwarded", "seen"),
    [
        ("10.0.0.1", (), "203.0.113.7", "10.0.0.1"),
        ("127.0.0.1", (), "203.0.113.7", "127.0.0.1"),
        ("10.0.0.2", ("10.0.0.1",), "203.0.113.7", "10.0.0.2"),
        ("10.0.0.1", ("10.0.0.1",), "203.0.113.7", "203.0.113.7"),
        ("::ffff:10.0.0.1", ("10.0.0.0/8",), "203.0.113.7", "203.0.113.7"),
        # what a client itself puts before the address that the proxy adds is not believed
        ("10.0.0.1", ("10.0.0.0/8",), "1.2.3.4, 203.0.113.7, 10.9.9.9", "203.0.113.7"),
        ("10.0.0.1", ("10.0.0.1",), "", "10.0.0.1"),
    ],
)
def test_the_client_is_taken_from_a_trusted_proxy_alone(reader, caplog, client, trusted, forwarded, seen):
    assert client_seen(reader, caplog, client, trusted, {"X-Forwarded-For": forwarded})["client"] == seen


@pytest.mark.parametrize(
    ("trusted", "given", "kept"),
    [
        (("10.0.0.1",), "abc-123.X", True),
        ((), "abc-123.X", False),
        (("10.0.0.1",), "abc 123", False),
        (("10.0.0.1",), "x" * 129, False),
    ],
)
def test_a_request_id_is_taken_from_a_trusted_proxy_alone(reader, caplog, trusted, given, kept):
    seen = client_seen(reader, caplog, "10.0.0.1", trusted, {"X-Request-ID": given})
    assert (seen["answered"] == given) == kept and seen["answered"] == seen["request_id"]
    assert re.fullmatch(r"[A-Za-z0-9._-]{1,128}", seen["answered"])


@pytest.mark.parametrize(("trusted", "status"), [(("10.0.0.1",), 200), ((), 403)], ids=["trusted", "anybody"])
def test_the_page_can_be_posted_through_a_trusted_proxy_that_tells_its_name(reader, trusted, status):
    client = client_of(
        reader, client="10.0.0.1", trusted_proxies=trusted, hosts=("claims.example", "localhost"), root_path="/c"
    )
    headers = {"Origin": "https://claims.example", "X-Forwarded-Host": "claims.example", "X-Forwarded-Proto": "https"}
    assert client.post("/report", data={"text": TEXT}, headers=headers).status_code == status


def test_a_forwarded_name_must_be_one_of_the_servers(reader):
    client = client_of(reader, client="10.0.0.1", trusted_proxies=("10.0.0.1",))
    assert client.get("/", headers={"X-Forwarded-Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("unknown", "unknown"),
    ],
)
def test_a_client_of_ipv6_is_its_network(address, key):
    assert client_key(address) == key


@pytest.mark.parametrize(
    ("options", "headers", "stays"),
    [
        ({}, {}, True),
        ({}, {"Host": "127.0.0.1:8765"}, True),
        ({}, {"Host": "[::1]:8765"}, True),
        ({"is_local": False}, {}, False),
        ({"root_path": "/claims"}, {}, False),
        ({"trusted_proxies": ("10.0.0.1",)}, {}, False),
        ({"hosts": ("claims.example",)}, {"Host": "claims.example"}, False),
        ({}, {"X-Forwarded-For": "203.0.113.7"}, False),
        ({}, {"Via": "1.1 proxy"}, False),
    ],
)
def test_the_page_says_that_nothing_leaves_this_machine_only_where_it_is_true(reader, options, headers, stays):
    page = client_of(reader, **options).get("/", headers=headers).text
    name = headers.get("Host", "localhost").rpartition(":")[0] or headers.get("Host", "localhost")
    assert (STAYS in page) == stays
    assert (f"what you paste is sent to {name} and read there" in page) != stays


def test_the_page_says_that_a_page_it_fetches_is_asked_for(reader):
    page = client_of(reader, allow_fetch=True).get("/").text
    assert (
        STAYS not in page and "no text you paste leaves this machine; a page you name is fetched from its site" in page
    )
