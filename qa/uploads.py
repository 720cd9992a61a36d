"""The files that readers upload: each reader's in a folder of her own, under a name that is a name and nothing else."""

from __future__ import annotations

import os
import shutil
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from qa.errors import SettingsError, UsageError
from qa.ingest import NOT_DOCUMENTS
from qa.ingest.formats import SUFFIXES
from qa.ingest.limits import MEGABYTE, Limits
from qa.owners import owners_folder
from qa.settings import Settings

_LONGEST_NAME = 200  # bytes; file systems take 255
_PARTIAL = ".partial-"  # hidden: what reads the folder passes over it


class Uploads:
    """The uploads of one reader, in a folder of hers below ``folder``, of at most ``megabytes`` in all."""

    def __init__(self, folder: Path, owner: str, *, megabytes: int) -> None:
        self.root, self.name = folder, owners_folder(owner)
        self._folder, self._most = folder / self.name, megabytes * MEGABYTE

    def add(self, file: Path, name: str | None = None) -> str:
        """Keep a copy of ``file`` under ``name``, in place of one of that name before, and return its document's id.

        The copy appears whole or not at all. Raises UsageError, in French and in English, when the name is none, the format
        is not read, or the file is too large, and SettingsError when it cannot be written.
        """
        kept = checked_name(file.name if name is None else name)
        size = file.stat().st_size
        most = Limits().megabytes
        if size > most * MEGABYTE:
            raise UsageError(
                f"{kept} is too large: {size / MEGABYTE:,.0f} MB, where {most} MB are read. Split it into parts.",
                french=f"{kept} est trop gros : {size / MEGABYTE:.0f} Mo, quand {most} Mo sont lus. Coupez-le en plusieurs.",
            )
        held = sum(path.stat().st_size for path in self._files() if path.name != kept)
        if held + size > self._most:
            raise UsageError(
                f"Your documents would hold more than {self._most // MEGABYTE} MB: remove some before you add {kept}.",
                french=f"Vos documents dépasseraient {self._most // MEGABYTE} Mo : retirez-en avant d'ajouter {kept}.",
            )
        try:
            self._put(file, kept)
        except OSError as error:
            raise SettingsError(
                f"{kept} cannot be kept in {self._folder} ({error.strerror}). Free some space or mend its permissions.",
                french=f"{kept} n'a pas pu être gardé ({error.strerror}) : la place manque, ou le droit d'écrire.",
            ) from error
        return f"{self.name}/{kept}"

    def remove(self, name: str) -> None:
        """Remove the file ``name``. Raises UsageError when there is none."""
        if name not in self.names():
            raise UsageError(
                f"There is no document {name!r} among yours.", french=f"« {name} » n'est pas un de vos documents."
            )
        (self._folder / name).unlink(missing_ok=True)

    def names(self) -> list[str]:
        """Return the names of the files, in order."""
        return sorted(path.name for path in self._files())

    def _files(self) -> Iterator[Path]:
        if self._folder.is_dir():
            yield from (p for p in self._folder.iterdir() if p.is_file() and not p.name.startswith("."))

    def _put(self, file: Path, name: str) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        for left in self._folder.glob(f"{_PARTIAL}*"):  # by a process that was killed
            if not _lives(int(left.name.removeprefix(_PARTIAL).partition("-")[0])):
                left.unlink(missing_ok=True)
        aside = self._folder / f"{_PARTIAL}{os.getpid()}-{os.urandom(4).hex()}"
        try:
            with file.open("rb") as source, aside.open("wb") as target:
                shutil.copyfileobj(source, target)
                target.flush()
                os.fsync(target.fileno())
            aside.replace(self._folder / name)
        finally:
            aside.unlink(missing_ok=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # another user's
        return True
    return True


def checked_name(name: str) -> str:
    r"""Return the last part of ``name``, as a file's name. Raises UsageError when it can be none, or no format we read.

    >>> checked_name("C:\\plans\\Plan été.pdf"), checked_name("../../etc/notes.md")
    ('Plan été.pdf', 'notes.md')
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    kept = "".join(char for char in last if char.isprintable()).strip().lstrip(".~ ")
    stem, dot, suffix = kept.rpartition(".")
    stem = stem.encode()[: _LONGEST_NAME - len(suffix.encode())].decode(errors="ignore")
    if not stem or f".{suffix.lower()}" not in SUFFIXES or kept in NOT_DOCUMENTS:
        read = ", ".join(sorted(SUFFIXES))
        raise UsageError(
            f"{last!r} is not a file that is read; read are {read}.",
            french=f"« {last} » n'est pas un fichier qui se lit ici ; se lisent : {read}.",
        )
    return f"{stem}{dot}{suffix}"


def open_uploads(settings: Settings, owner: str) -> Uploads:
    """Return the uploads of ``owner`` beside the index of ``settings``."""
    return Uploads(uploads_folder(settings), owner, megabytes=settings.uploads_megabytes)


def uploads_folder(settings: Settings, index_dir: Path | None = None) -> Path:
    """Return the folder of all readers' uploads: that of the settings or, where they name none, beside the index.

    >>> uploads_folder(Settings(index_dir="/data/default"))
    PosixPath('/data/default.uploads')
    """
    index_dir = (index_dir or settings.index_dir).absolute()
    return settings.uploads_dir or index_dir.with_name(f"{index_dir.name}.uploads")
