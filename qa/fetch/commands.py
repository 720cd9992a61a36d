"""``python -m qa corpus list`` and ``corpus fetch``: their options, and what they give the command line."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from qa import terminal
from qa.errors import FetchError, UsageError
from qa.fetch.sources import SOURCES_FILE, PublicSource, read_sources, select_sources


def add_list_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that choose sources."""
    parser.add_argument("keys", nargs="*", metavar="KEY", help="the sources with these keys: S001 S020")
    parser.add_argument("--kind", metavar="K", help="sources of this kind: article, plan or cluster")
    parser.add_argument("--language", metavar="L", help="sources in this language: fr, en, ...")
    parser.add_argument("--match", metavar="TEXT", help="sources with this in their title, publisher or address")
    parser.add_argument(
        "--sources", type=Path, default=SOURCES_FILE, metavar="FILE", help="another list (default: corpus/sources.toml)"
    )


def add_fetch_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``corpus fetch``."""
    add_list_options(parser)
    parser.add_argument("--all", action="store_true", help="every source of the list")
    parser.add_argument("--into", type=Path, required=True, metavar="DIR", help="the folder that the files are put in")
    parser.set_defaults(stopped="What was fetched is kept; the same command goes on from there.")


def list_command(options: argparse.Namespace) -> tuple[dict[str, Any], str, int]:
    """Return the chosen sources as a record and as text, and the exit code."""
    sources = _chosen(options)
    return {"sources": [source.to_dict() for source in sources]}, terminal.sources(sources), 0


def fetch_command(options: argparse.Namespace) -> tuple[dict[str, Any], str, int]:
    """Download the chosen sources; return the report as a record and as text, and the exit code: 4 if any failed."""
    from qa.fetch.fetcher import Fetcher

    if not (options.all or options.keys or options.kind or options.language or options.match):
        raise UsageError("Say what to fetch: keys (S001 S020), --kind, --language, --match TEXT, or --all.")
    if options.all and options.keys:
        raise UsageError("Give keys or --all, not both.")
    report = Fetcher(options.into).fetch(_chosen(options), progress=True)
    record = report.to_dict() | {"failures": [failure.to_dict() for failure in report.failures]}
    return record, terminal.fetch_report(report), FetchError.exit_code if report.failures else 0


def _chosen(options: argparse.Namespace) -> tuple[PublicSource, ...]:
    return select_sources(
        read_sources(options.sources),
        keys=options.keys,
        kind=options.kind,
        language=options.language,
        match=options.match,
    )
