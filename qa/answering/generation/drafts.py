"""What a model wrote, read as statements with their proofs: from structured output, or from plain lines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from qa.answering.generation.prompts import NO_ANSWER

MAX_DRAFTS = 12  # a model that loops is not read further
MAX_PROOFS = 4
_MAX_TEXT = 1500  # characters of one statement or quote that are looked at

_STATEMENT = re.compile(r"^[\s*#>\d.)-]*(?:statement|affirmation|phrase)[\s*\d]*[:：]\s*(.*)$", re.IGNORECASE)
_PROOF = re.compile(
    r"^[\s*#>-]*(?:proof|preuve|quote|citation)?[\s*]*[\[(]?(?:passage\s*)?(\d{1,3})[\])]?[\s*]*[:：]\s*(.*)$",
    re.IGNORECASE,
)
_THOUGHT = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)  # what reasoning models tell themselves
_SILENT = re.compile(rf"^\W*{NO_ANSWER}\W*$", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Draft:
    """A statement as the model wrote it, with the ``(passage number, quoted words)`` that it gives as proof."""

    text: str
    proofs: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """The drafts that are complete in a text, and whether it is one that can be read at all.

    ``silent`` says that the model found no answer.
    """

    drafts: tuple[Draft, ...]
    readable: bool
    silent: bool = False


def read(text: str, *, finished: bool) -> Reading:
    r"""Return the statements in ``text``. Unless it is ``finished`` the last one may still grow, and is left out.

    >>> read('{"statements": [{"proofs": [{"passage": 1, "quote": "Oui."}], "text": "Oui."}]}', finished=True).drafts
    (Draft(text='Oui.', proofs=((1, 'Oui.'),)),)
    >>> read('STATEMENT: Oui.\nPROOF [1]: "Oui."', finished=True).drafts
    (Draft(text='Oui.', proofs=((1, '"Oui."'),)),)
    """
    from langchain_core.utils.json import parse_partial_json

    text = _THOUGHT.sub("", text)
    start = text.find("{")
    if start >= 0:
        body = re.sub(r"\s*```.*$", "", text[start:], flags=re.DOTALL)
        try:
            value, whole = json.loads(body), True
        except (ValueError, RecursionError):
            whole = False
            try:
                value = parse_partial_json(body)
            except (ValueError, RecursionError):
                value = None
        listed = value.get("statements") if isinstance(value, dict) else None
        if isinstance(listed, list):
            complete = listed if whole else listed[:-1]
            drafts = tuple(_drafts(complete))
            return Reading(drafts, readable=bool(drafts) or (whole and not listed), silent=whole and not listed)
    return _read_lines(text, finished=finished)


def _drafts(items: list[Any]) -> Iterator[Draft]:
    for item in items[:MAX_DRAFTS]:
        if not isinstance(item, dict) or not isinstance(item.get("text"), str):
            continue
        given = item.get("proofs")
        proofs = [
            (proof["passage"], proof["quote"][:_MAX_TEXT])
            for proof in (given if isinstance(given, list) else [])
            if isinstance(proof, dict) and _is_number(proof.get("passage")) and isinstance(proof.get("quote"), str)
        ]
        yield Draft(item["text"][:_MAX_TEXT], tuple(proofs[: MAX_PROOFS + 1]))


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _read_lines(text: str, *, finished: bool) -> Reading:
    found: list[tuple[str, list[tuple[int, str]]]] = []
    for line in text.splitlines():
        statement = _STATEMENT.match(line)
        if statement:
            found.append((statement[1], []))
            continue
        proof = _PROOF.match(line)
        if proof and found:
            found[-1][1].append((int(proof[1]), proof[2][:_MAX_TEXT]))
    if not finished:
        found = found[:-1]
    drafts = tuple(Draft(said[:_MAX_TEXT], tuple(proofs[: MAX_PROOFS + 1])) for said, proofs in found[:MAX_DRAFTS])
    silent = not found and finished and bool(_SILENT.search(text))
    return Reading(drafts, readable=bool(drafts) or silent, silent=silent)
