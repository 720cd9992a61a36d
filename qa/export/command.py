"""``python -m qa export``: its options, and what it gives the command line."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from qa.cli_options import add_filters, add_history, filters_of
from qa.errors import UsageError
from qa.export import FORMATS, export
from qa.files import write_whole

_STANDARD_OUTPUT = "-"


def add_export_options(parser: argparse.ArgumentParser) -> None:
    """Add the question, the file and its format."""
    parser.add_argument("question", metavar="QUESTION")
    parser.add_argument("--format", choices=FORMATS, required=True, help="what to write")
    parser.add_argument(
        "-o", dest="file", required=True, metavar="FILE", help="where to write it; - is standard output"
    )
    add_history(parser)
    add_filters(parser)


def export_command(options: argparse.Namespace) -> tuple[dict[str, Any], str, int]:
    """Ask, write the answer, and return the answer as a record, where it is as text, and the exit code: 1 for none."""
    from qa import open_corpus

    if options.file == _STANDARD_OUTPUT and options.json:
        raise UsageError("--json needs standard output for itself: give -o a file.")
    answer = open_corpus(options.index).ask(options.question, history=options.history, **filters_of(options))
    content = export([answer], options.format)
    record = {"file": options.file, "format": options.format, "bytes": len(content), "answer": answer.to_dict()}
    if options.file == _STANDARD_OUTPUT:
        sys.stdout.buffer.write(content)
        said = ""
    else:
        write_whole(Path(options.file), content)
        said = f"{options.file}: {len(content)} bytes." + (f" {answer.reason}" if answer.abstained else "")
    return record, said, int(answer.abstained)
