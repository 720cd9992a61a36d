"""Files to Documents: one module for each format, and this one to choose between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from qa.errors import DocumentError, SettingsError
from qa.ingest.blocks import Parsed, assemble
from qa.ingest.markdown import parse_markdown, parse_text
from qa.languages import detect_language
from qa.records import Document

PARSERS: dict[str, Callable[[str], Parsed]] = {".md": parse_markdown, ".markdown": parse_markdown, ".txt": parse_text}
KIND_OF_FOLDER = {"articles": "article", "plans": "plan", "clusters": "cluster"}
NOT_DOCUMENTS = frozenset({"README.md", "sources.toml", "fetched.json"})  # the last two: qa/fetch


@dataclass(frozen=True, slots=True)
class Corpus:
    """What reading a folder gave: its documents by ``id``, and the files that could not be read."""

    documents: tuple[Document, ...]
    failures: tuple[DocumentError, ...]


def read_corpus(folder: Path) -> Corpus:
    """Read every document below ``folder``; a file that cannot be read never stops the others.

    Raises SettingsError when there is no such folder.
    """
    if not folder.is_dir():
        raise SettingsError(f"There is no corpus folder {folder}. Give one with --corpus DIR or QA_CORPUS_DIR.")
    documents, failures = [], []
    for path in _files(folder):
        try:
            documents.append(read_document(path, folder))
        except DocumentError as error:
            failures.append(error)
    return Corpus(tuple(documents), tuple(failures))


def read_document(path: Path, folder: Path) -> Document:
    """Read one file; its ``id`` is its path from ``folder``.

    The kind that a file does not say is the one of its folder (``articles/``, ``plans/``, ``clusters/``); the
    language that it does not say is detected. Raises DocumentError with what is wrong and how to mend it.
    """
    document_id = path.relative_to(folder).as_posix()
    parser = PARSERS.get(path.suffix.lower())
    if parser is None:
        raise DocumentError(document_id, f"files of this kind are not read; supported are {', '.join(PARSERS)}")
    try:
        parsed = parser(_decoded(path))
    except OSError as error:
        raise DocumentError(document_id, f"it cannot be opened: {error.strerror}. Check its permissions.") from error
    except ValueError as error:
        raise DocumentError(document_id, f"{error}. Mend the file and run `python -m qa index` again.") from error
    if not any(block.kind != "heading" for block in parsed.blocks):
        raise DocumentError(document_id, "it holds no text. Fill it or remove it.")
    body = " ".join(block.text for block in parsed.blocks)
    language = parsed.metadata.language or detect_language(body)
    if language == "other":
        raise DocumentError(
            document_id,
            "it is in neither French nor English. Remove it, or say `language: fr` or `en` in its front matter.",
        )
    title = parsed.metadata.title or next((b.text for b in parsed.blocks if b.kind == "heading"), None) or path.stem
    kind = parsed.metadata.kind or KIND_OF_FOLDER.get(path.relative_to(folder).parts[0])
    return assemble(document_id, parsed, title=title, kind=kind, language=language)


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith((".", "~")) for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden and path.name not in NOT_DOCUMENTS:
            yield path


def _decoded(path: Path) -> str:
    """Return the file's text: UTF-8, or Windows-1252 where it is not that."""
    data = path.read_bytes()
    if b"\0" in data:
        raise ValueError("it is not a text file, whatever its name says")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="strict")
    return text.replace("\r\n", "\n").replace("\r", "\n")
