"""A small corpus without a model: documents, hits and a lexical index, for what writes and proves answers."""

from __future__ import annotations

import numpy as np
import pytest

from qa.index.lexical import LexicalIndex
from qa.index.table import PassageTable
from tests.small_corpus import DOCUMENTS, PASSAGES


@pytest.fixture
def small_lexical(tmp_path):
    table = PassageTable(tmp_path / "table")
    lexical = LexicalIndex(tmp_path / "lexical", table)
    none, cut = np.zeros(0, dtype=bool), [(document, [PASSAGES[document.id]]) for document in DOCUMENTS.values()]
    table.update(none, cut)
    lexical.update(none, cut, table)
    return lexical
