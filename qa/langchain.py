"""The corpus as a LangChain retriever."""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field

from qa.assistant import PolicyQA


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


def _document(hit: dict[str, Any]) -> Document:
    return Document(id=hit["passage_id"], page_content=hit.pop("text"), metadata=hit)
