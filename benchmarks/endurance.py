"""Many questions to one process: ``python -m benchmarks.endurance [--questions 20000]``, over the corpus of the settings.

The questions of tests/data/policy_questions.jsonl, again and again, each with a number in it so that none is asked twice.
What is printed is the process's memory as it goes, and how much it grew after the first twentieth.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import time

from benchmarks.load import questions, resident
from qa import open_corpus


def main() -> None:
    """Print a line every twentieth, and the growth at the end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=20_000)
    options = parser.parse_args()
    corpus, memory, answered = open_corpus(), [], 0
    started = time.perf_counter()
    every = max(1, options.questions // 20)
    for number, question in zip(range(1, options.questions + 1), itertools.cycle(questions()), strict=False):
        answered += not corpus.ask(f"{question} ({number})", llm="none").abstained
        if number % every == 0:
            memory.append(resident(os.getpid()) / 1024)
            print(f"{number} questions, {memory[-1]:.0f} MB, {time.perf_counter() - started:.0f} s", flush=True)
    print(json.dumps({
        "questions": options.questions, "answered": answered, "memory_mb": [round(one) for one in memory],
        "growth": round(memory[-1] / memory[0] - 1, 4),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
