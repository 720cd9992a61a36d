"""Bring the index up to date with a corpus: build aside what changed, verify it, swap it in."""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from chromadb.errors import ChromaError

from qa.embedding.model import Embedder, Vectors
from qa.errors import CorpusIndexError, IndexBrokenError, IndexMissingError, IndexUnreachableError, SettingsError
from qa.index import generations
from qa.index.checksums import check_files, checksums
from qa.index.generations import Manifest
from qa.index.lexical import LexicalIndex
from qa.index.matrix import VectorMatrix
from qa.index.relations import merge_copies
from qa.index.report import IndexReport
from qa.index.sentences import SentenceVectors
from qa.index.server import ChromaServer
from qa.index.table import PassageTable
from qa.index.texts import TextStore, document_hash
from qa.index.vectors import elsewhere, holds_vectors, open_vectors
from qa.index.verification import verify
from qa.passages import cut_passages
from qa.progress import Progress, silent
from qa.quotable import in_context, quotable_spans
from qa.records import Document, Passage

logger = logging.getLogger(__name__)

_EMBED_AT_ONCE = 128  # texts of like length, so that little is padded; how far it is moves at this step


@dataclass(frozen=True)
class _Changes:
    added: list[Document]
    changed: list[Document]
    removed: list[str]
    unchanged: list[str]

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def build_index(  # noqa: PLR0913 (what to hold, how, and what else is known of it)
    index_dir: Path,
    documents: Iterable[Document],
    embedder: Embedder,
    *,
    failures: dict[str, str] | None = None,
    warnings: dict[str, str] | None = None,
    corpus: str = "",
    rebuild: bool = False,
    within: str = "",
    server: ChromaServer | None = None,
    sentences: bool = True,
    progress: Progress = silent,
) -> IndexReport:
    """Make the index in ``index_dir`` hold ``documents``, embedding only what changed, and return what was done.

    A document that ``failures`` names (path to reason) and that the index holds from before stays in it as it was.
    With nothing to do the current generation stays. A build is a new generation, published when each of a sample of
    its passages finds itself; until then, and if anything fails, the current one goes on answering. An index of
    another model or another cutting is rebuilt whole, and so is everything with ``rebuild``. With ``within`` only the
    documents whose ids begin with it are brought up to date, to ``documents``, and all others stay as they are. The
    vectors go into ``server``, or without one into the generation's folder, from wherever they were before. Without ``sentences``
    those of what can be quoted are left to be made when a question needs them, which is right where none will be asked.

    Raises SettingsError when there is nothing to index or the folder cannot be written, IndexLockedError when another process is building,
    IndexBrokenError when the new generation does not verify, IndexUnreachableError when ``server`` does not answer, and IndexMissingError when there is no index of which
    ``within`` could be a part.
    """
    started = time.perf_counter()
    failures, warnings = failures or {}, warnings or {}
    wanted = {document.id: document for document in merge_copies(documents)}
    if not wanted and not within:
        raise SettingsError(
            f"There are no readable documents in {corpus or 'the corpus'}; the index was left as it is. Add some and try again."
        )
    with generations.writing(index_dir):
        if server is not None:
            server.sweep(index_dir)
        base = None if rebuild else _usable_base(index_dir, embedder)
        if within:
            if base is None:
                raise IndexMissingError(f"There is no index in {index_dir} to add to. Run: python -m qa index")
            corpus = base.corpus
            failures, warnings = _besides(base.failures, within, failures), _besides(base.warnings, within, warnings)
        changes = _changes(index_dir, base, wanted, failures, within)
        answers = base is not None and _is_published(index_dir, base.generation) and _is_held(index_dir, base, server)
        if base is not None and answers and not changes and (base.failures, base.warnings) == (failures, warnings):
            return _report(base, changes, {"embedded": 0, "reused": base.passages}, started)
        name = generations.next_generation(index_dir)
        try:
            start = base.generation if base and (changes.added or changes.changed or changes.unchanged) else None
            generations.start_generation(index_dir, name, start, without=elsewhere(server))
            work = _apply(index_dir / name, changes, embedder, server, sentences=sentences, progress=progress)
            documents_count, passages_count = verify(index_dir / name, server)
            manifest = Manifest(
                generation=name, model=embedder.name, model_fingerprint=embedder.fingerprint,
                versions=generations.VERSIONS, corpus=corpus,
                documents=documents_count, passages=passages_count, built=datetime.now(UTC).isoformat(timespec="seconds"),
                failures=failures, warnings=warnings, checksums=checksums(index_dir / name),
            )  # fmt: skip
            generations.publish(index_dir, manifest, base.generation if base else None)
        except BaseException as error:
            if not _is_published(index_dir, name):
                generations.discard(index_dir, name)
            if isinstance(error, sqlite3.Error | ChromaError):  # they say in their own way that there is no space left
                raise OSError(str(error)) from error
            raise
        if server is not None:
            _sweep(index_dir, server)
        return _report(manifest, changes, work, started)


