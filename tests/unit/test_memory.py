"""Freed memory goes back to the system, and nothing happens where the C library does so by itself."""

from __future__ import annotations

import ctypes
import gc
import subprocess
import sys
import weakref
from pathlib import Path

import pytest

from qa.memory import give_memory_back, share_memory
from tests.conftest import PROJECT


def resident() -> int:
    status = Path("/proc/self/status").read_text("utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))


@pytest.mark.skipif(sys.platform != "linux", reason="reads Linux's own account of memory")
def test_what_was_freed_is_given_back():
    libc = ctypes.CDLL(None)
    libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
    blocks = [libc.malloc(100_000) for _ in range(1000)]  # each below what glibc maps by itself
    for block in blocks:
        ctypes.memset(block, 1, 100_000)
    for block in blocks[:-1]:  # the last one keeps the heap from shrinking by itself
        libc.free(block)
    before = resident()
    give_memory_back()
    assert resident() < before - 50_000
    libc.free(blocks[-1])


def test_what_holds_only_itself_is_freed_first():
    class Circle:
        def __init__(self) -> None:
            self.itself = self

    gc.disable()  # else it might be found by chance
    try:
        circle = weakref.ref(Circle())
        assert circle() is not None
        give_memory_back()
        assert circle() is None
    finally:
        gc.enable()


def test_another_c_library_is_left_alone(monkeypatch):
    def missing(name: str) -> None:
        raise OSError(name)

    monkeypatch.setattr(ctypes, "CDLL", missing)
    give_memory_back()
    share_memory()


@pytest.mark.skipif(sys.platform != "linux", reason="asks glibc")
def test_threads_share_what_they_free():
    program = """
import ctypes, threading
from qa.memory import share_memory
share_memory()
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
kept, together = [], threading.Barrier(12)
def work():
    together.wait()
    kept.extend(libc.malloc(50_000) for _ in range(50))
    together.wait()
threads = [threading.Thread(target=work) for _ in range(12)]
for thread in threads: thread.start()
for thread in threads: thread.join()
libc.malloc_stats()
"""
    told = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stderr
    assert told.count("Arena ") <= 2, told
