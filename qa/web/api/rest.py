"""REST: ``/api/v1/retrieve``, ``ask``, ``check`` and ``documents``, described in ``/api/openapi.json``."""

from __future__ import annotations

from itertools import islice
from typing import Annotated, Any

from fastapi import FastAPI, HTTPException, Query, Response
from fastapi import Path as InPath
from pydantic import BaseModel, Field

from qa import __version__
from qa.assistant import PolicyQA
from qa.errors import UsageError
from qa.export import FORMATS, export
from qa.filters import Filters
from qa.index.background import BackgroundIndexing
from qa.questions import read_question, written
from qa.records import Answer, Check, Document, Hit
from qa.web.api.bodies import AskRequest, BodyLimit, CheckRequest, ExportRequest, ListRequest, RetrieveRequest
from qa.web.api.problems import answer_errors, problem_response
from qa.web.api.uploads import add_uploads
from qa.web.readers import seen
from qa.web.texts import text

_DESCRIPTION = """Cited answers to French and English questions over a corpus of policy documents.

Offsets (`start`, `end`, `answer_spans`) count Unicode characters of the document's `text`, `end` not included:
`text[start:end]` is the quote, to the letter. Dates are ISO 8601, as precise as the source. Errors are
`application/problem+json` (RFC 9457), and `detail` says what to do."""


class Retrieved(BaseModel):
    """The passages that answer a question, best first. ``language`` is the question's."""

    question: str
    language: str
    hits: tuple[Hit, ...]


class ListedDocument(BaseModel):
    """A document without its text. ``characters`` is the text's length, ``pages`` how many there are, 0 for none."""

    id: str
    title: str
    kind: str | None
    language: str | None
    date: str | None
    region: str | None
    publisher: str | None
    url: str | None
    replaces: str | None
    characters: int
    pages: int


class ListedDocuments(BaseModel):
    """A part of the list of documents, by id. ``total`` counts all that the filters keep."""

    total: int
    documents: list[ListedDocument]


class ProblemBody(BaseModel):
    """What went wrong, as RFC 9457 has it."""

    type: str
    title: str
    status: int
    detail: str = Field(description="What happened and what to do.")
    error: str | None = Field(None, description="The class of the error, such as `FilterError`.")
    errors: list[dict[str, str]] | None = Field(None, description="What is wrong with which field.")


_STATUSES = {
    400: "The body is no JSON.",
    404: "There is no such document.",
    413: "The request is too large.",
    422: "The request cannot be used.",
    503: "There is no index or no model.",
}


def _problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    schema = {"$ref": "#/components/schemas/ProblemBody"}
    return {
        status: {"description": _STATUSES[status], "content": {"application/problem+json": {"schema": schema}}}
        for status in statuses
    }


_FILES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file.", "content": {form.media_type.partition(";")[0]: {} for form in FORMATS.values()}}
}


def rest_app(corpus: PolicyQA, indexing: BackgroundIndexing | None = None) -> FastAPI:
    """Return the REST application over ``corpus``, to be mounted at ``/api``, with uploads where there is an ``indexing``.

    Its functions are plain, so that each request is computed in a thread and none holds up another.
    """
    app = FastAPI(
        title="Policy QA", version=__version__, description=_DESCRIPTION, docs_url=None, redoc_url=None,
        generate_unique_id_function=lambda route: route.name,
    )  # fmt: skip
    app.add_middleware(BodyLimit)
    answer_errors(app, problem_response)
    _add_questions(app, corpus)
    _add_documents(app, corpus)
    if indexing is not None:
        add_uploads(app, corpus, indexing, {status: _problems(status) for status in _STATUSES})
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]
    return app


def _described(app: FastAPI) -> dict[str, Any]:
    """Return FastAPI's description with the errors as they are here: problems, never FastAPI's own form."""
    schema = FastAPI.openapi(app)
    schemas = schema["components"]["schemas"]
    schemas["ProblemBody"] = ProblemBody.model_json_schema()
    for operation in (operation for path in schema["paths"].values() for operation in path.values()):
        unusable = operation["responses"].get("422", {"content": {}})["content"]
        unusable.pop("application/json", None)
        if not unusable:
            operation["responses"].pop("422", None)
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    return schema


