"""The server that the tests of its interfaces share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session")
def server(serve) -> Iterator[str]:
    """The address of the server that the tests share."""
    with serve() as running:
        yield running.address
