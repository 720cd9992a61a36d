"""Marks every test by the folder it is in, and gives the real parts: settings, model, an index of the real corpus."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import httpx
import pytest
from filelock import FileLock

from qa.assistant import PolicyQA
from qa.embedding.model import Embedder
from qa.settings import Settings

KINDS = ("unit", "integration", "browser", "crash")
PROJECT = Path(__file__).resolve().parent.parent
STARTS_WITHIN = 120  # seconds

Run = Callable[..., subprocess.CompletedProcess[str]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        folder = item.path.relative_to(PROJECT).parts
        kind = folder[1] if folder[0] == "tests" else "unit"  # the examples in qa/'s docstrings
        if kind in KINDS:
            item.add_marker(getattr(pytest.mark, kind))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests counted, in whichever process they ran."""
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if name == "tally":
                terminalreporter.write_line(str(value))


@pytest.fixture(autouse=True, scope="session")
def _own_settings():
    """Take the settings from the defaults, whatever the shell says; only the model's cache is shared between runs."""
    with pytest.MonkeyPatch.context() as patch:
        for name in Settings.model_fields:
            if name != "cache_dir":
                patch.delenv(f"QA_{name.upper()}", raising=False)
        yield


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings that name the real corpus and an index folder of this run."""
    return Settings(index_dir=tmp_path_factory.mktemp("index"))


@pytest.fixture(scope="session")
def embedder(settings: Settings) -> Embedder:
    """The real model."""
    from qa.embedding.choice import get_embedder

    return get_embedder(settings)


@pytest.fixture(scope="session")
def corpus(settings: Settings, embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> PolicyQA:
    """The real corpus, indexed once for the whole run: of processes that share it, the first makes it and the others copy it."""
    from qa.index.build import build_index
    from qa.ingest import read_corpus

    run = tmp_path_factory.getbasetemp()
    made = (run.parent if "PYTEST_XDIST_WORKER" in os.environ else run) / "corpus-index"
    with FileLock(f"{made}.lock"):
        if not made.exists():
            read = read_corpus(settings.corpus_dir)
            assert not read.failures
            build_index(settings.index_dir, read.documents, embedder)
            shutil.copytree(settings.index_dir, made)
        else:
            shutil.copytree(made, settings.index_dir, dirs_exist_ok=True)
    return PolicyQA(settings, embedder=embedder)


@pytest.fixture(scope="session")
def run_qa(settings: Settings) -> Run:
    """``python -m qa`` in a process of its own."""

    def run(*arguments: str, index: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
        variables = {**os.environ, "QA_INDEX_DIR": str(index or settings.index_dir), **environment}
        return subprocess.run(
            [sys.executable, "-m", "qa", *arguments],
            cwd=PROJECT,
            env=variables,
            capture_output=True,
            text=True,
            timeout=300,
        )

    return run


@dataclass
class Running:
    """A server that is ready, at ``address``."""

    address: str
    process: subprocess.Popen[str]


Serve = Callable[..., AbstractContextManager[Running]]


@pytest.fixture(scope="session")
def serve(corpus, settings) -> Serve:
    """Start a server over the real corpus; it ends with the ``with`` that it is for."""

    @contextmanager
    def start(
        *command: str, ready: str = "readyz", log: IO[str] | None = None, **environment: str
    ) -> Iterator[Running]:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        variables = {**os.environ, "QA_INDEX_DIR": str(settings.index_dir), "QA_PORT": str(port), **environment}
        process = subprocess.Popen(
            [sys.executable, *(command or ("-m", "qa", "serve"))],
            cwd=PROJECT,
            env=variables,
            stderr=subprocess.PIPE if log is None else log,
            text=True,
        )
        running = Running(f"http://127.0.0.1:{port}", process)
        try:
            deadline = time.monotonic() + STARTS_WITHIN
            while not is_ready(running.address, ready):
                assert process.poll() is None, process.stderr.read()
                assert time.monotonic() < deadline, "the server does not answer"
                time.sleep(0.2)
            yield running
        finally:
            process.kill()
            process.communicate()

    return start


def is_ready(address: str, path: str) -> bool:
    try:
        return httpx.get(f"{address}/{path}", timeout=5).is_success
    except httpx.TransportError:
        return False
