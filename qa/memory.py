"""Memory that a process which lives on no longer needs."""

from __future__ import annotations

import contextlib
import ctypes


def give_memory_back() -> None:
    """Give what was freed back to the system.

    glibc keeps it for itself in pieces that larger arrays do not fit in, so that a server grows with each index it
    builds and lets go of. Elsewhere than on glibc this does nothing.
    """
    with contextlib.suppress(OSError, AttributeError):  # another C library, which does so by itself
        ctypes.CDLL("libc.so.6").malloc_trim(0)
