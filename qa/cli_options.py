"""Options that several commands share, and what they hand on."""

from __future__ import annotations

import argparse

from qa.filters import FilterOptions


def add_filters(parser: argparse.ArgumentParser) -> None:
    """Add the options that limit which documents count."""
    group = parser.add_argument_group("filters")
    group.add_argument("--language", metavar="fr|en", help="documents in this language")
    group.add_argument("--kind", metavar="K", help="documents of this kind: article, plan, cluster, ...")
    group.add_argument("--region", metavar="R", help="documents about this region")
    group.add_argument("--publisher", metavar="P", help="documents of this publisher")
    group.add_argument("--since", metavar="D", help="documents dated on or after: 2013, 2013-11 or 2013-11-14")
    group.add_argument("--until", metavar="D", help="documents dated on or before")
    group.add_argument("--as-of", metavar="D", help="documents that were out by then")


def filters_of(options: argparse.Namespace) -> FilterOptions:
    """Return the filters that were given."""
    return FilterOptions(**{name: getattr(options, name) for name in FilterOptions.__annotations__})  # type: ignore[no-any-return, typeddict-item]


def add_history(parser: argparse.ArgumentParser) -> None:
    """Add the conversation so far."""
    parser.add_argument(
        "--history", action="append", default=[], metavar="QUESTION",
        help="a question asked before it, oldest first; give it once for each",
    )  # fmt: skip
