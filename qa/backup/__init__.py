"""One file that holds the index and all that could not be made again: uploads, feedback, users, the audit log."""

from __future__ import annotations

from qa.backup.archive import BackupReport, back_up
from qa.backup.restore import restore

__all__ = ["BackupReport", "back_up", "restore"]
