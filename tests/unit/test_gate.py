"""Who passes the gate of a server that listens to this machine alone, to everyone, or to its users."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from qa.audit import open_audit
from qa.settings import Settings
from qa.users import open_users
from qa.web.readers import READER
from qa.web.security.gate import COMPUTED_AT_ONCE, Gate
from qa.web.security.rates import LoginRates


async def says_who(scope, receive, send):
    """The application behind the gate, which says who asks."""
    reader = READER.get()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": f"{reader.name} {reader.role}".encode()})


@pytest.fixture
def client(tmp_path):
    """What makes a client of a gate under these settings, at an address elsewhere."""

    def make(app=says_who, **given):
        settings = Settings(index_dir=tmp_path / "index", **given)
        users, audit = open_users(settings), open_audit(settings)
        gate = Gate(app, settings=settings, users=users, audit=audit, logins=LoginRates())
        transport = httpx.ASGITransport(gate, client=("203.0.113.7", 1))
        return httpx.AsyncClient(transport=transport, base_url="http://localhost")

    return make


def got(client, *paths):
    async def each():
        return [await client.get(path) for path in paths]

    return asyncio.run(each())


@pytest.mark.parametrize(
    ("given", "who"),
    [
        ({}, (200, "None administer")),
        ({"host": "0.0.0.0", "open_to_everyone": True}, (200, "None upload")),
        ({"host": "0.0.0.0"}, (401, None)),
    ],
)
def test_whoever_says_nothing_may_do_what_the_server_is_open_to(client, given, who):
    (answer,) = got(client(**given), "/v1/models")
    assert (answer.status_code, answer.text if answer.is_success else None) == who


def test_nobody_comes_in_once_the_file_of_users_is_gone(client, tmp_path):
    users = open_users(Settings(index_dir=tmp_path / "index"))
    asking = client()
    assert [answer.status_code for answer in got(asking, "/v1/models")] == [200]
    users.add("alice", "ask", "correct horse battery staple")
    assert [answer.status_code for answer in got(asking, "/v1/models")] == [401]
    users.path.unlink()
    assert [answer.status_code for answer in got(asking, "/v1/models")] == [401]


def test_visitors_are_counted_by_address_and_administer_nothing(client):
    asking = client(host="0.0.0.0", open_to_everyone=True, requests_per_minute=3)
    assert [answer.status_code for answer in got(asking, *["/v1/chat"] * 4)] == [200, 200, 200, 429]
    (refused,) = got(asking, "/metrics")
    assert (refused.status_code, refused.json()["detail"]) == (
        403,
        "A visitor may not do that: it takes the role administer.",
    )


def test_clients_that_only_listen_take_nobodys_turn(client):
    async def more_listen_than_there_are_turns():
        gone = asyncio.Event()

        async def listened_to(scope, receive, send):
            if scope["method"] == "GET":
                await gone.wait()
            await says_who(scope, receive, send)

        asking = client(listened_to)
        listening = [asyncio.create_task(asking.get("/mcp")) for _ in range(COMPUTED_AT_ONCE + 1)]
        await asyncio.sleep(0)
        try:
            return (await asyncio.wait_for(asking.post("/mcp"), 10)).status_code
        finally:
            gone.set()
            await asyncio.gather(*listening)

    assert asyncio.run(more_listen_than_there_are_turns()) == 200
