"""What each site's robots.txt lets us read (RFC 9309)."""

from __future__ import annotations

import httpx
from protego import Protego

from qa.errors import FetchError
from qa.fetch.client import PoliteClient
from qa.fetch.manners import ROBOT

_READ_BYTES = 512_000  # what a crawler has to read of it; more is cut off


class Robots:
    """The robots.txt of every site of a run, each read once."""

    def __init__(self, client: PoliteClient) -> None:
        self._client = client
        self._rules: dict[httpx.URL, Protego | FetchError] = {}

    def permit(self, url: httpx.URL) -> None:
        """Raise FetchError when the site of ``url`` forbids it, or cannot say now whether it does."""
        address = url.join("/robots.txt")
        if address not in self._rules:
            self._rules[address] = self._read(address)
        rules = self._rules[address]
        if isinstance(rules, FetchError):
            raise FetchError(rules.reason)
        if not rules.can_fetch(str(url), ROBOT):
            raise FetchError(f"{address} forbids it")

    def _read(self, address: httpx.URL) -> Protego | FetchError:
        try:
            rules = Protego.parse(self._client.retrying(lambda: self._text(address)))
        except FetchError as error:
            return FetchError(f"{address} cannot be had ({error.reason}), so nothing else is asked there now")
        delay = rules.crawl_delay(ROBOT)
        if delay is not None:
            self._client.pace.slow_down(address.host, delay)
        return rules

    def _text(self, address: httpx.URL) -> str:
        with self._client.open(str(address)) as response:
            if not response.is_success:  # none there, or none for us: nothing is forbidden
                return ""
            return b"".join(self._client.body(response))[:_READ_BYTES].decode("utf-8-sig", errors="replace")
