"""The audit log: who asked to change what, a JSON object a line, on the disk before it is done."""

from __future__ import annotations

import getpass
import json
import os
from datetime import UTC, datetime
from pathlib import Path

from qa.errors import SettingsError
from qa.settings import Settings


class AuditLog:
    """The log in the file ``path``, only ever added to; any number of threads and processes may share it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def record(self, who: str, did: str, what: str = "", *, address: str = "") -> None:
        """Write that ``who`` asked from ``address`` to do something: a verb and its object, never a password or token.

        Raises SettingsError when it cannot be written: what cannot be told is not done.
        """
        entry = {"time": datetime.now(UTC).isoformat(timespec="seconds"), "who": who, "did": did, "what": what}
        line = json.dumps(entry | ({"address": address} if address else {}), ensure_ascii=False) + "\n"
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(descriptor, line.encode("utf-8", "backslashreplace"))  # one call: lines do not mix
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise SettingsError(f"The audit log {self.path} cannot be written ({error.strerror}).") from error


def at_the_keyboard() -> str:
    """Return who runs the command line, as the log names them: by number where this machine has no name for them."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a container's user, say
        name = f"uid {os.getuid()}"
    return f"command line ({name})"


def open_audit(settings: Settings, index_dir: Path | None = None) -> AuditLog:
    """Return the log of the settings' file or, where they name none, of the file beside the index.

    >>> open_audit(Settings(index_dir="/data/default")).path
    PosixPath('/data/default.audit.jsonl')
    """
    index_dir = (index_dir or settings.index_dir).absolute()
    return AuditLog(settings.audit_file or index_dir.with_name(f"{index_dir.name}.audit.jsonl"))
