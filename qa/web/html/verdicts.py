"""The claims of a text, each with its verdict in words and in colour, and its proof."""

from __future__ import annotations

from html import escape

from qa.languages import message
from qa.records import Check, Claim
from qa.web.html.pieces import cards, words

_SIGNS = {"supported": "✓", "contradicted": "✗", "disputed": "≠", "not_found": "?"}


def verdicts(check: Check, language: str) -> str:
    """Return every claim of ``check``; labels are in ``language``, the page's."""
    claims = "".join(_claim(claim, f"claim{number}", language) for number, claim in enumerate(check.claims, start=1))
    counts = " · ".join(
        f"{message(name, language)} : {count}" if language == "fr" else f"{message(name, language)}: {count}"
        for name in _SIGNS
        if (count := sum(claim.verdict == name for claim in check.claims))
    )
    return f'<p class="counts">{escape(counts)}</p>{claims}'


def _claim(claim: Claim, group: str, language: str) -> str:
    shown = claim.citations or claim.nearest
    heading = "proof" if claim.citations else "nearest"
    listed = f"<details{' open' if claim.citations else ''}><summary>{words(heading, language)}</summary>{cards(group, shown, language)}</details>"
    return (
        f'<article class="claim {claim.verdict}"><p class="verdict"><span aria-hidden="true">{_SIGNS[claim.verdict]}</span> '
        f'{escape(message(claim.verdict, language))}</p><p class="text" lang="{claim.language}">{escape(claim.text)}</p>'
        f"{_values(claim, language)}{listed if shown else ''}</article>"
    )


def _values(claim: Claim, language: str) -> str:
    """Return the claimed value beside the source's."""
    if claim.verdict == "not_found" or not claim.found:
        return ""
    claimed = (
        f'<div><dt>{words("claimed", language)}</dt><dd class="claimed">{escape(claim.expected)}</dd></div>'
        if claim.expected
        else ""
    )
    return f'<dl class="values">{claimed}<div><dt>{words("in_source", language)}</dt><dd>{escape(claim.found)}</dd></div></dl>'
