"""What went wrong with a call, from whichever provider's error it is."""

from __future__ import annotations

from typing import Any

TRANSIENT = ("rate_limited", "unreachable")  # worth another try
_BY_STATUS = {400: "rejected", 413: "rejected", 422: "rejected", 401: "refused", 403: "refused", 404: "refused", 408: "unreachable",
              409: "unreachable", 425: "unreachable", 429: "rate_limited"}  # fmt: skip
_BY_NAME = (
    ("LengthFinishReason", "truncated"),
    ("ContentFilter", "refused"),
    ("RateLimit", "rate_limited"),
    ("Authentication", "refused"),
    ("PermissionDenied", "refused"),
    ("Timeout", "unreachable"),
    ("Connect", "unreachable"),
    ("TransportError", "unreachable"),
    ("NotImplementedError", "rejected"),
)
_LONGEST_WAIT = 20.0


class CallFailed(Exception):  # noqa: N818 (it is met, never shown)
    """A call of the model gave nothing; ``outcome`` says why, as in ``ModelUse.outcome``."""

    def __init__(self, outcome: str) -> None:
        super().__init__(outcome)
        self.outcome = outcome


def outcome_of(error: BaseException) -> str:
    """Return why a call failed: by its HTTP status, or by what its error is called.

    >>> outcome_of(TimeoutError()), outcome_of(KeyError("choices"))
    ('unreachable', 'failed')
    """
    status = _status(error)
    if status is not None:
        return _BY_STATUS.get(status, "unreachable" if status >= 500 else "failed")
    names = " ".join(kind.__name__ for kind in type(error).__mro__)
    return next((outcome for part, outcome in _BY_NAME if part in names), "failed")


def wait_before(attempt: int, error: BaseException) -> float:
    """Return the seconds to wait before the next attempt: as the server asks, or twice as long each time.

    >>> wait_before(0, KeyError()), wait_before(2, KeyError())
    (0.5, 2.0)
    """
    headers: Any = getattr(getattr(error, "response", None), "headers", None) or {}
    try:
        asked = float(headers.get("retry-after"))
    except (AttributeError, TypeError, ValueError):
        asked = 0.5 * 2**attempt
    return min(max(asked, 0.0), _LONGEST_WAIT)


def _status(error: BaseException) -> int | None:
    for holder in (error, getattr(error, "response", None)):
        status = getattr(holder, "status_code", None)
        if isinstance(status, int):
            return status
    return None
