"""The log, on standard error: lines for people, or a JSON object a line for programs."""

from __future__ import annotations

import json
import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime

from qa.settings import Settings

REQUEST: ContextVar[str] = ContextVar("request", default="")
"""The id of the request that is being answered, set by ``qa.web.access``."""

_OWN = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "request", "taskName"}


class JsonLines(logging.Formatter):
    """``time`` (UTC), ``level``, ``logger``, ``message``, ``request`` where there is one, ``error``, and what else is given."""

    def format(self, record: logging.LogRecord) -> str:
        r"""Return the record as one line.

        >>> JsonLines().format(logging.makeLogRecord({"msg": "a\nb", "levelname": "INFO", "status": 200}))[-33:]
        '"message": "a\\nb", "status": 200}'
        """
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname, "logger": record.name, "message": record.getMessage(),
        }  # fmt: skip
        if REQUEST.get():
            told["request"] = REQUEST.get()
        told |= {name: value for name, value in vars(record).items() if name not in _OWN}
        if record.exc_info:
            told["error"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False, default=str)


def set_up_logging(settings: Settings) -> None:
    """Have the log written as the settings say."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        JsonLines() if settings.log_format == "json" else logging.Formatter("%(levelname)s: %(message)s")
    )
    logging.basicConfig(level=settings.log_level, handlers=[handler])
