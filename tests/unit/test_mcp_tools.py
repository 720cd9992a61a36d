"""The MCP tools over a corpus that does as it is told."""

from __future__ import annotations

import asyncio
import threading

import pytest
from mcp.server.fastmcp.exceptions import ToolError

from qa.records import Document
from qa.web.api.mcp import mcp_server
from qa.web.api.problems import UNEXPECTED

TEXT = "Le bonus est de 7\u00a0000 euros. Œuvre « finie »."


class Corpus:
    """One document; a question waits until it is let go."""

    def __init__(self) -> None:
        self.going = threading.Event()

    def seen_by(self, reader):
        return self

    def ask(self, *arguments, **options):
        assert self.going.wait(60)
        raise RuntimeError("the password is 1234")

    def document(self, document_id):
        return Document(id=document_id, title="Plan", text=TEXT)


def test_a_question_under_way_holds_up_no_other_call():
    corpus = Corpus()
    server = mcp_server(corpus)

    async def talk():
        asking = asyncio.create_task(server.call_tool("ask", {"question": "Quel bonus ?"}))
        await asyncio.sleep(0)
        excerpt = await server.call_tool("read_document", {"document_id": "a.md"})
        assert not asking.done()
        corpus.going.set()
        with pytest.raises(ToolError) as raised:
            await asking
        return excerpt, str(raised.value)

    excerpt, said = asyncio.run(talk())
    assert excerpt.structuredContent["text"] == TEXT
    assert UNEXPECTED in said
    assert "1234" not in said


@pytest.mark.parametrize(("start", "length", "end"), [(0, 5, 5), (31, 1000, len(TEXT)), (len(TEXT), 10, len(TEXT))])
def test_a_part_of_a_document_says_where_it_stands(start, length, end):
    asked = {"document_id": "a.md", "start": start, "length": length}
    record = asyncio.run(mcp_server(Corpus()).call_tool("read_document", asked)).structuredContent
    assert (record["text"], record["start"], record["end"]) == (TEXT[start:end], start, end)
    assert record["length"] == len(TEXT)


def test_a_part_that_starts_beyond_the_end_is_empty():
    asked = {"document_id": "a.md", "start": 10_000}
    record = asyncio.run(mcp_server(Corpus()).call_tool("read_document", asked)).structuredContent
    assert (record["text"], record["start"], record["end"]) == ("", len(TEXT), len(TEXT))
