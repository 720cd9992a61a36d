"""Starting the server."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
import webbrowser
from ipaddress import ip_address
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from qa import open_corpus
from qa.assistant import PolicyQA
from qa.errors import IndexMissingError, SettingsError
from qa.index.background import BackgroundIndexing
from qa.memory import share_memory
from qa.settings import Settings
from qa.users import open_users
from qa.web.security.hosts import is_loopback

_KEPT_ALIVE = (
    75  # seconds that an idle connection stays open: longer than clients and proxies keep it, who else meet it closing
)
_GRACE = 3  # seconds that a stop waits for answers under way


def serve(
    *, host: str | None = None, port: int | None = None, index_dir: Path | None = None, open_to_everyone: bool = False
) -> None:
    """Serve the page and the interfaces until interrupted, on the settings' host and port unless others are given.

    An index that is not there yet is built while the page is open already and shows how far it is, as standard error does.
    Else the index is opened and the model loaded before anyone asks, so that the first question is as quick as the next.
    Raises SettingsError when the port is taken, or everybody would be let in from beyond this machine and nobody said that
    this is meant, and a CorpusIndexError when the index cannot be used.
    """
    share_memory()
    opened = open_corpus(index_dir)
    options = {"host": host, "port": port, "open_to_everyone": open_to_everyone}
    given = {name: value for name, value in options.items() if value}
    corpus = PolicyQA(opened.settings.model_copy(update=given))
    _check_openness(corpus.settings)
    _check_port(corpus.settings.host, corpus.settings.port)
    indexing = BackgroundIndexing(corpus.settings, corpus.embedder)
    _bring_up_to_date(corpus, indexing)
    from qa.web.app import create_app

    app = create_app(corpus, indexing)
    config = uvicorn.Config(
        app, host=corpus.settings.host, port=corpus.settings.port, log_config=None, lifespan="on",
        timeout_graceful_shutdown=_GRACE, timeout_keep_alive=_KEPT_ALIVE, server_header=False, access_log=False,  # qa.web.access logs no question
    )  # fmt: skip
    with contextlib.suppress(KeyboardInterrupt):  # the way to stop it
        _Server(app, config).run()


def _bring_up_to_date(corpus: PolicyQA, indexing: BackgroundIndexing) -> None:
    try:
        corpus.retrieve("bonjour", k=1)
    except IndexMissingError:
        sys.stderr.write(f"There is no index yet: it is being built from {corpus.settings.corpus_dir}.\n")
        indexing.everything(shown=True)
    else:
        indexing.catch_up()


class _Server(uvicorn.Server):
    """A server that says where it is once it is there, and lets go of open pages when it ends."""

    def __init__(self, app: FastAPI, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._page_closing: asyncio.Event = app.state.page_closing

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._page_closing.set()
        await super().shutdown(sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            address = _address(self.config.host, self.config.port)
            sys.stderr.write(f"The page is at {address} (Ctrl+C stops it)\n")
            sys.stderr.flush()
            if _has_browser():
                webbrowser.open(address)


def _address(host: str, port: int) -> str:
    """Return the address that this machine reaches a server listening on ``host`` at."""
    with contextlib.suppress(ValueError):  # a name
        host = "localhost" if ip_address(host).is_unspecified else host
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _check_openness(settings: Settings) -> None:
    """Raise SettingsError where anybody could come in, and nobody said that this is meant."""
    if (
        is_loopback(settings.host)
        or settings.open_to_everyone
        or settings.proxy_user_header
        or open_users(settings).exists
    ):
        return
    raise SettingsError(
        f"On {settings.host} the page would be open to everyone who reaches this machine. Add users first (python -m qa user "
        "add NAME), name the header of an authenticating proxy (QA_PROXY_USER_HEADER), or say that it is meant: "
        "--open-to-everyone."
    )


def _check_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.create_server((host, port), family=family):
            pass
    except OSError as error:
        raise SettingsError(
            f"The page cannot listen on {host}:{port} ({error.strerror}). Stop what uses that port, or choose another with --port or QA_PORT."
        ) from error


def _has_browser() -> bool:
    graphical = sys.platform in ("darwin", "win32") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
    return graphical and sys.stdout.isatty()
