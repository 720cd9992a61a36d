"""The server under load: ``python -m benchmarks.load [--users 50] [--seconds 300]``.

So many users ask, over REST and through the page's queue, and open the documents that they are answered from, each after the
answer before, with a second's thought; one of them adds and removes a document of her own meanwhile, so that the index is
built and swapped again and again. Every answer has to be to its own question, in it every quote has to stand in its document,
and nothing may fail. Before that, ten ask at once what one asked alone.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import httpx

from qa.settings import get_settings

PROJECT = Path(__file__).resolve().parent.parent
QUESTIONS = PROJECT / "tests" / "data" / "policy_questions.jsonl"
NOTE = "La prime d'essai numéro {number} du Douaisis vaut {number} euros."


def main() -> None:
    """Print a Markdown table; the exit code says whether anything failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=300)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch, started(Path(scratch)) as (address, process):
        asyncio.run(at_once(address, 10))
        load = Load(address, process, options.seconds)
        asyncio.run(load.run(options.users))
    print(load.table(options.users))
    sys.exit(1 if load.failures else 0)


@contextmanager
def started(scratch: Path) -> Iterator[tuple[str, int]]:
    """Start a server over a copy of the index; give its address and process."""
    index = shutil.copytree(get_settings().index_dir, scratch / "index")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    variables = {**os.environ, "QA_INDEX_DIR": str(index), "QA_PORT": str(port)}
    with subprocess.Popen([sys.executable, "-m", "qa", "serve"], cwd=PROJECT, env=variables) as process:
        address = f"http://127.0.0.1:{port}"
        while True:
            try:
                if httpx.get(f"{address}/readyz", timeout=5).is_success:
                    break
            except httpx.TransportError:
                time.sleep(0.2)
        yield address, process.pid
        process.terminate()


def questions() -> list[str]:
    return [json.loads(line)["question"] for line in QUESTIONS.read_text("utf-8").splitlines()]


async def at_once(address: str, people: int) -> None:
    """Print how long ``people`` wait for their answers, asking at once, against one who asks alone."""
    asked = random.Random(0).sample(questions(), people)
    async with httpx.AsyncClient(base_url=address, timeout=120) as client:

        async def seconds(question: str) -> float:
            began = time.perf_counter()
            (await client.get("/api/v1/ask", params={"question": question})).raise_for_status()
            return time.perf_counter() - began

        alone = [await seconds(question) for question in asked for _ in range(3)]
        waited = [max(await asyncio.gather(*(seconds(question) for question in asked))) for _ in range(5)]
    computed = sum(alone) / 3
    print(
        f"{people} at once: the last is answered after {median(waited):.2f} s; one after the other takes {computed:.2f} s, one "
        f"alone {median(alone):.3f} s: {median(waited) / (2 * median(alone) + computed):.2f} of twice one alone and what all share.\n"
    )


