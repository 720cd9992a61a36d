"""Files that appear whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from qa.errors import UsageError


def write_whole(file: Path, content: bytes) -> None:
    """Put ``content`` in place whole or not at all. Raises UsageError when it cannot be written.

    >>> write_whole(Path("/nowhere/a.md"), b"text")
    Traceback (most recent call last):
    qa.errors.UsageError: /nowhere/a.md cannot be written (No such file or directory): name a file in a folder that you can write to.
    """
    if not file.name:
        raise UsageError("The file to write to has no name: name one in a folder that you can write to.")
    aside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        try:
            aside.write_bytes(content)
            aside.replace(file)
        finally:
            aside.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(
            f"{file} cannot be written ({error.strerror}): name a file in a folder that you can write to."
        ) from error
