"""REST and gradio_client, against the running server."""

from __future__ import annotations

import httpx
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

from qa.export import FORMATS
from qa.records import Answer, Check, Hit

QUESTION = "Quel était le taux du CICE en 2013 ?"
CLAIM = "Le plan de juillet 2012 porte le bonus électrique à 6 000 euros."
JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def rest(server):
    with httpx.Client(base_url=f"{server}/api", timeout=60) as client:
        yield client


def test_ask_gives_the_record(rest, corpus):
    answer = rest.post("/v1/ask", json={"question": QUESTION}).raise_for_status().json()
    assert {**answer, "seconds": {}} == {**corpus.ask(QUESTION).to_dict(), "seconds": {}}
    assert set(answer) == set(Answer.__dataclass_fields__)
    citation = answer["statements"][0]["citations"][0]
    document = rest.get(f"/v1/documents/{citation['document_id']}").raise_for_status().json()
    assert document["text"][citation["start"] : citation["end"]] == citation["quote"]


def test_half_of_a_surrogate_pair_is_replaced(rest):
    asked = rest.post("/v1/ask", headers=JSON, content='{"question": "Quel était le taux du CICE \\ud800 en 2013 ?"}')
    assert asked.raise_for_status().json()["question"] == "Quel était le taux du CICE ? en 2013 ?"
    checked = rest.post("/v1/check", headers=JSON, content='{"text": "Le CICE était de 4 % en 2013 \\ud800."}')
    assert checked.raise_for_status().json()["text"] == "Le CICE était de 4 % en 2013 ?."


def test_get_and_post_say_the_same(rest):
    asked = {"question": "Et en 2014 ?", "history": [QUESTION], "language": "fr"}
    posted, got = rest.post("/v1/ask", json=asked).json(), rest.get("/v1/ask", params=asked).json()
    assert {**posted, "seconds": {}} == {**got, "seconds": {}}
    assert posted["understood_as"] == "Quel était le taux du CICE en 2014 ?"
    assert {citation["language"] for statement in posted["statements"] for citation in statement["citations"]} == {"fr"}


def test_retrieve_gives_hits(rest, corpus):
    found = rest.get("/v1/retrieve", params={"question": "state aid for battery factories", "k": 3, "since": "2020"})
    assert found.json()["language"] == "en"
    hits = corpus.retrieve("state aid for battery factories", k=3, since="2020")
    assert found.json()["hits"] == [hit.to_dict() for hit in hits]
    assert set(found.json()["hits"][0]) == set(Hit.__dataclass_fields__)


def test_check_gives_verdicts(rest):
    checked = rest.post("/v1/check", json={"text": CLAIM}).raise_for_status().json()
    assert set(checked) == set(Check.__dataclass_fields__)
    assert [(claim["verdict"], claim["found"]) for claim in checked["claims"]] == [("contradicted", "7\u00a0000 euros")]


def test_documents_are_listed_a_part_at_a_time(rest, corpus):
    listed = [
        document["id"]
        for offset in (0, 100)
        for document in rest.get("/v1/documents", params={"offset": offset, "limit": 100}).json()["documents"]
    ]
    assert listed == [document.id for document in corpus.documents()][:200]
    plans = rest.get("/v1/documents", params={"kind": "plan", "language": "fr", "limit": 2}).json()
    wanted = [document for document in corpus.documents() if (document.kind, document.language) == ("plan", "fr")]
    assert plans["total"] == len(wanted) > 2
    assert [document["id"] for document in plans["documents"]] == [document.id for document in wanted[:2]]
    assert plans["documents"][0]["characters"] == len(wanted[0].text)
    assert "text" not in plans["documents"][0]


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "says"),
    [
        ("POST", "/v1/ask", {"question": ""}, 422, "empty"),
        ("POST", "/v1/ask", {"question": "a" * 3000}, 422, "3000 characters"),
        ("POST", "/v1/ask", {"question": "Quel plan ?", "lang": "fr"}, 422, "lang: "),
        ("POST", "/v1/ask", {}, 422, "question: Field required"),
        ("POST", "/v1/ask", None, 422, "body: "),
        ("GET", "/v1/retrieve?question=plan&k=0", None, 422, "k: "),
        ("GET", "/v1/retrieve?question=plan&since=hier", None, 422, "since is not a date"),
        ("GET", "/v1/check?text=Quel+plan+%3F", None, 422, "no claim"),
        ("GET", "/v1/documents/none.md", None, 404, "none.md"),
        ("GET", "/v1/documents/../../etc/passwd", None, 404, ""),
        ("GET", "/v1/documents/%2e%2e%2f%2e%2e%2fetc%2fpasswd", None, 404, "etc/passwd"),
        ("GET", "/v2/ask", None, 404, "nothing at this address"),
        ("DELETE", "/v1/ask", None, 405, "method"),
    ],
)
def test_what_cannot_be_done_is_a_problem(rest, method, path, body, status, says):
    problem = rest.request(method, path, json=body)
    assert (problem.status_code, problem.headers["content-type"]) == (status, "application/problem+json")
    assert problem.json()["status"] == status
    assert says in problem.json()["detail"]


