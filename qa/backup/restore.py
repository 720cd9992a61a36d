"""Restoring a backup: unpacked aside, each file compared with its checksum, verified, and then swapped in."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from qa.backup.archive import FORMAT, INDEX, LISTING, BackupReport, places
from qa.errors import IndexBrokenError, SettingsError
from qa.index import generations
from qa.index.checksums import check_files, checksums
from qa.index.embedded import FOLDER
from qa.index.generations import Manifest
from qa.index.matrix import VectorMatrix
from qa.index.server import LISTED, ChromaServer, get_server
from qa.index.table import PassageTable
from qa.index.vectors import open_vectors
from qa.index.verification import verify
from qa.settings import Settings

_MOST_LISTED = 64 << 20  # bytes of backup.json


def restore(settings: Settings, file: Path, *, replace_all: bool = False) -> BackupReport:
    """Put the index of the backup ``file`` in place as a new generation, and what stood beside it where nothing stands now.

    The generation that answered until then is kept as the one before. With ``replace_all`` uploads, feedback, users and the
    audit log give way to the backup's. Raises SettingsError when the file is no backup, is damaged, or would undo any of
    those without ``replace_all``; then nothing is changed.
    """
    others = places(settings)
    try:
        with zipfile.ZipFile(file) as archive, generations.writing(settings.index_dir):
            listed = _listed(archive, {INDEX, *others}, settings.index_dir)
            parts = sorted({path.partition("/")[0] for path in listed} - {INDEX})
            standing = [str(others[part]) for part in parts if _stands(others[part])]
            if standing and not replace_all:
                raise SettingsError(
                    f"There is already {', '.join(standing)}. Move that away, or say --replace to have the backup's in its place."
                )
            with tempfile.TemporaryDirectory(prefix=".restore-", dir=settings.index_dir) as scratch:
                _unpack(archive, listed, Path(scratch))
                name = _publish(settings.index_dir, Path(scratch) / INDEX, get_server(settings))
                for part in parts:
                    _put(Path(scratch) / part, others[part])
    except FileNotFoundError as error:
        raise SettingsError(f"There is no file {file}.") from error
    except OSError as error:
        raise SettingsError(f"{file} cannot be read ({error.strerror}). Nothing was changed.") from error
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise SettingsError(f"{file} is no backup, or a damaged one ({error}). Nothing was changed.") from error
    return BackupReport(str(file), name, len(listed), sum(one["size"] for one in listed.values()), tuple(parts))


def _listed(archive: zipfile.ZipFile, parts: set[str], index_dir: Path) -> dict[str, dict[str, Any]]:
    """Return the files that the backup lists, or raise SettingsError when it holds anything else."""
    try:
        listing = json.loads(archive.read(LISTING)) if archive.getinfo(LISTING).file_size <= _MOST_LISTED else {}
        wrong = _wrong(archive, listing, parts, index_dir)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        wrong = repr(error)
    if wrong is not None:
        raise SettingsError(f"This is no backup, or a damaged one: {wrong}. Nothing was changed.")
    listed: dict[str, dict[str, Any]] = listing["files"]
    return listed


def _wrong(archive: zipfile.ZipFile, listing: dict[str, Any], parts: set[str], index_dir: Path) -> str | None:
    """Return what is wrong with a backup's list of files, if anything."""
    if listing["format"] != FORMAT:
        return f"it is of format {listing['format']}, made by another version"
    if sorted(info.filename for info in archive.infolist()) != sorted([*listing["files"], LISTING]):
        return "it does not hold the files that it lists"
    for name, one in listing["files"].items():
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\\" in name or path.parts[0] not in parts or str(path) != name:
            return f"it holds {name!r}, which no backup does"
        if archive.getinfo(name).file_size != one["size"]:
            return f"{name} is not as it was backed up"
    needed, free = sum(one["size"] for one in listing["files"].values()), shutil.disk_usage(index_dir).free
    return f"it unpacks to {needed:,} bytes, where {free:,} are free" if needed > free else None


def _unpack(archive: zipfile.ZipFile, listed: dict[str, dict[str, Any]], scratch: Path) -> None:
    for name, one in listed.items():
        target = scratch / name
        target.parent.mkdir(parents=True, exist_ok=True)
        digest, left = hashlib.sha256(), int(one["size"])
        with archive.open(name) as read, target.open("wb") as written:
            while piece := read.read(min(1 << 20, left + 1)):
                left -= len(piece)
                if left < 0:
                    break
                digest.update(piece)
                written.write(piece)
        if left != 0 or digest.hexdigest() != one["sha256"]:
            raise SettingsError(f"The backup is damaged: {name} is not as it was backed up. Nothing was changed.")


def _publish(index_dir: Path, folder: Path, server: ChromaServer | None) -> str:
    """Verify the generation in ``folder`` and have ``current`` point at it, under the next name; return that."""
    try:
        manifest = Manifest(**json.loads((folder / generations.MANIFEST).read_text("utf-8")))
        (folder / generations.MANIFEST).unlink()
        check_files(folder, manifest.checksums)
    except (OSError, ValueError, TypeError, IndexBrokenError) as error:
        raise SettingsError(f"The index in the backup is not whole ({error}). Nothing was changed.") from error
    if manifest.versions != generations.VERSIONS:
        raise SettingsError("The index in the backup is another version's: build it anew with python -m qa index.")
    name = generations.next_generation(index_dir)
    folder = folder.rename(index_dir / name)
    try:
        _put_vectors(folder, server)
        verify(folder, server)
        manifest = replace(manifest, generation=name, checksums=checksums(folder))
    except BaseException:
        generations.discard(index_dir, name)
        raise
    generations.publish(index_dir, manifest, None)
    return name


def _put_vectors(folder: Path, server: ChromaServer | None) -> None:
    """Have the vectors where the settings say, wherever they were when the backup was made."""
    _remove(folder / LISTED)  # its collections may be another index's
    if server is not None:
        _remove(folder / FOLDER)
    table, matrix = PassageTable(folder / generations.TABLE), VectorMatrix(folder / generations.MATRIX)
    vectors = open_vectors(folder, server)
    vectors.update([], 0, table.ids(range(len(table))), matrix.vectors)
    vectors.close()


def _stands(path: Path) -> bool:
    return path.is_file() or path.with_name(f"{path.name}-wal").is_file() or (path.is_dir() and any(path.rglob("*")))


def _put(restored: Path, place: Path) -> None:
    """Put what was restored in its place; what stood there is kept until it is."""
    place.parent.mkdir(parents=True, exist_ok=True)
    before = place.with_name(f".{place.name}.before")
    _remove(before)
    if place.exists():
        place.rename(before)
    for log in ("-wal", "-shm"):  # SQLite would write what a killed process left there over what is restored
        _remove(place.with_name(f"{place.name}{log}"))
    shutil.move(restored, place)
    if place.is_file():
        place.chmod(0o600)
    _remove(before)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
