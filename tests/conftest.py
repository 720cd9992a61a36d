"""Marks every test by the folder it is in, and keeps this machine's settings out of all of them."""

from __future__ import annotations

from pathlib import Path

import pytest

KINDS = ("unit", "integration", "browser")
PROJECT = Path(__file__).resolve().parent.parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        folder = item.path.relative_to(PROJECT).parts
        kind = folder[1] if folder[0] == "tests" else "unit"  # the examples in qa/'s docstrings
        if kind in KINDS:
            item.add_marker(getattr(pytest.mark, kind))


@pytest.fixture(autouse=True, scope="session")
def _own_settings():
    """Take the settings from the defaults, whatever the shell says; the model's cache is shared between runs."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("CORPUS_DIR", "INDEX_DIR", "EMBEDDING_MODEL", "HOST", "PORT", "LOG_LEVEL"):
            patch.delenv(f"QA_{name}", raising=False)
        yield
