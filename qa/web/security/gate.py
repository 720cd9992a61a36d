"""The gate that every request passes: who it is, whether that is allowed, and whether it is too much."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import time
from contextlib import nullcontext
from http.cookies import CookieError, SimpleCookie
from urllib.parse import quote, urlsplit

from fastapi import HTTPException
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from qa.audit import AuditLog
from qa.settings import Settings
from qa.users import LOCAL, NOBODY, VISITOR, Role, User, UserStore
from qa.web.api.problems import problem_of, problem_response
from qa.web.readers import READER
from qa.web.security.hosts import is_loopback
from qa.web.security.rates import LoginRates, Rates

COOKIE = "policy_qa_session"
COMPUTED_AT_ONCE = 8  # requests of programs; more wait their turn, so that the page's events get theirs
_PROVEN_SECONDS = 300  # that a name and a password which went together are not compared again
_FREE = ("/healthz", "/readyz", "/login")  # whoever asks; they hold nothing of the documents
_COMPUTING = ("/api/v1/retrieve", "/api/v1/ask", "/api/v1/check", "/api/v1/export", "/v1/chat", "/mcp")
_EVENTS = ("/gradio_api/queue/join", "/gradio_api/upload", "/gradio_api/call", "/gradio_api/run", "/api/v1/uploads")
_READING = ("GET", "HEAD", "OPTIONS")
_NEEDS: tuple[tuple[str, Role], ...] = (
    ("/gradio_api/upload", "upload"), ("/api/v1/uploads", "upload"), ("/api/v1/index", "administer"),
    ("/metrics", "administer"),
)  # fmt: skip


class Gate:
    """ASGI middleware. It tells the rest who asks in ``scope["state"]["reader"]`` and in ``qa.web.readers.READER``."""

    def __init__(
        self, app: ASGIApp, *, settings: Settings, users: UserStore, audit: AuditLog, logins: LoginRates
    ) -> None:
        self._app, self._users, self._audit, self._logins = app, users, audit, logins
        self._rates = Rates(per_minute=settings.requests_per_minute, at_once=settings.requests_at_once)
        self._proven: dict[bytes, tuple[User | None, float]] = {}  # digests of names with their passwords
        self._turns = asyncio.Semaphore(COMPUTED_AT_ONCE)
        self._guarded = users.exists
        self._unnamed = LOCAL if is_loopback(settings.host) else VISITOR if settings.open_to_everyone else None
        self._header, self._proxy_role = settings.proxy_user_header, settings.proxy_role
        self._proxies = {address.strip() for address in settings.trusted_proxies.split(",")}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or answer why not."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers, path, address = Headers(scope=scope), scope["path"], (scope.get("client") or ("", 0))[0]
        try:
            user = await self._user(headers, address)
            refused = _refused(user, path, scope, headers)
            if refused is not None:
                await refused(scope, receive, send)
                return
            user = user or NOBODY
            counted = user is not LOCAL and path not in _FREE
            who = user.name or address
            computing = path.startswith(_COMPUTING) and not (path.startswith("/mcp") and scope["method"] == "GET")
            if counted and (computing or path.startswith(_EVENTS)):
                self._rates.count(who)
            scope.setdefault("state", {})["reader"] = user
            token = READER.set(user)
            try:
                with self._rates.under_way(who) if counted and computing else nullcontext():
                    async with self._turns if computing else nullcontext():
                        await self._app(scope, receive, send)
            finally:
                READER.reset(token)
        except HTTPException as error:
            await problem_response(problem_of(error))(scope, receive, send)

    async def _user(self, headers: Headers, address: str) -> User | None:
        """Return who asks, or ``None`` where somebody had to say who he is and did not.

        Once there are users there is no way back while the server runs: when their file is gone, nobody comes in.
        """
        if self._header and address in self._proxies:
            name = headers.get(self._header)
            known = {user.name: user for user in self._users.all()}
            return known.get(name, User(name, self._proxy_role)) if name else None
        self._guarded = self._guarded or self._users.exists
        if not self._guarded:
            return None if self._header else self._unnamed
        if session := _cookie(headers):
            return self._users.by_session(session)
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return self._users.by_token(given)
        if scheme.lower() == "basic":
            return await self._basic(given, address)
        return None

    async def _basic(self, given: str, address: str) -> User | None:
        try:
            name, _, password = base64.b64decode(given, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        proof = hashlib.sha256(f"{self._users.version(name)} {given}".encode()).digest()
        user, until = self._proven.get(proof, (None, 0.0))
        if user is not None and until > time.monotonic():
            return user
        self._logins.count(f"address {address}", f"name {name}")
        user = await run_in_threadpool(self._users.by_password, name, password)
        if user is None:
            await run_in_threadpool(self._audit.record, name[:64], "login refused", address=address)
        else:
            self._proven = {key: (one, end) for key, (one, end) in self._proven.items() if end > time.monotonic()}
            self._proven[proof] = user, time.monotonic() + _PROVEN_SECONDS
        return user


def _refused(user: User | None, path: str, scope: Scope, headers: Headers) -> ASGIApp | None:
    """Return what answers a request that is not let through, if it is not."""
    if scope["type"] == "websocket":  # there are none here
        return Response(status_code=403)
    if scope["method"] not in _READING and _from_elsewhere(headers):
        raise HTTPException(403, "The request comes from a page of another site.")
    if path in _FREE:
        return None
    if user is None:
        if scope["method"] == "GET" and "text/html" in headers.get("accept", ""):
            asked = path + (f"?{scope['query_string'].decode()}" if scope["query_string"] else "")
            return RedirectResponse(f"/login?next={quote(asked, safe='')}", 303)
        raise HTTPException(
            401, "Say who you are: with a token (Authorization: Bearer ...), or log in.", {"WWW-Authenticate": "Bearer"}
        )
    for prefix, role in _NEEDS:
        if path.startswith(prefix) and not user.may(role):
            raise HTTPException(403, f"{user.name or 'A visitor'} may not do that: it takes the role {role}.")
    return None


def _from_elsewhere(headers: Headers) -> bool:
    """Say whether a browser sends the request for a page of another site, which may not know what it does here."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")


def _cookie(headers: Headers) -> str | None:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return None
    return found.value if found else None
