"""How fast it is, each as a ratio to a baseline in the same run: ``python -m benchmarks.speed [--passages N ...]``.

First the embedding of real passages and questions against plain ``SentenceTransformer.encode`` in float32, unsorted,
in batches of 32. Then, for each N, an index of N passages, sewn together from the corpus' own with noise on their
vectors: building it, changing one document, and one question through ``retrieve`` on a warm process, with and without
filters, against embedding the question alone. ``--real`` does that with the documents and questions of test sets instead,
``--cold`` times whole commands over the corpus, ``--ask`` what ``ask`` takes beyond ``retrieve`` there.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.large import QUESTIONS, Large, of_sets, sewn_together
from qa.assistant import PolicyQA
from qa.embedding.choice import get_embedder
from qa.embedding.model import SentenceTransformerEmbedder
from qa.evaluation.answers import read_question_set
from qa.filters import Filters
from qa.index.build import build_index, embedding_text
from qa.ingest import read_corpus
from qa.passages import cut_passages
from qa.records import Document
from qa.retrieval.dense import nearest_rows
from qa.retrieval.retriever import CANDIDATES
from qa.settings import Settings, get_settings

POLICY_QUESTIONS = Path(__file__).resolve().parents[1] / "tests" / "data" / "policy_questions.jsonl"
CALLS = 100  # of each kind at each size, at least


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, nargs="*", default=[1_000, 10_000, 100_000], metavar="N")
    parser.add_argument("--real", type=Path, nargs="+", metavar="SET")
    parser.add_argument("--cold", action="store_true")
    parser.add_argument("--ask", action="store_true")
    options = parser.parse_args()
    settings = get_settings()
    if options.cold:
        cold()
    elif options.ask:
        asking(settings)
    elif options.real:
        rows(settings, [of_sets(options.real, get_embedder(settings), settings.cache_dir / "vectors")])
    else:
        documents = list(read_corpus(settings.corpus_dir).documents)
        embedding(settings, documents)
        rows(settings, (sewn_together(documents, count, get_embedder(settings)) for count in options.passages))


def timed(call: Callable[[], object], repeats: int) -> list[float]:
    """Return the milliseconds of each of ``repeats`` calls, in order of time."""
    taken = []
    for _ in range(repeats):
        started = time.perf_counter()
        call()
        taken.append((time.perf_counter() - started) * 1000)
    return sorted(taken)


def p95(taken: Sequence[float]) -> float:
    return taken[min(len(taken) - 1, int(len(taken) * 0.95))]


def embedding(settings: Settings, documents: Sequence[Document]) -> None:
    """Time passages and one question, each form beside the baseline in turn."""
    texts = [embedding_text(d, p) for d in documents for p in cut_passages(d)]
    random.Random(0).shuffle(texts)
    texts = texts[:128]
    original = SentenceTransformerEmbedder(settings)
    model = original.model()
    forms: dict[str, Callable[[], object]] = {
        "plain SentenceTransformer, unsorted": lambda: [
            model.encode_document(inputs=texts[i : i + 32], batch_size=32) for i in range(0, len(texts), 32)
        ],
        "SentenceTransformer, sorted": lambda: original.encode_passages(texts),
    }
    one: dict[str, Callable[[], object]] = {
        "plain SentenceTransformer, unsorted": lambda: model.encode_query(inputs=QUESTIONS[0])
    }
    reference = original.encode_passages(texts)
    cosines = {}
    for name in ("float32", "int8"):
        compiled = get_embedder(settings.model_copy(update={"embedding_form": name}))
        cosines[compiled.form] = float((compiled.encode_passages(texts) * reference).sum(axis=1).min())
        forms[compiled.form] = lambda c=compiled: c.encode_passages(texts)  # type: ignore[misc]
        one[compiled.form] = lambda c=compiled: c.encode_queries(QUESTIONS[:1])  # type: ignore[misc]
    seconds: dict[str, list[float]] = {name: [] for name in forms}
    for _ in range(5):  # in turn, so that a busy machine is busy for all
        for name, call in forms.items():
            seconds[name] += timed(call, 1)
    print("| form | passages/s p50 | ratio | least cosine | question ms p50 / p95 | ratio |\n" + "|---" * 6 + "|")
    plain = "plain SentenceTransformer, unsorted"
    questions = {name: timed(call, 100) for name, call in one.items()}
    for name, taken in seconds.items():
        asked = questions.get(name)
        latency = (
            f"{median(asked):.1f} / {p95(asked):.1f} | {median(questions[plain]) / median(asked):.2f}"
            if asked
            else " | "
        )
        print(f"| {name} | {len(texts) / median(taken) * 1000:.0f} | {median(seconds[plain]) / median(taken):.2f} | "
              f"{cosines.get(name, 1):.4f} | {latency} |", flush=True)  # fmt: skip


def rows(settings: Settings, corpora: Iterable[Large]) -> None:
    """Print the table of an index of each of ``corpora``."""
    print("\n| passages | build s | one changed s | embed ms | retrieve ms p50 / p95 | ratio | filtered ms p50 / p95 "
          "| ratio to unfiltered | recall@10 all / filtered | memory GB |\n" + "|---" * 10 + "|", flush=True)  # fmt: skip
    for large in corpora:
        row(settings, large)


def row(settings: Settings, large: Large) -> None:
    """Print the row of an index of what ``large`` holds."""
    with tempfile.TemporaryDirectory() as scratch:
        started = time.perf_counter()
        total = build_index(Path(scratch), large.documents, large.embedder, sentences=False).passages["total"]
        built = time.perf_counter() - started
        first, *others = large.documents
        started = time.perf_counter()
        changed = [*others, replace(first, title="Nouveau")]
        build_index(Path(scratch), changed, large.embedder, sentences=False)
        updated = time.perf_counter() - started
        corpus = PolicyQA(settings.model_copy(update={"index_dir": Path(scratch)}), embedder=large.embedder)
        for question in large.questions:
            corpus.retrieve(question)
        embed, plain, filtered = [], [], []
        numbers = itertools.count()  # none is asked twice, since a question's vector is remembered
        for question in [*large.questions] * max(1, CALLS // len(large.questions)):
            embed += timed(lambda q=question: large.embedder.encode_queries([f"{q} ({next(numbers)})"]), 1)  # type: ignore[misc]
            plain += timed(lambda q=question: corpus.retrieve(f"{q} ({next(numbers)})"), 1)  # type: ignore[misc]
            for options in large.filters:
                filtered += timed(  # type: ignore[misc]
                    lambda q=question, o=options: corpus.retrieve(f"{q} ({next(numbers)})", **o), 1
                )
        memory = asking_alone(Path(scratch), settings)
        recalls = recall(corpus, large)
    embed, plain, filtered = sorted(embed), sorted(plain), sorted(filtered)
    print(f"| {total:,} | {built:.1f} | {updated:.1f} | {median(embed):.1f} | {median(plain):.1f} / {p95(plain):.1f} | "
          f"{median(plain) / median(embed):.2f} | {median(filtered):.1f} / {p95(filtered):.1f} | "
          f"{p95(filtered) / p95(plain):.2f} | {recalls[0]:.3f} / {recalls[1]:.3f} | {memory:.2f} |", flush=True)  # fmt: skip


def asking_alone(index: Path, settings: Settings) -> float:
    """Return the gigabytes that a fresh process comes to by asking the questions of the index."""
    program = (
        "import sys; from pathlib import Path; from benchmarks.large import QUESTIONS; from qa import open_corpus\n"
        "corpus = open_corpus(sys.argv[1])\n"
        "for question in QUESTIONS: corpus.retrieve(question)\n"
        "status = Path('/proc/self/status').read_text()\n"  # ru_maxrss would begin with this process' own
        "print(int(status.partition('VmHWM:')[2].split()[0]) / 2**20)"
    )
    call = [sys.executable, "-W", "ignore", "-c", program, str(index)]
    environment = {**os.environ, "QA_CACHE_DIR": str(settings.cache_dir)}
    return float(subprocess.run(call, env=environment, check=True, capture_output=True, text=True).stdout)  # noqa: S603


def recall(corpus: PolicyQA, large: Large) -> tuple[float, float]:
    """Return the share of the ten nearest by comparing every row that are found, without and with filters."""
    generation = corpus.generation()
    shares: tuple[list[float], list[float]] = ([], [])
    for question in large.questions:
        vector = large.embedder.encode_queries([question])[0]
        for options in ({}, *large.filters):
            kept = generation.table.kept_by(Filters(**options))
            rows = np.arange(len(generation.table)) if kept is None else np.flatnonzero(kept)
            exact = generation.matrix.nearest(rows, vector, 10)
            found = nearest_rows(generation, vector, CANDIDATES, kept)[:10]
            shares[bool(options)].append(len(set(exact) & set(found)) / max(len(exact), 1))
    return float(np.mean(shares[0])), float(np.mean(shares[1]))


def cold() -> None:
    """Print the seconds of whole commands, each in a process of its own, over the index of the settings."""
    print("| command | seconds p50 | least |\n|---|---|---|")
    for command in (["retrieve", QUESTIONS[0]], ["ask", QUESTIONS[0]]):
        call = [sys.executable, "-m", "qa", *command]
        taken = timed(lambda c=call: subprocess.run(c, check=True, capture_output=True), 7)  # type: ignore[misc]  # noqa: S603
        print(f"| qa {command[0]} | {median(taken) / 1000:.2f} | {taken[0] / 1000:.2f} |")


def asking(settings: Settings) -> None:
    """Print what reading and choosing sentences takes: of questions that come first, and of others that come after them."""
    corpus = PolicyQA(settings)
    corpus.ask(QUESTIONS[0], llm="none")
    print(
        "| questions | ask beyond retrieve ms p50 / p95 | embedding one question ms | ratio of p50 |\n"
        + "|---" * 4
        + "|"
    )
    for half, when in (("tuning", "the first, in a process that read nothing"), ("reporting", "others, after those")):
        asked = [row["question"] for row in read_question_set(POLICY_QUESTIONS, half=half)]
        taken = sorted(corpus.ask(question, llm="none").seconds.get("answer", 0.0) * 1000 for question in asked)
        one = median(timed(lambda q=asked[0]: corpus.embedder.encode_queries([q]), 20))  # type: ignore[misc]
        print(
            f"| {len(asked)}, {when} | {median(taken):.0f} / {p95(taken):.0f} | {one:.1f} | {median(taken) / one:.1f} |"
        )


if __name__ == "__main__":
    main()
