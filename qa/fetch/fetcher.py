"""Downloads chosen sources into a folder, one after the other; a bad address never stops the rest."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
from filelock import FileLock, Timeout
from tqdm import tqdm

from qa.errors import FetchError, SettingsError, UsageError
from qa.fetch.client import PoliteClient, TryAgainError, told
from qa.fetch.ledger import Entry, Ledger, sha256
from qa.fetch.manners import Manners
from qa.fetch.media import refuse_unreadable, suffix_for
from qa.fetch.partial import Partial
from qa.fetch.report import OUTCOMES, FetchReport, FetchResult
from qa.fetch.robots import Robots
from qa.fetch.sources import PublicSource, plain

_SLUG_LENGTH = 60


class Fetcher:
    """Downloads into ``folder``, which keeps a ledger of what it holds.

    ``manners`` and ``sleep`` (how it waits) are for tests.
    """

    def __init__(
        self, folder: Path, *, manners: Manners | None = None, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._folder = folder
        self._manners = manners or Manners()
        self._sleep = sleep

    def fetch(self, sources: Sequence[PublicSource], *, progress: bool = False) -> FetchReport:
        """Download ``sources`` and return what became of each.

        Raises SettingsError when the folder cannot be written, UsageError when another process is writing it. What
        was downloaded until then is kept, and the next run goes on from there.
        """
        started = time.perf_counter()
        with _writing(self._folder), PoliteClient(self._manners, self._sleep) as client:
            one = _OneFolder(self._folder, client)
            shown = tqdm(sources, desc="Fetching", unit="source", disable=not progress)
            results = tuple(one.fetch(source) for source in shown)
        counts: dict[str, int] = {name: sum(result.outcome == name for result in results) for name in OUTCOMES}
        return FetchReport(str(self._folder), counts, results, round(time.perf_counter() - started, 3))


class _OneFolder:
    """The state of one run."""

    def __init__(self, folder: Path, client: PoliteClient) -> None:
        self._folder = folder
        self._client = client
        self._robots = Robots(client)
        self._ledger = Ledger(folder)

    def fetch(self, source: PublicSource) -> FetchResult:
        try:
            known = self._ledger.whole(source)
            if known is not None and _age(known.checked) <= self._client.manners.fresh:
                return FetchResult(source.key, source.url, "recent", known.file)
            return self._client.retrying(lambda: self._download(source, known))
        except FetchError as error:
            Partial(self._folder, source.key).tidy()
            return FetchResult(source.key, source.url, "failed", reason=error.reason)
        except ValueError as error:  # what a server can think of is more than the libraries below us expect
            return FetchResult(source.key, source.url, "failed", reason=f"the answer cannot be used: {error}")

    def _download(self, source: PublicSource, known: Entry | None) -> FetchResult:
        partial = Partial(self._folder, source.key)

        def headers(url: httpx.URL) -> dict[str, str]:
            return partial.headers(url) or _conditions(url, known)

        with self._client.open(source.url, permit=self._robots.permit, headers=headers) as response:
            if response.status_code == httpx.codes.NOT_MODIFIED and known is not None:
                return self._confirm(source, response, known)
            if response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
                partial.discard()
                raise TryAgainError(told(response), host=response.url.host)
            if response.status_code not in (httpx.codes.OK, httpx.codes.PARTIAL_CONTENT):
                raise FetchError(told(response))
            refuse_unreadable(response.headers.get("Content-Type", ""))
            partial.save(response, lambda already: self._client.body(response, already=already))
        try:
            return self._store(source, response, known, partial.path)
        finally:
            partial.discard()

    def _confirm(self, source: PublicSource, response: httpx.Response, known: Entry) -> FetchResult:
        etag = response.headers.get("ETag", known.etag)
        self._ledger.put(replace(known, source=source, checked=_now(), etag=etag))
        return FetchResult(source.key, source.url, "unchanged", known.file)

    def _store(self, source: PublicSource, response: httpx.Response, known: Entry | None, arrived: Path) -> FetchResult:
        """Give the file that has arrived its name, in one step, and its entry in the ledger."""
        said = response.headers.get
        content_type = said("Content-Type", "")
        with arrived.open("rb") as file:
            suffix = suffix_for(content_type, file.read(1024), source.url)
        now, digest, name = _now(), sha256(arrived), _file_name(source, suffix)
        arrived.replace(self._folder / name)
        self._ledger.put(
            Entry(
                source=source,
                file=name,
                final_url=str(response.url),
                retrieved=now,
                checked=now,
                sha256=digest,
                content_type=content_type,
                etag=said("ETag"),
                last_modified=said("Last-Modified"),
            )
        )
        same = known is not None and known.sha256 == digest
        return FetchResult(source.key, source.url, "unchanged" if same else "fetched", name)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _conditions(url: httpx.URL, known: Entry | None) -> dict[str, str]:
    """Return the headers that ask for the file only if it is not the one we have."""
    if known is None or known.final_url != str(url):
        return {}
    conditions = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in conditions.items() if value and value.isascii()}


def _file_name(source: PublicSource, suffix: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", plain(source.title)).strip("-")
    if len(slug) > _SLUG_LENGTH:
        slug = slug[: _SLUG_LENGTH + 1].rpartition("-")[0] or slug[:_SLUG_LENGTH]
    return f"{source.key}-{slug}".rstrip("-") + suffix


def _age(checked: str) -> float:
    return (datetime.now(UTC) - datetime.fromisoformat(checked)).total_seconds()


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".fetched.lock", timeout=0):
            yield
    except Timeout:
        raise UsageError(
            f"Another process is fetching into {folder}. Wait for it, or give another --into DIR."
        ) from None
    except OSError as error:
        raise SettingsError(
            f"The folder {folder} cannot be written: {error.strerror}. Give another --into DIR."
        ) from error
