"""Answers and verdicts on the corpus' own questions and claims: ``python -m benchmarks.answers [--half reporting]``.

``--picture FILE.svg`` draws how confidence and being right go together. Beside the calibration error stands what it would be by chance.

The questions of tests/data/policy_questions.jsonl, which ask for a fact, those of open_questions.jsonl, which ask what something
is about, why or what for, the claims of claims.jsonl, and those of hostile_claims.jsonl, which were written to deceive, put to the corpus
of the settings; constants are chosen on the tuning halves only.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from benchmarks.reliability import by_chance, reliability_svg
from qa.assistant import PolicyQA
from qa.evaluation.answers import answer_outcomes, rates, read_question_set
from qa.evaluation.claims import claim_rates, read_claim_set
from qa.settings import get_settings

DATA = Path(__file__).resolve().parents[1] / "tests" / "data"


def main() -> None:
    """Print them as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=("tuning", "reporting"), help="default: all")
    parser.add_argument("--picture", type=Path, metavar="FILE.svg")
    options = parser.parse_args()
    corpus = PolicyQA(get_settings())
    questions = read_question_set(DATA / "policy_questions.jsonl", half=options.half)
    outcomes = answer_outcomes(questions, corpus.ask, corpus.document)
    print(json.dumps(rates(outcomes).to_dict(), indent=1))
    print(json.dumps({"calibration_error_by_chance": by_chance([one.confidence for one in outcomes])}))
    if options.picture:
        options.picture.write_text(reliability_svg([(one.confidence, one.right) for one in outcomes]), "utf-8")
    open_questions = read_question_set(DATA / "open_questions.jsonl", half=options.half)
    print(json.dumps(rates(answer_outcomes(open_questions, corpus.ask, corpus.document)).to_dict(), indent=1))
    for name, half in (("claims", options.half), ("hostile_claims", None)):
        claims = read_claim_set(DATA / f"{name}.jsonl", half=half)
        print(json.dumps(claim_rates(claims, corpus.check).to_dict(), indent=1))


if __name__ == "__main__":
    main()
