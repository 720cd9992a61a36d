"""The parsers under a fuzzer that follows which code is reached: ``python -m tests.fuzz_parsers FORMAT [-max_total_time=300 ...]``.

Needs ``pip install atheris==3.0.0``; the options are libFuzzer's. FORMAT is a key of ``qa.ingest.formats.NAMES``; of DOCX and ODT
it is the text's XML that changes, in a container that is whole. A file may be refused, and a library may fail over it,
which is refused as well. A finding is a mistake of our own code, an offset that is wrong, or ten seconds over one file; it
becomes an example of ``tests/integration/test_fuzz.py``.
"""

from __future__ import annotations

import io
import sys
import tempfile
import traceback
import zipfile
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(
    include=["qa.ingest", "qa.passages", "qa.sentences", "docx", "odf", "markdown_it", "email", "yaml"]
):
    from qa.ingest import docx, eml, html, markdown, odt, pdf, text  # noqa: F401 (so that each is followed)
    from qa.ingest.blocks import UnreadableError, assemble
    from qa.ingest.limits import Limits
    from qa.ingest.parse import parse
    from qa.passages import cut_passages

PROJECT = Path(__file__).resolve().parents[1]
SAMPLES = PROJECT / "tests" / "data" / "formats"
QUICK = Limits(megabytes=1, pages=20, unpacked_megabytes=5)
XML = {"docx": "word/document.xml", "odt": "content.xml"}


def check(kind: str, data: bytes) -> None:
    """Parse ``data`` and cut it into passages; raise what is a mistake of ours."""
    try:
        parsed = parse(kind, data, QUICK)
    except (UnreadableError, MemoryError):
        return
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1].filename
        if Path(where).is_relative_to(PROJECT / "qa"):
            raise
        return
    document = assemble("a", parsed, title="a", kind=None, language="fr")
    for passage in cut_passages(document):
        assert document.text[passage.start : passage.end] == passage.text
    assert all(0 <= place <= len(document.text) for place in document.pages)


def whole(kind: str) -> Callable[[bytes], bytes]:
    """Return what makes a file of the fuzzer's bytes."""
    if kind not in XML:
        return bytes
    with zipfile.ZipFile(SAMPLES / f"note.{kind}") as container:
        parts = {part.filename: container.read(part) for part in container.infolist()}

    def packed(data: bytes) -> bytes:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as made:
            for name, content in parts.items():
                made.writestr(name, data if name == XML[kind] else content)
        return file.getvalue()

    return packed


def seeds(kind: str) -> list[bytes]:
    """Return files to begin with."""
    if kind in XML:
        with zipfile.ZipFile(SAMPLES / f"note.{kind}") as container:
            return [container.read(XML[kind])]
    if kind == "pdf":
        return [path.read_bytes() for path in SAMPLES.glob("*.pdf")]
    documents = [path.read_bytes() for path in sorted((PROJECT / "corpus").rglob("*.md"))[:40]]
    if kind == "html":
        return [
            b"<html><head><title>Aides</title></head><body><h1>Aides</h1><p>"
            + one
            + b"</p><table><tr><th>a</th><td>1</td></tr></table><ul><li>x</li></ul></body></html>"
            for one in documents
        ]
    if kind == "eml":
        return [
            b"From: a@b.fr\nSubject: =?utf-8?q?Aides?=\nDate: Mon, 5 Mar 2012 10:00:00 +0100\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain; charset=utf-8\n\n"
            + one
            + b"\n--x--\n"
            for one in documents
        ]
    return documents


def main() -> None:
    kind, *options = sys.argv[1:]
    make = whole(kind)
    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(seeds(kind)):
            (Path(folder) / str(number)).write_bytes(seed)
        atheris.Setup([sys.argv[0], "-timeout=10", *options, folder], lambda data: check(kind, make(data)))
        atheris.Fuzz()


if __name__ == "__main__":
    main()
