"""What the processor here is called, and whether it multiplies int8 as fast as it can be done."""

from __future__ import annotations

import platform
from pathlib import Path


def processor_name() -> str:
    """Return the processor's name, and whether it has VNNI."""
    named = (line.partition(":")[2].strip() for line in _cpu_lines() if line.startswith("model name"))
    return f"{next(named, platform.processor() or platform.machine())}{' with VNNI' if has_vnni() else ''}"


def has_vnni() -> bool:
    """Say whether the processor adds up int8 products without overflow; where not, weights keep to 7 bits."""
    return any("vnni" in line for line in _cpu_lines() if line.startswith("flags"))


def _cpu_lines() -> list[str]:
    try:
        return Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return []
