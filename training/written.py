"""The families of texts in ``training/families``, invented and written for training, each with questions on it.

One line is one family: four texts, two in each language, each a title, a date, a publisher and sentences; and questions, each with its kind and
the sentences that answer it, as pairs of a text's number and a sentence's. A question of the kind ``none`` has no answer there.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

SUBJECTS = ("cars", "agencies", "transport", "energy", "work", "research", "government", "trade")
FURTHER = ("clusters", "finance", "firms", "incentives", "plans", "plants", "technology", "territories")
LATER = (
    "people", "takeovers", "services", "history", "rules", "statistics", "industry", "partnerships", "budgets", "investors",
    "interviews", "world", "evaluations", "dailies", "laboratories", "poles", "suppliers", "banks", "taxes", "governance",
    "fees", "regional", "causes", "capacities", "silent", "staff", "posts", "outputs", "unsaid", "motives", "programmes", "europe",
    "mobility", "settlers",
)  # fmt: skip
FAMILIES = [
    Path(__file__).with_name("families") / f"{name}.jsonl.gz"
    for name in (*SUBJECTS, *(f"{subject}-more" for subject in SUBJECTS), *FURTHER, *LATER)
]  # in this order, by which each tenth is held out


def read_families(paths: Sequence[Path]) -> list[dict[str, Any]]:
    """Return the families of files, in order."""
    found = []
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            found += [json.loads(line) for line in lines if line.strip()]
    return found
