"""Generations of the index: folders that are built aside, verified, and pointed at by ``current`` only then.

indexes/default/
├── current                 the name of the generation that answers; replaced in one step
├── lock                    held by the one process that builds
└── 000007/
├── manifest.json       model, cutting, counts and the checksum of every file
├── chroma/  lexical/  table/  vectors.npy  texts.sqlite
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout

from qa.errors import IndexBrokenError, IndexLockedError, IndexMissingError, SettingsError
from qa.index.analysis import ANALYSIS_VERSION
from qa.passages import CUTTING_VERSION

POINTER = "current"
MANIFEST = "manifest.json"
CHROMA, LEXICAL, TABLE, MATRIX, TEXTS = "chroma", "lexical", "table", "vectors.npy", "texts.sqlite"
REBUILD = "Run: python -m qa index --rebuild"
_UNCHECKED = frozenset({f"{CHROMA}/chroma.sqlite3"})  # Chroma writes to it even when it is only read
_LOCK_SECONDS = 10.0
STORE_VERSION = "2"  # raise it when a store's layout changes
VERSIONS = {"cutting": CUTTING_VERSION, "analysis": ANALYSIS_VERSION, "store": STORE_VERSION}


@dataclass(frozen=True)
class Manifest:
    """What a generation holds and what it was made with.

    ``versions`` are those of the passage cutting, the analysis of words and the stores; ``checksums`` maps each file, by its path in the generation, to its SHA-256; a file that its library writes to
    when reading maps to ``""``. ``failures`` are the files that could not be read, and ``warnings`` those of
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
    """Return the name of the generation that answers. Raises IndexMissingError when none was ever built."""
    try:
        return (index_dir / POINTER).read_text("utf-8").strip()
    except FileNotFoundError:
        raise IndexMissingError(f"There is no index in {index_dir}. Run: python -m qa index") from None
    except OSError as error:
        raise IndexBrokenError(f"The index in {index_dir} cannot be read: {error.strerror}.") from error


def read_manifest(index_dir: Path, generation: str) -> Manifest:
    """Return what a generation holds. Raises IndexBrokenError when it cannot be told."""
    path = index_dir / generation / MANIFEST
    try:
        return Manifest(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise IndexBrokenError(f"The index is damaged: {path} is missing or unreadable. {REBUILD}") from error


def check_files(index_dir: Path, manifest: Manifest) -> None:
    """Raise IndexBrokenError, naming the file, unless every file is there with the checksum it was built with."""
    folder = index_dir / manifest.generation
    for name, expected in manifest.checksums.items():
        path = folder / name
        if not path.is_file():
            raise IndexBrokenError(f"The index is damaged: {path} is missing. {REBUILD}")
        if expected and _sha256(path) != expected:
            raise IndexBrokenError(f"The index is damaged: {path} is not as it was built. {REBUILD}")


@contextmanager
def writing(index_dir: Path) -> Iterator[None]:
    """Hold the index's lock. Raises IndexLockedError when another process has held it for ten seconds."""
    try:
        index_dir.mkdir(parents=True, exist_ok=True)
        with FileLock(index_dir / "lock", timeout=_LOCK_SECONDS):
            yield
    except Timeout:
        raise IndexLockedError(
            f"Another process is building the index in {index_dir}. Wait for it to finish, then try again."
        ) from None
    except OSError as error:  # no permission, no space left, a file where the folder should be
        raise SettingsError(
            f"The index folder {index_dir} cannot be written: {error.strerror}. Give another with --index or QA_INDEX_DIR."
        ) from error


def start_generation(index_dir: Path, base: str | None) -> str:
    """Make the next generation's folder, a copy of ``base`` or empty, and return its name.

    What an interrupted build left behind is cleared first.
    """
    existing = [int(path.name) for path in index_dir.iterdir() if path.name.isdigit()]
    pointed = current_generation(index_dir) if (index_dir / POINTER).exists() else None
    for path in index_dir.iterdir():
        if path.name.isdigit() and path.name > (pointed or ""):
            shutil.rmtree(path)
    name = f"{max(existing, default=0) + 1:06d}"
    if base is None:
        (index_dir / name).mkdir()
    else:
        shutil.copytree(index_dir / base, index_dir / name, ignore=shutil.ignore_patterns(MANIFEST))
    return name


def publish(index_dir: Path, manifest: Manifest) -> None:
    """Write the manifest, point ``current`` at its generation in one step, and keep one generation before it."""
    before = current_generation(index_dir) if (index_dir / POINTER).exists() else None
    folder = index_dir / manifest.generation
    _write_durably(folder / MANIFEST, json.dumps(asdict(manifest), indent=1, ensure_ascii=False))
    _write_durably(index_dir / POINTER, manifest.generation + "\n")
    for path in index_dir.iterdir():
        if path.name.isdigit() and path.name not in (manifest.generation, before):
            shutil.rmtree(path, ignore_errors=True)


def discard(index_dir: Path, generation: str) -> None:
    """Remove a generation that was not finished."""
    shutil.rmtree(index_dir / generation, ignore_errors=True)


def checksums(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file below ``folder``, ``""`` for those that reading changes."""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return {name: "" if name in _UNCHECKED else _sha256(folder / name) for name in names}


def _write_durably(path: Path, text: str) -> None:
    scratch = path.with_name(f".{path.name}.new")
    with scratch.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    scratch.replace(path)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