def resident(process: int) -> int:
    """Return the memory of a process in KiB."""
    status = Path(f"/proc/{process}/status").read_text("utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))


class Load:
    """What the users did, and what went wrong."""

    def __init__(self, address: str, process: int, seconds: float) -> None:
        self.address, self.process = address, process
        self.until = time.monotonic() + seconds
        self.seconds = seconds
        self.took: dict[str, list[float]] = {}
        self.failures: list[str] = []
        self.memory: list[int] = []
        self.swaps = 0

    async def run(self, users: int) -> None:
        """Have them all at it until the time is over."""
        limits = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(base_url=self.address, timeout=120, limits=limits) as client:
            people = [self.user(client, number) for number in range(users)]
            await asyncio.gather(self.indexes(client), self.watches(), *people)

    async def user(self, client: httpx.AsyncClient, number: int) -> None:
        """Ask and read, every other user through the page's queue."""
        chance = random.Random(number)
        asked = questions()
        await asyncio.sleep(chance.random())
        while time.monotonic() < self.until:
            question = chance.choice(asked)
            try:
                await (self.page if number % 2 else self.rest)(client, question)
            except (httpx.HTTPError, AssertionError, KeyError, ValueError) as error:
                self.failures.append(f"{question}: {error!r}"[:300])
            await asyncio.sleep(chance.uniform(0.5, 1.5))

    async def rest(self, client: httpx.AsyncClient, question: str) -> None:
        began = time.perf_counter()
        answer = (await client.get("/api/v1/ask", params={"question": question})).raise_for_status().json()
        self.timed("ask (REST)", began)
        await self.read(client, question, answer)

    async def page(self, client: httpx.AsyncClient, question: str) -> None:
        began = time.perf_counter()
        called = await client.post("/gradio_api/call/ask", json={"data": [question, [], *[None] * 7]})
        event = called.raise_for_status().json()["event_id"]
        told = (await client.get(f"/gradio_api/call/ask/{event}")).raise_for_status().text
        assert "event: complete" in told, told
        [answer] = json.loads(told.rpartition("data: ")[2])
        self.timed("ask (the page's queue)", began)
        await self.read(client, question, answer)

    async def read(self, client: httpx.AsyncClient, question: str, answer: dict[str, Any]) -> None:
        """Open the documents that an answer is from, and compare every quote."""
        assert answer["question"] == question, f"an answer to {answer['question']}"
        for citation in [c for statement in answer["statements"] for c in statement["citations"]][:2]:
            began = time.perf_counter()
            document = (await client.get(f"/api/v1/documents/{citation['document_id']}")).raise_for_status().json()
            self.timed("open a document", began)
            assert document["text"][citation["start"] : citation["end"]] == citation["quote"]

    async def indexes(self, client: httpx.AsyncClient) -> None:
        """Add and remove a document, and ask for it, until the time is over."""
        while time.monotonic() < self.until:
            self.swaps += 1
            note, began = NOTE.format(number=self.swaps), time.perf_counter()
            try:
                (await client.put("/api/v1/uploads/note.md", content=note.encode())).raise_for_status()
                await self.indexed(client)
                self.timed("add a document", began)
                answer = await client.get(
                    "/api/v1/ask", params={"question": f"Combien vaut la prime d'essai numéro {self.swaps} ?"}
                )
                told = [statement["text"] for statement in answer.raise_for_status().json()["statements"]]
                assert note in told, f"{told} after adding {note}"
            except (httpx.HTTPError, AssertionError) as error:
                self.failures.append(repr(error)[:300])
            await asyncio.sleep(2)

    async def indexed(self, client: httpx.AsyncClient) -> None:
        while (await client.get("/api/v1/uploads")).raise_for_status().json()["indexing"]["step"]:  # noqa: ASYNC110
            await asyncio.sleep(0.2)

    async def watches(self) -> None:
        """Read the server's memory once a second."""
        while time.monotonic() < self.until:
            self.memory.append(resident(self.process))
            await asyncio.sleep(1)

    def timed(self, what: str, began: float) -> None:
        self.took.setdefault(what, []).append(time.perf_counter() - began)

    def table(self, users: int) -> str:
        """Return what came of it as Markdown."""
        rows = [f"| {users} users, {self.seconds:.0f} s | count | p50 | p95 | most |", "|---|---|---|---|---|"]
        for what, took in sorted(self.took.items()):
            p95 = quantiles(took, n=20)[-1] if len(took) > 1 else took[0]
            rows.append(f"| {what} | {len(took)} | {median(took):.2f} s | {p95:.2f} s | {max(took):.2f} s |")
        tenth = max(1, len(self.memory) // 10)
        by_tenths = [median(self.memory[start : start + tenth]) / 1024 for start in range(0, tenth * 10, tenth)]
        failed = "; ".join(f"{count} × {failure}" for failure, count in Counter(self.failures).most_common(5)) or "none"
        memory = f"Memory in each tenth of the time: {', '.join(f'{one:.0f}' for one in by_tenths)} MB."
        return "\n".join([*rows, "", f"Failures: {failed}. Indexes swapped in: {self.swaps}. {memory}"])


if __name__ == "__main__":
    main()
