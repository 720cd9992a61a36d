"""Make what the cross-encoder learns from and is measured on: ``python -m training.lists PAIRS.npz ../shared/bench LISTS.npz``.

The passages that questions are learnt from (``training.questions``) are indexed, and each question is asked of that index,
in its own language, in the other one or in both: the first 20, as fused, are what a reranker has to order. The same for
samples of the test sets (``training.candidates``), which only measure. LISTS.npz has each text once, as numbers of the
pairs' tokens; candidates and vectors are kept beside it.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from qa.embedding.choice import get_embedder
from qa.embedding.model import E5_PROMPTS, Vectors
from qa.evaluation.vector_cache import CachedEmbedder
from qa.filters import Filters
from qa.index.build import build_index
from qa.index.reader import Generation, IndexReader
from qa.languages import LANGUAGES
from qa.questions import Question
from qa.records import Document
from qa.retrieval.fusion import Measured, fuse
from qa.retrieval.retriever import CANDIDATES, measure
from qa.settings import get_settings
from training.bert import Data
from training.candidates import RERANKED, SAMPLES, Asked, collect
from training.pairs import Texts
from training.questions import Asking, Askings, Tokens

EVERYWHERE = 2  # beside the question's own language, 0, and the other one, 1
List = tuple[int, list[int], list[float], list[bool]]  # a question, its candidates, their sums, which of them answer


class Untitled(CachedEmbedder):
    """An embedder that knows passages without a title by their text alone."""

    def encode_passages(self, texts: Sequence[str], *, progress: bool = False) -> Vectors:
        return super().encode_passages([text.removeprefix("\n") for text in texts], progress=progress)


def learnt(askings: list[Asking], embedder: Untitled, texts: Texts) -> Iterator[List]:
    """Yield a list for each question of which one that answers is found, and one that does not."""
    chance = np.random.default_rng(1)
    documents = [
        Document(id=f"{pool}/{number}", title="", text=text, language=LANGUAGES[side])
        for pool, asking in enumerate(askings)
        for number, (text, side) in enumerate(zip(asking.passages, asking.language, strict=True))
    ]
    with tempfile.TemporaryDirectory() as place:
        build_index(Path(place), documents, embedder)
        generation = IndexReader(Path(place), embedder).generation()
        for pool, asking in enumerate(askings):
            where = chance.integers(0, EVERYWHERE + 1 if asking.language.any() else 1, len(asking.asked))
            for searched, side in sorted(set(zip(where.tolist(), asking.language.tolist(), strict=True))):
                numbers = np.flatnonzero((where == searched) & (asking.language == side)).tolist()
                put = [str(chance.choice(asking.asked[number])) for number in numbers]
                filters = Filters(language=None if searched == EVERYWHERE else LANGUAGES[side ^ searched])
                found = measure(
                    [Question(text, LANGUAGES[side]) for text in put],
                    generation=generation, embedder=embedder, filters=filters, depth=CANDIDATES,
                )  # fmt: skip
                for number, text, one in zip(numbers, put, found, strict=True):
                    candidates, sums, right = _list(pool, asking, number, one, generation)
                    if any(right) and not all(right):
                        yield texts(text), [texts(candidate) for candidate in candidates], sums, right
        generation.close()


def _list(
    pool: int, asking: Asking, number: int, found: Measured, generation: Generation
) -> tuple[list[str], list[float], list[bool]]:
    """Return the question's candidates, without those that have the same note or the same text and are no wrong answer."""
    fused = fuse(found)
    best = np.argsort(-fused, kind="stable")[: 2 * RERANKED]
    own, answers = set(asking.alike[number].tolist()), set(asking.right[number].tolist())
    kept: list[tuple[str, float, bool]] = []
    for passage_id, at in zip(generation.table.ids(found.rows[best]), best, strict=True):
        of, place = (int(part) for part in passage_id.rpartition("#")[0].split("/"))
        answer = of == pool and place in answers
        if answer or of != pool or own.isdisjoint(asking.alike[place].tolist()):
            kept.append((generation.texts.passage(passage_id).text, float(fused[at]), answer))
    candidates, sums, right = zip(*kept[:RERANKED], strict=True)
    return list(candidates), list(sums), list(right)


def arrays(name: str, lists: list[List]) -> dict[str, Any]:
    """Return lists as arrays, -1 where a list has fewer candidates than others."""
    shape = len(lists), RERANKED
    candidates, fused, right = np.full(shape, -1, np.int32), np.zeros(shape, np.float32), np.zeros(shape, bool)
    for row, (_, found, sums, answers) in enumerate(lists):
        candidates[row, : len(found)], fused[row, : len(found)], right[row, : len(found)] = found, sums, answers
    questions = np.array([one[0] for one in lists], np.int32)
    return {f"{name}_{part}": one for part, one in (("questions", questions), ("candidates", candidates), ("fused", fused), ("right", right))}  # fmt: skip


def measured(asked: list[Asked], texts: Texts) -> tuple[list[List], list[dict[str, Any]]]:
    """Return the test sets' lists, and for each its row of the table, half, documents in order and those that answer."""
    lists, rows = [], []
    for one in asked:
        numbers = {
            document: number for number, document in enumerate(dict.fromkeys([*one.documents, *sorted(one.relevant)]))
        }
        passages = [text.removeprefix(E5_PROMPTS["document"]) for text in one.passages]
        right = [document in one.relevant for document in one.documents[: len(passages)]]
        lists.append((texts(one.text.removeprefix(E5_PROMPTS["query"])), [texts(text) for text in passages], one.features[:, 0].tolist(), right))  # fmt: skip
        rows.append({
            "label": " | ".join((one.set, *map(str, one.view))), "half": one.half,
            "documents": [numbers[document] for document in one.documents],
            "relevant": [numbers[document] for document in sorted(one.relevant)],
        })  # fmt: skip
    return lists, rows


def main() -> None:
    """Draw, search and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("bench", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    data, settings, texts = Data(options.pairs, "cpu"), get_settings(), Texts()
    embedder = Untitled(get_embedder(settings), settings.cache_dir / "vectors")
    drawn = Askings(data, json.loads(options.pairs.with_suffix(".texts.json").read_text("utf-8")))
    notes, asked = drawn.notes(), drawn.asked()
    drawn.sentences()  # so that headings are those that questions learn from, whose vectors are known
    to_learn = list(learnt([notes, asked, drawn.headings()], embedder, texts))
    print(f"{len(to_learn)} lists to learn from", flush=True)
    found = [
        one for name in SAMPLES for one in collect(options.bench, name, embedder, options.out.parent)
    ]  # fmt: skip
    to_measure, rows = measured(found, texts)
    print(f"{len(to_measure)} lists to measure on", flush=True)
    numbers = Tokens(data)(list(texts.numbers))
    np.savez_compressed(
        options.out, **arrays("learnt", to_learn), **arrays("measured", to_measure),
        rows=np.frombuffer(json.dumps(rows).encode(), np.uint8), ids=np.concatenate(numbers).astype(np.uint16),
        starts=np.cumsum([0, *(len(one) for one in numbers)]).astype(np.int32),
        **{name: data.arrays[name] for name in ("marks", "query_prompt", "passage_prompt")},
    )  # fmt: skip


if __name__ == "__main__":
    main()
