"""Answers and verdicts on the corpus' own questions and claims: ``python -m benchmarks.answers [--half reporting]``.

The questions of tests/data/policy_questions.jsonl and the claims of tests/data/claims.jsonl, put to the corpus of the
settings; constants are chosen on the tuning half only.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from qa.assistant import PolicyQA
from qa.evaluation.answers import answer_rates, read_question_set
from qa.evaluation.claims import claim_rates, read_claim_set
from qa.settings import get_settings

DATA = Path(__file__).resolve().parents[1] / "tests" / "data"


def main() -> None:
    """Print both as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=("tuning", "reporting"), help="default: all")
    options = parser.parse_args()
    corpus = PolicyQA(get_settings())
    questions = read_question_set(DATA / "policy_questions.jsonl", half=options.half)
    print(json.dumps(answer_rates(questions, corpus.ask, corpus.document).to_dict(), indent=1))
    claims = read_claim_set(DATA / "claims.jsonl", half=options.half)
    print(json.dumps(claim_rates(claims, corpus.check).to_dict(), indent=1))


if __name__ == "__main__":
    main()
