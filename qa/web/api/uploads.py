"""A reader's own documents over REST: ``/api/v1/uploads``."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, HTTPException, Request
from fastapi import Path as InPath
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from qa.assistant import PolicyQA
from qa.audit import open_audit
from qa.errors import CorpusIndexError, UsageError
from qa.index.background import BackgroundIndexing
from qa.uploads import Uploads, open_uploads
from qa.web.readers import READER

Name = Annotated[str, InPath(description="The file's name, such as `plan.pdf`; its ending says the format.")]


class UploadedFile(BaseModel):
    """One file: the document that it is, and either how many passages it gave or why it cannot be read, once it is indexed."""

    name: str
    document_id: str
    passages: int | None
    problem: str | None


class Indexing(BaseModel):
    """How far indexing is: ``step`` is null at rest, and ``error`` then says what ended the last one, if anything."""

    step: str | None
    done: int
    total: int
    error: str | None


class UploadedFiles(BaseModel):
    """The reader's own files, by name."""

    files: list[UploadedFile]
    indexing: Indexing = Field(description="Until it is at rest, the index before answers.")


def add_uploads(
    app: FastAPI, corpus: PolicyQA, indexing: BackgroundIndexing, problems: dict[int, dict[int | str, dict[str, Any]]]
) -> None:
    """Add the routes to ``app``; ``problems`` describes each status that they answer errors with."""

    @app.post("/v1/index", status_code=202, tags=["uploads"], summary="Index", responses=problems[503])
    def index() -> Indexing:
        """Bring the whole index up to date with the corpus and all uploads, in the background. It takes an administrator."""
        _record(corpus, "index", str(corpus.settings.corpus_dir))
        indexing.everything()
        return _state(indexing)

    @app.get("/v1/uploads", tags=["uploads"], summary="List uploads")
    def uploads() -> UploadedFiles:
        """List the reader's own files, with what became of each, and how far indexing is."""
        return _listed(corpus, indexing, _uploads(corpus))

    @app.put(
        "/v1/uploads/{name}",
        status_code=202,
        tags=["uploads"],
        summary="Upload",
        responses=problems[413] | problems[422] | problems[503],
        openapi_extra={"requestBody": {"required": True, "content": {"application/octet-stream": {}}}},
    )
    async def upload(name: Name, request: Request) -> UploadedFiles:
        """Keep the request's body as a file, in place of one of that name, and index it in the background."""
        own = _uploads(corpus)
        with tempfile.NamedTemporaryFile() as body:
            async for piece in request.stream():
                body.write(piece)
            body.flush()
            await run_in_threadpool(_record, corpus, "upload", name)
            await run_in_threadpool(own.add, Path(body.name), name)
        indexing.uploads_of(own.name)
        return await run_in_threadpool(_listed, corpus, indexing, own)

    @app.delete(
        "/v1/uploads/{name}",
        status_code=202,
        tags=["uploads"],
        summary="Remove an upload",
        responses=problems[404] | problems[503],
    )
    def remove(name: Name) -> UploadedFiles:
        """Remove a file, and what is indexed of it in the background."""
        own = _uploads(corpus)
        _record(corpus, "remove upload", name)
        try:
            own.remove(name)
        except UsageError as error:
            raise HTTPException(404, error.in_language("en")) from error
        indexing.uploads_of(own.name)
        return _listed(corpus, indexing, own)


def _record(corpus: PolicyQA, did: str, what: str) -> None:
    open_audit(corpus.settings).record(READER.get().owner, did, what)


def _uploads(corpus: PolicyQA) -> Uploads:
    return open_uploads(corpus.settings, READER.get().owner)


def _listed(corpus: PolicyQA, indexing: BackgroundIndexing, own: Uploads) -> UploadedFiles:
    passages: dict[str, int] = {}
    copies: dict[str, str] = {}
    failures: dict[str, str] = {}
    try:
        generation = corpus.generation()
        passages = {listed.id: listed.passages for listed in generation.texts.listing()}
        copies, failures = generation.texts.copies(), generation.manifest.failures
    except CorpusIndexError:
        pass  # nothing is indexed of them
    places = {name: f"{own.name}/{name}" for name in own.names()}
    files = [
        UploadedFile(name=name, document_id=key, passages=passages.get(key), problem=failures.get(place))
        for name, place in places.items()
        for key in [copies.get(place, place)]
    ]
    return UploadedFiles(files=files, indexing=_state(indexing))


def _state(indexing: BackgroundIndexing) -> Indexing:
    state = indexing.state
    error = state.error.in_language("en") if state.error else None
    return Indexing(step=state.step, done=state.done, total=state.total, error=error)
