"""Who is at the page, and what that reader sees."""

from __future__ import annotations

import gradio as gr

NOBODY = "local"  # whose the uploads are where nobody has to say who he is


def reader_of(request: gr.Request | None) -> str | None:
    """Return the name of who is at the page, or ``None`` where nobody has to say, and everybody sees everything."""
    return getattr(request, "username", None)
