"""The server that the tests of its interfaces share: ``python -m qa serve`` in a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

PROJECT = Path(__file__).resolve().parents[2]
STARTS_WITHIN = 120  # seconds


@dataclass
class Running:
    """A server that is ready, at ``address``."""

    address: str
    process: subprocess.Popen[str]


Serve = Callable[[], AbstractContextManager[Running]]


@pytest.fixture(scope="session")
def serve(corpus, settings) -> Serve:
    """Start a server over the real corpus; it ends with the ``with`` that it is for."""

    @contextmanager
    def start(**environment: str) -> Iterator[Running]:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        variables = {**os.environ, "QA_INDEX_DIR": str(settings.index_dir), "QA_PORT": str(port), **environment}
        process = subprocess.Popen(
            [sys.executable, "-m", "qa", "serve"], cwd=PROJECT, env=variables, stderr=subprocess.PIPE, text=True
        )
        running = Running(f"http://127.0.0.1:{port}", process)
        try:
            deadline = time.monotonic() + STARTS_WITHIN
            while not is_ready(running.address):
                assert process.poll() is None, process.stderr.read()
                assert time.monotonic() < deadline, "the server does not answer"
                time.sleep(0.2)
            yield running
        finally:
            process.kill()
            process.communicate()

    return start


def is_ready(address: str) -> bool:
    try:
        return httpx.get(f"{address}/readyz", timeout=5).is_success
    except httpx.TransportError:
        return False


@pytest.fixture(scope="session")
def server(serve) -> Iterator[str]:
    """The address of the server that the tests share."""
    with serve() as running:
        yield running.address
