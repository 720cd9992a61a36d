"""The part of a download that has arrived, kept so that the rest can be asked for, by this run or the next.

.S001.part         the bytes
.S001.part.json    the address and ETag that they belong to; only where the server can resume
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx

from qa.errors import FetchError
from qa.fetch.client import TryAgainError


@dataclass(frozen=True, slots=True)
class _Begun:
    url: str
    etag: str


class Partial:
    """The unfinished download of one source in ``folder``."""

    def __init__(self, folder: Path, key: str) -> None:
        self.path = folder / f".{key}.part"
        self._note = folder / f".{key}.part.json"
        self._begun = self._read_note()
        self._size = self.path.stat().st_size if self._begun else 0

    def headers(self, url: httpx.URL) -> dict[str, str]:
        """Return the headers that ask ``url`` for the rest, if that is where the part came from."""
        if self._begun is None or self._begun.url != str(url) or not self._size:
            return {}
        return {"Range": f"bytes={self._size}-", "If-Range": self._begun.etag}

    def save(self, response: httpx.Response, body: Callable[[int], Iterable[bytes]]) -> Path:
        """Write a response and return the whole file; ``body`` gives its pieces, told how many bytes we have.

        Raises TryAgainError, having thrown the part away, when the response is not the rest of it. A part that is
        interrupted stays.
        """
        resumed = response.status_code == httpx.codes.PARTIAL_CONTENT
        if resumed and not self._is_continued_by(response):
            self.discard()
            raise TryAgainError("the server sent another part than was asked for", host=response.url.host)
        if not resumed:
            self._begin(response)
        try:
            with self.path.open("ab" if resumed else "wb") as file:
                for piece in body(self._size if resumed else 0):
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
        except TryAgainError:
            raise
        except FetchError:  # too large: the rest will never be asked for
            self.discard()
            raise
        return self.path

    def discard(self) -> None:
        """Throw the part away."""
        self._note.unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)

    def tidy(self) -> None:
        """Throw the part away if the rest of it could not be asked for."""
        if self._begun is None:
            self.discard()

    def _begin(self, response: httpx.Response) -> None:
        self.discard()
        etag = response.headers.get("ETag", "")
        # A weak ETag (W/"...") only says that two versions mean the same, not that their bytes fit together.
        resumable = (
            etag.startswith('"')
            and etag.isascii()
            and response.headers.get("Accept-Ranges", "").strip().lower() == "bytes"
        )
        if resumable and "Content-Encoding" not in response.headers:
            self._note.write_text(json.dumps(asdict(_Begun(str(response.url), etag))), "utf-8")

    def _is_continued_by(self, response: httpx.Response) -> bool:
        return (
            self._begun is not None
            and response.headers.get("Content-Range", "").startswith(f"bytes {self._size}-")
            and response.headers.get("ETag", self._begun.etag) == self._begun.etag
            and "Content-Encoding" not in response.headers
        )

    def _read_note(self) -> _Begun | None:
        try:
            return _Begun(**json.loads(self._note.read_text("utf-8"))) if self.path.is_file() else None
        except (FileNotFoundError, ValueError, TypeError):  # none, or cut off by a kill
            return None
