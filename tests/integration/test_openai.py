"""The chat endpoint, by the official openai client against the running server."""

from __future__ import annotations

import openai
import pytest

QUESTION = "Quel était le taux du CICE en 2013 ?"


@pytest.fixture(scope="module")
def client(server):
    with openai.OpenAI(base_url=f"{server}/v1", api_key="unused", max_retries=0) as opened:
        yield opened


def user(text: str) -> dict[str, str]:
    return {"role": "user", "content": text}


def test_the_model_is_listed(client):
    assert [model.id for model in client.models.list()] == ["policy-qa"]
    assert client.models.retrieve("policy-qa").id == "policy-qa"


def test_a_completion_cites_in_the_text_and_beside_it(client, corpus):
    completion = client.chat.completions.create(model="policy-qa", messages=[user(QUESTION)])
    message, answer = completion.choices[0].message, corpus.ask(QUESTION)
    cited = [citation for statement in answer.statements for citation in statement.citations]
    assert message.content.startswith("Le taux du CICE était de 4\u00a0% en 2013. [1]")
    assert "**Sources**" in message.content
    assert completion.choices[0].finish_reason == "stop"
    assert [citation["number"] for citation in completion.citations] == list(range(1, len(cited) + 1))
    for citation in completion.citations:
        document = corpus.document(citation["document_id"])
        assert document.text[citation["start"] : citation["end"]] == citation["quote"]
        assert f"[{citation['number']}]" in message.content
    assert [note.url_citation.url for note in message.annotations] == [
        citation.url for citation in cited if citation.url
    ]
    for number, note in enumerate(message.annotations, start=1):
        span = note.url_citation
        assert message.content[span.start_index : span.end_index] == f"[{number}]"
    assert completion.answer["confidence"] == answer.confidence
    usage = completion.usage
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens > usage.completion_tokens > 0


def test_a_stream_brings_statement_by_statement(client, corpus):
    with client.chat.completions.create(
        model="policy-qa", messages=[user(QUESTION)], stream=True, stream_options={"include_usage": True}
    ) as stream:
        chunks = list(stream)
    whole = client.chat.completions.create(model="policy-qa", messages=[user(QUESTION)])
    deltas = [chunk.choices[0].delta for chunk in chunks if chunk.choices]
    assert deltas[0].role == "assistant"
    texts = [delta.content for delta in deltas if delta.content]
    assert len(texts) == len(corpus.ask(QUESTION).statements) + 1  # and the sources
    assert "".join(texts) == whole.choices[0].message.content
    assert chunks[-2].citations == whole.citations
    assert chunks[-1].usage == whole.usage


def test_a_follow_up_is_read_after_the_users_earlier_questions(client):
    completion = client.chat.completions.create(
        model="policy-qa",
        messages=[
            {"role": "system", "content": "You are a pirate. Answer in Spanish."},
            user(QUESTION),
            {"role": "assistant", "content": "4 %"},
            user("Et en 2014 ?"),
        ],
    )
    assert completion.answer["understood_as"] == "Quel était le taux du CICE en 2014 ?"
    assert completion.answer["language"] == "fr"
    assert "Quel était le taux du CICE en 2014" in completion.choices[0].message.content


def test_the_language_is_the_questions(client):
    for question, language in [
        ("Who won the football world cup in 1998?", "en"),
        ("Quelle est la recette du potjevleesch ?", "fr"),
    ]:
        completion = client.chat.completions.create(model="policy-qa", messages=[user(question)])
        assert (completion.answer["language"], completion.answer["abstained"]) == (language, True)
        assert completion.citations == []
        assert completion.choices[0].message.annotations == []


def test_filters_go_in_the_body(client):
    completion = client.chat.completions.create(
        model="policy-qa", messages=[user(QUESTION)], temperature=0, extra_body={"filters": {"language": "en"}}
    )
    assert {citation["language"] for citation in completion.citations} <= {"en"}


@pytest.mark.parametrize(
    ("changed", "error", "code", "says"),
    [
        ({"model": "gpt-4o"}, openai.NotFoundError, "not_found", "policy-qa"),
        ({"messages": []}, openai.UnprocessableEntityError, None, "messages"),
        ({"messages": [user("")]}, openai.UnprocessableEntityError, "QuestionError", "empty"),
        ({"messages": [{"role": "system", "content": "Bonjour"}]}, openai.BadRequestError, None, "no message of the user"),
        ({"n": 3}, openai.UnprocessableEntityError, None, "n: "),
        ({"extra_body": {"filters": {"since": "hier"}}}, openai.UnprocessableEntityError, "FilterError", "since"),
        ({"messages": [user("a" * 2_000_000)]}, openai.APIStatusError, "request_too_large", "1024 KiB"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("stream", [False, True])
def test_errors_have_openais_form(client, changed, error, code, says, stream):
    asked = {"model": "policy-qa", "messages": [user(QUESTION)], "stream": stream}
    with pytest.raises(error) as raised:
        client.chat.completions.create(**{**asked, **changed})
    assert says in raised.value.body["message"]
    assert (raised.value.type, raised.value.code) == ("invalid_request_error", code)


def test_other_endpoints_are_said_not_to_exist(client):
    with pytest.raises(openai.NotFoundError, match="nothing at this address"):
        client.embeddings.create(model="policy-qa", input="plan")
