"""From folders of documents to an index that holds them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from qa.embedding.model import Embedder
from qa.index.build import build_index
from qa.index.report import IndexReport
from qa.index.server import ChromaServer
from qa.ingest import Corpus, read_corpus
from qa.owners import owner_of
from qa.progress import Progress, silent


def index_corpus(
    folder: Path,
    index_dir: Path,
    embedder: Embedder,
    *,
    uploads: Path | None = None,
    rebuild: bool = False,
    server: ChromaServer | None = None,
    progress: Progress = silent,
) -> IndexReport:
    """Bring the index in ``index_dir`` up to date with the documents in ``folder`` and what readers put in ``uploads``.

    Files that cannot be read are named in the report and stop nothing. Raises SettingsError when there is no such folder
    or nothing in it, and what ``build_index`` raises.
    """
    corpus = read_corpus(folder, progress=progress)
    if uploads is not None and uploads.is_dir():
        own = _of_owners(read_corpus(uploads))
        corpus = Corpus(
            corpus.documents + own.documents, corpus.failures + own.failures, {**corpus.warnings, **own.warnings}
        )
    return build_index(
        index_dir, corpus.documents, embedder, corpus=str(folder), rebuild=rebuild, server=server, progress=progress,
        failures=_failures(corpus), warnings=_warnings(corpus),
    )  # fmt: skip


def index_uploads(
    uploads: Path,
    owner: str,
    index_dir: Path,
    embedder: Embedder,
    *,
    server: ChromaServer | None = None,
    progress: Progress = silent,
) -> IndexReport:
    """Bring what the index holds of one reader's uploads up to date, without reading anything else.

    ``owner`` is the name of a folder of ``uploads`` (``qa.owners.owners_folder``). Raises what ``build_index`` raises.
    """
    (uploads / owner).mkdir(parents=True, exist_ok=True)
    read = _of_owners(read_corpus(uploads / owner, ids_from=uploads, progress=progress))
    return build_index(
        index_dir,
        read.documents,
        embedder,
        within=f"{owner}/",
        server=server,
        progress=progress,
        failures=_failures(read),
        warnings=_warnings(read),
    )


def _of_owners(read: Corpus) -> Corpus:
    """Leave out what lies beside the readers' folders, and would be everybody's."""
    return replace(
        read,
        documents=tuple(document for document in read.documents if owner_of(document.id) is not None),
        failures=tuple(failure for failure in read.failures if owner_of(failure.path) is not None),
    )


def _failures(read: Corpus) -> dict[str, str]:
    return {failure.path: failure.reason for failure in read.failures}


def _warnings(read: Corpus) -> dict[str, str]:
    return {path: "; ".join(reasons) for path, reasons in read.warnings.items()}
