"""Every setting, its default and what it does: from the environment, then a ``.env`` file, then these defaults."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from platformdirs import user_cache_path, user_data_path
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from qa.errors import SettingsError

_ROOT = Path(__file__).resolve().parent.parent
_IS_CHECKOUT = (_ROOT / "pyproject.toml").exists()  # else the package is installed, and has no folders of its own
DEFAULT_MODEL = "intfloat/multilingual-e5-small"


class Settings(BaseSettings):
    """The settings of one process; each is set by ``QA_`` and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="QA_", env_file=".env", extra="ignore", frozen=True)

    corpus_dir: Path = Field(
        _ROOT / "corpus" if _IS_CHECKOUT else Path("corpus"), description="The folder of documents that `index` reads."
    )
    index_dir: Path = Field(
        (_ROOT / "indexes" if _IS_CHECKOUT else user_data_path("policy-qa")) / "default",
        description="The folder that the index is built in.",
    )
    chroma_url: str | None = Field(
        None,
        pattern=r"^https?://[^/?#\s@]+/?$",
        description="The address of a Chroma server that holds the index's vectors, such as `http://chroma:8000`; by "
        "default they are in the index's folder.",
    )
    chroma_key: SecretStr | None = Field(
        None, description="What the proxy before that server asks for: sent as `Authorization: Bearer`."
    )
    feedback_file: Path | None = Field(
        None,
        description="The SQLite file of what readers judged; by default beside the index's folder, by its name: "
        "`default.feedback.sqlite`.",
    )
    uploads_dir: Path | None = Field(
        None,
        description="The folder of the documents that readers upload on the page; by default beside the index's folder, "
        "by its name: `default.uploads`.",
    )
    uploads_megabytes: int = Field(500, ge=1, description="What one reader's uploads may hold in all.")
    cache_dir: Path = Field(
        user_cache_path("policy-qa"), description="Where the unpacked model and cached vectors live."
    )
    embedding_model: str = Field(
        DEFAULT_MODEL,
        description="A sentence-transformers model: an id on the Hugging Face hub, or a folder. The default comes out "
        "of an installed package and needs no network.",
    )
    embedding_form: Literal["auto", "int8", "float32", "torch"] = Field(
        "auto",
        description="How the default model runs: `int8` or `float32` in onnxruntime, whichever is faster here with "
        "`auto`, or `torch`.",
    )
    llm: str | None = Field(
        None, description="The language model that writes answers, `provider:model`; none writes them by default."
    )
    llm_url: str | None = Field(
        None, description="The address of a server that speaks OpenAI's language: vLLM, Ollama, llama.cpp or another."
    )
    llm_key: SecretStr | None = Field(
        None, description="The key of the language model; by default the provider's own variable is read."
    )
    llm_seconds: float = Field(60, gt=0, description="What all calls of the language model for one answer may take.")
    llm_context: int = Field(
        8000, ge=1000, description="The tokens of one request to the language model and its reply."
    )
    llm_prices: tuple[float, float] | None = Field(
        None,
        description="What a million tokens cost, read and written, as `[0.4, 2.0]`; answers then record their cost.",
    )
    llm_options: str = Field("{}", description="More options for the provider, as a JSON object.")
    host: str = Field("127.0.0.1", description="The address that the page listens on.")
    port: int = Field(7860, ge=1, le=65535, description="The port that the page listens on.")
    users_file: Path | None = Field(
        None,
        description="The file of users (`python -m qa user add`); by default beside the index's folder, by its name: "
        "`default.users.json`. While it holds any, everybody has to say who he is.",
    )
    audit_file: Path | None = Field(
        None,
        description="The log of who asked to change what; by default beside the index's folder: `default.audit.jsonl`.",
    )
    open_to_everyone: bool = Field(
        False, description="Whether a page without users may listen beyond this machine. Whoever reaches it may upload."
    )
    proxy_user_header: str = Field(
        "",
        pattern=r"^$|^[A-Za-z0-9-]+$",
        description="The header in which an authenticating proxy names the user, such as `X-Forwarded-User`.",
    )
    trusted_proxies: str = Field(
        "127.0.0.1,::1", description="The addresses, parted by commas, of the proxies whose header is believed."
    )
    proxy_role: Literal["ask", "upload", "administer"] = Field(
        "ask", description="What a user whom the proxy names, and the file of users does not, may do."
    )
    requests_per_minute: int = Field(
        300,
        ge=1,
        description="Questions and other events of the page that each user, or address, may send in a minute.",
    )
    requests_at_once: int = Field(8, ge=1, description="Requests of one user, or address, computed at a time.")
    allowed_hosts: str = Field(
        "",
        pattern=r"^$|^(\*|(\*\.)?[\w.-]+)(, ?(\*\.)?[\w.-]+)*$",
        description="The names that the server goes by, parted by commas, `*` for any; others are refused. Empty: this "
        "machine's own names where it listens on this machine alone, else any.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "WARNING", description="What the log, on standard error, holds; from INFO on also each request."
    )
    log_format: Literal["text", "json"] = Field("text", description="Lines for people, or a JSON object a line.")


@cache
def get_settings() -> Settings:
    """Return this process's settings, read once.

    Raises SettingsError, naming the variable, when one has a value it cannot have.
    """
    try:
        return Settings()  # type: ignore[call-arg]
    except ValidationError as error:
        problems = "; ".join(f"QA_{str(item['loc'][0]).upper()}: {item['msg']}" for item in error.errors())
        raise SettingsError(f"A setting cannot be used: {problems}. Mend it in the environment or in .env.") from error
