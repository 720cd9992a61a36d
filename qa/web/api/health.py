"""Whether the process lives and whether it can answer, for what watches over it."""

from __future__ import annotations

from fastapi import APIRouter

from qa.assistant import PolicyQA


def health_routes(corpus: PolicyQA) -> APIRouter:
    """Return ``/healthz``, which answers while the process lives, and ``/readyz``, which does while the index opens
    and its vectors can be searched.
    """
    routes = APIRouter()

    @routes.api_route("/healthz", methods=["GET", "HEAD"])
    async def alive() -> dict[str, str]:  # in the loop itself: a full thread pool is no dead process
        return {"status": "alive"}

    @routes.api_route("/readyz", methods=["GET", "HEAD"])
    def ready() -> dict[str, str]:
        generation = corpus.generation()
        generation.vectors.reach()
        told = {"problem": "The newest generation is damaged; this is the one before."} if generation.problem else {}
        return {"status": "ready", "generation": generation.name, **told}

    return routes
