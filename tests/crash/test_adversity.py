"""A full disk, a folder that may only be read, and readers in other processes while generations swap."""

from __future__ import annotations

import shutil
import stat
import tempfile
import threading
import time
from pathlib import Path

import pytest

from qa.index import generations
from tests.crash import adversity, indexing, readers

SWAPS, READERS = 5, 3


@pytest.mark.parametrize("most", [0, 200, 2_000, 20_000, 100_000, 190_000])
def test_a_full_disk_changes_nothing_and_is_named(most, killer, made_by, tmp_path):
    index = tmp_path / "index"
    killer.run(indexing.update, index, *made_by, 0)
    assert max(path.stat().st_size for path in index.rglob("*")) > most
    said = killer.run(adversity.update_with_no_space, index, *made_by, 1, most)
    assert said.startswith(f"SettingsError: The index folder {index} cannot be written: ")
    assert "Free some space" in said
    assert killer.run(indexing.answer, index, *made_by) == ("000001", 0)
    assert sorted(path.name for path in index.iterdir()) == ["000001", "current", "lock"]
    assert killer.run(indexing.update, index, *made_by, 1).generation == "000002"


@pytest.fixture
def others_folder():
    """A folder that every user can reach, and whose files only their owner can write."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    for path in (folder, *folder.rglob("*")):
        path.chmod(path.stat().st_mode | stat.S_IWUSR)
    shutil.rmtree(folder)


def test_a_folder_that_may_only_be_read_answers_and_says_why_it_cannot_be_built_in(killer, made_by, others_folder):
    cache, model = made_by
    index = others_folder / "index"
    killer.run(indexing.update, index, *made_by, 0)
    shutil.copytree(cache, others_folder / "cache")
    for path in (others_folder, *others_folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    before = {path for path in Path(tempfile.gettempdir()).iterdir() if path.name.startswith("policy-qa-chroma")}
    answered, updated = killer.run(adversity.read_only, index, others_folder / "cache", model, 1)
    assert answered == "('000001', 0)"
    assert updated.startswith(f"SettingsError: The index folder {index} cannot be written: Permission denied")
    after = {path for path in Path(tempfile.gettempdir()).iterdir() if path.name.startswith("policy-qa-chroma")}
    assert after <= before  # the copy that Chroma opened is gone


def test_readers_follow_each_swap_without_an_error(killer, made_by, tmp_path):
    index, until = tmp_path / "index", tmp_path / "until"
    killer.run(indexing.update, index, *made_by, 0)
    found: list[list[tuple[float, str, str]]] = []

    def read() -> None:
        found.append(killer.run(readers.read, index, *made_by, until))

    threads = [threading.Thread(target=read) for _ in range(READERS)]
    for thread in threads:
        thread.start()
    time.sleep(1)
    swapped = {}
    for state in range(1, SWAPS + 1):
        report = killer.run(indexing.update, index, *made_by, state)
        swapped[report.generation] = (index / generations.POINTER).stat().st_mtime
        time.sleep(1.2)
    until.touch()
    for thread in threads:
        thread.join()
    assert len(found) == READERS
    for seen in found:
        assert [name for _, name, _ in seen] == ["000001", *swapped]
        for state, (when, name, text) in enumerate(seen):
            assert text.startswith(f"La prime vaut {state} 500 euros")
            assert when - swapped.get(name, when) < 1


def test_a_second_writer_waits_for_the_first(killer, made_by, tmp_path):
    index = tmp_path / "index"
    reports = []
    threads = [
        threading.Thread(target=lambda: reports.append(killer.run(indexing.update, index, *made_by, 3)))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [report.generation for report in reports] == ["000001"] * 3
    assert sorted(report.documents["added"] for report in reports) == [0, 0, 4]
    assert killer.run(indexing.answer, index, *made_by) == ("000001", 3)
