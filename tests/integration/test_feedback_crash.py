"""The feedback file under kills and under many writers: what was acknowledged is there, and the file is whole."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from qa.feedback import FeedbackStore
from qa.records import Answer

PROJECT = Path(__file__).resolve().parents[2]
KILLS = 50
NONE = Answer(
    question="Quoi ?", understood_as="Quoi ?", language="fr", statements=(), confidence=0.0, abstained=True, reason="Non.",
    nearest=(), generation="000001",
)  # fmt: skip
WRITER = """
import sys
from qa.feedback import FeedbackStore
from qa.records import Answer
path, name, most = sys.argv[1], sys.argv[2], int(sys.argv[3])
answer = Answer(question="Quoi ?", understood_as="Quoi ?", language="fr", statements=(), confidence=0.0, abstained=True,
                reason="Non.", nearest=(), generation="000001")
store = FeedbackStore(path)
print("ready", flush=True)
for number in range(most):
    text = f"{name}-{number} " + "x" * 900
    store.add(answer, "wrong", text=text)
    print(text, flush=True)
"""


def writer(path: Path, name: str, most: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), name, str(most)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def whole(path: Path) -> bool:
    database = sqlite3.connect(path)
    try:
        return database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    finally:
        database.close()


@pytest.mark.parametrize("fresh", [False, True], ids=["one file", "a new file each time"])
def test_no_acknowledged_judgement_is_lost_by_a_kill(tmp_path, fresh):
    chance = random.Random(7)
    acknowledged: dict[Path, set[str]] = {}
    for number in range(KILLS // 2):
        path = tmp_path / (f"{number}.sqlite" if fresh else "feedback.sqlite")
        with writer(path, str(number), 100_000) as process:
            # A new file is killed while it is being made, too: before its first judgement.
            said = [process.stdout.readline() for _ in range(1 + chance.randint(0, 1 if fresh else 4))]
            time.sleep(chance.uniform(0, 0.015))
            process.kill()
            said += process.stdout.readlines()
            assert process.stderr.read() == ""
        assert process.returncode == -signal.SIGKILL
        assert said[0] == "ready\n"
        acknowledged.setdefault(path, set()).update(line[:-1] for line in said[1:] if line.endswith("\n"))
    assert sum(len(texts) for texts in acknowledged.values()) > 5
    for path, texts in acknowledged.items():
        store = FeedbackStore(path)
        kept = [judgement.text for judgement in store.judgements()]
        assert texts <= set(kept)
        assert len(kept) == len(set(kept)) <= len(texts) + KILLS // 2  # at most the one that each was writing
        assert not path.exists() or whole(path)
        assert store.add(NONE, "wrong").id > len(kept)  # and it goes on


def test_many_processes_make_and_fill_one_file(tmp_path):
    path = tmp_path / "feedback.sqlite"
    processes = [writer(path, str(number), 20) for number in range(4)]
    for process in processes:
        _, errors = process.communicate(timeout=120)
        assert (process.returncode, errors) == (0, "")
    judgements = FeedbackStore(path).judgements()
    assert [judgement.id for judgement in judgements] == list(range(1, 81))
    assert len({judgement.text for judgement in judgements}) == 80
