"""The page's colours and fonts: the reader's own system fonts, so that nothing is fetched."""

from __future__ import annotations

import gradio as gr

_FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif")
_ACCENT, _ACCENT_ON_DARK = "#0f766e", "#5eead4"  # at least 4.5 to 1 against their backgrounds


def page_theme() -> gr.themes.Base:
    """Return the theme: warm greys, one accent, text that is dark enough to read."""
    theme = gr.themes.Base(
        primary_hue="teal", neutral_hue="stone", font=_FONTS, font_mono=("ui-monospace", "monospace"), radius_size="md"
    )
    return theme.set(
        color_accent=_ACCENT, link_text_color=_ACCENT, link_text_color_dark=_ACCENT_ON_DARK,
        body_text_color_subdued="*neutral_600", body_text_color_subdued_dark="*neutral_300",
        button_primary_background_fill=_ACCENT, button_primary_background_fill_hover="#115e59",
        button_primary_background_fill_dark=_ACCENT, button_primary_background_fill_hover_dark="#115e59", button_primary_text_color="white", button_secondary_background_fill="transparent",
        button_secondary_background_fill_hover="*neutral_100", button_secondary_background_fill_hover_dark="*neutral_700",
        block_label_text_color="*neutral_700", block_title_text_color="*neutral_700", block_title_text_color_dark="*neutral_200",
        input_placeholder_color="*neutral_500",
    )  # fmt: skip
