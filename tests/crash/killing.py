"""Work done in a process of its own, and killed without warning at a random instant of it.

``Killer.kill(work, *arguments)`` runs ``work(started, *arguments)``, a function at the top of a module, in a process that
is forked off one that has imported ``preload`` and nothing else, so that it takes milliseconds to start. From when it
calls ``started.set()`` it is given a random part of the time that such work was seen to take, and then killed.
``Killer.run`` lets it end and returns what it returned.
"""

from __future__ import annotations

import multiprocessing
import random
import time
from collections.abc import Callable, Sequence
from typing import Any

ENDS_WITHIN = 60  # seconds


class Killer:
    def __init__(self, preload: Sequence[str], seed: int) -> None:
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(list(preload))
        self._chance = random.Random(seed)
        self._takes: dict[Callable[..., Any], float] = {}  # seconds, the longest seen

    def kill(self, work: Callable[..., Any], *arguments: object) -> bool:
        """Do ``work``, killed at a random instant; return whether it was still at it."""
        if work not in self._takes:
            self._takes[work] = self._seconds(work, *arguments)
            return False
        process, started, _ = self._start(work, arguments)
        time.sleep(self._chance.uniform(0, self._takes[work]))
        process.kill()
        process.join(ENDS_WITHIN)
        assert process.exitcode in {0, -9}, f"it ended by itself with {process.exitcode}"
        assert started.is_set()
        return process.exitcode == -9

    def run(self, work: Callable[..., Any], *arguments: object) -> Any:
        """Do ``work`` to its end and return what it returned."""
        process, _, answers = self._start(work, arguments)
        assert answers.poll(ENDS_WITHIN), "it does not end"
        answer = answers.recv()
        process.join(ENDS_WITHIN)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def _seconds(self, work: Callable[..., Any], *arguments: object) -> float:
        process, _, answers = self._start(work, arguments)
        began = time.monotonic()
        answer = answers.recv()
        if isinstance(answer, BaseException):
            raise answer
        process.join(ENDS_WITHIN)
        return time.monotonic() - began

    def _start(self, work: Callable[..., Any], arguments: Sequence[object]) -> Any:
        mine, its = self._context.Pipe(duplex=False)
        started = self._context.Event()
        process = self._context.Process(target=_do, args=(work, started, its, arguments), daemon=True)
        process.start()
        its.close()
        if not started.wait(ENDS_WITHIN):
            process.kill()
            raise AssertionError("it does not start")
        return process, started, mine


def _do(work: Callable[..., Any], started: Any, answers: Any, arguments: Sequence[object]) -> None:
    try:
        answers.send(work(started, *arguments))
    except BaseException as error:  # it is raised where it was asked for
        started.set()
        answers.send(RuntimeError(f"{type(error).__name__}: {error}"))
        raise
