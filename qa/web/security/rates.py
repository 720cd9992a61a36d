"""How much one user may ask: requests a minute, and at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil
from time import time

from fastapi import HTTPException
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter


class Rates:
    """The counts of one server. Raises HTTPException 429, with when to try again, for what is too much."""

    def __init__(self, *, per_minute: int, at_once: int) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._per_minute, self._at_once = RateLimitItemPerMinute(per_minute), at_once
        self._under_way: Counter[str] = Counter()

    def count(self, who: str) -> None:
        """Count one request of ``who``."""
        _hit(self._limiter, self._per_minute, who, "You ask more often than this server answers one user.")

    @contextmanager
    def under_way(self, who: str) -> Iterator[None]:
        """Count a request of ``who`` while it is computed."""
        if self._under_way[who] >= self._at_once:
            raise HTTPException(
                429, f"{self._at_once} of your requests are being answered: wait for one.", {"Retry-After": "1"}
            )
        self._under_way[who] += 1
        try:
            yield
        finally:
            self._under_way[who] -= 1
            if not self._under_way[who]:
                del self._under_way[who]


class LoginRates:
    """Trials of passwords: ten a minute for each address, and for each name."""

    def __init__(self) -> None:
        self._limiter, self._most = MovingWindowRateLimiter(MemoryStorage()), RateLimitItemPerMinute(10)

    def count(self, *keys: str) -> None:
        """Count a trial against each of ``keys``."""
        for key in keys:
            _hit(self._limiter, self._most, key, "Too many passwords were tried.")


def _hit(limiter: MovingWindowRateLimiter, most: RateLimitItemPerMinute, key: str, says: str) -> None:
    if not limiter.hit(most, key):
        wait = max(1, ceil(limiter.get_window_stats(most, key).reset_time - time()))
        raise HTTPException(429, f"{says} Try again in {wait} s.", {"Retry-After": str(wait)})
