"""Files to Documents: one module for each format, and this one to read a folder of them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from qa.dates import day_bounds
from qa.errors import DocumentError, SettingsError
from qa.fetch.ledger import fetched_metadata
from qa.ingest.blocks import Metadata, Parsed, UnreadableError, assemble
from qa.ingest.formats import SUFFIXES, format_of
from qa.ingest.limits import Limits
from qa.ingest.parse import parse_data
from qa.ingest.worker import Worker
from qa.languages import detect_language
from qa.progress import Progress, silent
from qa.records import Document

KIND_OF_FOLDER = {"articles": "article", "plans": "plan", "clusters": "cluster"}
NOT_DOCUMENTS = frozenset({"README.md", "sources.toml", "fetched.json"})  # the last two: qa/fetch

_QUICK = frozenset({"markdown", "text"})  # nothing in them can hang or crash what reads them ...
_QUICK_SIZE = 200_000  # ... in a file of this size


@dataclass(frozen=True, slots=True)
class Corpus:
    """What reading a folder gave: its documents by ``id``, and the files that could not be read.

    ``warnings`` says, by a document's id, what of it could not be read (a page that is a scan without text).
    """

    documents: tuple[Document, ...]
    failures: tuple[DocumentError, ...]
    warnings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def read_corpus(
    folder: Path, *, ids_from: Path | None = None, limits: Limits | None = None, progress: Progress = silent
) -> Corpus:
    """Read every document below ``folder``; a file that cannot be read never stops the others.

    A document's ``id`` is its path from ``folder``, or from ``ids_from``, a folder above it. Raises SettingsError when there is no such folder, or
    it cannot be looked into.
    """
    if not folder.is_dir():
        raise SettingsError(f"There is no corpus folder {folder}. Give one with --corpus DIR or QA_CORPUS_DIR.")
    documents, warnings = [], {}
    limits = limits or Limits()
    paths, failures = _files(folder, ids_from or folder)
    with Worker(limits) as worker:
        for number, path in enumerate(paths):
            progress("reading", number, len(paths))
            try:
                document, unread = _read(path, ids_from or folder, limits, worker)
            except DocumentError as error:
                failures.append(error)
            else:
                documents.append(document)
                if unread:
                    warnings[document.id] = unread
        progress("reading", len(paths), len(paths))
    return Corpus(tuple(documents), tuple(failures), warnings)


def read_document(path: Path, folder: Path, *, limits: Limits | None = None) -> Document:
    """Read one file; its ``id`` is its path from ``folder``.

    The kind that a file does not say is the one of its folder (``articles/``, ``plans/``, ``clusters/``); the
    language that it does not say is detected. Raises DocumentError with what is wrong and how to mend it.
    """
    limits = limits or Limits()
    with Worker(limits) as worker:
        return _read(path, folder, limits, worker)[0]


def _read(path: Path, folder: Path, limits: Limits, worker: Worker) -> tuple[Document, tuple[str, ...]]:
    """Return the document in the file at ``path``, and what of it could not be read."""
    document_id = path.relative_to(folder).as_posix()
    try:
        _check_place(path, folder)
        kind, parsed = _parsed(path, limits, worker)
        parsed = replace(parsed, metadata=_completed(parsed.metadata, path))
        _check_text(parsed)
        _check_metadata(parsed.metadata)
        language = _language(kind, parsed)
    except OSError as error:
        raise DocumentError(
            _shown(document_id), f"it cannot be opened: {error.strerror}. Check its permissions."
        ) from error
    except UnreadableError as error:
        raise DocumentError(_shown(document_id), str(error)) from error
    title = parsed.metadata.title or next((b.text for b in parsed.blocks if b.kind == "heading"), None) or path.stem
    kind_of_document = parsed.metadata.kind or KIND_OF_FOLDER.get(path.relative_to(folder).parts[0])
    document = assemble(document_id, parsed, title=title, kind=kind_of_document, language=language)
    return document, parsed.warnings


def _parsed(path: Path, limits: Limits, worker: Worker) -> tuple[str, Parsed]:
    size = path.stat().st_size
    limits.check_size(size)
    if SUFFIXES.get(path.suffix.lower()) in _QUICK and size <= _QUICK_SIZE:
        data = path.read_bytes()
        if format_of(data, path.name, limits) in _QUICK:
            return parse_data(data, path.name, limits)
    return worker.parse(path)


def _completed(metadata: Metadata, path: Path) -> Metadata:
    """Return ``metadata`` with what the list of sources says of a fetched file where the file says nothing."""
    known = fetched_metadata(path)
    if known is None:
        return metadata
    return replace(metadata, **{name: getattr(metadata, name) or value for name, value in asdict(known).items()})


def _language(kind: str, parsed: Parsed) -> str | None:
    """Return the document's language: what its text is in, or what it says where that cannot be told.

    Front matter is written by people and comes first; what other files say is often a program's default.
    """
    declared = parsed.metadata.language
    if declared and kind == "markdown":
        return declared
    detected = detect_language(" ".join(block.text for block in parsed.blocks), default=declared)
    if detected != "other":
        return detected
    if declared is None:
        mend = ", or say `language: fr` or `en` in its front matter" if kind == "markdown" else ""
        raise UnreadableError(f"it is in neither French nor English. Remove it{mend}.")
    return declared


def _files(folder: Path, ids_from: Path) -> tuple[list[Path], list[DocumentError]]:
    """Return the files of documents, in order, and which folders could not be looked into: ``sub/`` stands for all in it."""
    found: list[Path] = []
    failures: list[DocumentError] = []

    def closed(error: OSError) -> None:
        if Path(error.filename) == folder:
            raise SettingsError(
                f"The corpus folder {folder} cannot be opened: {error.strerror}. Check its permissions."
            )
        place = f"{Path(error.filename).relative_to(ids_from).as_posix()}/"
        failures.append(DocumentError(place, f"it cannot be opened: {error.strerror}. Check its permissions."))

    for at, folders, files in os.walk(folder, onerror=closed):
        folders[:] = [name for name in folders if not name.startswith((".", "~"))]
        # a link to a folder is none to follow: it is named as what cannot be read
        links = [name for name in folders if Path(at, name).is_symlink()]
        found += [
            Path(at, name)
            for name in files + links
            if not name.startswith((".", "~")) and name not in NOT_DOCUMENTS
            and (Path(at, name).is_symlink() or Path(at, name).is_file())
        ]  # fmt: skip
    return sorted(found), failures


def _check_place(path: Path, folder: Path) -> None:
    """Raise UnreadableError when the file is not one of the corpus, or has a name that cannot be written."""
    real = Path(os.path.realpath(path))
    if not real.is_relative_to(os.path.realpath(folder)):
        raise UnreadableError("it is a link that leaves the corpus folder. Put the file itself there.")
    if path.is_symlink() and not real.is_file():
        raise UnreadableError("it is a link to a folder or to nothing. Put the file or folder itself there.")
    if _shown(path.name) != path.name:
        raise UnreadableError("its name is not written in UTF-8. Rename it.")


def _check_text(parsed: Parsed) -> None:
    if not any(block.kind != "heading" for block in parsed.blocks):
        raise UnreadableError("it holds no text. Fill it or remove it.")


def _check_metadata(about: Metadata) -> None:
    """Raise UnreadableError for what could be in no index: one file must not stop it."""
    try:
        if about.date is not None:
            day_bounds(about.date)
        for value in (about.title, about.kind, about.region, about.publisher, about.url, about.replaces):
            (value or "").encode()
    except UnicodeEncodeError:
        raise UnreadableError(
            "it says something of itself in characters that do not exist. Mend its front matter."
        ) from None
    except ValueError:
        raise UnreadableError(
            f"it is dated {about.date}, which is no day. Write 2013, 2013-11 or 2013-11-14."
        ) from None


def _shown(name: str) -> str:
    return name.encode("utf-8", "backslashreplace").decode("utf-8")
