"""The whole corpus, document by document: it is what users judge us by."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
import yaml

from qa.index.analysis import number_term
from qa.ingest import read_corpus
from qa.ingest.blocks import SOURCE_MARK
from qa.languages import detect_language

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
FACTS = CORPUS.parents[1] / "shared" / "domain" / "FACTS.md"
PATHS = sorted(path for path in CORPUS.glob("*/*") if path.is_file())
FIELDS = ("title", "kind", "language", "date", "region", "publisher", "sources", "facts")

every_document = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.relative_to(CORPUS).as_posix())


def front_matter(path: Path) -> dict:
    return yaml.safe_load(path.read_text("utf-8").split("---\n")[1])


def body(path: Path) -> str:
    return path.read_text("utf-8").split("---\n", 2)[2]


@pytest.fixture(scope="module")
def documents():
    corpus = read_corpus(CORPUS)
    assert corpus.failures == ()
    return {document.id: document for document in corpus.documents}


def test_the_corpus_is_large_and_speaks_both_languages(documents):
    french = sum(document.language == "fr" for document in documents.values())
    assert len(documents) >= 90
    assert 0.4 <= french / len(documents) <= 0.6
    assert {document.kind for document in documents.values()} == {"article", "plan", "cluster"}


def test_titles_are_unique(documents):
    titles = [document.title for document in documents.values()]
    assert len(set(titles)) == len(titles)


@every_document
def test_front_matter_is_complete(path):
    fields = front_matter(path)
    assert [name for name in FIELDS if not fields.get(name)] == []
    assert path.parent.name == f"{fields['kind']}s"
    for source in fields["sources"].values():
        assert all(source.get(name) for name in ("title", "publisher", "date", "url"))
        assert str(source["url"]).startswith(("http://", "https://"))


@every_document
def test_marks_and_sources_agree(path):
    assert set(SOURCE_MARK.findall(body(path))) == set(front_matter(path)["sources"])


@every_document
def test_every_statement_names_its_source(path):
    for paragraph in re.split(r"\n\s*\n", body(path).strip()):
        if not paragraph.startswith(("#", "|")):
            items = re.split(r"\n(?=- )", paragraph)
            assert [item for item in items if not SOURCE_MARK.search(item) and not item.rstrip().endswith(":")] == []
    assert not re.search(r"[.!?]\s*\[S\d", body(path)), "a mark stands before its full stop"


@every_document
def test_the_text_is_in_the_language_it_declares(path, documents):
    document = documents[path.relative_to(CORPUS).as_posix()]
    assert detect_language(document.text) == document.language


def test_no_two_documents_say_the_same_unless_one_replaces_the_other(documents):
    def shingles(text: str) -> set[tuple[str, ...]]:
        words = re.findall(r"\w+", text.lower())
        return {tuple(words[i : i + 4]) for i in range(len(words) - 3)}

    known = {document.id: shingles(document.text) for document in documents.values()}
    for one, other in itertools.combinations(known, 2):
        if one in (documents[other].replaces, other) or other == documents[one].replaces:
            continue
        shared = len(known[one] & known[other])
        assert shared < 0.6 * min(len(known[one]), len(known[other])), (one, other)


def test_what_a_document_replaces_is_there_and_older(documents):
    replacing = [document for document in documents.values() if document.replaces]
    assert replacing
    for document in replacing:
        assert documents[document.replaces].date <= document.date


NUMBER = re.compile(r"(?<![\d.,])\d{1,3}(?: \d{3})+(?:,\d+)?(?!\d)|\d+(?:[.,]\d+)*")


def figures(text: str, language: str) -> set[str]:
    """Every figure in ``text``, in one form: no separators, a decimal point, no idle zeros."""
    plain = re.sub(r"[\u00a0\u202f]", " ", text)
    numbers = {number_term(figure, language) for figure in NUMBER.findall(plain)}
    return {n.rstrip("0").rstrip(".") if "." in n else n.lstrip("0") or "0" for n in numbers}


@pytest.fixture(scope="module")
def facts() -> dict[str, list[str]]:
    if not FACTS.exists():
        pytest.skip("the facts that the corpus restates are not beside this checkout")
    rows = ([cell.strip() for cell in line.strip("| ").split("|")] for line in FACTS.read_text("utf-8").splitlines())
    return {row[0]: row for row in rows if re.fullmatch(r"[A-Z]{3}-\d{3}", row[0])}


@every_document
def test_every_figure_is_one_of_the_facts_it_restates(path, facts):
    fields = front_matter(path)
    assert [fact for fact in fields["facts"] if fact not in facts] == []
    told = [str(fields["date"]), *(str(source["date"]) for source in fields["sources"].values())]
    told += [cell for fact in fields["facts"] for cell in facts[fact][1:3] + facts[fact][6:]]
    allowed = {str(small) for small in range(11)}.union(
        *(figures(text, lang) for text in told for lang in ("en", "fr"))
    )
    assert figures(SOURCE_MARK.sub("", body(path)), fields["language"]) - allowed == set()
