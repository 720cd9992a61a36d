"""What chance alone makes of the calibration error."""

from __future__ import annotations

from benchmarks.reliability import by_chance


def test_answers_that_are_certainly_right_leave_nothing_to_chance():
    assert by_chance([1.0] * 20) == {"mean": 0.0, "low": 0.0, "high": 0.0}


def test_chance_tells_less_the_more_is_asked():
    few, many = by_chance([0.3, 0.9] * 20), by_chance([0.3, 0.9] * 200)
    assert many["mean"] < few["mean"]
    assert many["high"] < few["high"]
    assert few["low"] < few["mean"] < few["high"]
