"""The server itself: the page at its root, the names it goes by, and how it ends."""

from __future__ import annotations

import asyncio
import re
import signal

import httpx
import pytest

from qa.web import app as web
from qa.web.api.bodies import MAX_BODY


def test_the_page_is_at_the_root_and_loads_nothing_from_elsewhere(server):
    page = httpx.get(server)
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert re.findall(r"""(?:src|href)=["']?(?:https?:)?//[^"' >]+""", page.text) == []
    assert httpx.get(f"{server}/theme.css").status_code == 200


def test_the_name_of_a_web_site_is_refused(server):
    for path in ("/", "/api/v1/documents", "/v1/models", "/mcp", "/healthz"):
        assert httpx.get(f"{server}{path}", headers={"Host": "site.example"}).status_code == 400, path


def test_a_file_that_could_not_be_read_is_not_taken(server):
    large = {"files": ("large.pdf", bytes(51_000_000))}
    refused = httpx.post(f"{server}/gradio_api/upload", files=large, timeout=60)
    assert refused.status_code in (400, 413)


def test_no_address_reads_a_body_without_end(server):
    body = b'{"data": ["' + b"a" * MAX_BODY + b'"]}'
    for path in ("/gradio_api/queue/join", "/gradio_api/call/ask", "/api/v1/ask", "/v1/chat/completions", "/mcp"):
        refused = httpx.post(f"{server}{path}", content=body, headers={"Content-Type": "application/json"}, timeout=60)
        assert refused.status_code == 413, path


def test_the_page_remembers_the_visits_last_used_and_no_more(corpus, monkeypatch):
    monkeypatch.setattr(web, "SESSIONS", 3)

    async def made():
        return web.create_app(corpus)

    visits = asyncio.run(made()).routes[-1].app.state_holder
    for name in ("a", "b", "c", "a", "d", "e"):
        visits[name]
    assert set(visits.session_data) == {"a", "d", "e"}


def test_no_other_sites_pages_may_call_it(server):
    origin = {"Origin": "https://site.example", "Access-Control-Request-Method": "POST"}
    for path in ("/api/v1/ask", "/v1/chat/completions", "/mcp"):
        assert "access-control-allow-origin" not in httpx.options(f"{server}{path}", headers=origin).headers
    simple = httpx.post(f"{server}/api/v1/ask", content='{"question": "x"}', headers={"Content-Type": "text/plain"})
    assert simple.status_code == 422


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_when_told_though_a_page_is_open(serve, sent):
    with serve() as running:
        stream = httpx.stream("GET", f"{running.address}/gradio_api/heartbeat/abc", timeout=60)
        with stream as open_page:
            assert open_page.status_code == 200
            running.process.send_signal(sent)
            assert running.process.wait(30) == (0 if sent == signal.SIGINT else -signal.SIGTERM)
        told = running.process.stderr.read()
        assert running.address in told
        assert "Traceback" not in told
