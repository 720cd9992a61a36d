from __future__ import annotations

from langchain.agents import create_agent
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, ToolMessage
from langchain_core.runnables import RunnableLambda

from qa.langchain import PolicyRetriever, ask_tool, retrieve_tool


def test_the_corpus_is_a_step_of_a_langchain_chain(corpus):
    retriever = PolicyRetriever(corpus=corpus, k=3, filters={"language": "fr"})
    chain = retriever | RunnableLambda(lambda documents: [document.metadata["document_id"] for document in documents])
    assert chain.invoke("Quel était le taux du CICE ?") == [
        hit.document_id for hit in corpus.retrieve("Quel était le taux du CICE ?", k=3, language="fr")
    ]


def test_a_passage_keeps_its_place(corpus):
    for document in PolicyRetriever(corpus=corpus, k=3).invoke("What replaced the CICE?"):
        about = document.metadata
        assert corpus.document(about["document_id"]).text[about["start"] : about["end"]] == document.page_content


class Calling(GenericFakeChatModel):
    """A model that calls the tools that its script says."""

    def bind_tools(self, tools, **kwargs):
        assert {tool.name for tool in tools} == {"ask_documents", "search_documents"}
        return self


def test_an_agent_calls_the_tools_and_keeps_the_proof(corpus):
    question = "Quel était le taux du CICE en 2013 ?"
    calls = [
        {"name": name, "args": {"question": question}, "id": name} for name in ("ask_documents", "search_documents")
    ]
    model = Calling(messages=iter([AIMessage("", tool_calls=calls), AIMessage("4 %.")]))
    agent = create_agent(model, [ask_tool(corpus), retrieve_tool(corpus, k=2)])
    told = [m for m in agent.invoke({"messages": [("user", question)]})["messages"] if isinstance(m, ToolMessage)]
    answered, found = (next(m for m in told if m.name == name) for name in ("ask_documents", "search_documents"))
    citation = answered.artifact.statements[0].citations[0]
    assert citation.quote in answered.content
    assert corpus.document(citation.document_id).text[citation.start : citation.end] == citation.quote
    assert [hit.rank for hit in found.artifact] == [1, 2]


def test_a_tool_says_so_when_the_documents_do_not_answer(corpus):
    assert "ne répondent pas" in ask_tool(corpus).invoke("Qui a écrit Les Misérables ?")
