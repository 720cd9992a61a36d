"""How well vectors alone rank the passages of the test sets, measured where the training is."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from training.bert import Data, Encoder, encode


def texts_of(data: Data) -> dict[str, list[int]]:
    """Return the texts that are measured, by role."""
    wanted: dict[str, set[int]] = {"query": set(), "passage": set()}
    for name, array in data.arrays.items():
        if name.endswith("_rows"):
            wanted["query"].update(one for row in json.loads(array.tobytes()) for one in row["queries"])
            wanted["passage"].update(data.arrays[name.replace("_rows", "_passages")][:, 0].tolist())
    return {role: sorted(numbers) for role, numbers in wanted.items()}


def vectors_of(model: Encoder, data: Data) -> dict[tuple[str, int], Tensor]:
    """Return the vectors of what is measured, by role and text."""
    result = {}
    with torch.inference_mode():
        for role, texts in texts_of(data).items():
            for at in range(0, len(texts), 4096):
                part = texts[at : at + 4096]
                vectors = encode(model, data, [data.tokens(one) for one in part], role)
                result |= {(role, one): vector for one, vector in zip(part, vectors, strict=True)}
    return result


def measure(vectors: dict[tuple[str, int], Tensor], data: Data) -> Iterator[tuple[str, str, list[float]]]:
    """Yield the half, the label, and hit@1, hit@10 and nDCG@10 of each row, by vectors alone."""
    for name in (name.removesuffix("_rows") for name in data.arrays if name.endswith("_rows")):
        passages = data.arrays[f"{name}_passages"]
        matrix = torch.stack([vectors["passage", one] for one in passages[:, 0].tolist()])
        document = torch.as_tensor(passages[:, 1], dtype=torch.long, device=matrix.device)
        language = torch.as_tensor(passages[:, 2], device=matrix.device)
        documents = int(document.max()) + 1
        for row in json.loads(data.arrays[f"{name}_rows"].tobytes()):
            asked = torch.stack([vectors["query", one] for one in row["queries"]])
            scores = asked @ matrix.T
            if row["language"] >= 0:
                scores[:, language != row["language"]] = -2
            best = torch.full((len(asked), documents), -2.0, device=matrix.device)
            best.scatter_reduce_(1, document.expand(len(asked), -1), scores, "amax")
            order = best.topk(min(10, documents), 1).indices.tolist()
            yield (
                row["half"],
                f"{name} | {row['label']}",
                np.mean(
                    [measures_of(found, set(gold)) for found, gold in zip(order, row["gold"], strict=True)], axis=0
                ).tolist(),
            )


def measures_of(found: list[int], gold: set[int]) -> list[float]:
    """Return hit@1, hit@10 and nDCG@10 of the first ten documents."""
    hits = [one in gold for one in found]
    gain = sum(hit / math.log2(at + 2) for at, hit in enumerate(hits))
    return [float(hits[0]), float(any(hits)), gain / sum(1 / math.log2(at + 2) for at in range(min(10, len(gold))))]


def show(title: str, columns: dict[str, list[tuple[str, str, list[float]]]]) -> None:
    """Print the rows of several models beside each other, with their means."""
    print(f"\n## {title}\n| half | row | " + " | ".join(columns) + " |", flush=True)
    for half in ("tuning", "reporting"):
        apart = {name: [row for row in rows if row[0] == half] for name, rows in columns.items()}
        for together in zip(*apart.values(), strict=True):
            cells = " | ".join(" / ".join(f"{one:.3f}" for one in row[2]) for row in together)
            print(f"| {half} | {together[0][1]} | {cells} |")
        print(
            f"| {half} | mean | "
            + " | ".join(f"{np.mean([r[2] for r in rows]):.4f}" for rows in apart.values())
            + " |",
            flush=True,
        )


def mean_on_tuning(rows: list[tuple[str, str, list[float]]]) -> float:
    """Return the mean nDCG@10 over the rows of the tuning halves."""
    return float(np.mean([row[2][2] for row in rows if row[0] == "tuning"]))


def save_vectors(path: Path, vectors: dict[tuple[str, int], Tensor]) -> None:
    """Write vectors in int8 with a scale each."""
    keys = sorted(vectors)
    matrix = torch.stack([vectors[key] for key in keys]).float().cpu().numpy()
    scale = np.abs(matrix).max(1) / 127
    np.savez(
        path, role=np.array([int(role == "passage") for role, _ in keys], np.uint8),
        text=np.array([text for _, text in keys], np.int32), scale=scale.astype(np.float32),
        vector=np.round(matrix / scale[:, None]).astype(np.int8),
    )  # fmt: skip
