"""How the interfaces meet errors, large requests and long questions, over a corpus that does as it is told."""

from __future__ import annotations

import asyncio
import json
import threading

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import ValidationError

from qa.errors import (
    DocumentError,
    FilterError,
    IndexLockedError,
    IndexMissingError,
    LanguageModelError,
    ModelError,
    QuestionError,
)
from qa.events import Event
from qa.settings import Settings
from qa.web.api.bodies import MAX_BODY
from qa.web.api.health import health_routes
from qa.web.api.openai import openai_app
from qa.web.api.problems import UNEXPECTED, answer_errors, problem_response
from qa.web.api.rest import rest_app
from qa.web.security.hosts import allowed_hosts

SECRET = "the password is 1234"
CHAT = {"model": "policy-qa", "messages": [{"role": "user", "content": "Quel plan ?"}]}


class Failing:
    """A corpus of which every call raises ``error``."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def seen_by(self, reader):
        return self

    def ask(self, *arguments, **options):
        raise self.error

    def generation(self):
        raise self.error

    def ask_stream(self, *arguments, **options):
        raise self.error


def client(app: FastAPI) -> TestClient:
    return TestClient(app, raise_server_exceptions=False)


def health_app(corpus) -> FastAPI:
    app = FastAPI()
    answer_errors(app, problem_response)
    app.include_router(health_routes(corpus))
    return app


@pytest.mark.parametrize(
    ("error", "status", "says"),
    [
        (QuestionError("The question is empty."), 422, "The question is empty."),
        (FilterError("since is not a date."), 422, "since is not a date."),
        (IndexMissingError("Run: python -m qa index"), 503, "Run: python -m qa index"),
        (IndexLockedError("Another process is writing."), 503, "Another process is writing."),
        (ModelError("The model is not there."), 503, "The model is not there."),
        (LanguageModelError("There is no key."), 503, "There is no key."),
        (DocumentError("/srv/private.pdf", "damaged"), 500, UNEXPECTED),
        (RuntimeError(SECRET), 500, UNEXPECTED),
    ],
)
def test_an_error_has_a_fitting_status_and_says_what_to_do(error, status, says):
    problem = client(rest_app(Failing(error))).get("/v1/ask", params={"question": "Quel plan ?"})
    assert (problem.status_code, problem.headers["content-type"]) == (status, "application/problem+json")
    body = problem.json()
    assert (body["status"], body["detail"], body["type"]) == (status, says, "about:blank")
    assert body.get("error") == (None if status == 500 else type(error).__name__)
    chat = client(openai_app(Failing(error))).post("/chat/completions", json=CHAT)
    assert chat.status_code == status
    assert chat.json()["error"]["message"] == says
    assert chat.json()["error"]["type"] == ("server_error" if status >= 500 else "invalid_request_error")
    assert SECRET not in problem.text + chat.text
    assert "Traceback" not in problem.text + chat.text


def test_a_stream_that_breaks_off_ends_with_an_error():
    class Breaking:
        def seen_by(self, reader):
            return self

        def ask_stream(self, *arguments, **options):
            yield Event("searching")
            raise RuntimeError(SECRET)

    sent = client(openai_app(Breaking())).post("/chat/completions", json={**CHAT, "stream": True})
    assert sent.status_code == 200
    last = json.loads(sent.text.strip().split("\n\n")[-1].removeprefix("data: "))
    assert last["error"]["message"] == UNEXPECTED
    assert SECRET not in sent.text


def test_a_stream_that_cannot_begin_has_a_status():
    error = Failing(IndexMissingError("Run: python -m qa index"))
    refused = client(openai_app(error)).post("/chat/completions", json={**CHAT, "stream": True})
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "IndexMissingError")


def test_a_method_that_is_not_taken_is_told_those_that_are():
    refused = client(rest_app(Failing(RuntimeError()))).delete("/v1/ask")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, POST")


def test_a_process_without_an_index_lives_and_is_not_ready():
    health = client(health_app(Failing(IndexMissingError("Run: python -m qa index"))))
    assert health.get("/healthz").json() == {"status": "alive"}
    assert health.head("/healthz").status_code == 200
    ready = health.get("/readyz")
    assert (ready.status_code, ready.json()["error"]) == (503, "IndexMissingError")
    assert ready.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("app", [rest_app, openai_app])
def test_a_large_request_is_refused_declared_or_not(app, chunked):
    content = b'{"question": "' + b"a" * MAX_BODY + b'"}'
    path = "/v1/ask" if app is rest_app else "/chat/completions"
    sent = (part for part in (content[:1000], content[1000:])) if chunked else content
    refused = client(app(Failing(RuntimeError()))).post(
        path, content=sent, headers={"Content-Type": "application/json"}
    )
    assert refused.status_code == 413
    assert "1024 KiB" in refused.text


def test_questions_under_way_do_not_hold_up_the_loop():
    """As many questions as there are threads and more are being answered, and the process still says that it lives."""
    going, at_once = threading.Event(), 60

    class Slow:
        def seen_by(self, reader):
            return self

        def ask(self, *arguments, **options):
            assert going.wait(60)
            raise QuestionError("At last.")

    app = health_app(Slow())
    app.mount("/api", rest_app(Slow()))

    async def talk() -> list[int]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as asking:
            questions = [asyncio.create_task(asking.get("/api/v1/ask?question=x")) for _ in range(at_once)]
            await asyncio.sleep(0)
            alive = await asking.get("/healthz")
            assert not any(question.done() for question in questions)
            going.set()
            return [alive.status_code, *(answer.status_code for answer in await asyncio.gather(*questions))]

    assert asyncio.run(talk()) == [200] + [422] * at_once


@pytest.mark.parametrize(
    ("host", "named", "names"),
    [
        ("localhost", "", "localhost"),
        ("127.0.0.2", "", "127.0.0.1"),
        ("192.168.1.4", "", "*"),
        ("qa.internal", "", "*"),
        ("192.168.1.4", "qa.example.org, *.example.com", "*.example.com"),
    ],
)
def test_only_a_server_for_all_goes_by_any_name(host, named, names):
    found = allowed_hosts(host, named)
    assert names in found
    assert ("*" in found) == (names == "*")


def test_a_list_of_names_that_cannot_be_is_refused():
    with pytest.raises(ValidationError, match="allowed_hosts"):
        Settings(allowed_hosts="http://qa.example.org/")
