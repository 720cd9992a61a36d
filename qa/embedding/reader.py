"""Multilingual-e5-small taught to read a question and a sentence together, and to say whether the sentence answers it.

Cosines compare two texts that were read apart; here every word of the question meets every word of the sentence (a
cross-encoder, as Nogueira and Cho call it, "Passage Re-ranking with BERT", 2019). ``training/reader.py`` made the file; docs/training.md says of what, and what it
is worth.
"""

from __future__ import annotations

import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.embedding.low_rank import read_taught, teach

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

TAUGHT = Path(__file__).with_name("reader.safetensors")
SHA256 = "0ca5fb3f02c5064dff9f8c7331e355ee900728727bc04a3965f05ebced9942b1"
MOST_TOKENS, MOST_ASKED = 160, 64  # of question and sentence together, as it was taught; of the question


def reading(model: SentenceTransformer, path: Path = TAUGHT) -> Any:
    """Return the PyTorch module that reads pairs: ``model``, its word vectors shared, its layers taught, two more on top.

    It takes word vectors of shape ``(pairs, tokens, dimension)``, which of the tokens are text, and which of them are the
    question's, 1 or 0, and gives a logit for each pair. Raises ModelError when the file is not there, or not the one that
    was tested.
    """
    import torch
    from torch import nn

    tensors = read_taught(path, SHA256)

    class Reader(nn.Module):  # type: ignore[misc, unused-ignore]
        def __init__(self, bert: Any) -> None:
            super().__init__()
            self.bert = bert
            self.hidden, self.score = (_linear(tensors, name) for name in ("hidden", "score"))

        def forward(self, words: Any, mask: Any, asked: Any) -> Any:
            read = self.bert(inputs_embeds=words, attention_mask=mask).last_hidden_state
            return self.score(torch.tanh(self.hidden(compared(read, mask, asked))))[:, 0]

    bert = model[0].model
    shared = bert.embeddings.word_embeddings
    bert = copy.deepcopy(bert, {id(shared): shared})
    teach(bert, tensors)
    return Reader(bert).eval()


def pair(question: list[int], sentence: list[int]) -> tuple[list[int], int]:
    """Return the tokens' numbers of two texts as those of one, and how many of them are the question's.

    >>> pair([0, 5, 2], [0, 7, 8, 2])
    ([0, 5, 2, 2, 7, 8, 2], 3)
    """
    end = question[-1:]
    asked = question if len(question) <= MOST_ASKED else question[: MOST_ASKED - 1] + end
    numbers = asked + end + sentence[1:]
    return numbers if len(numbers) <= MOST_TOKENS else numbers[: MOST_TOKENS - 1] + end, len(asked)


def compared(read: Any, mask: Any, asked: Any) -> Any:
    """Return what is judged of pairs: the first token's vector, the mean of the question's and of the sentence's, and these compared.

    ``read`` is the last layer, of shape ``(pairs, tokens, dimension)``; the result has five times the dimension.
    """
    import torch

    question, sentence = _mean(read, asked), _mean(read, mask - asked)
    return torch.cat([read[:, 0], question, sentence, (question - sentence).abs(), question * sentence], 1)


def _mean(read: Any, mask: Any) -> Any:
    weight = mask.unsqueeze(-1).to(read.dtype)
    return (read * weight).sum(1) / weight.sum(1)


def _linear(tensors: dict[str, Any], name: str) -> Any:
    from torch import nn

    weight, bias = tensors[f"{name}.weight"].float(), tensors[f"{name}.bias"].float()
    made = nn.Linear(weight.shape[1], weight.shape[0])
    made.load_state_dict({"weight": weight, "bias": bias})
    return made
