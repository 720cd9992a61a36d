"""What a reader is told beside an answer: of the index it comes from, and of a language model's part in it."""

from __future__ import annotations

from qa.answering.generation.write import Writing
from qa.index.reader import Generation
from qa.languages import message

_QUIET = ("silent", "unproven")  # with no answer either way, these are no news


def notes_on(generation: Generation, writing: Writing | None, *, answered: bool, language: str) -> str | None:
    """Return what a reader should know of an answer: that the index it comes from is not the newest, and ``note_on``."""
    built = generation.manifest.built[:10]
    older = message("older_index", language).format(date=built) if generation.problem else None
    written = note_on(writing, answered=answered, language=language) if writing else None
    return " ".join(filter(None, (older, written))) or None


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
