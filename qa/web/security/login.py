"""``/login``: a name and a password for a session; ``/logout`` ends it."""

from __future__ import annotations

from html import escape
from urllib.parse import parse_qs

from fastapi import APIRouter, HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from qa.audit import AuditLog
from qa.languages import DEFAULT_LANGUAGE, LANGUAGES
from qa.users import UserStore
from qa.users.store import SESSION_SECONDS
from qa.web.security.gate import COOKIE
from qa.web.security.rates import LoginRates
from qa.web.texts import text

_MOST = 4096  # bytes of a form
_STYLE = """:root { color-scheme: light dark; --accent: #0f766e; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 24rem; margin: 12vh auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } label { display: block; margin: 1rem 0 .3rem; }
input { font: inherit; width: 100%; box-sizing: border-box; padding: .5rem; border: 1px solid #78716c; border-radius: .4rem; }
button { font: inherit; margin-top: 1.2rem; padding: .5rem 1.4rem; border: 0; border-radius: .4rem; background: var(--accent); color: white; }
[role=alert] { border-left: 4px solid #b45309; padding: .4rem .8rem; }"""


def login_routes(users: UserStore, audit: AuditLog, logins: LoginRates) -> APIRouter:
    """Return the routes; each trial is counted in ``logins``, and each session and refusal is in ``audit``."""
    routes = APIRouter()

    @routes.get("/login")
    def ask(request: Request) -> Response:
        return _page(request, request.query_params.get("next", "/"))

    @routes.post("/login")
    async def log_in(request: Request) -> Response:
        body = b""
        async for piece in request.stream():
            body += piece
            if len(body) > _MOST:
                raise HTTPException(413, "The form is too large.")
        form = {key: values[0] for key, values in parse_qs(body.decode("utf-8", "replace")).items()}
        name, then = form.get("name", ""), form.get("next", "/")
        address = request.client.host if request.client else ""
        try:
            logins.count(f"address {address}", f"name {name}")
        except HTTPException as error:
            return _page(request, then, problem="login_wait", status=error.status_code)
        user = await run_in_threadpool(users.by_password, name, form.get("password", ""))
        await run_in_threadpool(audit.record, name[:64], "login" if user else "login refused", address=address)
        if user is None:
            return _page(request, then, problem="login_wrong", status=401)
        answer = RedirectResponse(_here(then), 303)
        answer.set_cookie(
            COOKIE, users.session(user), max_age=SESSION_SECONDS, httponly=True, samesite="lax",
            secure=request.url.scheme == "https",
        )  # fmt: skip
        return answer

    @routes.post("/logout")
    def log_out() -> Response:
        answer = RedirectResponse("/login", 303)
        answer.delete_cookie(COOKIE)
        return answer

    return routes


def _here(address: str) -> str:
    r"""Return ``address`` where it is one of this site's, else the page's.

    >>> _here("/?q=plan"), _here("//evil.example"), _here("https://evil.example"), _here("/\\evil.example")
    ('/?q=plan', '/', '/', '/')
    """
    return address if address.startswith("/") and address[1:2] not in ("/", "\\") and address.isprintable() else "/"


def _page(request: Request, then: str, *, problem: str | None = None, status: int = 200) -> HTMLResponse:
    language = _preferred(request.headers.get("accept-language", ""))
    alert = f'<p role="alert">{escape(text(problem, language))}</p>' if problem else ""
    return HTMLResponse(
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(text('title', language))}</title><style>{_STYLE}</style></head><body><main>"
        f'<h1>{escape(text("title", language))}</h1>{alert}<form method="post" action="/login">'
        f'<input type="hidden" name="next" value="{escape(_here(then))}">'
        f'<label for="name">{escape(text("user_name", language))}</label><input id="name" name="name" autocomplete="username" required autofocus>'
        f'<label for="password">{escape(text("password", language))}</label>'
        f'<input id="password" name="password" type="password" autocomplete="current-password" required>'
        f"<button>{escape(text('log_in', language))}</button></form></main></body></html>",
        status,
    )


def _preferred(accepted: str) -> str:
    """Return the first of the browser's languages that the page speaks.

    >>> _preferred("de, en-GB;q=0.8, fr;q=0.5"), _preferred("")
    ('en', 'fr')
    """
    tags = (part.split(";")[0].strip()[:2].lower() for part in accepted.split(","))
    return next((tag for tag in tags if tag in LANGUAGES), DEFAULT_LANGUAGE)
