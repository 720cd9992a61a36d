"""A process beside ours that parses files: one that hangs, crashes or eats memory takes only itself along.

It is one process for a whole folder, started when the first file needs it and again after it was lost. It is asked
one JSON line at a time and answers one; ``python -m qa.ingest.worker`` is its other end.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, Self

from qa.ingest.blocks import Block, Metadata, Parsed, UnreadableError
from qa.ingest.limits import MEGABYTE, Limits
from qa.records import Source

_PACKAGES = Path(__file__).resolve().parents[2]  # the folder that `qa` is imported from
_START_SECONDS = 60
_GRACE_SECONDS = 5


class Worker:
    """Parses files in a process of its own, within ``limits``; a context manager that ends it."""

    def __init__(self, limits: Limits, *, command: list[str] | None = None) -> None:
        self._limits = limits
        self._command = command or [sys.executable, "-m", "qa.ingest.worker", json.dumps(asdict(limits))]
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def parse(self, path: Path) -> tuple[str, Parsed]:
        """Return the format of the file at ``path`` and what is in it.

        Raises UnreadableError, with what is wrong and what to do, when it cannot be read or takes too much.
        """
        process = self._process or self._start()
        try:
            _pipe(process.stdin).write(json.dumps(str(path.absolute())) + "\n")
            _pipe(process.stdin).flush()
            answer, in_time = self._answer(process, self._limits.seconds)
        except BaseException as error:
            self.close()
            if isinstance(error, BrokenPipeError):
                raise UnreadableError("the program that reads such files ended. Try again.") from error
            raise
        if not answer.endswith("\n"):
            self.close()
            if not in_time:
                raise UnreadableError(
                    f"reading it took longer than {self._limits.seconds:g} s and was stopped. Split it, or save it anew."
                )
            raise UnreadableError(
                f"reading it crashed, or took more than {self._limits.memory_megabytes:,} MB of memory. Save it anew, or split it."
            )
        return _unpacked(json.loads(answer))

    def close(self) -> None:
        """End the process; the next file starts another."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            _pipe(process.stdout).close()
            with contextlib.suppress(BrokenPipeError):  # what it did not read any more
                _pipe(process.stdin).close()

    def _start(self) -> subprocess.Popen[str]:
        packages = os.pathsep.join(filter(None, [str(_PACKAGES), os.environ.get("PYTHONPATH")]))
        process = subprocess.Popen(  # noqa: S603 (our own interpreter and module)
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": packages, "PYTHONIOENCODING": "utf-8"}, encoding="utf-8",
        )  # fmt: skip
        self._process = process
        greeting, _ = self._answer(process, _START_SECONDS)
        if not greeting:
            self.close()
            raise UnreadableError(
                "the program that reads such files did not start. Install what requirements.txt names."
            )
        return process

    @staticmethod
    def _answer(process: subprocess.Popen[str], seconds: float) -> tuple[str, bool]:
        """Return the line that the process answers, and whether it had one or ended by itself in time."""
        late = threading.Event()

        def stop() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(seconds, stop)
        timer.start()
        try:
            return _pipe(process.stdout).readline(), not late.is_set()
        finally:
            timer.cancel()
            timer.join()


def _pipe(pipe: IO[str] | None) -> IO[str]:
    if pipe is None:  # both were asked for
        raise RuntimeError("the worker has no pipe")
    return pipe


def _unpacked(answer: dict[str, Any]) -> tuple[str, Parsed]:
    if "error" in answer:
        raise UnreadableError(answer["error"])
    about = answer["metadata"]
    sources = tuple(Source(**source) for source in about.pop("sources", ()))
    blocks = [Block(*block) for block in answer["blocks"]]
    return answer["format"], Parsed(blocks, Metadata(**about, sources=sources), tuple(answer["warnings"]))


def _packed(kind: str, parsed: Parsed) -> dict[str, Any]:
    metadata = {name: value for name, value in asdict(parsed.metadata).items() if value}
    blocks = [(block.kind, block.text, block.page) for block in parsed.blocks]
    return {"format": kind, "blocks": blocks, "metadata": metadata, "warnings": parsed.warnings}


def main(arguments: list[str]) -> None:
    """Answer until standard input ends."""
    from qa.ingest.parse import parse_file

    limits = Limits(**json.loads(arguments[0]))
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="ignore")  # half of a surrogate pair is no text
    os.dup2(2, 1)  # what a library prints is no answer
    _limit_memory(limits)
    answers.write("ready\n")
    answers.flush()
    for line in sys.stdin:
        _die_after(limits.seconds + _GRACE_SECONDS)
        try:
            answer = _packed(*parse_file(Path(json.loads(line)), limits))
        except OSError as error:
            answer = {"error": f"it cannot be opened: {error.strerror}. Check its permissions."}
        except UnreadableError as error:
            answer = {"error": str(error)}
        except MemoryError:
            answer = {"error": f"reading it takes more than {limits.memory_megabytes:,} MB of memory. Split it."}
        _die_after(0)
        answers.write(json.dumps(answer, ensure_ascii=False) + "\n")
        answers.flush()


def _die_after(seconds: float) -> None:
    """End this process then, whatever it is busy with: who asked may be gone and stop it no more."""
    if hasattr(signal, "alarm"):
        signal.alarm(int(seconds))


def _limit_memory(limits: Limits) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits; those on size, pages and time hold there
        return
    size = limits.memory_megabytes * MEGABYTE
    try:
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
    except (ValueError, OSError):  # macOS refuses it
        return


if __name__ == "__main__":
    main(sys.argv[1:])
