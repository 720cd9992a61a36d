"""Only public addresses: the check that every connection passes, whatever name or redirect led to it."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

import httpx

from qa.errors import FetchError

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


class PublicTransport(httpx.HTTPTransport):
    """An HTTP transport that connects to public addresses only.

    The name is looked up once, its addresses are checked, and the connection is made to an address that was checked:
    a name that changes its mind in between leads nowhere. ``allow_loopback`` lets this machine itself through, for
    tests against a server on it.
    """

    def __init__(self, *, allow_loopback: bool = False, **options: Any) -> None:
        # Connections are not kept: the pool knows them by address, and two names may share one.
        super().__init__(limits=httpx.Limits(max_keepalive_connections=0), **options)
        self._allow_loopback = allow_loopback

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send ``request`` to the first of its host's addresses that takes the connection."""
        addresses = public_addresses(request.url, allow_loopback=self._allow_loopback)
        for address in addresses[:-1]:
            try:
                return super().handle_request(_addressed(request, address))
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return super().handle_request(_addressed(request, addresses[-1]))


def public_addresses(url: httpx.URL, *, allow_loopback: bool = False) -> list[str]:
    """Return the addresses of ``url``'s host.

    Raises FetchError when there are none or one of them is not public, and httpx.ConnectError when the look-up failed
    and may work later.

    >>> public_addresses(httpx.URL("http://192.168.0.1/"))
    Traceback (most recent call last):
    qa.errors.FetchError: it leads to 192.168.0.1, which is not a public address
    """
    try:
        found = socket.getaddrinfo(url.host, url.port or 443, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno == socket.EAI_AGAIN:
            raise httpx.ConnectError(f"{url.host} could not be looked up") from error
        raise FetchError(f"there is no host {url.host}") from error
    except UnicodeError as error:
        raise FetchError(f"{url.host!r} cannot be the name of a host") from error
    addresses = list(dict.fromkeys(str(address[0]) for *_, address in found))
    for address in addresses:
        if not _is_public(ipaddress.ip_address(address), allow_loopback=allow_loopback):
            raise FetchError(f"it leads to {address}, which is not a public address")
    return addresses


def _is_public(address: IPAddress, *, allow_loopback: bool) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        inside = address.ipv4_mapped or address.sixtofour or _nat64(address)
        if inside is not None:
            return _is_public(inside, allow_loopback=allow_loopback)
    return (address.is_global and not address.is_multicast) or (allow_loopback and address.is_loopback)


def _nat64(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    in_prefix = address in ipaddress.ip_network("64:ff9b::/96")  # RFC 6052
    return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if in_prefix else None


def _addressed(request: httpx.Request, address: str) -> httpx.Request:
    """Return ``request`` to ``address``, with its host still in the Host header and the certificate's check."""
    return httpx.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=request.headers,
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": request.url.host},
    )
