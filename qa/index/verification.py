"""Whether a generation that was just built answers as it should, before anybody is pointed at it."""

from __future__ import annotations

import random
from pathlib import Path

from qa.errors import IndexBrokenError
from qa.index import generations
from qa.index.checksums import REBUILD
from qa.index.lexical import LexicalIndex
from qa.index.matrix import VectorMatrix
from qa.index.server import ChromaServer
from qa.index.table import PassageTable
from qa.index.texts import TextStore
from qa.index.vectors import open_vectors

_SAMPLE = 50  # passages that have to find themselves before a generation is published


def verify(folder: Path, server: ChromaServer | None = None) -> tuple[int, int]:
    """Return the counts of documents and passages, or raise IndexBrokenError unless the stores agree.

    The stores are opened anew, as a reader will, and a sample of passages has to find itself by its own vector.
    """
    texts = TextStore(folder / generations.TEXTS)
    vectors = open_vectors(folder, server)
    try:
        documents, passages = texts.counts()
        table, matrix = PassageTable(folder / generations.TABLE), VectorMatrix(folder / generations.MATRIX)
        lexical = LexicalIndex(folder / generations.LEXICAL, table)
        counts = {
            "texts": passages,
            "vectors": len(vectors),
            "terms": len(lexical),
            "rows": len(table),
            "matrix": len(matrix),
        }
        ids = texts.passage_ids()
        if len(set(counts.values())) != 1 or table.ids(range(len(table))) != ids:
            raise IndexBrokenError(
                f"The new index does not verify: its parts hold {counts}. It was not put in place. {REBUILD}"
            )
        sample = random.Random(0).sample(ids, min(_SAMPLE, len(ids)))
        own = matrix.vectors[table.rows(sample)]
        for passage_id, vector, found in zip(sample, own, vectors.search(own, 10), strict=True):
            nearest = found[0][1] if found else 0.0
            if passage_id not in dict(found) and nearest < float(vector @ vector) - 1e-4:
                raise IndexBrokenError(
                    f"The new index does not verify: {passage_id} does not find itself. It was not put in place. {REBUILD}"
                )
        return documents, passages
    finally:
        texts.close()
        vectors.close()
