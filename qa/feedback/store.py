"""The file of what readers judged: SQLite, for several processes at once; what is acknowledged outlives a kill."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, get_args

from filelock import FileLock, Timeout

from qa.errors import SettingsError, UsageError
from qa.filters import Filters
from qa.questions import written
from qa.records import Answer, Record

FeedbackVerdict = Literal["right", "wrong", "citation_wrong", "missing_document"]
VERDICTS: tuple[FeedbackVerdict, ...] = get_args(FeedbackVerdict)
LONGEST_TEXT = 1000  # characters: a word of text, not a file

_WAIT_SECONDS = 30
_SCHEMA_VERSION = 1
_SCHEMA = """
CREATE TABLE judgements (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    time TEXT NOT NULL,           -- UTC, ISO 8601
    question TEXT NOT NULL,
    understood_as TEXT NOT NULL,
    language TEXT NOT NULL,
    filters TEXT NOT NULL,        -- JSON: the filters that were given
    verdict TEXT NOT NULL,
    citation INTEGER,             -- the number that it stood under, from 1
    text TEXT NOT NULL,
    statements TEXT NOT NULL,     -- JSON: the answer's, with their citations
    generation TEXT NOT NULL
) STRICT
"""


@dataclass(frozen=True, slots=True)
class Judgement(Record):
    """What a reader said of one answer.

    ``time`` is UTC, ISO 8601. ``citation`` is the number that the judged citation stood under, counted from 1 over the
    answer, if one was. ``statements`` are the answer's as ``to_dict()`` wrote them that day, none where it abstained, and
    ``filters`` those that it was asked with.
    """

    id: int
    time: str
    question: str
    understood_as: str
    language: str
    filters: dict[str, str]
    verdict: FeedbackVerdict
    citation: int | None
    text: str
    statements: tuple[dict[str, Any], ...]
    generation: str

    @property
    def citations(self) -> tuple[dict[str, Any], ...]:
        """The answer's citations, in the order of their numbers."""
        return tuple(citation for statement in self.statements for citation in statement["citations"])


class FeedbackStore:
    """The judgements in the file ``path``, which is made when the first one is added.

    Any number of threads and processes may share the file. What ``add`` has returned is on the disk: a kill, or a
    machine that stops, loses at most what was not acknowledged.

    >>> FeedbackStore("nothing/yet.sqlite").judgements()
    ()
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)

    def add(
        self,
        answer: Answer,
        verdict: FeedbackVerdict,
        *,
        citation: int | None = None,
        text: str = "",
        filters: Mapping[str, str | None] | None = None,
    ) -> Judgement:
        """Keep what a reader said of ``answer`` and return it as it was kept.

        ``citation`` is the number of the citation that it is about, from 1; ``text`` the reader's own words, at most
        LONGEST_TEXT characters; ``filters`` what the question was asked with. Raises UsageError for a verdict, number or
        text that cannot be, FilterError for such a filter, and SettingsError where the file cannot be written.
        """
        if verdict not in VERDICTS:
            raise UsageError(f"{verdict!r} is no verdict: take one of {', '.join(VERDICTS)}.")
        statements = answer.to_dict()["statements"]
        count = sum(len(statement["citations"]) for statement in statements)
        if citation is not None and not 1 <= citation <= count:
            raise UsageError(f"There is no citation {citation}: the answer has {count or 'none'}.")
        text = text.strip()
        if len(text) > LONGEST_TEXT:
            raise UsageError(
                f"The text has {len(text)} characters: shorten it to {LONGEST_TEXT}.",
                french=f"Le texte a {len(text)} caractères : ramenez-le à {LONGEST_TEXT}.",
            )
        given = {name: value for name, value in (filters or {}).items() if value is not None}
        _check_filters(given)
        row = (
            datetime.now(UTC).isoformat(timespec="seconds"), _storable(answer.question), _storable(answer.understood_as), answer.language,
            json.dumps(given), verdict, citation, _storable(text), json.dumps(statements), answer.generation,
        )  # fmt: skip
        with self._opened() as database:
            (number,) = database.execute(
                "INSERT INTO judgements (time, question, understood_as, language, filters, verdict, citation, text, "
                "statements, generation) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
                row,
            ).fetchall()[0]
        return _judgement((number, *row))

    def judgements(self) -> tuple[Judgement, ...]:
        """Return every judgement, the oldest first; none where there is no file yet."""
        if not self.path.exists():
            return ()
        with self._opened() as database:
            rows = database.execute(
                "SELECT id, time, question, understood_as, language, filters, verdict, citation, text, statements, "
                "generation FROM judgements ORDER BY id"
            ).fetchall()
        return tuple(_judgement(row) for row in rows)

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """Open the file for one call: nothing is shared between threads, or with a process forked later."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, timeout=_WAIT_SECONDS, isolation_level=None)) as database:
                database.execute("PRAGMA synchronous = FULL")  # acknowledged means on the disk
                if _version(database) == 0:
                    self._create(database)
                if (version := _version(database)) > _SCHEMA_VERSION:
                    raise SettingsError(
                        f"A newer version of this program wrote the feedback file {self.path} (schema {version}, this one "
                        f"knows {_SCHEMA_VERSION}). Update this one, or name another file with QA_FEEDBACK_FILE."
                    )
                yield database
        except (sqlite3.DatabaseError, OSError, Timeout) as error:
            raise SettingsError(
                f"The feedback file {self.path} cannot be used ({error}). Mend what keeps it, move a damaged one away, or "
                "name another with QA_FEEDBACK_FILE."
            ) from error

    def _create(self, database: sqlite3.Connection) -> None:
        # A change to WAL does not wait for others that change it too, as a statement would: they take turns here.
        with FileLock(f"{self.path}.lock", timeout=_WAIT_SECONDS):
            if _version(database) != 0:
                return
            if database.execute("SELECT count(*) FROM sqlite_master").fetchone() != (0,):
                raise SettingsError(
                    f"{self.path} is another program's SQLite file. Name a file of its own with QA_FEEDBACK_FILE."
                )
            database.execute("PRAGMA journal_mode = WAL")
            database.executescript(f"BEGIN IMMEDIATE; {_SCHEMA}; PRAGMA user_version = {_SCHEMA_VERSION}; COMMIT")


def _version(database: sqlite3.Connection) -> int:
    (version,) = database.execute("PRAGMA user_version").fetchone()
    return int(version)


def _check_filters(given: dict[str, str]) -> None:
    if unknown := given.keys() - Filters.__dataclass_fields__:
        raise UsageError(f"There is no filter {min(unknown)!r}: take of {', '.join(Filters.__dataclass_fields__)}.")
    Filters(**given)


def _judgement(row: tuple[Any, ...]) -> Judgement:
    fields = dict(zip(Judgement.__slots__, row, strict=True))
    return Judgement(
        **{**fields, "filters": json.loads(fields["filters"]), "statements": tuple(json.loads(fields["statements"]))}
    )


def _storable(text: str) -> str:
    """Return ``text`` without what SQLite or UTF-8 cannot keep: zero characters and halves of surrogate pairs."""
    return written(text.replace("\0", ""))
