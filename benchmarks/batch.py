"""Many questions at once against one after the other: ``python -m benchmarks.batch``, over the corpus of the settings.

The questions of tests/data/policy_questions.jsonl, five times each way in turn; the ratio is of the medians.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from statistics import median

from qa import open_corpus

QUESTIONS = Path(__file__).resolve().parents[1] / "tests" / "data" / "policy_questions.jsonl"


def main() -> None:
    """Print both times and how many times faster the batch is."""
    corpus = open_corpus()
    questions = [json.loads(line)["question"] for line in QUESTIONS.read_text("utf-8").splitlines()]
    corpus.retrieve_many(questions)
    alone, together = [], []
    for _ in range(5):
        started = time.perf_counter()
        for question in questions:
            corpus.retrieve(question)
        between = time.perf_counter()
        corpus.retrieve_many(questions)
        alone.append(between - started)
        together.append(time.perf_counter() - between)
    print(json.dumps({
        "questions": len(questions), "one_by_one_s": round(median(alone), 2), "retrieve_many_s": round(median(together), 2),
        "times_faster": round(median(alone) / median(together), 2),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
