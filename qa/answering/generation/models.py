"""The chat model that a name stands for, through LangChain: any provider, or a server that speaks OpenAI's language."""

from __future__ import annotations

import json
import logging
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qa.errors import LanguageModelError
from qa.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

NONE = "none"  # what switches a model off that the settings name
_MOST_WRITTEN = 1000  # tokens of one reply
_PACKAGES = {"openai": "openai", "mistralai": "mistral", "anthropic": "anthropic", "ollama": "ollama"}  # our extras

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """A chat model, and what it may use for one answer.

    ``seconds`` is for all its calls together, ``context`` the tokens of one request and its reply, ``prices`` what a
    million tokens read and written cost.
    """

    name: str
    chat: BaseChatModel
    seconds: float
    context: int
    prices: tuple[float, float] | None = None

    @property
    def most_written(self) -> int:
        """The tokens kept for the reply."""
        return most_written(self.context)


def most_written(context: int) -> int:
    """Return how many of a request's tokens are kept for the reply.

    >>> most_written(8000), most_written(2048)
    (1000, 512)
    """
    return min(_MOST_WRITTEN, context // 4)


def open_model(llm: str | BaseChatModel | None, settings: Settings) -> LanguageModel | None:
    """Return the model that ``llm`` or else the settings name, or None where neither does or ``llm`` is ``none``.

    ``llm`` is ``provider:model``, as LangChain's ``init_chat_model`` takes it, or a chat model. Raises
    LanguageModelError when its package is missing or it cannot be opened; nothing is sent yet.
    """
    wanted = settings.llm if llm is None else llm
    if wanted is None or (isinstance(wanted, str) and wanted.strip().lower() in ("", NONE)):
        return None
    limits: dict[str, Any] = {
        "seconds": settings.llm_seconds, "context": settings.llm_context, "prices": settings.llm_prices,
    }  # fmt: skip
    if not isinstance(wanted, str):
        name = str(getattr(wanted, "model_name", None) or getattr(wanted, "model", None) or type(wanted).__name__)
        return LanguageModel(name, wanted, **limits)
    return LanguageModel(wanted, _initialised(wanted.strip(), settings), **limits)


def _initialised(name: str, settings: Settings) -> BaseChatModel:
    from langchain.chat_models import init_chat_model

    provider = name.partition(":")[0]
    if ":" not in name:
        raise LanguageModelError(
            f"The language model {name!r} has no provider: write it as openai:gpt-5-mini or mistralai:{name}."
        )
    options: dict[str, Any] = {
        "temperature": 0, "max_retries": 0, "timeout": settings.llm_seconds, "max_tokens": most_written(settings.llm_context),
    }  # fmt: skip
    if provider == "openai":
        options["stream_usage"] = True  # the count of tokens comes with the last piece
    if settings.llm_key is not None:
        options["api_key"] = settings.llm_key.get_secret_value()
    if settings.llm_url:
        options["base_url"] = settings.llm_url
        if settings.llm_key is None and provider == "openai":
            options["api_key"] = "none"  # OPENAI_API_KEY is for OpenAI: it is not sent to another server
    options.update(_more(settings.llm_options))
    try:
        model: BaseChatModel = init_chat_model(name, **options)
    except ImportError as error:
        extra = _PACKAGES.get(provider)
        install = f"pip install 'policy-qa[{extra}]'" if extra else f"pip install {error.name or 'its package'}"
        raise LanguageModelError(
            f"The language model {name!r} needs a package that is not installed ({error}). Install it: {install}."
        ) from error
    except Exception as error:  # each provider's package has errors of its own for a key or a name
        logger.debug("The language model %s cannot be opened", name, exc_info=True)
        raise LanguageModelError(
            f"The language model {name!r} cannot be opened: {error} Check QA_LLM, QA_LLM_URL, QA_LLM_KEY and QA_LLM_OPTIONS "
            "(docs/language-models.md)."
        ) from error
    return model


def _more(options: str) -> dict[str, Any]:
    with suppress(ValueError):
        read = json.loads(options)
        if isinstance(read, dict):
            return read
    raise LanguageModelError(
        f'QA_LLM_OPTIONS is not a JSON object: {options!r}. Write it as {{"reasoning_effort": "low"}}.'
    )
