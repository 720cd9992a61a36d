"""Generations of the index: folders that are built aside, verified, and pointed at by ``current`` only then.

indexes/default/
├── current                 the name of the generation that answers; replaced in one step
├── lock                    held by the one process that builds
└── 000007/
├── manifest.json       model, cutting, counts and the checksum of every file
├── chroma/  lexical/  table/  sentences/  vectors.npy  texts.sqlite
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout

from qa.errors import IndexBrokenError, IndexLockedError, IndexMissingError, SettingsError
from qa.index.analysis import ANALYSIS_VERSION
from qa.index.checksums import REBUILD
from qa.passages import CUTTING_VERSION

POINTER = "current"
MANIFEST = "manifest.json"
LEXICAL, TABLE, MATRIX, SENTENCES, TEXTS = "lexical", "table", "vectors.npy", "sentences", "texts.sqlite"
_NAME = re.compile(r"\d{6,}")
_KEPT = 2  # complete generations: the one that answers and the one before it
_LOCK_SECONDS = 10.0
STORE_VERSION = "3"  # raise it when a store's layout changes
VERSIONS = {"cutting": CUTTING_VERSION, "analysis": ANALYSIS_VERSION, "store": STORE_VERSION}


@dataclass(frozen=True)
class Manifest:
    """What a generation holds and what it was made with.

    ``versions`` are those of the passage cutting, the analysis of words and the stores; ``checksums`` maps each file, by its path in the
    generation, to its SHA-256 (``qa.index.checksums``). ``failures`` are the files that could not be read, and ``warnings`` those of
    which something could not, with their reasons.
    """

    generation: str
    model: str
    model_fingerprint: str
    versions: dict[str, str]
    corpus: str
    documents: int
    passages: int
    built: str
    failures: dict[str, str] = field(default_factory=dict)
    warnings: dict[str, str] = field(default_factory=dict)
    checksums: dict[str, str] = field(default_factory=dict)


def current_generation(index_dir: Path) -> str:
    """Return the name of the generation that ``current`` points at.

    Raises IndexMissingError when none was ever built, and IndexBrokenError when there are some but no telling which.
    """
    path = index_dir / POINTER
    try:
        name = path.read_text("utf-8").strip()
    except FileNotFoundError:
        if not complete_generations(index_dir):
            raise IndexMissingError(f"There is no index in {index_dir}. Run: python -m qa index") from None
        name = ""
    except (OSError, ValueError) as error:
        raise IndexBrokenError(f"The index is damaged: {path} cannot be read ({error}). {REBUILD}") from error
    if not _NAME.fullmatch(name):
        raise IndexBrokenError(f"The index is damaged: {path} names no generation. {REBUILD}")
    return name


def complete_generations(index_dir: Path) -> list[str]:
    """Return the names of the generations that were finished and published, newest first, whatever became of them since.

    One that was finished but not pointed at yet, when its build was killed, is none of them while ``current`` is whole.
    """
    if not index_dir.is_dir():
        return []
    names = sorted((path.name for path in index_dir.iterdir() if _NAME.fullmatch(path.name)), reverse=True)
    pointed = _pointed(index_dir)
    return [name for name in names if (index_dir / name / MANIFEST).exists() and (pointed is None or name <= pointed)]


def _pointed(index_dir: Path) -> str | None:
    try:
        name = (index_dir / POINTER).read_text("utf-8").strip()
    except (OSError, ValueError):
        return None
    return name if _NAME.fullmatch(name) else None


def read_manifest(index_dir: Path, generation: str) -> Manifest:
    """Return what a generation holds. Raises IndexBrokenError when it cannot be told."""
    path = index_dir / generation / MANIFEST
    try:
        return Manifest(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise IndexBrokenError(f"The index is damaged: {path} is missing or unreadable. {REBUILD}") from error


@contextmanager
def writing(index_dir: Path) -> Iterator[None]:
    """Hold the index's lock. Raises IndexLockedError when another process has held it for ten seconds."""
    try:
        index_dir.mkdir(parents=True, exist_ok=True)
        with FileLock(index_dir / "lock", timeout=_LOCK_SECONDS):
            clear_leftovers(index_dir)
            yield
    except Timeout:
        raise IndexLockedError(
            f"Another process is building the index in {index_dir}. Wait for it to finish, then try again."
        ) from None
    except OSError as error:  # no permission, no space left, a file where the folder should be
        raise SettingsError(
            f"The index folder {index_dir} cannot be written: {error.strerror or error}. What it held before is still "
            "there. Free some space, mend its permissions, or give another folder with --index or QA_INDEX_DIR."
        ) from error


def clear_leftovers(index_dir: Path) -> None:
    """Remove what interrupted builds left behind: unfinished generations, and those that should have given way."""
    kept = {_pointed(index_dir), *complete_generations(index_dir)[:_KEPT]}
    for path in index_dir.iterdir():
        if (_NAME.fullmatch(path.name) and path.name not in kept) or path.name.startswith(f".{POINTER}."):
            _remove(path)


def next_generation(index_dir: Path) -> str:
    """Return the name that follows those of all generations."""
    existing = [int(path.name) for path in index_dir.iterdir() if _NAME.fullmatch(path.name)]
    return f"{max(existing, default=0) + 1:06d}"


def start_generation(index_dir: Path, name: str, base: str | None, *, without: str) -> None:
    """Make the folder of the generation ``name``, empty or a copy of ``base`` but for what is called ``without``."""
    if base is None:
        (index_dir / name).mkdir()
    else:
        shutil.copytree(index_dir / base, index_dir / name, ignore=shutil.ignore_patterns(MANIFEST, without))


def publish(index_dir: Path, manifest: Manifest, base: str | None) -> None:
    """Write the manifest, point ``current`` at its generation in one step, and keep one generation before it.

    That is ``base``, which it was made from and which is whole, or else the one that was pointed at.
    """
    before = base or _pointed(index_dir)
    folder = index_dir / manifest.generation
    for path in folder.rglob("*"):
        _sync(path)
    _write_durably(folder / MANIFEST, json.dumps(asdict(manifest), indent=1, ensure_ascii=False))
    _sync(folder)
    _write_durably(index_dir / POINTER, manifest.generation + "\n")
    _sync(index_dir)
    for path in index_dir.iterdir():
        if _NAME.fullmatch(path.name) and path.name not in (manifest.generation, before):
            _remove(path)


def discard(index_dir: Path, generation: str) -> None:
    """Remove a generation that was not finished."""
    shutil.rmtree(index_dir / generation, ignore_errors=True)


def _remove(path: Path) -> None:
    """Remove a generation, its manifest first: cut short, what is left is no complete generation; or a file."""
    (path / MANIFEST).unlink(missing_ok=True) if path.is_dir() else path.unlink(missing_ok=True)
    shutil.rmtree(path, ignore_errors=True)


def _sync(path: Path) -> None:
    """Have the disk hold what was written to a file or folder, against a loss of power; not every system can."""
    if os.name == "posix":
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _write_durably(path: Path, text: str) -> None:
    scratch = path.with_name(f".{path.name}.new")
    with scratch.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    scratch.replace(path)
