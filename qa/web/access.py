"""Each request in the log: what was asked for, never with which question, what came of it, and how long it took."""

from __future__ import annotations

import logging
import re
import secrets
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.logs import REQUEST

logger = logging.getLogger(__name__)

_ID = re.compile(r"[\w.-]{1,64}")


class AccessLog:
    """ASGI middleware that gives each request an id, its caller's ``X-Request-Id`` or one of ours, and logs its end."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        name = given if _ID.fullmatch(given) else secrets.token_hex(8)
        started, status = time.perf_counter(), 0

        async def told(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = name
            await send(message)

        token = REQUEST.set(name)
        try:
            await self._app(scope, receive, told)
        finally:
            seconds = round(time.perf_counter() - started, 4)
            user = getattr(scope.get("state", {}).get("reader"), "name", None)
            logger.info(
                "%s %s %s", scope["method"], scope["path"], status,
                extra={"method": scope["method"], "path": scope["path"], "status": status, "seconds": seconds, "user": user},
            )  # fmt: skip
            REQUEST.reset(token)
