"""Memory that a process which lives on no longer needs."""

from __future__ import annotations

import contextlib
import ctypes
import gc

_M_ARENA_MAX = -8  # malloc.h
_ARENAS = 2  # the default is eight for each core: each thread that answers would then keep freed memory of its own


def share_memory() -> None:
    """Have threads share what they free, in a process of many threads; to be called before they start. Only on glibc."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").mallopt(_M_ARENA_MAX, _ARENAS)


def give_memory_back() -> None:
    """Give what was freed back to the system.

    glibc keeps it for itself in pieces that larger arrays do not fit in, so that a server grows with each index it
    builds and lets go of. Elsewhere than on glibc it goes back by itself.

    What holds itself in a circle is freed first: a closed generation's documents and the Chroma that it was read with. Python
    looks for such circles by how many objects there are, whatever these weigh, so that dozens of generations would wait for it.
    """
    gc.collect()
    with contextlib.suppress(OSError, AttributeError):  # another C library, which does so by itself
        ctypes.CDLL("libc.so.6").malloc_trim(0)
