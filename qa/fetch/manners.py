"""How politely and how patiently we ask; the defaults are what a user gets, tests give smaller ones."""

from __future__ import annotations

from dataclasses import dataclass

from qa import __version__

ROBOT = "policy-qa"  # the name that a robots.txt can address
USER_AGENT = f"{ROBOT}/{__version__} (question answering over policy documents; downloads what its user picks)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """Seconds, counts and bytes.

    ``interval`` is the least time between two requests to one host; a ``Crawl-delay`` in its robots.txt makes it
    longer, up to ``max_crawl_delay``. A host that says ``Retry-After`` is waited for up to ``max_wait``, and left
    alone for the rest of the run when it says more. ``attempts`` counts the first; the waits between them are
    ``backoff``, twice that, and so on. ``total_timeout`` bounds one attempt's download, ``connect_timeout`` and ``read_timeout``
    its silences. A file that was had or confirmed ``fresh`` seconds ago or less is not asked for again.
    """

    interval: float = 2.0
    max_crawl_delay: float = 30.0
    max_wait: float = 120.0
    attempts: int = 3
    backoff: float = 4.0
    connect_timeout: float = 10.0
    read_timeout: float = 30.0
    total_timeout: float = 120.0
    max_redirects: int = 5
    max_bytes: int = 20_000_000
    fresh: float = 3600.0
    allow_loopback: bool = False
