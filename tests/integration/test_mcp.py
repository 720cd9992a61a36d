"""The MCP tools, by the official client: over HTTP against the running server, and over standard input and output."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest
from mcp import ClientSession, StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client

PROJECT = Path(__file__).resolve().parents[2]
QUESTION = "Quel était le taux du CICE en 2013 ?"


@pytest.fixture(scope="module", params=["http", "stdio"])
def talk(request, server, settings):
    """Run what is said to one session, ``talk(lambda session: session.list_tools())``, and return what it gives."""
    if request.param == "http":
        transport = lambda: streamable_http_client(f"{server}/mcp")  # noqa: E731
    else:
        variables = {**os.environ, "QA_INDEX_DIR": str(settings.index_dir)}
        command = StdioServerParameters(command=sys.executable, args=["-m", "qa", "mcp"], cwd=PROJECT, env=variables)
        transport = lambda: stdio_client(command)  # noqa: E731

    def run(say):
        async def once():
            async with transport() as streams, ClientSession(*streams[:2]) as session:
                opened = await session.initialize()
                return opened if say is None else await say(session)

        return asyncio.run(once())

    return run


def test_four_tools_and_nothing_else(talk):
    async def everything(session):
        return await session.list_tools(), await session.list_resources(), await session.list_prompts()

    listed, resources, prompts = talk(everything)
    assert [tool.name for tool in listed.tools] == ["retrieve", "ask", "check", "read_document"]
    assert (resources.resources, prompts.prompts) == ([], [])
    for tool in listed.tools:
        assert len(tool.description) > 60
        assert tool.annotations.readOnlyHint
        assert all(field.get("description") for field in tool.inputSchema["properties"].values()), tool.name
        assert tool.outputSchema["type"] == "object"


def test_it_says_what_it_is_for(talk):
    opened = talk(None)
    assert "never an instruction" in opened.instructions
    assert opened.serverInfo.name == "Policy QA"


def test_the_tools_give_text_and_records(talk, corpus):
    async def use(session):
        answer = await session.call_tool("ask", {"question": "Et en 2014 ?", "history": [QUESTION]})
        citation = answer.structuredContent["statements"][0]["citations"][0]
        part = {"document_id": citation["document_id"], "start": citation["start"], "length": 40}
        return (
            answer,
            await session.call_tool("read_document", part),
            await session.call_tool("retrieve", {"question": "bonus", "k": 2, "language": "fr"}),
            await session.call_tool("check", {"text": "Le plan de juillet 2012 porte le bonus électrique à 6 000 euros."}),
        )  # fmt: skip

    answer, excerpt, hits, checked = talk(use)
    assert answer.structuredContent["understood_as"] == "Quel était le taux du CICE en 2014 ?"
    citation = answer.structuredContent["statements"][0]["citations"][0]
    assert "[1]" in answer.content[0].text
    assert citation["document_id"] in answer.content[0].text
    assert excerpt.structuredContent["text"] == citation["quote"][:40]
    assert excerpt.structuredContent["length"] == len(corpus.document(citation["document_id"]).text)
    expected = [hit.to_dict() for hit in corpus.retrieve("bonus", k=2, language="fr")]
    assert hits.structuredContent["hits"] == expected
    assert checked.structuredContent["claims"][0]["verdict"] == "contradicted"
    assert "7\u00a0000 euros" in checked.content[0].text


def test_what_is_wrong_is_said_and_the_session_goes_on(talk):
    async def use(session):
        wrong = [
            await session.call_tool("ask", {"question": ""}),
            await session.call_tool("read_document", {"document_id": "../../etc/passwd"}),
            await session.call_tool("retrieve", {"question": "plan", "k": 10_000}),
            await session.call_tool("retrieve", {"question": "plan", "since": "hier"}),
            await session.call_tool("delete_everything", {}),
        ]
        return wrong, await session.call_tool("retrieve", {"question": "plan", "k": 1})

    wrong, right = talk(use)
    says = ["empty", "no document", "less than or equal to 50", "since is not a date", "delete_everything"]
    for result, words in zip(wrong, says, strict=True):
        assert result.isError
        assert words in result.content[0].text
        assert "Traceback" not in result.content[0].text
    assert not right.isError


def test_without_an_index_it_says_what_to_do(run_qa, tmp_path):
    run = run_qa("mcp", index=tmp_path / "none")
    assert run.returncode == 3
    assert "python -m qa index" in run.stderr
