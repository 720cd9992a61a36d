"""How often checked claims get the right verdict: the figures behind ``tests/integration/test_claims.py``."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.records import Check, Record


@dataclass(frozen=True, slots=True)
class ClaimRates(Record):
    """Shares in 0..1, over ``n`` claims.

    ``right`` have the right verdict, ``right_by_verdict`` of those whose right verdict that is. ``false_support`` is
    the share of contradicted claims that are called supported; ``value_found`` the share of contradicted claims,
    called so, whose right value is in ``found``. ``verdicts`` counts the right verdict and the given one.
    """

    n: int
    right: float
    right_by_verdict: dict[str, float]
    false_support: float
    value_found: float
    verdicts: dict[str, int]


def read_claim_set(path: Path, *, half: str | None = None) -> list[dict[str, Any]]:
    """Return the rows of a claim set, all or those of one ``half``: ``tuning`` or ``reporting``."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [row for row in rows if half is None or row["half"] == half]


def claim_rates(rows: Sequence[dict[str, Any]], check: Callable[[str], Check]) -> ClaimRates:
    """Check each row's ``text`` with ``check`` and compare with its ``verdict`` and ``found``.

    A text that is parted into several claims has the worst verdict of them.
    """
    given = []
    for row in rows:
        claims = check(row["text"]).claims
        worst = max(claims, key=lambda claim: _WORST.index(claim.verdict))
        given.append(
            (
                row["verdict"],
                worst.verdict,
                _holds(row.get("found"), [worst.found, *(c.quote for c in worst.citations)]),
            )
        )
    right = [expected == verdict for expected, verdict, _ in given]
    changed = [(verdict, held) for expected, verdict, held in given if expected == "contradicted"]
    by_verdict = {
        name: _share(expected == verdict for expected, verdict, _ in given if expected == name)
        for name in sorted({expected for expected, _, _ in given})
    }
    return ClaimRates(
        n=len(rows),
        right=_share(right),
        right_by_verdict=by_verdict,
        false_support=_share(verdict == "supported" for verdict, _ in changed),
        value_found=_share(held for verdict, held in changed if verdict == "contradicted"),
        verdicts=dict(sorted(Counter(f"{expected} as {verdict}" for expected, verdict, _ in given).items())),
    )


_WORST = ("supported", "disputed", "not_found", "contradicted")


def _holds(key: str | None, texts: Iterable[str | None]) -> bool:
    return not key or any(_flat(key) in _flat(text) for text in texts if text)


def _flat(text: str) -> str:
    return " ".join(text.split()).casefold()


def _share(values: Iterable[bool]) -> float:
    listed = list(values)
    return round(sum(listed) / len(listed), 4) if listed else 0.0
