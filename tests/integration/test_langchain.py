from __future__ import annotations

from langchain_core.runnables import RunnableLambda

from qa.langchain import PolicyRetriever


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
