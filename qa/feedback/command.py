"""``python -m qa feedback``: its options, and what it gives the command line."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from qa.errors import UsageError
from qa.feedback import open_feedback
from qa.feedback.questions import evaluation_questions
from qa.feedback.store import FeedbackStore, Judgement
from qa.files import write_whole


def add_feedback_options(parser: argparse.ArgumentParser) -> None:
    """Add the file that questions are written to."""
    parser.add_argument(
        "--questions", type=Path, metavar="FILE",
        help="turn it into questions to evaluate with (JSON lines); those that a person has to complete go to a file beside it",
    )  # fmt: skip


def feedback_command(options: argparse.Namespace) -> tuple[dict[str, Any], str, int]:
    """Return the judgements, or what was made of them, as a record, as text, and the exit code."""
    store = open_feedback(options.index)
    judgements = store.judgements()
    if options.questions is not None:
        return _questions(options.questions, judgements)
    return (
        {"file": str(store.path), "judgements": [judgement.to_dict() for judgement in judgements]},
        _list(store, judgements),
        0,
    )


def _questions(file: Path, judgements: Sequence[Judgement]) -> tuple[dict[str, Any], str, int]:
    beside = file.with_name(f"{file.stem}.to-complete{file.suffix}")
    for path in (file, beside):
        if path.exists():  # a person may have completed it
            raise UsageError(f"{path} is there already, and may hold someone's work: name another file.")
    complete, others = evaluation_questions(judgements)
    for path, rows in ((file, complete), (beside, others)):
        write_whole(path, "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows).encode())
    record = {"file": str(file), "questions": len(complete), "to_complete_file": str(beside), "to_complete": others}
    lines = [f"{file}: {len(complete)} questions.", f"{beside}: {len(others)} questions for a person to complete."]
    lines += [
        f"  {_plain(row['question'])} ({', '.join(said['verdict'] for said in row['judgements'])})" for row in others
    ]
    return record, "\n".join(lines), 0


def _list(store: FeedbackStore, judgements: Sequence[Judgement]) -> str:
    if not judgements:
        return f"There is no feedback yet in {store.path}."
    return "\n".join(_line(judgement) for judgement in judgements)


def _line(judgement: Judgement) -> str:
    number = f" [{judgement.citation}]" if judgement.citation is not None else ""
    text = f"\n    {_plain(judgement.text)}" if judgement.text else ""
    return f"{judgement.time}  {judgement.verdict}{number}  {_plain(judgement.understood_as)}{text}"


def _plain(text: str) -> str:
    """Return ``text`` on one line, without what would steer a terminal: it is a stranger's."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
