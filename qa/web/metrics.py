"""``/metrics`` for Prometheus: what was asked, how it ended, how long each step took, and the index that answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.responses import Response

from qa.assistant import PolicyQA
from qa.errors import PolicyQAError
from qa.index.background import BackgroundIndexing

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)  # seconds


def metrics_routes(corpus: PolicyQA, indexing: BackgroundIndexing) -> APIRouter:
    """Return the route, and have ``corpus`` and all views of it counted from now on."""
    registry = CollectorRegistry()
    calls = Counter(
        "policy_qa_calls", "Calls by operation (ask, check, retrieve) and outcome (answered, abstained, or the error's class).",
        ["operation", "outcome"], registry=registry,
    )  # fmt: skip
    seconds = Histogram(
        "policy_qa_step_seconds",
        "How long each step of a call took.",
        ["operation", "step"],
        buckets=_BUCKETS,
        registry=registry,
    )
    registry.register(_Index(corpus, indexing))

    def count(operation: str, outcome: str, took: Mapping[str, float]) -> None:
        calls.labels(operation, outcome).inc()
        for step, value in took.items():
            seconds.labels(operation, step).observe(value)

    corpus.observers.append(count)
    routes = APIRouter()

    @routes.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return routes


class _Index(Collector):
    """What the index is at the moment of the question."""

    def __init__(self, corpus: PolicyQA, indexing: BackgroundIndexing) -> None:
        self._corpus, self._indexing = corpus, indexing

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the gauges; without an index only that there is none."""
        values: dict[str, tuple[str, float]] = {
            "policy_qa_indexing": ("Whether the index is being brought up to date.", float(self._indexing.state.step is not None)),
            "policy_qa_index_ready": ("Whether there is an index that answers.", 0.0),
        }  # fmt: skip
        try:
            generation = self._corpus.generation()
        except PolicyQAError:
            pass
        else:
            held = generation.manifest
            values |= {
                "policy_qa_index_ready": ("Whether there is an index that answers.", 1.0),
                "policy_qa_index_damaged": ("Whether the newest is damaged, and the one before answers.", float(generation.problem is not None)),
                "policy_qa_index_generation": ("The number of the generation that answers.", float(held.generation)),
                "policy_qa_index_documents": ("Its documents.", float(held.documents)),
                "policy_qa_index_passages": ("Its passages.", float(held.passages)),
                "policy_qa_index_failures": ("The files that could not be read for it.", float(len(held.failures))),
            }  # fmt: skip
        for name, (said, value) in values.items():
            yield GaugeMetricFamily(name, said, value=value)
