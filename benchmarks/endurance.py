"""A process that lives long: ``python -m benchmarks.endurance [--questions 20000] [--swaps 0]``, over the index of the settings.

The questions of tests/data/policy_questions.jsonl, again and again, each with a number in it so that none is asked twice; then
indexes, each with a changed document of a reader's own, built and swapped in over a copy, one question after each. What is printed
is the process's memory as it goes, and how much it grew after the first twentieth.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.load import NOTE, questions, resident
from qa import open_corpus
from qa.assistant import PolicyQA
from qa.index.background import BackgroundIndexing
from qa.memory import share_memory
from qa.uploads import open_uploads


def main() -> None:
    """Print a line every twentieth, and the growth at the end of each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=20_000)
    parser.add_argument("--swaps", type=int, default=0)
    options = parser.parse_args()
    share_memory()  # as the server does: each generation opened starts threads of Chroma's
    ask_many(options.questions)
    if options.swaps:
        with tempfile.TemporaryDirectory() as scratch:
            swap_many(options.swaps, Path(scratch))


def ask_many(count: int) -> None:
    """Ask ``count`` questions."""
    corpus, asked = open_corpus(), itertools.cycle(questions())

    def ask(number: int) -> bool:
        return not corpus.ask(f"{next(asked)} ({number})", llm="none").abstained

    watched("questions", count, ask)


def swap_many(count: int, scratch: Path) -> None:
    """Index a changed document and ask for it, ``count`` times, as the server does."""
    opened = open_corpus()
    index = shutil.copytree(opened.settings.index_dir, scratch / "index")
    settings = opened.settings.model_copy(update={"index_dir": index, "uploads_dir": scratch / "uploads"})
    corpus = PolicyQA(settings, embedder=opened.embedder)
    indexing, uploads = BackgroundIndexing(settings, opened.embedder), open_uploads(settings, "reader")

    def swap(number: int) -> bool:
        (scratch / "note.md").write_text(NOTE.format(number=number), "utf-8")
        uploads.add(scratch / "note.md")
        indexing.uploads_of(uploads.name)
        indexing.wait()
        return bool(corpus.ask(f"Combien vaut la prime d'essai numéro {number} ?", llm="none").statements)

    watched("swaps", count, swap)


def watched(what: str, count: int, step: Callable[[int], bool]) -> None:
    """Do ``step`` ``count`` times and print the process's memory meanwhile."""
    memory, answered, started = [], 0, time.perf_counter()
    every = max(1, count // 20)
    for number in range(1, count + 1):
        answered += step(number)
        if number % every == 0:
            memory.append(resident(os.getpid()) / 1024)
            print(f"{number} {what}, {memory[-1]:.0f} MB, {time.perf_counter() - started:.0f} s", flush=True)
    if memory:
        print(json.dumps({
            what: count, "answered": answered, "memory_mb": [round(one) for one in memory],
            "growth": round(memory[-1] / memory[0] - 1, 4),
        }))  # fmt: skip


if __name__ == "__main__":
    main()
