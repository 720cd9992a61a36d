"""Confidence against being right: what chance alone makes of it, and a reliability diagram and a risk-coverage curve in SVG."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

import numpy as np

from qa.evaluation.answers import expected_calibration_error

_SIDE, _MARGIN, _BINS = 240, 40, 10
_STYLE = (
    "text{font:12px sans-serif;fill:#57534e}.axis{stroke:#a8a29e;fill:none}.ideal{stroke:#a8a29e;stroke-dasharray:4}"
    ".bar{fill:#0f766e;fill-opacity:.75}.curve{stroke:#0f766e;stroke-width:2;fill:none}"
)
Sure = Sequence[tuple[float, bool]]
_DRAWS = 2000


def by_chance(confidences: Sequence[float]) -> dict[str, float]:
    """Return the calibration error that so many answers would show if each were right just as often as it says.

    Its mean, and between which values nine of ten draws lie.

    >>> by_chance([0.9] * 50 + [0.2] * 50)
    {'mean': 0.039, 'low': 0.01, 'high': 0.08}
    """
    said, chance = np.array(confidences), np.random.default_rng(0)
    drawn = [
        expected_calibration_error(list(zip(said, chance.random(len(said)) < said, strict=True))) for _ in range(_DRAWS)
    ]
    low, high = np.quantile(drawn, (0.05, 0.95))
    return {"mean": round(float(np.mean(drawn)), 3), "low": round(float(low), 3), "high": round(float(high), 3)}


def reliability_svg(sure: Sure) -> str:
    """Return the picture of ``(confidence, right)`` pairs.

    On the left, how often answers of each tenth of confidence were right, over how many; on the diagonal confidence says
    exactly that. On the right, the share of wrong ones among the most confident answers, as more of them are shown.
    """
    left, right = _MARGIN, _SIDE + 3 * _MARGIN
    width, height = right + _SIDE + _MARGIN, _SIDE + 2 * _MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="Reliability and risk against coverage"><style>{_STYLE}</style><rect width="100%" height="100%" fill="#fff"/>'
        f"{''.join(_bars(sure, left))}{_frame(left, 'confidence', 'share that was right')}"
        f'<path class="ideal" d="M{left} {_MARGIN + _SIDE}L{left + _SIDE} {_MARGIN}"/>'
        f'<path class="curve" d="{_curve(sure, right)}"/>{_frame(right, "share of questions answered", "share that was wrong")}</svg>\n'
    )


def _bars(sure: Sure, left: float) -> Iterator[str]:
    for number in range(_BINS):
        inside = [right for confidence, right in sure if min(int(confidence * _BINS), _BINS - 1) == number]
        if inside:
            share, step = sum(inside) / len(inside), _SIDE / _BINS
            x, top = left + number * step, _MARGIN + _SIDE * (1 - share)
            yield f'<rect class="bar" x="{x + 2:.1f}" y="{top:.1f}" width="{step - 4:.1f}" height="{_SIDE * share:.1f}"/>'
            yield f'<text x="{x + step / 2:.1f}" y="{top - 4:.1f}" text-anchor="middle">{len(inside)}</text>'


def _curve(sure: Sure, left: float) -> str:
    wrong = list(accumulate(not right for _, right in sorted(sure, reverse=True)))
    points = (
        (left + _SIDE * shown / len(wrong), _MARGIN + _SIDE * (1 - count / shown))
        for shown, count in enumerate(wrong, 1)
    )
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _frame(left: float, across: str, up: str) -> str:
    bottom = _MARGIN + _SIDE
    ticks = "".join(
        f'<text x="{left + _SIDE * tick:.0f}" y="{bottom + 14}" text-anchor="middle">{tick:g}</text>'
        f'<text x="{left - 4}" y="{bottom - _SIDE * tick + 4:.0f}" text-anchor="end">{tick:g}</text>'
        for tick in (0.0, 0.5, 1.0)
    )
    return (
        f'<path class="axis" d="M{left} {_MARGIN}V{bottom}H{left + _SIDE}"/>{ticks}'
        f'<text x="{left + _SIDE / 2}" y="{bottom + 32}" text-anchor="middle">{across}</text><text x="{left}" y="{_MARGIN - 14}">{up}</text>'
    )
