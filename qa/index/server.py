"""The vectors of a generation in a Chroma server, whose collections are shared between generations.

A generation lists its collections in ``chroma.json``: a large one, which of its passages are no longer to be found, and
a small one of what is new since, which each update writes anew. So an update sends little, the generation before it
goes on answering from what it lists, and ``current`` swaps them as it swaps folders. When the small one has grown to a
tenth, everything is written anew. What no generation lists any more is deleted (``ChromaServer.sweep``): the index's
folder keeps, in ``collections``, the names of all that were made for it, each written there before it is made.
"""

from __future__ import annotations

import json
import logging
import secrets
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

import chromadb
import httpx
from chromadb.api import ClientAPI
from chromadb.api.models.Collection import Collection
from chromadb.errors import ChromaError, NotFoundError

from qa.embedding.model import Vectors
from qa.errors import IndexBrokenError, IndexUnreachableError
from qa.index.chroma import COLLECTION, batches, chroma_settings, put
from qa.settings import Settings

logger = logging.getLogger(__name__)

LISTED = "chroma.json"
MADE = "collections"
_BATCH = 2000  # passages in a request: 3 MB of vectors
_CONNECT_SECONDS, _ANSWER_SECONDS = 5.0, 60.0
_SMALL = 1000  # passages: up to here the small collection may grow, whatever the large one holds
_SHARE = 0.1  # and up to this share of all


def get_server(settings: Settings) -> ChromaServer | None:
    """Return the Chroma server that ``settings`` name, or None where the vectors are kept in the index's folder."""
    if settings.chroma_url is None:
        return None
    return ChromaServer(settings.chroma_url, settings.chroma_key.get_secret_value() if settings.chroma_key else None)


class ChromaServer:
    """The Chroma server at ``url``; ``key`` is sent to what guards it, as a bearer token. Safe to share between threads.

    Nothing is sent before it is needed, and each request finds the server again after it was away.
    """

    def __init__(self, url: str, key: str | None = None) -> None:
        self.url = url.rstrip("/")
        self._key = key
        self._client: ClientAPI | None = None
        self._lock = threading.Lock()

    @contextmanager
    def reached(self) -> Iterator[ClientAPI]:
        """Give a client; what goes wrong with it becomes an IndexUnreachableError, or an IndexBrokenError for what is gone."""
        try:
            with self._lock:
                self._client = self._client or self._connect()
            yield self._client
        except NotFoundError as error:
            raise IndexBrokenError(
                f"The Chroma server at {self.url} does not hold this index ({error}). Run: python -m qa index"
            ) from error
        except (httpx.HTTPError, ChromaError, OSError, ValueError) as error:
            raise IndexUnreachableError(
                f"The Chroma server at {self.url} cannot be reached ({error}). Start it, or mend QA_CHROMA_URL or "
                "QA_CHROMA_KEY, and try again.",
                french="L'index ne peut pas être consulté pour le moment : son serveur ne répond pas. Réessayez plus tard.",
            ) from error

    def _connect(self) -> ClientAPI:
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        timeout = httpx.Timeout(_ANSWER_SECONDS, connect=_CONNECT_SECONDS)
        httpx.get(f"{self.url}/api/v2/heartbeat", headers=headers, timeout=timeout).raise_for_status()
        client = chromadb.HttpClient(host=self.url, headers=headers, settings=chroma_settings())
        # Chroma's client waits for ever, and has no option for it.
        client._server._session.timeout = timeout  # type: ignore[attr-defined]  # noqa: SLF001
        return client

    def make(self, index_dir: Path, generation: str, ids: Sequence[str], vectors: Vectors) -> str:
        """Make a collection of ``vectors`` for the index in ``index_dir`` and return its name."""
        name = f"policy-qa-{generation}-{secrets.token_hex(8)}"
        with (index_dir / MADE).open("a", encoding="utf-8") as made:
            made.write(f"{name}\n")
        with self.reached() as client:
            put(client.create_collection(name, **COLLECTION), ids, vectors, _BATCH)
        return name

    def sweep(self, index_dir: Path) -> None:
        """Delete the collections made for the index in ``index_dir`` that none of its generations lists any more."""
        try:
            made = (index_dir / MADE).read_text("utf-8").split()
        except FileNotFoundError:
            return
        listed = {part.name for path in index_dir.glob(f"*/{LISTED}") for part in _read(path)}
        for name in (name for name in made if name not in listed):
            with self.reached() as client:
                try:
                    client.delete_collection(name)
                except NotFoundError:  # it was not made, or is deleted already
                    logger.info("The collection %s is gone already.", name)
        (index_dir / f".{MADE}").write_text("".join(f"{name}\n" for name in made if name in listed), "utf-8")
        (index_dir / f".{MADE}").replace(index_dir / MADE)