def _add_questions(app: FastAPI, corpus: PolicyQA) -> None:
    asked, sent = _problems(422, 503), _problems(400, 413, 422, 503)

    @app.get("/v1/retrieve", tags=["questions"], summary="Retrieve", responses=asked)
    def retrieve(request: Annotated[RetrieveRequest, Query()]) -> Retrieved:
        """Return the passages that answer a question best, best first, in both languages."""
        hits = seen(corpus).retrieve(request.question, k=request.k, **request.filters())
        return Retrieved(
            question=written(request.question), language=read_question(request.question).language, hits=hits
        )

    @app.post("/v1/retrieve", tags=["questions"], summary="Retrieve", responses=sent)
    def post_retrieve(request: RetrieveRequest) -> Retrieved:
        """Return the passages that answer a question best, best first, in both languages."""
        return retrieve(request)

    @app.get("/v1/ask", tags=["questions"], summary="Ask", responses=asked)
    def ask(request: Annotated[AskRequest, Query()]) -> Answer:
        """Answer a question in quoted sentences, each with the span that proves it, or say that the documents do not."""
        return seen(corpus).ask(
            request.question, history=request.history, llm=request.llm, translate=request.translate, **request.filters()
        )

    @app.post("/v1/ask", tags=["questions"], summary="Ask", responses=sent)
    def post_ask(request: AskRequest) -> Answer:
        """Answer a question in quoted sentences, each with the span that proves it, or say that the documents do not."""
        return ask(request)

    @app.get("/v1/export", tags=["questions"], summary="Export", responses=_FILES | asked, response_class=Response)
    def export_file(request: Annotated[ExportRequest, Query()]) -> Response:
        """Answer a question as `ask` does, without a language model, and return the answer as a file."""
        answers: list[Answer] = []
        for question in [*request.history, request.question] if request.whole else [request.question]:
            before = answers or request.history
            answers.append(seen(corpus).ask(question, history=before, llm="none", **request.filters()))
        form = FORMATS[request.format]
        name = "conversation" if request.whole else text("file_name", answers[-1].language)
        disposition = {"Content-Disposition": f'attachment; filename="{name}.{form.ending}"'}
        return Response(export(answers, request.format), media_type=form.media_type, headers=disposition)

    @app.get("/v1/check", tags=["questions"], summary="Check", responses=asked)
    def check(request: Annotated[CheckRequest, Query()]) -> Check:
        """Say of each claim of a text whether the documents support it, contradict it, disagree or say nothing."""
        return seen(corpus).check(request.text, **request.filters())

    @app.post("/v1/check", tags=["questions"], summary="Check", responses=sent)
    def post_check(request: CheckRequest) -> Check:
        """Say of each claim of a text whether the documents support it, contradict it, disagree or say nothing."""
        return check(request)


def _add_documents(app: FastAPI, corpus: PolicyQA) -> None:
    @app.get("/v1/documents", tags=["documents"], summary="List documents", responses=_problems(422, 503))
    def documents(request: Annotated[ListRequest, Query()]) -> ListedDocuments:
        """List the documents that the filters keep, by id, without their texts."""
        wanted = Filters(**request.filters())
        if wanted == Filters():  # then only those that are listed need be read
            ids = seen(corpus).document_ids()
            listed = [seen(corpus).document(name) for name in ids[request.offset : request.offset + request.limit]]
            return ListedDocuments(total=len(ids), documents=[_listed(document) for document in listed])
        kept = [document for document in seen(corpus).documents() if wanted.matches(document)]
        chosen = islice(kept, request.offset, request.offset + request.limit)
        return ListedDocuments(total=len(kept), documents=[_listed(document) for document in chosen])

    @app.get("/v1/documents/{id:path}", tags=["documents"], summary="Document", responses=_problems(404, 503))
    def document(document_id: Annotated[str, InPath(alias="id", description="Such as `plans/2012.md`.")]) -> Document:
        """Return one document whole: its text, sections, pages and public sources."""
        try:
            return seen(corpus).document(document_id)
        except UsageError as error:
            raise HTTPException(404, f"{error} /api/v1/documents lists what there is.") from error


def _listed(document: Document) -> ListedDocument:
    fields = {
        name: getattr(document, name) for name in ListedDocument.model_fields if name not in ("characters", "pages")
    }
    return ListedDocument(**fields, characters=len(document.text), pages=len(document.pages))
