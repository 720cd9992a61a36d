"""An endpoint for chat clients made for OpenAI's: ``/v1/chat/completions`` and ``/v1/models``."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from fastapi import FastAPI, HTTPException
from fastapi.responses import JSONResponse, StreamingResponse

from qa.assistant import PolicyQA
from qa.events import Event
from qa.web.api.bodies import BodyLimit
from qa.web.api.chat import MODEL, ChatRequest, Completion
from qa.web.api.problems import Problem, answer_errors, problem_of
from qa.web.readers import seen

logger = logging.getLogger(__name__)

_MODEL_CARD = {"id": MODEL, "object": "model", "created": 0, "owned_by": "policy-qa"}
_CODES = {404: "not_found", 413: "request_too_large", 503: "index_unavailable"}


def openai_app(corpus: PolicyQA) -> FastAPI:
    """Return the OpenAI-compatible application over ``corpus``, to be mounted at ``/v1``.

    There is one model, ``policy-qa``: the answers of ``ask``, with the conversation's earlier questions as its history.
    """
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.add_middleware(BodyLimit)
    answer_errors(app, _error_response)

    @app.get("/models")
    def models() -> dict[str, Any]:
        return {"object": "list", "data": [_MODEL_CARD]}

    @app.get("/models/{name:path}")
    def model(name: str) -> dict[str, Any]:
        _check_model(name)
        return _MODEL_CARD

    @app.post("/chat/completions", response_model=None)
    def complete(request: ChatRequest) -> JSONResponse | StreamingResponse:
        _check_model(request.model)
        question, history, filters = request.asked()
        completion = Completion(request)
        if not request.stream:
            return JSONResponse(completion.whole(seen(corpus).ask(question, history=history, **filters)))
        events = seen(corpus).ask_stream(question, history=history, **filters)
        first = next(events)  # before the first byte is sent, so that what goes wrong here has a status of its own
        return StreamingResponse(
            _sent(completion, chain([first], events)),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-cache"},
        )

    return app


def _check_model(name: str) -> None:
    if name != MODEL:
        raise HTTPException(404, f"The model {name!r} does not exist: the only one here is {MODEL!r}.")


def _sent(completion: Completion, events: Iterable[Event]) -> Iterator[str]:
    """Yield the stream's events; what goes wrong in the middle is its last."""
    try:
        for chunk in completion.chunks(events):
            yield f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n"
    except Exception as error:  # the status is sent, so that no handler can answer; the log has the rest
        logger.exception("A stream broke off")
        yield f"data: {json.dumps(_error(problem_of(error)), ensure_ascii=False)}\n\n"
    else:
        yield "data: [DONE]\n\n"


def _error_response(problem: Problem) -> JSONResponse:
    return JSONResponse(_error(problem), problem.status, problem.headers)


def _error(problem: Problem) -> dict[str, Any]:
    """Return ``problem`` in the form of OpenAI's errors."""
    error = {
        "message": problem.detail,
        "type": "invalid_request_error" if problem.status < 500 else "server_error",
        "param": problem.fields[0]["field"] if problem.fields else None,
        "code": problem.error or _CODES.get(problem.status),
    }
    return {"error": error}
