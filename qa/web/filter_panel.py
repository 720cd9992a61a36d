"""The filters that every tab shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import gradio as gr

from qa.filters import FilterOptions
from qa.index.texts import Listed
from qa.web.html.pieces import kind_name
from qa.web.labels import Labels
from qa.web.texts import text

NAMES = ("language", "kind", "region", "since", "until", "as_of")
Choices = list[tuple[str, str]]


class FilterPanel:
    """An accordion of inputs; ``inputs`` are in the order of ``NAMES``."""

    def __init__(self, labels: Labels) -> None:
        with labels.make(gr.Accordion, {"label": "filters"}, open=False, elem_id="filters"):
            with gr.Row():
                language = labels.make(gr.Dropdown, _languages, value="", min_width=140)
                self._kind = labels.make(gr.Dropdown, {"label": "kind"}, choices=[("—", "")], value="", min_width=140)
                self._region = labels.make(
                    gr.Dropdown, {"label": "region"}, choices=[("—", "")], value="", min_width=140
                )
            with gr.Row():
                since, until, as_of = (
                    labels.make(gr.Textbox, {"label": name, "placeholder": "date_example"}, max_lines=1, min_width=110)
                    for name in ("since", "until", "as_of")
                )
        self.inputs: list[Any] = [language, self._kind, self._region, since, until, as_of]
        self.choosers: list[Any] = [self._kind, self._region]

    def choices(self, documents: Sequence[Listed], language: str) -> list[Any]:
        """Return the updates of ``choosers`` to what ``documents`` have."""
        kinds = sorted({listed.kind for listed in documents if listed.kind})
        regions = sorted({listed.region for listed in documents if listed.region})
        anything: Choices = [(text("any", language), "")]
        return [
            gr.update(choices=anything + [(kind_name(kind, language) or kind, kind) for kind in kinds]),
            gr.update(choices=anything + [(region, region) for region in regions]),
        ]


def chosen(values: Sequence[str | None]) -> FilterOptions:
    """Return the filters that are set; ``values`` are those of ``FilterPanel.inputs``.

    >>> chosen(("fr", "", None, " 2013 ", "", ""))
    {'language': 'fr', 'since': '2013'}
    """
    given = {name: value.strip() for name, value in zip(NAMES, values, strict=True) if value and value.strip()}
    return FilterOptions(**given)  # type: ignore[no-any-return, typeddict-item]


def values_of(filters: Mapping[str, Any]) -> list[str]:
    """Return the values that ``FilterPanel.inputs`` have for ``filters``."""
    return [str(filters.get(name) or "") for name in NAMES]


def _languages(language: str) -> dict[str, Any]:
    spoken = [(text("any", language), ""), *((text(f"name_{code}", language), code) for code in ("fr", "en"))]
    return {"label": text("document_language", language), "choices": spoken}
