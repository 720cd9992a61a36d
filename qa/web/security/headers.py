"""What browsers are told: where scripts may come from, who may frame the page, what is kept of it."""

from __future__ import annotations

import secrets

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_PRIVATE = ("/api/", "/v1/", "/mcp", "/login", "/gradio_api/")


def policy(nonce: str) -> str:
    """Return the content security policy of a page whose scripts carry ``nonce``.

    Gradio makes functions of the scripts that it is given (hence ``unsafe-eval``) and styles its elements one by one
    (hence ``unsafe-inline`` of styles). A script that somebody slips into the page has no nonce and does not run, and
    nothing is loaded from, or sent to, another site.
    """
    return (
        f"default-src 'self'; script-src 'self' 'nonce-{nonce}' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' blob:; connect-src 'self'; worker-src 'self' blob:; "
        "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    )


class SecurityHeaders:
    """ASGI middleware that adds the headers, and a nonce to each script of an HTML page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add to what is answered."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        page: list[Message] = []  # the start of an HTML page, held until its length is known

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_ALWAYS)
                headers["Content-Security-Policy"] = policy(nonce)
                if scope["scheme"] == "https":
                    headers["Strict-Transport-Security"] = "max-age=31536000"
                is_page = headers.get("content-type", "").startswith("text/html")
                if is_page or scope["path"].startswith(_PRIVATE):
                    headers.setdefault("Cache-Control", "no-store")
                if is_page:
                    page.append(message)
                    return
            elif page and message["type"] == "http.response.body":
                page.append(message)
                if message.get("more_body"):
                    return
                start, *pieces = page
                body = b"".join(piece.get("body", b"") for piece in pieces)
                body = body.replace(b"<script", f'<script nonce="{nonce}"'.encode())
                if "content-length" in (headers := MutableHeaders(scope=start)) and body:
                    headers["content-length"] = str(len(body))
                await send(start)
                message = {"type": "http.response.body", "body": body}
                page.clear()
            await send(message)

        await self._app(scope, receive, told)
