"""How large a file may be, and how long and how much memory reading it may take."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass

from qa.ingest.blocks import UnreadableError

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may take; a file that wants more is refused and the others are read.

    ``megabytes`` is the file's size, ``unpacked_megabytes`` that of what a DOCX or ODT unpacks to, ``seconds`` the
    time and ``memory_megabytes`` the address space that reading it may take.
    """

    megabytes: int = 50
    pages: int = 2_000
    unpacked_megabytes: int = 200
    parts: int = 10_000
    seconds: float = 120
    memory_megabytes: int = 2_000

    def check_size(self, size: int) -> None:
        """Raise UnreadableError when a file of ``size`` bytes is too large."""
        if size > self.megabytes * MEGABYTE:
            raise UnreadableError(
                f"it is too large: {size / MEGABYTE:,.0f} MB, where {self.megabytes} MB are read. Split it into parts."
            )

    def check_pages(self, pages: int) -> None:
        """Raise UnreadableError when a document has too many ``pages``."""
        if pages > self.pages:
            raise UnreadableError(f"it has {pages:,} pages, where {self.pages:,} are read. Split it into parts.")

    def check_unpacked(self, parts: list[zipfile.ZipInfo]) -> None:
        """Raise UnreadableError when a container's ``parts`` unpack to too much. (No more than they declare is unpacked.)"""
        size = sum(part.file_size for part in parts)
        if size > self.unpacked_megabytes * MEGABYTE or len(parts) > self.parts:
            raise UnreadableError(
                f"it unpacks to {size / MEGABYTE:,.0f} MB in {len(parts):,} parts, where {self.unpacked_megabytes} MB "
                f"in {self.parts:,} are read: a zip bomb, or a document with too many pictures. Take pictures out of it."
            )