def _is_published(index_dir: Path, name: str) -> bool:
    try:
        return generations.current_generation(index_dir) == name
    except CorpusIndexError:
        return False


def _is_held(index_dir: Path, base: Manifest, server: ChromaServer | None) -> bool:
    """Return whether the vectors are where they shall be; the files of those in the folder have been checked."""
    folder = index_dir / base.generation
    if server is None or not holds_vectors(folder, server):
        return holds_vectors(folder, server)
    try:
        return len(open_vectors(folder, server)) == base.passages
    except IndexBrokenError as error:
        logger.warning("%s", error)
        return False


def _sweep(index_dir: Path, server: ChromaServer) -> None:
    try:
        server.sweep(index_dir)
    except IndexUnreachableError as error:  # the next build does it
        logger.warning("What the index no longer needs is still in the server. %s", error)


def _usable_base(index_dir: Path, embedder: Embedder) -> Manifest | None:
    """Return the generation that the new one can start from: the newest that is whole, of this model and version."""
    try:
        names = [generations.current_generation(index_dir)]
    except IndexMissingError:
        return None
    except IndexBrokenError as error:
        logger.warning("%s", error)
        names = []
    for name in dict.fromkeys([*names, *generations.complete_generations(index_dir)]):
        try:
            manifest = generations.read_manifest(index_dir, name)
            check_files(index_dir / name, manifest.checksums)
        except IndexBrokenError as error:
            logger.warning("%s", error)
            continue
        if (manifest.model_fingerprint, manifest.versions) == (embedder.fingerprint, generations.VERSIONS):
            return manifest
        logger.warning("The index was built with another model (%s) or version: it is rebuilt.", manifest.model)
        return None
    logger.warning("The index is rebuilt from the documents.")
    return None


def _besides(before: dict[str, str], within: str, now: dict[str, str]) -> dict[str, str]:
    return {path: reason for path, reason in before.items() if not path.startswith(within)} | now


def _changes(
    index_dir: Path, base: Manifest | None, wanted: dict[str, Document], failures: dict[str, str], within: str
) -> _Changes:
    known: dict[str, str] = {}
    if base is not None:
        store = TextStore(index_dir / base.generation / generations.TEXTS)
        known = store.document_hashes()
        store.close()
    new, changed, unchanged = [], [], []
    for document in wanted.values():
        if document.id not in known:
            new.append(document)
        elif known[document.id] != document_hash(document):
            changed.append(document)
        else:
            unchanged.append(document.id)
    left = [document_id for document_id in known if document_id not in wanted]
    closed = tuple(path for path in failures if path.endswith("/"))  # folders: nothing is known of what lies there
    kept = [
        document_id
        for document_id in left
        if document_id in failures or document_id.startswith(closed) or not document_id.startswith(within)
    ]
    removed = sorted(set(left) - set(kept))
    return _Changes(new, changed, removed, unchanged + kept)


