"""Who is let in, through every door of the server, and what becomes of what they should not see or do."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time

import httpx
import pytest
from gradio_client import Client

from tests.conftest import PROJECT

PASSWORD = "correct horse battery staple"
TEXT = "La prime locale du Douaisis vaut 1 234 euros par véhicule électrique acheté en 2024."
ASKED = {"question": "Combien vaut la prime locale du Douaisis ?"}
CHAT = {"model": "policy-qa", "messages": [{"role": "user", "content": ASKED["question"]}]}
CALL = {
    "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "ask", "arguments": ASKED},
}  # fmt: skip
TOLD = {"Accept": "application/json, text/event-stream"}


def user(index, *arguments, password=PASSWORD):
    ran = subprocess.run(
        [sys.executable, "-m", "qa", "user", *arguments, "--index", str(index), "--json"],
        cwd=PROJECT, input=password + "\n", capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert PASSWORD not in ran.stdout + ran.stderr
    return json.loads(ran.stdout)


@pytest.fixture(scope="module")
def guarded(serve, settings, tmp_path_factory):
    """A server with users, its index folder, and a token of each of them; its log is as talkative as can be."""
    folder = tmp_path_factory.mktemp("guarded")
    index = shutil.copytree(settings.index_dir, folder / "index")
    tokens = {}
    for name, role in (("alice", "upload"), ("bob", "upload"), ("carol", "ask"), ("root", "administer")):
        user(index, "add", name, "--role", role)
        tokens[name] = user(index, "token", name)["token"]
    with (folder / "log").open("w") as log, serve(QA_INDEX_DIR=str(index), QA_LOG_LEVEL="DEBUG", log=log) as running:
        with httpx.Client(base_url=running.address, headers=bearer(tokens["alice"]), timeout=60) as client:
            client.put("/api/v1/uploads/prime.md", content=TEXT.encode()).raise_for_status()
            while client.get("/api/v1/uploads").json()["indexing"]["step"]:
                time.sleep(0.2)
        yield running, index, tokens


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


DOORS = [
    ("GET", "/", {}), ("GET", "/config", {}), ("GET", "/gradio_api/info", {}), ("POST", "/gradio_api/queue/join", {"json": {}}),
    ("POST", "/gradio_api/upload", {"files": {"files": ("a.md", b"x")}}), ("GET", "/gradio_api/file=README.md", {}),
    ("POST", "/gradio_api/call/ask", {"json": {"data": ["x"]}}), ("GET", "/gradio_api/heartbeat/x", {}),
    ("GET", "/api/v1/ask", {"params": ASKED}), ("POST", "/api/v1/retrieve", {"json": ASKED}),
    ("GET", "/api/v1/documents/@alice/prime.md", {}), ("PUT", "/api/v1/uploads/x.md", {"content": b"x"}),
    ("GET", "/api/openapi.json", {}), ("POST", "/v1/chat/completions", {"json": CHAT}), ("GET", "/v1/models", {}),
    ("POST", "/mcp", {"json": CALL, "headers": TOLD}), ("GET", "/theme.css", {}), ("GET", "/%2e%2e/api/v1/documents", {}),
    ("GET", "/nothing", {}),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "options"), DOORS, ids=lambda value: str(value)[:40])
def test_no_door_opens_to_who_does_not_say_who_he_is(guarded, method, path, options):
    address = guarded[0].address
    for wrong in (
        {},
        bearer("x" * 43),
        {"Authorization": "Basic YWxpY2U6d3Jvbmc="},
        {"Cookie": "policy_qa_session=alice|9999999999|00"},
    ):
        if "Basic" in str(wrong) and path != "/api/v1/ask":
            continue  # each trial of a password counts
        given = {**options, "headers": {**options.get("headers", {}), **wrong}}
        assert httpx.request(method, f"{address}{path}", timeout=60, **given).status_code == 401, wrong


def test_health_is_told_to_whoever_asks_and_nothing_else_in_it(guarded):
    assert httpx.get(f"{guarded[0].address}/healthz").json() == {"status": "alive"}
    assert set(httpx.get(f"{guarded[0].address}/readyz").json()) == {"status", "generation"}


@pytest.mark.parametrize(("name", "knows"), [("alice", True), ("bob", False), ("carol", False)])
def test_each_door_shows_a_reader_her_own_uploads_and_nobody_elses(guarded, name, knows):
    running, _, tokens = guarded
    with httpx.Client(base_url=running.address, headers=bearer(tokens[name]), timeout=60) as client:
        answers = [
            client.get("/api/v1/ask", params=ASKED).text, client.post("/api/v1/retrieve", json=ASKED).text,
            client.get("/api/v1/export", params=ASKED | {"format": "md"}).text,
            client.post("/v1/chat/completions", json=CHAT).text,
            client.post("/v1/chat/completions", json=CHAT | {"stream": True}).text,
            client.post("/mcp", json=CALL, headers=TOLD).text,
        ]  # fmt: skip
        assert ["1 234 euros" in answer for answer in answers] == [knows] * len(answers)
        checked = client.get("/api/v1/check", params={"text": TEXT}).json()["claims"][0]
        assert (checked["verdict"] == "supported") is knows
        assert client.get("/api/v1/documents/@alice/prime.md").status_code == (200 if knows else 404)
        listed = client.get("/api/v1/documents", params={"limit": 1000}).text
        filtered = client.get("/api/v1/documents", params={"limit": 1000, "language": "fr"}).text
        assert ["@alice" in listed, "@alice" in filtered] == [knows] * 2
    asked = Client(running.address, headers=bearer(tokens[name]), verbose=False)
    assert ("1 234 euros" in json.dumps(asked.predict(ASKED["question"], api_name="/ask"), ensure_ascii=False)) is knows


def test_roles_say_who_may_change_what(guarded):
    running, _, tokens = guarded
    put = {
        name: httpx.put(f"{running.address}/api/v1/uploads/no.exe", headers=bearer(token))
        for name, token in tokens.items()
    }
    assert {name: answer.status_code for name, answer in put.items()} == {
        "alice": 422,
        "bob": 422,
        "carol": 403,
        "root": 422,
    }
    upload = httpx.post(
        f"{running.address}/gradio_api/upload", headers=bearer(tokens["carol"]), files={"files": ("a.md", b"x")}
    )
    assert upload.status_code == 403
    assert httpx.post(f"{running.address}/api/v1/index", headers=bearer(tokens["bob"])).status_code == 403
    assert httpx.post(f"{running.address}/api/v1/index", headers=bearer(tokens["root"])).status_code == 202


def test_a_password_opens_a_session_that_its_change_ends(guarded):
    running, index, _ = guarded
    user(index, "add", "dave")
    with httpx.Client(base_url=running.address, timeout=60) as browser:
        sent_on = browser.get("/?q=Quel+plan", headers={"Accept": "text/html"})
        assert (sent_on.status_code, sent_on.headers["location"]) == (303, "/login?next=%2F%3Fq%3DQuel%2Bplan")
        page = browser.get(sent_on.headers["location"], headers={"Accept-Language": "en"})
        assert "Password" in page.text
        wrong = browser.post("/login", data={"name": "dave", "password": "wrong", "next": "/"})
        assert (wrong.status_code, "set-cookie" in wrong.headers) == (401, False)
        right = browser.post("/login", data={"name": "dave", "password": PASSWORD, "next": "//evil.example"})
        assert (right.status_code, right.headers["location"]) == (303, "/")
        cookie = right.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert browser.get("/api/v1/ask", params=ASKED).status_code == 200
        user(index, "password", "dave", password="another long password")
        assert browser.get("/api/v1/ask", params=ASKED).status_code == 401
    with httpx.Client(base_url=running.address, auth=("dave", "another long password"), timeout=60) as program:
        assert {program.get("/v1/models").status_code for _ in range(15)} == {200}  # the right one is tried once
        user(index, "remove", "dave")
        assert program.get("/v1/models").status_code == 401


def test_passwords_cannot_be_tried_without_end(guarded):
    address = guarded[0].address
    trials = [httpx.get(f"{address}/v1/models", auth=("mallory", f"guess {n}"), timeout=60) for n in range(12)]
    assert trials[-1].status_code == 429
    assert int(trials[-1].headers["retry-after"]) > 0
    assert httpx.post(f"{address}/login", data={"name": "alice", "password": PASSWORD}).status_code == 429


@pytest.mark.parametrize(
    "sent", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}]
)
def test_a_page_of_another_site_changes_nothing(guarded, sent):
    running, _, tokens = guarded
    for method, path in (
        ("POST", "/gradio_api/queue/join"),
        ("POST", "/api/v1/ask"),
        ("PUT", "/api/v1/uploads/x.md"),
        ("POST", "/login"),
    ):
        assert (
            httpx.request(method, f"{running.address}{path}", headers=bearer(tokens["alice"]) | sent).status_code == 403
        )


def test_the_audit_log_says_who_asked_to_change_what(guarded):
    _, index, _ = guarded
    entries = [json.loads(line) for line in (index.parent / "index.audit.jsonl").read_text("utf-8").splitlines()]
    told = {(re.sub(r"\(.*\)", "", entry["who"]).strip(), entry["did"], entry["what"]) for entry in entries}
    assert {
        ("command line", "user add", "alice as upload"),
        ("alice", "upload", "prime.md"),
        ("dave", "login", ""),
    } <= told
    assert {did for _, did, _ in told} >= {"login refused", "index", "user remove", "user password", "user token"}
    assert all(entry["time"] for entry in entries)


def test_no_password_or_token_is_written_anywhere(guarded):
    _, index, tokens = guarded
    written = [path for path in index.parent.iterdir() if path.is_file()]
    assert {"index.users.json", "index.audit.jsonl", "log"} <= {path.name for path in written}
    for path in written:
        content = path.read_text("utf-8")
        assert [
            secret for secret in (PASSWORD, "another long password", *tokens.values()) if secret in content
        ] == [], path
    assert (index.parent / "index.users.json").stat().st_mode & 0o077 == 0


def test_what_asks_too_often_is_told_when_to_come_back(serve, settings, tmp_path):
    index = shutil.copytree(settings.index_dir, tmp_path / "index")
    for name in ("alice", "bob"):
        user(index, "add", name)
    tokens = {name: user(index, "token", name)["token"] for name in ("alice", "bob")}
    with serve(QA_INDEX_DIR=str(index), QA_REQUESTS_PER_MINUTE="5") as running:
        address = f"{running.address}/api/v1/retrieve"
        asked = [httpx.get(address, params=ASKED, headers=bearer(tokens["alice"]), timeout=60) for _ in range(6)]
        assert [answer.status_code for answer in asked] == [200] * 5 + [429]
        assert asked[-1].headers["content-type"] == "application/problem+json"
        assert 0 < int(asked[-1].headers["retry-after"]) <= 60
        assert httpx.get(address, params=ASKED, headers=bearer(tokens["bob"]), timeout=60).status_code == 200


def test_a_proxys_word_is_taken_from_the_proxy_alone(serve, settings, tmp_path):
    index = shutil.copytree(settings.index_dir, tmp_path / "index")
    given = {"QA_INDEX_DIR": str(index), "QA_PROXY_USER_HEADER": "X-Forwarded-User", "QA_PROXY_ROLE": "upload"}
    with serve(**given) as running:
        models = f"{running.address}/v1/models"
        assert httpx.get(models).status_code == 401
        assert httpx.get(models, headers={"X-Forwarded-User": "alice"}).status_code == 200
        sent = httpx.put(
            f"{running.address}/api/v1/uploads/a.md",
            content=b"Un plan.",
            headers={"X-Forwarded-User": "alice@example.org"},
        )
        assert sent.json()["files"][0]["document_id"] == "@alice%40example.org/a.md"
    with serve(**given, QA_TRUSTED_PROXIES="10.0.0.1") as running:
        assert httpx.get(f"{running.address}/v1/models", headers={"X-Forwarded-User": "alice"}).status_code == 401


def test_a_page_open_to_everyone_has_to_be_meant(run_qa, serve):
    refused = run_qa("serve", "--host", "0.0.0.0", "--port", "1")
    assert refused.returncode == 2
    assert "--open-to-everyone" in refused.stderr
    with serve("-m", "qa", "serve", "--open-to-everyone", QA_HOST="0.0.0.0") as running:
        assert httpx.get(f"{running.address}/v1/models").status_code == 200


def test_every_answer_carries_what_browsers_should_know(server):
    for path in ("/", "/api/v1/documents", "/v1/models", "/healthz", "/nothing", "/gradio_api/info"):
        headers = httpx.get(f"{server}{path}").headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe-inline" not in headers["content-security-policy"].split("style-src")[0]
    page = httpx.get(server)
    nonce = re.search(r"'nonce-([\w-]+)'", page.headers["content-security-policy"])[1]
    assert set(re.findall(r"<script( nonce=\"[\w-]+\")?", page.text)) == {f' nonce="{nonce}"'}
    assert httpx.get(server).headers["content-security-policy"] != page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "README.md", "qa/settings.py", "../README.md", str(PROJECT / "README.md")]
)
def test_no_file_of_the_server_is_given_out(server, path):
    assert httpx.get(f"{server}/gradio_api/file={path}").status_code in (403, 404)
