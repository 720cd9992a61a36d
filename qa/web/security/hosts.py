"""What a server listens on: this machine alone or wider, and the names that it answers to."""

from __future__ import annotations

from ipaddress import ip_address

_OWN_NAMES = ["localhost", "127.0.0.1", "[::1]", "::1"]


def allowed_hosts(host: str, named: str) -> list[str]:
    """Return the names that a server listening on ``host`` answers to, ``named`` by the settings or its own.

    A server for this machine alone refuses the name of any web site: else a site could point its own name at this
    machine, and read from here what the browser takes for the site's (DNS rebinding).

    >>> allowed_hosts("127.0.0.1", "")[0], allowed_hosts("0.0.0.0", ""), allowed_hosts("::1", "qa.example.org")
    ('localhost', ['*'], ['qa.example.org', 'localhost', '127.0.0.1', '[::1]', '::1'])
    """
    own = _OWN_NAMES if is_loopback(host) else []
    if named:
        return [name.strip() for name in named.split(",")] + own
    return own or ["*"]


def is_loopback(host: str) -> bool:
    """Say whether a server listening on ``host`` serves this machine alone.

    >>> is_loopback("localhost"), is_loopback("127.0.0.1"), is_loopback("0.0.0.0"), is_loopback("qa.example.org")
    (True, True, False, False)
    """
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
