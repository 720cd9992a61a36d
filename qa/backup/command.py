"""``python -m qa backup`` and ``python -m qa restore``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from qa.settings import Settings, get_settings

Result = tuple[dict[str, Any], str, int]


def add_file(parser: argparse.ArgumentParser) -> None:
    """Add the file of the backup."""
    parser.add_argument("file", type=Path, metavar="FILE", help="the backup")


def add_restore_options(parser: argparse.ArgumentParser) -> None:
    """Add the file and what is done about what stands already."""
    add_file(parser)
    parser.add_argument(
        "--replace",
        action="store_true",
        help="have the backup's uploads, feedback, users and audit log in place of those there are",
    )


def backup_command(options: argparse.Namespace) -> Result:
    """Write a backup."""
    from qa.backup.archive import back_up

    report = back_up(_settings(options), options.file)
    also = f", with {', '.join(report.parts)}" if report.parts else ""
    return report.to_dict(), f"{report.file}: generation {report.generation}, {report.files} files{also}.", 0


def restore_command(options: argparse.Namespace) -> Result:
    """Restore a backup."""
    from qa.audit import at_the_keyboard, open_audit
    from qa.backup.restore import restore

    settings = _settings(options)
    report = restore(settings, options.file, replace_all=options.replace)
    open_audit(settings).record(at_the_keyboard(), "restore", str(options.file))
    also = f", with {', '.join(report.parts)}" if report.parts else ""
    return report.to_dict(), f"Restored as generation {report.generation}{also}.", 0


def _settings(options: argparse.Namespace) -> Settings:
    settings = get_settings()
    return settings.model_copy(update={"index_dir": options.index}) if options.index else settings
