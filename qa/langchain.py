"""The corpus as a LangChain retriever, and as tools of an agent."""

from __future__ import annotations

from typing import Any, Unpack

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.tools import StructuredTool
from pydantic import ConfigDict, Field

from qa.assistant import PolicyQA
from qa.filters import FilterOptions
from qa.records import Answer, Hit


class PolicyRetriever(BaseRetriever):
    """A LangChain retriever over an open corpus.

    ``k`` and ``filters`` are those of ``qa.retrieve``. Each document's ``page_content`` is a passage and its
    ``metadata`` the hit: rank, scores, document_id, title, date, publisher, start, end and the rest.

    >>> from qa import open_corpus
    >>> retriever = PolicyRetriever(corpus=open_corpus(), k=3, filters={"kind": "plan"})
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    corpus: PolicyQA
    k: int = 10
    filters: dict[str, Any] = Field(default_factory=dict)

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:  # noqa: ARG002
        hits = self.corpus.retrieve(query, k=self.k, **self.filters)
        return [_document(hit.to_dict()) for hit in hits]


def ask_tool(corpus: PolicyQA, **filters: Unpack[FilterOptions]) -> StructuredTool:
    """Return ``corpus.ask`` as a tool for an agent: a question in, the quoted sentences with their sources out.

    The artifact of each call is the whole ``Answer``. What the corpus does not answer says so, and quotes nothing.
    """

    def ask_documents(question: str) -> tuple[str, Answer]:
        answer = corpus.ask(question, llm="none", **filters)
        quotes = [
            f"{statement.text} [{cited.title}, {cited.publisher}, {cited.date}, {cited.document_id}]"
            for statement in answer.statements
            for cited in statement.citations
        ]
        return "\n".join(quotes) or answer.reason or "", answer

    return StructuredTool.from_function(
        ask_documents, response_format="content_and_artifact",
        description="Answer a question in French or English from policy documents, in sentences quoted word for word with "
        "their sources, or say that the documents do not answer.",
    )  # fmt: skip


def retrieve_tool(corpus: PolicyQA, *, k: int = 5, **filters: Unpack[FilterOptions]) -> StructuredTool:
    """Return ``corpus.retrieve`` as a tool for an agent: a question in, the ``k`` best passages out, hits as artifact."""

    def search_documents(question: str) -> tuple[str, tuple[Hit, ...]]:
        hits = corpus.retrieve(question, k=k, **filters)
        return "\n\n".join(f"{hit.title} ({hit.publisher}, {hit.date}):\n{hit.text}" for hit in hits), hits

    return StructuredTool.from_function(
        search_documents, response_format="content_and_artifact",
        description="Find passages of policy documents, in French and English, that bear on a question.",
    )  # fmt: skip


def _document(hit: dict[str, Any]) -> Document:
    return Document(id=hit["passage_id"], page_content=hit.pop("text"), metadata=hit)
