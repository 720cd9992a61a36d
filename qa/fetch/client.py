"""One polite request: paced, with each hop of a redirect checked, and every failure named as final or worth a retry."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Self, TypeVar

import httpx

from qa.errors import FetchError
from qa.fetch.addresses import PublicTransport
from qa.fetch.manners import USER_AGENT, Manners
from qa.fetch.pace import Pace

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ENCODINGS = frozenset({"", "identity", "gzip"})
Result = TypeVar("Result")


class TryAgainError(FetchError):
    """It failed in a way that may pass. ``wait`` is how long the server asks for, if it does."""

    def __init__(self, reason: str, *, host: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.host = host
        self.wait = wait


class PoliteClient:
    """Sends requests one at a time. Close it, or use it in a ``with``."""

    def __init__(self, manners: Manners, sleep: Callable[[float], None] = time.sleep) -> None:
        self.manners = manners
        self.pace = Pace(manners, sleep)
        timeout = httpx.Timeout(manners.read_timeout, connect=manners.connect_timeout)
        self._http = httpx.Client(
            transport=PublicTransport(allow_loopback=manners.allow_loopback),
            timeout=timeout,
            # Whole bytes as they are stored: they can be resumed and counted, and nothing unpacks to gigabytes.
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "identity"},
            follow_redirects=False,
            trust_env=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    @contextmanager
    def open(
        self,
        url: str,
        *,
        permit: Callable[[httpx.URL], None] = lambda _: None,
        headers: Callable[[httpx.URL], Mapping[str, str]] = lambda _: {},
    ) -> Iterator[httpx.Response]:
        """Give the response, its body unread, that ``url`` leads to; its status is neither a redirect's, 429 nor 5xx.

        ``permit`` is called with each hop's address and raises to forbid it; ``headers`` are those to send there.
        Raises FetchError for what will not change, TryAgainError for what may.
        """
        address = _parsed(url)
        for _ in range(self.manners.max_redirects + 1):
            permit(address)
            host = address.host
            self.pace.wait(host)
            request = self._http.build_request("GET", address, headers=headers(address))
            try:
                with _named(host, self.manners), closing(self._http.send(request, stream=True)) as response:
                    if response.status_code not in _REDIRECTS:
                        _refuse_trouble(response, host)
                        yield response
                        return
                    address = _parsed(response.headers.get("Location", ""), base=address)
            finally:
                self.pace.done(host)
        raise FetchError(f"it redirects more than {self.manners.max_redirects} times")

    def body(self, response: httpx.Response, *, already: int = 0) -> Iterator[bytes]:
        """Give a response's body in pieces.

        Raises FetchError when it and the ``already`` bytes before it pass ``max_bytes``, TryAgainError after
        ``total_timeout``.
        """
        received = already
        end = time.monotonic() + self.manners.total_timeout
        self._refuse_too_large(already + int(response.headers.get("Content-Length", "0")))
        for piece in response.iter_bytes():
            received += len(piece)
            self._refuse_too_large(received)
            if time.monotonic() > end:
                raise TryAgainError(
                    f"it was still coming after {self.manners.total_timeout:g} s", host=response.url.host
                )
            yield piece

    def _refuse_too_large(self, size: int) -> None:
        if size > self.manners.max_bytes:
            raise FetchError(f"it is larger than {self.manners.max_bytes / 1e6:g} MB")

    def retrying(self, attempt: Callable[[], Result]) -> Result:
        """Return what ``attempt`` returns; when it raises TryAgainError, try again after a wait, ``attempts`` in all."""
        failed = 0
        while True:
            try:
                return attempt()
            except TryAgainError as error:
                self.pace.hold_off(error.host, self.manners.backoff * 2**failed if error.wait is None else error.wait)
                failed += 1
                if failed == self.manners.attempts:
                    raise


def _parsed(url: str, base: httpx.URL | None = None) -> httpx.URL:
    if not url:
        raise FetchError("it redirects without saying where to")
    try:
        address = base.join(url) if base else httpx.URL(url)
    except httpx.InvalidURL as error:
        raise FetchError(f"{url!r} is not an address: {error}") from error
    if address.scheme not in ("http", "https") or not address.host:
        raise FetchError(f"{str(address)!r} is not an address that starts with http:// or https://")
    return address.copy_with(host=address.host.rstrip("."))  # no certificate has the dot of a full domain name


def _refuse_trouble(response: httpx.Response, host: str) -> None:
    code = response.status_code
    if code == HTTPStatus.TOO_MANY_REQUESTS or code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise TryAgainError(told(response), host=host, wait=_retry_after(response.headers.get("Retry-After", "")))
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in _ENCODINGS:
        raise FetchError(f"it comes packed as {encoding!r}, which was not asked for")


def told(response: httpx.Response) -> str:
    """Return what a status says, as the reason of a failure."""
    return f"the server answers {response.status_code} {response.reason_phrase}".rstrip()


def _retry_after(value: str) -> float | None:
    """Return the seconds that a Retry-After says, as a number or a date; ``None`` where it says neither."""
    if value.strip().isdecimal():
        return float(value)
    try:
        then = parsedate_to_datetime(value)
        return max(0.0, (then if then.tzinfo else then.replace(tzinfo=UTC)).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None


@contextmanager
def _named(host: str, manners: Manners) -> Iterator[None]:
    """Turn what the network does into our errors."""
    try:
        yield
    except httpx.ConnectTimeout as error:
        raise TryAgainError(f"{host} took no connection within {manners.connect_timeout:g} s", host=host) from error
    except httpx.TimeoutException as error:
        raise TryAgainError(f"{host} was silent for {manners.read_timeout:g} s", host=host) from error
    except httpx.TransportError as error:
        if isinstance(_root(error), ssl.SSLCertVerificationError):
            raise FetchError(f"the certificate of {host} is not valid: {error}") from error
        raise TryAgainError(f"the connection to {host} failed: {error}", host=host) from error
    except httpx.InvalidURL as error:  # httpx reads the address of a redirect even when it does not follow it
        raise FetchError(f"it redirects to what is not an address: {error}") from error
    except httpx.DecodingError as error:
        raise TryAgainError(f"what {host} sent is damaged: {error}", host=host) from error


def _root(error: BaseException) -> BaseException:
    while error.__cause__ or error.__context__:
        error = error.__cause__ or error.__context__  # type: ignore[assignment]
    return error