@dataclass
class _Part:
    """One collection: its ``name``, how many ``passages`` it was made of, and which of them are no longer to be found."""

    name: str
    passages: int
    dead: list[str] = field(default_factory=list)


def _read(path: Path) -> list[_Part]:
    try:
        return [_Part(**part) for part in json.loads(path.read_text("utf-8"))]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError) as error:
        raise IndexBrokenError(f"The index is damaged: {path} cannot be read. Run: python -m qa index") from error


class ServerVectors:
    """The vectors that ``chroma.json`` of the generation ``folder`` lists, in ``server``; a ``VectorIndex``."""

    def __init__(self, folder: Path, server: ChromaServer) -> None:
        self._folder = folder
        self._server = server
        self._parts = _read(folder / LISTED)
        self._opened: dict[str, Collection] = {}
        self._count: int | None = None

    def __len__(self) -> int:
        if self._count is None:
            self._count = sum(self._held(part) - len(part.dead) for part in self._parts)
        return self._count

    def reach(self) -> None:
        with self._server.reached() as client:
            client.heartbeat()

    def close(self) -> None:
        self._opened.clear()

    def search(self, vectors: Vectors, limit: int) -> list[list[tuple[str, float]]]:
        found: list[list[tuple[str, float]]] = [[] for _ in vectors]
        if limit < 1:
            return found
        for part in self._parts:
            for row, more in zip(found, self._search(part, vectors, limit), strict=True):
                row.extend(more)
        return [sorted(row, key=lambda one: -one[1])[:limit] for row in found]

    def _search(self, part: _Part, vectors: Vectors, limit: int) -> list[list[tuple[str, float]]]:
        """Return the nearest of one collection, asking for more while too many of them are dead."""
        dead, living = set(part.dead), part.passages - len(part.dead)
        wanted = min(limit, living)
        asked = min(part.passages, wanted + -(-2 * wanted * len(dead) // part.passages))
        while True:
            with self._server.reached():
                result = self._collection(part).query(query_embeddings=vectors, n_results=asked, include=["distances"])
            found = [
                [(one, 1.0 - float(distance)) for one, distance in zip(ids, row, strict=True) if one not in dead]
                for ids, row in zip(result["ids"], result["distances"] or [], strict=True)
            ]
            if asked == part.passages or all(len(row) >= wanted for row in found):
                return found
            asked = min(part.passages, asked * 4)

    def update(self, removed: Sequence[str], added: int, ids: Sequence[str], vectors: Vectors) -> None:
        large = self._parts[0] if self._parts and self._is_whole() else None
        if large is not None:
            large.dead.extend(self._among(large, removed))
            kept = large.passages - len(large.dead)  # those of the large collection come first in ``ids``
            if (
                kept < 1
                or kept + added > len(ids)
                or len(large.dead) + len(ids) - kept > max(_SMALL, _SHARE * len(ids))
            ):
                large = None
        parts, start = ([large], large.passages - len(large.dead)) if large is not None else ([], 0)
        if start < len(ids):
            name = self._server.make(self._folder.parent, self._folder.name, ids[start:], vectors[start:])
            parts.append(_Part(name, len(ids) - start))
        self._parts, self._count = parts, None
        (self._folder / LISTED).write_text(json.dumps([asdict(part) for part in parts], indent=1), "utf-8")

    def _among(self, part: _Part, ids: Sequence[str]) -> list[str]:
        """Return which of ``ids`` are in the collection and living."""
        there: set[str] = set()
        for start, end in batches(len(ids), _BATCH):
            with self._server.reached():
                there.update(self._collection(part).get(ids=list(ids[start:end]), include=[])["ids"])
        return sorted(there.difference(part.dead))

    def _is_whole(self) -> bool:
        """Return whether the server still holds everything that is listed."""
        try:
            return all(self._held(part) == part.passages for part in self._parts)
        except IndexBrokenError as error:
            logger.warning("%s", error)
            return False

    def _held(self, part: _Part) -> int:
        with self._server.reached():
            return self._collection(part).count()

    def _collection(self, part: _Part) -> Collection:
        if part.name not in self._opened:
            with self._server.reached() as client:
                self._opened[part.name] = client.get_collection(part.name, embedding_function=None)
        return self._opened[part.name]
