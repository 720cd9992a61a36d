"""The account of calls for one answer, where a language model writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.answering.generation.calls import Calls
from qa.answering.generation.models import open_model
from qa.errors import UsageError
from qa.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel


def opened_calls(llm: str | BaseChatModel | None, settings: Settings, *, translate: bool) -> Calls | None:
    """Return a fresh account of the model that ``llm`` or the settings name, or None where neither does.

    Raises LanguageModelError for a model that cannot be opened, UsageError for translations without one.
    """
    model = open_model(llm, settings)
    if model is None and translate:
        raise UsageError("Quotes are translated by a language model, and none is named: set QA_LLM or --llm to one.")
    return Calls(model) if model is not None else None