def test_a_body_that_is_no_json_is_a_problem(rest):
    problem = rest.post("/v1/ask", content="{question", headers={"Content-Type": "application/json"})
    assert (problem.status_code, problem.json()["detail"]) == (400, "The body is no JSON object.")


EXPORTED = {form.media_type.partition(";")[0] for form in FORMATS.values()}


def test_the_description_is_right(rest):
    """Every answer holds what the description says and nothing else, and each error is described as it comes."""
    described = rest.get("/openapi.json").json()
    assert set(described["paths"]) == {
        "/v1/retrieve", "/v1/ask", "/v1/export", "/v1/check", "/v1/documents", "/v1/documents/{id}",
        "/v1/uploads", "/v1/uploads/{name}", "/v1/index",
    }  # fmt: skip
    assert described["servers"] == [{"url": "/api"}]
    schemas = described["components"]["schemas"]
    assert set(schemas["Answer"]["properties"]) == set(Answer.__dataclass_fields__)
    references = {part.split('"')[0] for part in str(described).replace("'", '"').split("#/components/schemas/")[1:]}
    assert references <= set(schemas)
    for path, operations in described["paths"].items():
        for operation in operations.values():
            assert operation["description"]
            assert (
                "503" in operation["responses"] or path == "/v1/uploads"
            )  # there are uploads before there is an index
            for status, response in operation["responses"].items():
                json_or_files = sorted(EXPORTED) if path == "/v1/export" else ["application/json"]
                media = json_or_files if status in ("200", "202") else ["application/problem+json"]
                assert sorted(response["content"]) == media


def test_an_answer_is_exported(rest):
    question = "Quel était le taux du CICE en 2014 ?"
    given = {"question": question, "history": ["Quel était le taux du CICE en 2013 ?"], "format": "md"}
    one = rest.get("/v1/export", params=given)
    assert one.headers["content-type"].startswith("text/markdown")
    assert 'filename="reponse.md"' in one.headers["content-disposition"]
    assert one.text.count("\n## ") == 2  # the question, and the sources
    whole = rest.get("/v1/export", params={**given, "whole": True})
    assert whole.text.count("\n## ") == 3
    assert rest.get("/v1/export", params={**given, "format": "pdf"}).status_code == 422


@pytest.fixture(scope="module")
def gradio(server):
    return Client(server, verbose=False, analytics_enabled=False)


def test_gradio_client_finds_four_endpoints_and_no_other(gradio):
    named = gradio.view_api(print_info=False, return_format="dict")["named_endpoints"]
    assert set(named) == {"/retrieve", "/ask", "/check", "/document"}


def test_gradio_client_gets_the_records(gradio, corpus):
    answer = gradio.predict("Et en 2014 ?", history=[QUESTION], language="fr", api_name="/ask")
    assert answer["understood_as"] == "Quel était le taux du CICE en 2014 ?"
    citation = answer["statements"][0]["citations"][0]
    document = gradio.predict(citation["document_id"], api_name="/document")
    assert document == corpus.document(citation["document_id"]).to_dict()
    hits = gradio.predict("bonus", k=2, api_name="/retrieve")
    assert hits == [hit.to_dict() for hit in corpus.retrieve("bonus", k=2)]
    assert gradio.predict(CLAIM, api_name="/check")["claims"][0]["verdict"] == "contradicted"


@pytest.mark.parametrize(("call", "value", "says"), [("/ask", "", "empty"), ("/document", "none.md", "none.md")])
def test_gradio_client_hears_what_is_wrong(gradio, call, value, says):
    with pytest.raises(AppError, match=says):
        gradio.predict(value, api_name=call)
