"""From a folder of documents to an index that holds them."""

from __future__ import annotations

from pathlib import Path

from qa.embedding.model import Embedder
from qa.index.build import build_index
from qa.index.report import IndexReport
from qa.ingest import read_corpus


def index_corpus(
    folder: Path, index_dir: Path, embedder: Embedder, *, rebuild: bool = False, progress: bool = False
) -> IndexReport:
    """Bring the index in ``index_dir`` up to date with the documents in ``folder`` and return what was done.

    Files that cannot be read are named in the report and stop nothing. Raises SettingsError when there is no such folder
    or nothing in it, and what ``build_index`` raises.
    """
    corpus = read_corpus(folder)
    return build_index(
        index_dir, corpus.documents, embedder, corpus=str(folder),
        failures={failure.path: failure.reason for failure in corpus.failures},
        warnings={path: "; ".join(reasons) for path, reasons in corpus.warnings.items()},
        rebuild=rebuild, progress=progress,
    )  # fmt: skip
