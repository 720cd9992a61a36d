"""The server's application: the page at ``/``, and beside it what other programs call."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware

from qa.assistant import PolicyQA
from qa.audit import open_audit
from qa.index.background import BackgroundIndexing
from qa.ingest.limits import MEGABYTE, Limits
from qa.users import open_users
from qa.web.access import AccessLog
from qa.web.api.bodies import BodyLimit
from qa.web.api.health import health_routes
from qa.web.api.mcp import mcp_server
from qa.web.api.openai import openai_app
from qa.web.api.problems import answer_errors, problem_response
from qa.web.api.rest import rest_app
from qa.web.metrics import metrics_routes
from qa.web.security.gate import Gate
from qa.web.security.headers import SecurityHeaders
from qa.web.security.hosts import allowed_hosts
from qa.web.security.login import login_routes
from qa.web.security.rates import LoginRates

SESSIONS = 500  # the page's visits that are remembered, the last used, in 140 KB each; gradio would keep 10,000


def create_app(corpus: PolicyQA, indexing: BackgroundIndexing | None = None) -> FastAPI:
    """Return the page over ``corpus`` with REST at ``/api``, OpenAI's chat at ``/v1``, MCP at ``/mcp``, and health.

    ``indexing`` brings the index up to date with what readers upload. ``app.state.page_closing`` is the event that ends the connections of open pages, which else never end.
    """
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when gradio is imported
    import gradio as gr

    from qa.web.page import build_page
    from qa.web.theme import page_theme

    indexing = indexing or BackgroundIndexing(corpus.settings, corpus.embedder)
    tools = mcp_server(corpus)
    tool_routes = tools.streamable_http_app().routes

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with tools.session_manager.run():
            yield

    app = FastAPI(lifespan=lifespan, openapi_url=None, docs_url=None, redoc_url=None)
    names = allowed_hosts(corpus.settings.host, corpus.settings.allowed_hosts)
    users, audit, logins = open_users(corpus.settings), open_audit(corpus.settings), LoginRates()
    app.add_middleware(Gate, settings=corpus.settings, users=users, audit=audit, logins=logins)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=names, www_redirect=False)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(AccessLog)
    answer_errors(app, problem_response)
    app.include_router(health_routes(corpus))
    app.include_router(metrics_routes(corpus, indexing))
    app.include_router(login_routes(users, audit, logins))
    app.mount("/api", rest_app(corpus, indexing))
    app.mount("/v1", openai_app(corpus))
    app.router.routes.extend(tool_routes)
    built = build_page(corpus, indexing)
    built.state_session_capacity = SESSIONS
    gr.mount_gradio_app(
        app, built, path="/", footer_links=[], run_history=False, show_error=False, ssr_mode=False,
        theme=page_theme(), css_paths=Path(__file__).with_name("page.css"), server_name=corpus.settings.host,
        server_port=corpus.settings.port, max_file_size=Limits().megabytes * MEGABYTE,
    )  # fmt: skip
    page: FastAPI = app.routes[-1].app  # type: ignore[attr-defined]
    page.add_middleware(BodyLimit)
    app.state.page_closing = page.stop_event  # type: ignore[attr-defined]
    return app
