"""What readers judge of answers: kept in SQLite, listed, and turned into questions to evaluate with."""

from __future__ import annotations

from pathlib import Path

from qa.feedback.store import LONGEST_TEXT, VERDICTS, FeedbackStore, FeedbackVerdict, Judgement

__all__ = ["LONGEST_TEXT", "VERDICTS", "FeedbackStore", "FeedbackVerdict", "Judgement", "open_feedback"]


def open_feedback(index_dir: Path | None = None) -> FeedbackStore:
    """Return the feedback on the answers of an index, by default that of the settings.

    It is in the file of the settings (``QA_FEEDBACK_FILE``) or, where they name none, beside the index's folder: outside
    it, so that an index deleted to be built anew takes no feedback with it.
    """
    from qa.settings import get_settings

    settings = get_settings()
    index_dir = (index_dir or settings.index_dir).absolute()
    return FeedbackStore(settings.feedback_file or index_dir.with_name(f"{index_dir.name}.feedback.sqlite"))
