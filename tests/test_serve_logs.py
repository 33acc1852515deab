"""The log and the figures of ``claimx serve``."""

import json
import logging
import logging.config
import re

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families
from serving import TEXT, client_of, connected, serving

from claimx.web import metrics as metrics_module
from claimx.web.connections import ConnectionLimits
from claimx.web.logs import log_config
from claimx.web.metrics import Metrics


@pytest.fixture
def logged(capsys):
    """A function that sets the format of the log, and one that takes what was logged."""
    loggers = [logging.getLogger(name) for name in ("claimx.web", "uvicorn")]
    before = [(logger, logger.handlers[:], logger.level, logger.propagate) for logger in loggers]
    yield lambda format: logging.config.dictConfig(log_config(format)), lambda: capsys.readouterr().err.splitlines()
    for logger, handlers, level, propagate in before:
        logger.handlers[:], logger.level, logger.propagate = handlers, level, propagate


def test_a_request_is_a_line_of_json(reader, logged):
    set_format, taken = logged
    set_format("json")
    answer = client_of(reader).post("/v1/extract", json={"text": TEXT, "title": "Bridge"})
    [line] = taken()
    fields = json.loads(line)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", fields.pop("time"))
    assert 0 < fields.pop("seconds") < 60
    assert fields == {
        "level": "info",
        "event": "request",
        "request_id": answer.headers["x-request-id"],
        "client": "127.0.0.1",
        "method": "POST",
        "path": "/v1/extract",
        "status": 200,
        "bytes": len(answer.content),
    }


def test_a_request_is_a_line_of_text(reader, logged):
    set_format, taken = logged
    set_format("text")
    answer = client_of(reader).head("/v1/health")
    [line] = taken()
    number = r"\d+\.\d{3}s"
    assert re.fullmatch(
        rf"\S+ info 127\.0\.0\.1 HEAD /v1/health 200 {number} 0B {answer.headers['x-request-id']}", line
    )


@pytest.mark.parametrize("format", ["text", "json"])
def test_no_text_and_no_control_character_reaches_the_log(reader, logged, format):
    set_format, taken = logged
    set_format(format)
    client = client_of(reader)
    secret = "Zanzibar"
    client.post("/v1/extract", json={"text": f"“{secret},” Ann Hale said.", "title": secret, "id": secret})
    client.post("/v1/extract", json={"text": 5, secret: secret})
    client.post("/v1/extract/batch", json={"articles": [{"text": secret}, {secret: 1}]})
    client.post("/report", data={"text": secret})
    client.get(f"/v1/health?{secret}=1")
    client.get("/%1b%5b31mred%0d%0aforged%e2%80%ae")
    client.get("/" + "x" * 100 + secret, headers={"User-Agent": secret, "Referer": secret})
    lines = taken()
    assert len(lines) == 7
    for line in lines:
        assert secret not in line and line.isprintable()
    assert "red" in lines[5]


def test_an_error_in_uvicorn_is_logged_without_what_it_quotes(logged):
    set_format, taken = logged
    set_format("json")
    try:
        raise ValueError("the text of an article")
    except ValueError as error:
        logging.getLogger("uvicorn.error").error("Exception in ASGI application\n", exc_info=error)
    [line] = taken()
    assert json.loads(line)["error"] == "ValueError" and "the text" not in line


def samples(exposition: str) -> dict[tuple, float]:
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(exposition)
        for sample in family.samples
    }


def test_figures_are_in_the_format_of_prometheus(reader):
    client = client_of(reader, metrics=Metrics(ConnectionLimits()), max_characters=5000)
    client.post("/v1/extract", json={"text": TEXT})
    client.post("/v1/extract", json={"text": "x" * 6000})
    client.post("/v1/extract/batch", json={"articles": [{"text": TEXT}, {"text": TEXT}]})
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    figures = samples(answer.text)
    assert figures["claimx_requests_total", "/v1/extract", "200", "POST"] == 1
    assert figures["claimx_requests_total", "/v1/extract", "413", "POST"] == 1
    assert figures["claimx_articles_total", "read"] == 3 and figures["claimx_articles_total", "failed"] == 1
    assert figures["claimx_characters_total",] == 3 * len(TEXT)
    assert figures["claimx_request_seconds_count", "/v1/extract"] == 2
    assert figures["claimx_connections",] == 0


def test_labels_have_few_values_whatever_is_asked_for(reader):
    client = client_of(reader, metrics=Metrics())
    client.get("/metrics")
    for n in range(50):
        client.get(f"/nothing/{n}", headers={"Host": f"h{n}"})
        client.get(f"/nothing/{n}")
        client.request(f"METHOD{n}", "/v1/health")
    figures = samples(client.get("/metrics").text)
    requests = [key for key in figures if key[0] == "claimx_requests_total"]
    assert len(requests) <= 5 and not any("nothing" in label for key in requests for label in key)


def test_connections_that_the_server_ended_are_counted(reader):
    limits = ConnectionLimits(per_client=2)
    with serving(reader, limits, metrics=Metrics(limits)) as port:
        with connected(port, b"GET"), connected(port, b"GET"), connected(port, b"GET"):
            answer = httpx2.get(f"http://127.0.0.1:{port}/metrics")
        figures = samples(answer.text)
        assert figures["claimx_connections",] == 2 and figures["claimx_connections_closed_total", "too_many"] == 2


def test_without_prometheus_client_the_answer_says_what_to_install(reader, monkeypatch):
    monkeypatch.setattr(metrics_module, "prometheus_client", None)
    assert not metrics_module.has_prometheus()
    answer = client_of(reader).get("/metrics")
    assert answer.status_code == 501 and 'pip install "claimx[metrics]"' in answer.json()["detail"]
