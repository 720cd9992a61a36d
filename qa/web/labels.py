"""The components whose words change with the page's language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import gradio as gr

from qa.languages import DEFAULT_LANGUAGE
from qa.web.texts import text

Made = TypeVar("Made")


class Labels:
    """Makes components in the default language, and remembers how each is worded in another."""

    def __init__(self) -> None:
        self.components: list[Any] = []
        self._words: list[Callable[[str], dict[str, Any]]] = []

    def make(
        self, kind: Callable[..., Made], words: dict[str, str] | Callable[[str], dict[str, Any]], **options: Any
    ) -> Made:
        """Return ``kind(**options)`` with its properties worded: ``words`` has their keys, or makes them for a language."""
        worded = (
            words if callable(words) else lambda language: {name: text(key, language) for name, key in words.items()}
        )
        component = kind(**worded(DEFAULT_LANGUAGE), **options)
        self.components.append(component)
        self._words.append(worded)
        return component

    def updates(self, language: str) -> list[Any]:
        """Return what makes each of ``components`` speak ``language``."""
        return [gr.update(**worded(language)) for worded in self._words]
