"""When each host may be asked again."""

from __future__ import annotations

import time
from collections.abc import Callable

from qa.errors import FetchError
from qa.fetch.manners import Manners


class Pace:
    """Keeps a distance between the requests to one host. ``sleep`` is how it waits."""

    def __init__(self, manners: Manners, sleep: Callable[[float], None] = time.sleep) -> None:
        self._manners = manners
        self._sleep = sleep
        self._intervals: dict[str, float] = {}
        self._not_before: dict[str, float] = {}

    def wait(self, host: str) -> None:
        """Wait until ``host`` may be asked.

        Raises FetchError, without waiting, when it has asked for more patience than we have.
        """
        left = self._not_before.get(host, 0.0) - time.monotonic()
        if left > self._manners.max_wait:
            raise FetchError(f"{host} asks to be left alone for {left:.0f} seconds. Try again after that.")
        if left > 0:
            self._sleep(left)

    def done(self, host: str) -> None:
        """Note that a request to ``host`` has ended: the interval runs from here."""
        self._not_before[host] = time.monotonic() + self._intervals.get(host, self._manners.interval)

    def slow_down(self, host: str, crawl_delay: float) -> None:
        """Heed a robots.txt's ``Crawl-delay``."""
        self._intervals[host] = max(self._manners.interval, min(crawl_delay, self._manners.max_crawl_delay))
        self.hold_off(host, self._intervals[host])

    def hold_off(self, host: str, seconds: float) -> None:
        """Do not ask ``host`` for ``seconds`` from now."""
        self._not_before[host] = max(self._not_before.get(host, 0.0), time.monotonic() + seconds)
