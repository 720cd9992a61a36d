"""Which documents count for a question: the filters, and the fields of a document that they look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypedDict

from qa.dates import day_bounds, parse_day
from qa.errors import FilterError
from qa.languages import LANGUAGES
from qa.owners import owner_of
from qa.records import Document


class FilterOptions(TypedDict, total=False):
    """The filters as keyword arguments, for ``retrieve`` and ``ask``."""

    kind: str | None
    language: str | None
    region: str | None
    publisher: str | None
    since: str | None
    until: str | None
    as_of: str | None


@dataclass(frozen=True, slots=True)
class Filters:
    """What a document has to be. ``None`` is no condition; names are compared without regard to case.

    ``since`` and ``until`` keep documents that can be dated on or after, and on or before, a day; ``as_of`` keeps
    those that were out by then: a document of « 2013-11 » was surely out on 30 November. Documents without a date
    pass none of the three. ``reader`` is who asks: the documents that others uploaded do not count; ``None`` sees all.
    Raises FilterError for a date or a language that is none.

    >>> Filters(kind="Plan", since="2012").equal()
    {'kind': 'plan'}
    """

    kind: str | None = None
    language: str | None = None
    region: str | None = None
    publisher: str | None = None
    since: str | None = None
    until: str | None = None
    as_of: str | None = None
    reader: str | None = None

    def __post_init__(self) -> None:
        if self.language not in (None, *LANGUAGES):
            raise FilterError(f"language is {self.language!r}; it has to be fr or en.")
        self.within()

    def matches(self, document: Document) -> bool:
        """Say whether a document is what these filters keep, as the indexes do."""
        fields = filter_fields(document)
        days = (
            name in fields and (low is None or fields[name] >= low) and (high is None or fields[name] <= high)
            for name, (low, high) in self.within().items()
        )
        seen = self.reader is None or owner_of(document.id) in (None, self.reader)
        return seen and all(fields.get(name) == value for name, value in self.equal().items()) and all(days)

    def equal(self) -> dict[str, str]:
        """Return the fields that have to have one value."""
        wanted = {"kind": self.kind, "language": self.language, "region": self.region, "publisher": self.publisher}
        return {name: value.strip().casefold() for name, value in wanted.items() if value is not None}

    def within(self) -> dict[str, tuple[int | None, int | None]]:
        """Return the fields that have to lie between two days, both included; ``None`` is no bound."""
        since = parse_day(self.since, "since")[0] if self.since is not None else None
        until = parse_day(self.until, "until")[1] if self.until is not None else None
        as_of = parse_day(self.as_of, "as_of")[1] if self.as_of is not None else None
        last_day = (since, as_of)
        bounds = {"first_day": (None, until), "last_day": last_day}
        return {name: (low, high) for name, (low, high) in bounds.items() if low is not None or high is not None}


def filter_fields(document: Document) -> dict[str, Any]:
    """Return what filters look at: names without case, and the days that the document's date can mean.

    >>> filter_fields(Document(id="a.md", title="A", text="", kind="plan", date="2012"))
    {'kind': 'plan', 'first_day': 20120101, 'last_day': 20121231}
    """
    fields: dict[str, Any] = {}
    for name in ("kind", "language", "region", "publisher"):
        value = getattr(document, name)
        if value is not None:
            fields[name] = value.strip().casefold()
    if document.date is not None:
        fields["first_day"], fields["last_day"] = day_bounds(document.date)
    return fields
