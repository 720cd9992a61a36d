"""The index under kill -9, at random instants of building, updating and swapping: nothing is lost and nothing left over.

18 kills by default; ``QA_TESTS_KILLS=300 python -m pytest tests/crash`` does 300. The tally is printed at the end.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from qa.index import generations
from tests.crash import indexing

KILLS = int(os.environ.get("QA_TESTS_KILLS", "18"))
BESIDE = {"current", "lock"}  # the generations


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("work", [indexing.build_anew, indexing.update, indexing.swap], ids=lambda work: work.__name__)
def test_the_next_start_answers_from_a_complete_generation(work, killer, made_by, tmp_path, record_property):
    index = tmp_path / "index"
    tally: Counter[str] = Counter()
    before, largest = None, 0
    if work is not indexing.build_anew:
        killer.run(indexing.update, index, *made_by, 0)
        before = 0
    while tally["killed"] < KILLS / 3:
        state = ((before or 0) + 1) % indexing.STATES
        killed = killer.kill(work, index, *made_by, state)
        tally["killed" if killed else "ended before its kill"] += 1
        _, found = killer.run(indexing.answer, index, *made_by)
        assert found in ({before, state} if killed else {state})
        if killed:
            tally[
                {None: "there was no index yet", state: "the new generation answers"}.get(
                    found, "the one before answers"
                )
            ] += 1
        report = killer.run(indexing.update, index, *made_by, state)  # it does not wait for a lock that is left behind
        assert killer.run(indexing.answer, index, *made_by) == (report.generation, state)
        names = {path.name for path in index.iterdir()}
        assert generations.current_generation(index) == report.generation
        assert len(names - BESIDE) <= 2, names
        assert names >= BESIDE
        largest = max(largest, size(index))
        before = state
        if work is indexing.build_anew and tally["killed"] % 2:
            for path in sorted(index.rglob("*"), reverse=True):  # every second time there is none before it
                path.rmdir() if path.is_dir() else path.unlink()
            before = None
    record_property("tally", f"{work.__name__}: " + ", ".join(f"{n} {what}" for what, n in sorted(tally.items())))
    one = size(index / generations.current_generation(index))
    assert largest < 3 * one  # two generations, whatever was killed


def test_an_upload_is_there_whole_or_as_it_was_before(killer, tmp_path, record_property):
    index, kept = tmp_path / "index", tmp_path / "index.uploads" / "@alice"
    contents = [f"{number}\n".encode() * (3_000_000 // 2) for number in (1, 2)]
    for number, content in enumerate(contents):
        (tmp_path / f"sent{number}").write_bytes(content)
    tally: Counter[str] = Counter()
    for number in range(KILLS // 2):
        before = (kept / "plan.txt").read_bytes() if (kept / "plan.txt").exists() else None
        killed = killer.kill(indexing.upload, index, tmp_path / f"sent{number % 2}", "plan.txt")
        after = (kept / "plan.txt").read_bytes() if (kept / "plan.txt").exists() else None
        assert after in (before, contents[number % 2])
        tally["killed, as it was" if killed and after == before else "killed, replaced" if killed else "done"] += 1
        assert len(list(kept.iterdir()) if kept.exists() else []) <= 2  # the file, and at most what was being written
    killer.run(indexing.upload, index, tmp_path / "sent0", "plan.txt")
    assert [path.name for path in kept.iterdir()] == ["plan.txt"]
    record_property("tally", "upload: " + ", ".join(f"{n} {what}" for what, n in sorted(tally.items())))
    assert tally["killed, as it was"]
