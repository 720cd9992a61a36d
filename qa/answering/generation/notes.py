"""What a reader is told of a language model's part in an answer."""

from __future__ import annotations

from qa.answering.generation.write import Writing
from qa.languages import message

_QUIET = ("silent", "unproven")  # with no answer either way, these are no news


def note_on(writing: Writing, *, answered: bool, language: str) -> str | None:
    """Return what to say of ``writing`` in ``language``; ``answered`` says whether there is an answer, by whoever."""
    if not writing.kept:
        if not answered:
            return None if writing.outcome in _QUIET else message("model_failed", language)
        key = f"instead_{writing.outcome}" if writing.outcome in _QUIET else "instead_failed"
        return message(key, language)
    notes = []
    if writing.dropped:
        notes.append(message("left_out_one" if len(writing.dropped) == 1 else "left_out_many", language))
    if writing.broke_off:
        notes.append(message("broke_off", language))
    if writing.completed:
        notes.append(message("completed", language))
    return " ".join(notes) or None
