"""Files that are damaged, too large or made to hurt: each is named with its reason, and the others are read."""

from __future__ import annotations

import io
import os
import sys
import zipfile
import zlib
from pathlib import Path

import pytest

from qa.errors import DocumentError
from qa.ingest import read_corpus, read_document
from qa.ingest.blocks import UnreadableError
from qa.ingest.limits import Limits
from qa.ingest.worker import Worker

FORMATS = Path(__file__).resolve().parent.parent / "data" / "formats"
LAUGHS = (
    '<!DOCTYPE l [<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)) + "]>"
).encode()


def remade(name: str, part: str, change) -> bytes:
    """A committed office file with one of its parts changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(FORMATS / name) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info, change(old.read(info)) if info.filename == part else old.read(info))
    return buffer.getvalue()


def laughing(xml: bytes) -> bytes:
    start = xml.index(b"?>") + 2
    return xml[:start] + LAUGHS + xml[start:].replace(b"emploie", b"&a9;", 1)


def pdf(content: bytes, page: bytes = b"") -> bytes:
    """A PDF of one page, written by hand."""
    packed = zlib.compress(content, 9)
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>"
        + page
        + b">>endobj\n5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n4 0 obj<</Filter/FlateDecode/Length "
        + str(len(packed)).encode()
        + b">>stream\n"
        + packed
        + b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    )


def bad_files() -> dict[str, tuple[bytes, str]]:
    columns = (FORMATS / "columns.pdf").read_bytes()
    note = (FORMATS / "note.docx").read_bytes()
    nested = (b"<w:sdt><w:sdtContent>" * 9000, b"</w:sdtContent></w:sdt>" * 9000)
    return {
        "password.pdf": ((FORMATS / "password.pdf").read_bytes(), "protected by a password"),
        "half.pdf": (columns[: len(columns) // 2], "damaged or cut short"),
        "end.pdf": (columns[:-200], "damaged or cut short"),
        "head.pdf": (b"%PDF-1.7\n", "damaged or cut short"),
        "zero.pdf": (b"", "it is empty"),
        "blank.pdf": (pdf(b""), "holds no text"),
        "half.docx": (note[: len(note) // 2], "damaged or cut short"),
        "crc.odt": ((FORMATS / "note.odt").read_bytes().replace(b"PK\x01\x02", b"PK\x01\x03"), "damaged or cut short"),
        "no-body.docx": (remade("note.docx", "word/document.xml", lambda _: b"<document/>"), "damaged or cut short"),
        "no-text.odt": (remade("note.odt", "content.xml", lambda _: b"<document/>"), "damaged or cut short"),
        "laughs.docx": (remade("note.docx", "word/document.xml", laughing), "amplification"),
        "laughs.odt": (remade("note.odt", "content.xml", laughing), "EntitiesForbidden"),
        "nested.docx": (
            remade("note.docx", "word/document.xml", lambda x: x.replace(b"<w:body>", b"<w:body>" + nested[0] + nested[1])),
            "could not be understood as DOCX",
        ),
        "bomb.docx": (remade("note.docx", "word/document.xml", lambda x: x + bytes(4_000_000)), "zip bomb"),
        "large.pdf": (b"%PDF-1.7\n" + bytes(3_000_000), "too large: 3 MB, where 2 MB are read"),
        "pages.pdf": ((FORMATS / "mixed.pdf").read_bytes(), "3 pages, where 2 are read"),
        "deep.html": (b"<html>" + b"<div>" * 100_000 + b"<p>Le plan", "."),
        "deep.eml": (
            b"MIME-Version: 1.0\nFrom: a\n" + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(2000)),
            "could not be understood as an e-mail",
        ),
    }  # fmt: skip


def test_one_bad_file_never_stops_the_rest_and_each_is_named(tmp_path):
    files = bad_files()
    for name, (content, _) in files.items():
        (tmp_path / name).write_bytes(content)
    for name in ("columns.pdf", "note.docx", "note.odt"):
        (tmp_path / name).write_bytes((FORMATS / name).read_bytes())
    corpus = read_corpus(tmp_path, limits=Limits(megabytes=2, pages=2, unpacked_megabytes=3))
    assert [document.id for document in corpus.documents] == ["columns.pdf", "note.docx", "note.odt"]
    reasons = {failure.path: failure.reason for failure in corpus.failures}
    assert reasons.keys() == files.keys()
    for name, (_, reason) in files.items():
        assert reason in reasons[name], name
        assert reasons[name].endswith("."), name


def test_a_file_that_takes_too_long_is_stopped_and_the_next_is_read(tmp_path):
    (tmp_path / "a-slow.docx").write_bytes(
        remade("note.docx", "word/document.xml", lambda x: x.replace(b"<w:body>", b"<w:body>" + b"<w:p/>" * 5_000_000))
    )
    (tmp_path / "b-note.docx").write_bytes((FORMATS / "note.docx").read_bytes())
    corpus = read_corpus(tmp_path, limits=Limits(seconds=4))
    assert [document.id for document in corpus.documents] == ["b-note.docx"]
    assert "longer than 4 s and was stopped" in corpus.failures[0].reason


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to its memory")
def test_a_file_that_takes_too_much_memory_is_stopped_and_the_next_is_read(tmp_path):
    (tmp_path / "a-greedy.pdf").write_bytes(pdf(b"0 0 m 100 100 l S\n" * 3_000_000))
    (tmp_path / "b-note.pdf").write_bytes((FORMATS / "note.pdf").read_bytes())
    corpus = read_corpus(tmp_path, limits=Limits(memory_megabytes=600))
    assert [document.id for document in corpus.documents] == ["b-note.pdf"]
    assert "600 MB of memory" in corpus.failures[0].reason


@pytest.mark.parametrize("place", ["file", "folder"])
def test_a_link_that_leaves_the_folder_is_refused(tmp_path, place):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("Le code est 1234.")
    inside = tmp_path / "corpus"
    inside.mkdir()
    (inside / "link.txt").symlink_to(outside / "secret.txt" if place == "file" else outside)
    corpus = read_corpus(inside)
    assert not corpus.documents
    assert "leaves the corpus folder" in corpus.failures[0].reason


def test_links_inside_to_nothing_and_to_themselves(tmp_path):
    (tmp_path / "plan.txt").write_text("Le plan prévoit une aide pour les usines.")
    (tmp_path / "again.txt").symlink_to(tmp_path / "plan.txt")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nothing.txt")
    (tmp_path / "loop.txt").symlink_to("loop.txt")
    os.mkfifo(tmp_path / "pipe.txt")  # to open it would wait for ever
    corpus = read_corpus(tmp_path)
    assert [document.id for document in corpus.documents] == ["again.txt", "plan.txt"]
    assert [failure.path for failure in corpus.failures] == ["gone.txt", "loop.txt"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems write names in UTF-8 only")
def test_a_name_that_is_not_utf_8_can_still_be_reported(tmp_path):
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")).write_text("Le plan est là.")
    (failure,) = read_corpus(tmp_path).failures
    assert failure.path.encode() == b"caf\\udce9.txt"
    assert "Rename it" in failure.reason


def test_a_pdf_without_its_end_mark_is_read_with_a_warning(tmp_path):
    (tmp_path / "plan.pdf").write_bytes(
        pdf(b"BT /F 12 Tf 50 700 Td (Le plan est dans la loi.) Tj ET").removesuffix(b"%%EOF")
    )
    corpus = read_corpus(tmp_path)
    assert corpus.documents[0].text == "Le plan est dans la loi."
    assert "may be cut short" in corpus.warnings["plan.pdf"][0]


TURNED_TABLE = b"""1 0 0 1 0 0 cm q 0 1 -1 0 300 400 cm
-150 -100 200 40 re S -50 -100 m -50 -60 l S -150 -80 m 50 -80 l S
BT /F 12 Tf 1 0 0 1 -150 50 Tm (Le tableau de la page est tourn) Tj ET
BT /F 12 Tf 1 0 0 1 -145 -75 Tm (Usine) Tj ET BT /F 12 Tf 1 0 0 1 -45 -75 Tm (Effectif) Tj ET
BT /F 12 Tf 1 0 0 1 -145 -95 Tm (Douai) Tj ET BT /F 12 Tf 1 0 0 1 -45 -95 Tm (5 200) Tj ET Q"""


def test_a_page_laid_sideways_is_read_as_it_is_shown(tmp_path):
    (tmp_path / "plan.pdf").write_bytes(pdf(TURNED_TABLE, page=b"/Rotate 90"))
    text = read_document(tmp_path / "plan.pdf", tmp_path).text
    assert text == "Le tableau de la page est tourn\nUsine : Douai ; Effectif : 5 200"


TABLE = b"""50 600 200 100 re S 150 600 m 150 700 l S 50 650 m 250 650 l S
BT /F 12 Tf 1 0 0 1 55 670 Tm (%s) Tj ET BT /F 12 Tf 1 0 0 1 155 670 Tm (%s) Tj ET
BT /F 12 Tf 1 0 0 1 55 620 Tm (%s) Tj ET BT /F 12 Tf 1 0 0 1 155 620 Tm (%s) Tj ET"""


def test_a_table_that_goes_on_keeps_its_headings(tmp_path):
    import pypdfium2

    document = pypdfium2.PdfDocument.new()
    for cells in ((b"Usine", b"Effectif", b"Douai", b"5 200"), (b"Maubeuge", b"2 300", b"Onnaing", b"3 800")):
        document.import_pages(pypdfium2.PdfDocument(pdf(TABLE % cells)))
    document.save(tmp_path / "plan.pdf")
    read = read_document(tmp_path / "plan.pdf", tmp_path)
    assert read.text.split("\n") == [
        "Usine : Douai ; Effectif : 5 200", "Usine : Maubeuge ; Effectif : 2 300", "Usine : Onnaing ; Effectif : 3 800",
    ]  # fmt: skip
    assert read.page_at(read.text.index("Maubeuge")) == 2


def test_a_reader_that_crashes_is_started_again(tmp_path):
    script = "import sys; print('ready', flush=True); sys.stdin.readline(); sys.exit(3)"
    with Worker(Limits(), command=[sys.executable, "-c", script]) as worker:
        for _ in range(2):
            with pytest.raises(UnreadableError, match="crashed"):
                worker.parse(tmp_path / "plan.pdf")


def test_a_reader_that_does_not_start_says_so(tmp_path):
    with (
        Worker(Limits(), command=[sys.executable, "-c", "import nothing_of_that_name"]) as worker,
        pytest.raises(UnreadableError, match="did not start"),
    ):
        worker.parse(tmp_path / "plan.pdf")


def test_front_matter_of_a_large_file_comes_back_from_the_reader_whole(tmp_path):
    front = "---\nlanguage: fr\nsources:\n  S001: {title: Dossier, url: https://example.org/plan}\n---\n\n"
    (tmp_path / "plan.md").write_text(front + "Le plan prévoit une aide [S001].\n\n" * 20_000)
    document = read_document(tmp_path / "plan.md", tmp_path)
    assert document.sources[0].url == document.url == "https://example.org/plan"
    assert len(document.source_marks) == 20_000


def test_an_unreadable_file_says_which(tmp_path):
    (tmp_path / "plan.pdf").write_bytes(b"")
    with pytest.raises(DocumentError, match="plan.pdf: it holds no text"):
        read_document(tmp_path / "plan.pdf", tmp_path)
