"""Clients that drip, hold on, or want too much at a time: ``claimx serve`` goes on answering the others."""

import contextlib
import json
import socket
import time
import urllib.error
import urllib.request
from http.client import HTTPConnection

from serving import TEXT, answer_of, connected, serving

from claimx.web import limits as request_limits
from claimx.web.connections import ConnectionLimits
from claimx.web.proxy import TrustedProxies

HALF_HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
HEAD_OF_POST = (
    b"POST /v1/extract HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"
)


def seconds_to_health(port: int) -> float:
    began = time.monotonic()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/health", timeout=10) as answer:
        assert answer.status == 200
    return time.monotonic() - began


def problem_in(received: bytes) -> dict:
    """The body of an error as it comes over the wire."""
    head, _, body = received.partition(b"\r\n\r\n")
    assert b"content-type: application/problem+json" in head.lower(), received
    problem = json.loads(body)
    assert head.startswith(b"HTTP/1.1 %d %s\r\n" % (problem["status"], problem["title"].encode()))
    return problem


def test_a_head_that_drips_is_given_up_in_time(reader):
    limits = ConnectionLimits(head_seconds=0.6)
    with serving(reader, limits) as port, connected(port, HALF_HEAD) as slow:
        began = time.monotonic()
        with contextlib.suppress(ConnectionError):
            for _ in range(40):
                slow.sendall(b"x")
                time.sleep(0.05)
                if limits.closed["slow_head"]:
                    break
        assert time.monotonic() - began < 1.5
        assert problem_in(answer_of(slow))["status"] == 408


def test_a_second_head_on_a_connection_must_arrive_in_time_too(reader):
    limits = ConnectionLimits(head_seconds=0.5)
    with serving(reader, limits) as port:
        with connected(port, b"GET /v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n" + HALF_HEAD) as slow:
            slow.recv(65536)
            slow.sendall(b"x")
            assert b" 408 " in answer_of(slow)
        assert limits.closed["slow_head"] == 1


def test_a_connection_that_says_nothing_is_ended(reader):
    with serving(reader, ConnectionLimits(head_seconds=0.3)) as port, connected(port) as silent:
        assert answer_of(silent) == b""


def test_health_answers_within_a_second_while_hundreds_of_heads_drip(reader):
    """From one address, that of whoever asks for health; more than the server holds at a time."""
    limits = ConnectionLimits(per_client=150, total=200)
    with serving(reader, limits) as port, contextlib.ExitStack() as stack:
        slow = [stack.enter_context(connected(port, HALF_HEAD)) for _ in range(300)]
        for _ in range(5):
            for each in slow:
                with contextlib.suppress(ConnectionError):
                    each.sendall(b"x")
            assert seconds_to_health(port) < 1.0
        assert limits.open <= 150 and limits.closed["too_many"] >= 150


def test_who_is_being_answered_is_not_ended_for_others(reader):
    limits = ConnectionLimits(per_client=3)
    with serving(reader, limits) as port, contextlib.ExitStack() as stack:
        busy = [stack.enter_context(connected(port, HEAD_OF_POST)) for _ in range(3)]
        deadline = time.monotonic() + 5
        while sum(len(queue) for (_, state), queue in limits._queues.items() if state == "answered") < 6:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        with connected(port) as refused:
            received = answer_of(refused)
        assert problem_in(received)["status"] == 429 and b"retry-after: 1" in received
        busy[0].sendall(b" " * 998 + b"}")
        assert b" 400 " in busy[0].recv(65536)


def test_connections_of_a_trusted_proxy_are_not_counted_as_one_clients(reader):
    limits = ConnectionLimits(per_client=2, trusted=TrustedProxies(["127.0.0.1"]))
    with serving(reader, limits) as port, contextlib.ExitStack() as stack:
        for _ in range(5):
            stack.enter_context(connected(port, HALF_HEAD))
        assert seconds_to_health(port) < 1.0 and limits.open >= 5 and not limits.closed["too_many"]


def test_a_client_has_so_many_requests_at_a_time_and_others_have_theirs(reader):
    options = {"max_per_client": 2, "trusted_proxies": ("127.0.0.1",)}

    def post(client: str) -> int:
        headers = {"Content-Type": "application/json", "X-Forwarded-For": client}
        request = urllib.request.Request(f"http://127.0.0.1:{port}/v1/extract", b'{"text": "No."}', headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            assert error.code != 429 or error.headers["Retry-After"] == "1"
            return error.code

    begun = HEAD_OF_POST.replace(b"\r\n\r\n", b"\r\nX-Forwarded-For: 203.0.113.7\r\n\r\n")
    with serving(reader, **options) as port:
        with connected(port, begun), connected(port, begun):
            time.sleep(0.3)
            assert (post("203.0.113.7"), post("203.0.113.8")) == (429, 200)
            assert seconds_to_health(port) < 1.0
        time.sleep(0.3)
        assert post("203.0.113.7") == 200


def test_a_body_that_drips_is_given_up_in_time(reader, monkeypatch):
    monkeypatch.setattr(request_limits.Limits.__init__, "__defaults__", (0.4,))
    with serving(reader, ConnectionLimits(head_seconds=0.4)) as port, connected(port, HEAD_OF_POST) as slow:
        assert b" 408 " in slow.recv(65536)
        slow.sendall(b"x")
        answer_of(slow)  # the connection ends, although the body never does


def test_what_is_no_http_is_told_so_in_the_same_shape(reader):
    with serving(reader) as port, connected(port, b"\x16\x03\x01 nonsense\r\n\r\n") as connection:
        assert problem_in(answer_of(connection))["status"] == 400


def test_an_answer_that_nobody_takes_is_given_up(reader):
    limits = ConnectionLimits(write_seconds=0.5)
    pipelined = b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n" * 2000
    with serving(reader, limits) as port, socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.connect(("127.0.0.1", port))
        slow.settimeout(1)
        with contextlib.suppress(OSError):
            slow.sendall(pipelined)
        deadline = time.monotonic() + 15
        while not limits.closed["slow_reader"]:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert seconds_to_health(port) < 1.0


def test_limits_leave_ordinary_requests_alone(reader):
    limits = ConnectionLimits(head_seconds=0.3)
    body = json.dumps({"text": TEXT})
    with serving(reader, limits) as port, contextlib.closing(HTTPConnection("127.0.0.1", port, timeout=30)) as client:
        client.connect()
        first = client.sock
        for _ in range(3):  # one after the other on one connection, which rests longer than a head may take
            client.request("POST", "/v1/extract", body, {"Content-Type": "application/json"})
            with client.getresponse() as answer:
                assert answer.status == 200
                answer.read()
            time.sleep(0.5)
        assert client.sock is first
        assert not limits.closed
