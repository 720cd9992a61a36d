"""A reader's own documents: what became of each, and how far indexing is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from qa.errors import PolicyQAError
from qa.index.background import IndexingState
from qa.web.html.pieces import problem, words
from qa.web.reasons import reason_text
from qa.web.texts import text


def own_documents(
    names: Sequence[str], folder: str, passages: Mapping[str, int], failures: Mapping[str, str], language: str
) -> str:
    """Return the files ``names`` of the uploads in ``folder``: how many passages each gave, or why it cannot be read."""
    if not names:
        return f'<p class="hint">{words("no_upload", language)}</p>'
    rows = "".join(_row(name, f"{folder}/{name}", passages, failures, language) for name in names)
    return f'<ul class="own">{rows}</ul>'


def _row(name: str, document_id: str, passages: Mapping[str, int], failures: Mapping[str, str], language: str) -> str:
    asked = words("remove_asked", language, name=name)
    remove = (
        f'<button type="button" class="remove" data-remove="{escape(name)}" data-confirm="{asked}" '
        f'aria-label="{words("remove_named", language, name=name)}">{words("remove", language)}</button>'
    )
    if document_id in passages:
        opens = f'data-document="{escape(document_id)}" data-start="0" data-end="0"'
        shown = f'<button type="button" class="open" {opens}>{escape(name)}</button>'
        state = words("passages", language, count=passages[document_id])
    else:
        shown, state = escape(name), escape(_state(failures.get(document_id), language))
    failed = ' class="failed"' if document_id in failures else ""
    return f'<li{failed}><span>{shown} <span class="about">{state}</span></span>{remove}</li>'


def _state(failure: str | None, language: str) -> str:
    return reason_text(failure, language) if failure else text("not_indexed_yet", language)


def progress(state: IndexingState, language: str) -> str:
    """Return how far indexing is, or what went wrong, or nothing at rest."""
    if state.step is None:
        return problem(state.error, language) if state.error else ""
    label = words(f"indexing_{state.step}", language, done=state.done, total=state.total)
    known = f' value="{state.done}" max="{state.total}"' if state.total else ""
    return (
        f'<p class="indexing" role="status"><label>{label} <progress{known}></progress></label> '
        f'<span class="about">{words("indexing_meanwhile", language)}</span></p>'
    )


def refused(errors: Sequence[PolicyQAError], language: str) -> str:
    """Return why files were not taken."""
    return "".join(problem(error, language) for error in errors)
