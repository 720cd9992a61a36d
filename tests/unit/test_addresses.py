"""Which addresses a download may connect to."""

from __future__ import annotations

import socket

import httpx
import pytest

from qa.errors import FetchError
from qa.fetch.addresses import public_addresses


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.9.9.9",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "[::1]",
        "[::]",
        "[fe80::1]",
        "[fc00::1]",
        "[ff02::1]",
        "[::ffff:10.0.0.1]",
        "[2002:a00:1::]",
        "[64:ff9b::a00:1]",
        "localhost",
        "2130706433",
        "0x7f.1",
    ],
)
def test_an_address_that_is_not_public_is_refused(host):
    with pytest.raises(FetchError, match="not a public address|no host"):
        public_addresses(httpx.URL(f"http://{host}/"))


@pytest.mark.parametrize("host", ["93.184.216.34", "[2606:2800:220:1::1]"])
def test_a_public_address_is_taken(host):
    assert public_addresses(httpx.URL(f"http://{host}/")) == [host.strip("[]")]


def test_loopback_alone_can_be_allowed():
    assert public_addresses(httpx.URL("http://127.0.0.1/"), allow_loopback=True) == ["127.0.0.1"]
    with pytest.raises(FetchError):
        public_addresses(httpx.URL("http://10.0.0.1/"), allow_loopback=True)


def answers(monkeypatch, *addresses: str) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)


def test_a_name_with_one_private_address_among_public_ones_is_refused(monkeypatch):
    answers(monkeypatch, "93.184.216.34", "10.0.0.1")
    with pytest.raises(FetchError, match=r"10\.0\.0\.1"):
        public_addresses(httpx.URL("http://both.example/"))


@pytest.mark.parametrize(("number", "error"), [(socket.EAI_NONAME, FetchError), (socket.EAI_AGAIN, httpx.ConnectError)])
def test_a_look_up_that_may_work_later_is_told_from_one_that_never_will(monkeypatch, number, error):
    def fail(*_, **__):
        raise socket.gaierror(number, "no")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(error):
        public_addresses(httpx.URL("http://gone.example/"))
