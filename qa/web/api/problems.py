"""Errors to HTTP: which status an error has, and its form as a problem (RFC 9457)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import Match, Route

from qa.errors import CorpusIndexError, LanguageModelError, ModelError, PolicyQAError, SettingsError, UsageError

UNEXPECTED = "Something went wrong here, and the server's log says what. Asking again may help."


@dataclass(frozen=True, slots=True)
class Problem:
    """What goes wrong with a request: the status, what happened and what to do, and the class of our error if any.

    ``fields`` names what is wrong with which part of the request; ``headers`` go with the response.
    """

    status: int
    detail: str
    error: str | None = None
    fields: tuple[dict[str, str], ...] = ()
    headers: dict[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the members of the ``application/problem+json`` object.

        >>> Problem(404, "There is no such document.").to_dict()["title"]
        'Not Found'
        """
        members = {"type": "about:blank", "title": HTTPStatus(self.status).phrase, "status": self.status}
        extensions = {"error": self.error, "errors": list(self.fields)}
        return {**members, "detail": self.detail, **{key: value for key, value in extensions.items() if value}}


class ProblemResponse(JSONResponse):
    """A problem as the body of a response."""

    media_type = "application/problem+json"


def problem_of(error: Exception) -> Problem:
    """Return what ``error`` is to the program that made the request.

    What the request got wrong is 422, an index, a model or a setting of the server's 503, what nobody foresaw 500 without
    another word.

    >>> problem_of(UsageError("k is 0.")).status, problem_of(KeyError("secret")).detail == UNEXPECTED
    (422, True)
    """
    if isinstance(error, RequestValidationError):
        return _unreadable(error)
    if isinstance(error, HTTPException):
        return Problem(error.status_code, _detail(error), headers=dict(error.headers or {}))
    if isinstance(error, CorpusIndexError | ModelError | LanguageModelError | SettingsError):
        return Problem(503, str(error), type(error).__name__)
    if isinstance(error, UsageError):
        return Problem(422, str(error), type(error).__name__)
    return Problem(500, UNEXPECTED)


def _detail(error: HTTPException) -> str:
    if error.status_code == HTTPStatus.NOT_FOUND and error.detail == HTTPStatus.NOT_FOUND.phrase:
        return "There is nothing at this address."
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        return "This address does not take that method; the Allow header names those that it takes."
    return str(error.detail)


def _unreadable(error: RequestValidationError) -> Problem:
    fields = tuple(
        {"field": ".".join(str(part) for part in item["loc"][1:]), "problem": str(item["msg"])}
        for item in error.errors()
    )
    if any(item["type"] == "json_invalid" for item in error.errors()):
        return Problem(400, "The body is no JSON object.", fields=fields)
    named = "; ".join(f"{item['field'] or 'body'}: {item['problem']}" for item in fields)
    return Problem(422, f"The request cannot be used: {named}.", fields=fields)


def answer_errors(app: FastAPI, response: Callable[[Problem], JSONResponse]) -> None:
    """Make every error in ``app`` a ``response`` to its problem; the log has the rest."""

    async def handle(request: Request, error: Exception) -> JSONResponse:
        problem = problem_of(error)
        if problem.status == HTTPStatus.METHOD_NOT_ALLOWED:
            problem = replace(problem, headers={"Allow": ", ".join(_methods(app, request))})
        return response(problem)

    for kind in (RequestValidationError, HTTPException, PolicyQAError, Exception):
        app.add_exception_handler(kind, handle)


def _methods(app: FastAPI, request: Request) -> list[str]:
    """Return the methods that the request's address takes: several routes of one address are one to its callers."""
    matching = (
        route for route in app.routes if isinstance(route, Route) and route.matches(request.scope)[0] != Match.NONE
    )
    return sorted({method for route in matching for method in route.methods or ()})


def problem_response(problem: Problem) -> JSONResponse:
    """Return ``problem`` as ``application/problem+json``."""
    return ProblemResponse(problem.to_dict(), problem.status, problem.headers)
