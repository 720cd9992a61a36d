"""Starting the page."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

from qa import open_corpus
from qa.errors import SettingsError


def serve(*, host: str | None = None, port: int | None = None, index_dir: Path | None = None) -> None:
    """Serve the page until interrupted, on the settings' host and port unless others are given.

    The index is opened and the model loaded first, so that the first question is as quick as the next. Raises
    SettingsError when the port is taken, and an CorpusIndexError when there is no index to ask.
    """
    corpus = open_corpus(index_dir)
    host, port = host or corpus.settings.host, port or corpus.settings.port
    _check_port(host, port)
    corpus.retrieve("bonjour", k=1)
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when gradio is imported
    from qa.web.page import build_page
    from qa.web.theme import page_theme

    build_page(corpus).launch(
        server_name=host, server_port=port, inbrowser=_has_browser(), share=False, ssr_mode=False, footer_links=[],
        theme=page_theme(),
        css_paths=Path(__file__).with_name("page.css"),
    )  # fmt: skip


def _check_port(host: str, port: int) -> None:
    try:
        with socket.create_server((host, port)):
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
