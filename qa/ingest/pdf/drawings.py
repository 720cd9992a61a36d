"""What a PDF page has besides text: how many paths are drawn on it, and how much of it pictures cover."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

_DEEPEST = 4  # forms in forms


@dataclass(slots=True)
class Drawings:
    """``pictures`` is an area in square points; pictures that lie on one another count twice."""

    paths: int = 0
    pictures: float = 0.0


def page_drawings(page: Any) -> Drawings:
    """Return what is drawn on a pdfium page, in its forms too."""
    import pypdfium2.raw as pdfium

    found = Drawings()
    objects = (pdfium.FPDFPage_GetObject(page.raw, index) for index in range(pdfium.FPDFPage_CountObjects(page.raw)))
    for item in objects:
        _count(item, item, found, 0)
    return found


def _count(item: Any, outermost: Any, found: Drawings, depth: int) -> None:
    import pypdfium2.raw as pdfium

    kind = pdfium.FPDFPageObj_GetType(item)
    if kind == pdfium.FPDF_PAGEOBJ_PATH:
        found.paths += 1
    elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
        left, bottom, right, top = (ctypes.c_float() for _ in range(4))
        pdfium.FPDFPageObj_GetBounds(outermost, left, bottom, right, top)  # a form's contents have places of its own
        found.pictures += abs(right.value - left.value) * abs(top.value - bottom.value)
    elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
        for index in range(pdfium.FPDFFormObj_CountObjects(item)):
            _count(pdfium.FPDFFormObj_GetObject(item, index), outermost, found, depth + 1)