def _apply(
    folder: Path,
    changes: _Changes,
    embedder: Embedder,
    server: ChromaServer | None,
    *,
    sentences: bool,
    progress: Progress,
) -> dict[str, int]:
    """Take out of and put into the stores of ``folder`` what changed; return how many vectors that took."""
    texts = TextStore(folder / generations.TEXTS, writable=True)
    vectors = open_vectors(folder, server)
    table = PassageTable(folder / generations.TABLE)
    lexical = LexicalIndex(folder / generations.LEXICAL, table)
    matrix = VectorMatrix(folder / generations.MATRIX, embedder.dimension)
    foreseen = SentenceVectors(folder / generations.SENTENCES, embedder.dimension)
    try:
        outdated = changes.removed + [document.id for document in changes.changed]
        outdated_passages = [passage_id for document_id in outdated for passage_id in texts.passage_ids_of(document_id)]
        kept = ~table.rows_of(outdated)
        cut = [(document, cut_passages(document)) for document in changes.added + changes.changed]
        keys = [[vector_key(document, passage) for passage in passages] for document, passages in cut]
        flat = [(document, passage) for document, passages in cut for passage in passages]
        known = {key: row for row, (key, _) in enumerate(texts.vector_keys())}
        made, reused = _vectors(flat, [key for row in keys for key in row], known, matrix, embedder, progress=progress)
        matrix.update(kept, made)
        quotable = [quotable_texts(*one) if sentences else [] for one in flat]
        foreseen.update(kept, quotable, _sentence_vectors(foreseen, quotable, embedder, progress))
        table.update(kept, cut)
        vectors.update(outdated_passages, len(flat), table.ids(range(len(table))), matrix.vectors)
        lexical.update(kept, cut, table)
        texts.update(outdated, [(document, passages, row) for (document, passages), row in zip(cut, keys, strict=True)])
        return {"embedded": len(flat) - reused, "reused": reused + int(kept.sum())}
    finally:
        texts.close()
        vectors.close()


def embedding_text(document: Document, passage: Passage) -> str:
    """Return what is embedded for a passage: its document's title and its text."""
    return f"{document.title}\n{passage.text}"


def quotable_texts(document: Document, passage: Passage) -> list[str]:
    """Return the texts that the passage's sentences are embedded by, with the sentence that tells their subject and without."""
    spans = dict.fromkeys(
        (start, end)
        for with_subject in (True, False)
        for start, end in quotable_spans(document, passage.start, passage.end, with_subject=with_subject)
    )
    return list(dict.fromkeys(in_context(document, *span) for span in spans))


def vector_key(document: Document, passage: Passage) -> str:
    """Return what tells whether a passage's vector can be reused: a digest of the text that is embedded."""
    return hashlib.sha256(embedding_text(document, passage).encode()).hexdigest()


def _vectors(
    wanted: list[tuple[Document, Passage]],
    keys: list[str],
    known: dict[str, int],
    matrix: VectorMatrix,
    embedder: Embedder,
    *,
    progress: Progress,
) -> tuple[Vectors, int]:
    """Return a vector for each wanted passage, and how many came from the index (``known`` rows) instead of the model."""
    reusable = [index for index, key in enumerate(keys) if key in known]
    missing = [index for index, key in enumerate(keys) if key not in known]
    result = np.zeros((len(wanted), embedder.dimension), dtype=np.float32)
    if reusable:
        result[reusable] = matrix.vectors[[known[keys[index]] for index in reusable]]
    missing.sort(key=lambda index: len(wanted[index][1].text))
    for start in range(0, len(missing), _EMBED_AT_ONCE):
        progress("embedding", start, len(missing))
        batch = missing[start : start + _EMBED_AT_ONCE]
        result[batch] = embedder.encode_passages([embedding_text(*wanted[index]) for index in batch])
    progress("embedding", len(missing), len(missing))
    return result, len(reusable)


def _sentence_vectors(
    store: SentenceVectors, quotable: list[list[str]], embedder: Embedder, progress: Progress
) -> dict[str, Vectors]:
    """Return the vectors of those of the ``quotable`` texts that ``store`` does not have yet."""
    texts = list(dict.fromkeys(text for row in quotable for text in row))
    missing = sorted((texts[one] for one in np.flatnonzero(store.rows(texts) < 0)), key=len)
    made: dict[str, Vectors] = {}
    for start in range(0, len(missing), _EMBED_AT_ONCE):
        progress("sentences", start, len(missing))
        batch = missing[start : start + _EMBED_AT_ONCE]
        made.update(zip(batch, embedder.encode_passages(batch), strict=True))
    progress("sentences", len(missing), len(missing))
    return made


def _report(manifest: Manifest, changes: _Changes, work: dict[str, int], started: float) -> IndexReport:
    return IndexReport(
        generation=manifest.generation,
        documents={
            "added": len(changes.added), "changed": len(changes.changed), "removed": len(changes.removed),
            "unchanged": len(changes.unchanged), "failed": len(manifest.failures),
        },
        passages={**work, "total": manifest.passages},
        failures=tuple({"path": path, "reason": reason} for path, reason in manifest.failures.items()),
        warnings=tuple({"path": path, "reason": reason} for path, reason in manifest.warnings.items()),
        seconds=round(time.perf_counter() - started, 3),
    )  # fmt: skip
