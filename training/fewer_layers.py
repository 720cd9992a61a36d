"""Teach every second layer of the embedding model to give its vectors: ``python -m training.fewer_layers PAIRS.npz OUT.npz``.

Half the layers halve what every embedding costs. The six start as layers 2, 4, ... 12 of the twelve, and learn to give, for
each token, what each of those gave, and for each text its vector (Sanh et al., "DistilBERT", 2019; Jiao et al., "TinyBERT",
2020): a vector for each token says more about a text than one for the whole of it. Word vectors stay as they are.
Then the test sets are measured by vectors alone, beside the twelve layers. It needs numpy and torch alone.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 (as everybody calls it)
from numpy.typing import NDArray
from torch import Tensor, nn

from training.bert import Data, Encoder, as_arrays, encoder_of, only, read_base
from training.encoder import DECAY, WARM
from training.ranking import measure, show, vectors_of
from training.weights import save

LAYERS = range(1, 12, 2)
RATE, STEP = 4e-4, 3_000  # tokens of a step
WHOLE, LAST, BETWEEN = 10.0, 1.0, 0.1  # how much the text's vector counts, its tokens' and those of the layers before
KINDS = {"passage": 0.45, "sentence": 0.3, "query": 0.25}  # of the tokens
LEARNT, MEASURED = 128, 256  # tokens of a text
SETS = ("laws", "gov_articles", "fquad_dev")

Numbers = NDArray[np.int64]


def texts_to_learn(data: Data) -> dict[str, Numbers]:
    """Return the numbers of the texts of each kind."""
    notes, sentences, headings = (data.arrays[name] for name in ("notes", "sentences", "headings"))
    kinds = {
        "passage": [notes[:, 2:4], headings[:, 1], data.arrays["asked_passages"]],
        "sentence": [sentences[:, :2]],
        "query": [notes[:, :2], headings[:, 0], data.arrays["asked_queries"]],
    }
    return {name: np.unique(np.concatenate([one.ravel() for one in kind])) for name, kind in kinds.items()}


def steps(data: Data, chance: np.random.Generator) -> Iterator[tuple[str, list[Numbers]]]:
    """Yield, for ever, a role and texts of about ``STEP`` tokens."""
    kinds = texts_to_learn(data)
    while True:
        kind = str(chance.choice(list(KINDS), p=list(KINDS.values())))
        texts, tokens = [], 0
        while tokens < STEP:
            texts.append(data.tokens(int(chance.choice(kinds[kind]))))
            tokens += min(LEARNT, 8 + len(texts[-1]))
        yield "query" if kind == "query" else "passage", texts


def outputs(model: Encoder, ids: Tensor, mask: Tensor) -> list[Tensor]:
    """Return what each layer gives."""
    x = model.first_norm(model.words[ids] + model.positions.weight[: ids.shape[1]] + model.kind)
    given = []
    for layer in model.layers:
        x = layer(x, mask[:, None, None, :])
        given.append(x)
    return given


def apart(student: Encoder, teacher: Encoder, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    """Return how far the student is from its teacher, and the mean cosine of their vectors."""
    with torch.no_grad():
        all_wanted = outputs(teacher, ids, mask)
        wanted = [all_wanted[layer] for layer in LAYERS]
    given = outputs(student, ids, mask)
    each = [1 - F.cosine_similarity(one[mask], other[mask]).mean() for one, other in zip(given, wanted, strict=True)]
    weight = mask[..., None].float()
    cosine = F.cosine_similarity((given[-1] * weight).sum(1), (wanted[-1] * weight).sum(1)).mean()
    return WHOLE * (1 - cosine) + LAST * each[-1] + BETWEEN * torch.stack(each[:-1]).sum(), cosine


def train(student: Encoder, teacher: Encoder, data: Data, seconds: float) -> None:
    """Train for ``seconds``, at a rate that rises and then falls to nothing."""
    student.train()
    optimizer = torch.optim.AdamW(student.parameters(), RATE, weight_decay=DECAY, betas=(0.9, 0.98))
    started, said, told = time.monotonic(), 0.0, dict[str, list[float]](query=[], passage=[])
    for step, (role, texts) in enumerate(steps(data, np.random.default_rng(0)), start=1):
        done = (time.monotonic() - started) / seconds
        if done >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = RATE * (
                done / WARM if done < WARM else 0.5 * (1 + math.cos(math.pi * (done - WARM) / (1 - WARM)))
            )
        optimizer.zero_grad()
        for chosen, ids, mask in data.batch(texts, role):
            loss, cosine = apart(student, teacher, ids, mask)
            (loss * len(chosen) / len(texts)).backward()
            told[role].append(float(cosine.detach()))
        nn.utils.clip_grad_norm_(student.parameters(), 1.0)
        optimizer.step()
        if time.monotonic() - started - said > 60:
            said = time.monotonic() - started
            means = ", ".join(f"{name} {np.mean(one):.4f}" for name, one in told.items() if one)
            print(f"step {step}, {done:.0%}: cosine {means}", flush=True)
            told = {name: [] for name in told}
    student.eval()


def main() -> None:
    """Teach, write and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seconds", type=float, default=3600)
    options = parser.parse_args()
    torch.manual_seed(0)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    data = Data(options.pairs, device, LEARNT)
    for name in [name for name in data.arrays if name.endswith("_rows") and name.removesuffix("_rows") not in SETS]:
        del data.arrays[name]
    words, base = read_base(options.pairs)
    teacher, student = encoder_of(words, base, device), encoder_of(words, only(base, LAYERS), device)
    train(student, teacher, data, options.seconds)
    save(options.out, as_arrays(student.state_dict()))
    data.most = MEASURED
    twelve, six = vectors_of(teacher, data), vectors_of(student, data)
    close = F.cosine_similarity(torch.stack([six[key] for key in twelve]), torch.stack(list(twelve.values())))
    print(f"cosine to the twelve layers' vectors: mean {close.mean():.4f}, lowest tenth {close.quantile(0.1):.4f}")
    show(
        "hit@1 / hit@10 / nDCG@10, vectors alone",
        {"twelve layers": list(measure(twelve, data)), "six": list(measure(six, data))},
    )


if __name__ == "__main__":
    main()
