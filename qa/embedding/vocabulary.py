"""The token numbers of texts, without opening the pieces of a hundred languages for texts in two.

Of the model's 250,000 pieces those are written to a smaller tokenizer whose every character French and English use. A text
of such characters alone can be cut into no other piece, so that its numbers are the same by construction; a text with any
other character has the whole tokenizer opened. Both are opened at the first text that needs them.
"""

from __future__ import annotations

import json
import re
import threading
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qa.errors import ModelError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

WHOLE, SMALL, NUMBERS = "tokenizer.json", "tokenizer-latin.json", "tokenizer-latin.npy"
_SPACE = "\u2581"  # SentencePiece's
# Basic Latin to Latin Extended-B, then punctuation, superscripts, currencies, letter-like signs, fractions and arrows.
_BLOCKS = (range(0x20, 0x250), range(0x2000, 0x2070), range(0x2070, 0x20D0), range(0x2100, 0x2200))
_WHITE = "\t\n\r"


class Vocabulary:
    """The tokenizers in ``folder``, which ``write_small`` was given; texts are cut after ``most`` tokens. Safe between threads."""

    def __init__(self, folder: Path, most: int) -> None:
        self._folder, self._most = folder, most
        self._lock = threading.Lock()
        self._small: tuple[Tokenizer, re.Pattern[str], NDArray[np.int64]] | None = None
        self._whole: Tokenizer | None = None

    def numbers(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the numbers of each text's tokens in the whole vocabulary, ``<s>`` and ``</s>`` included."""
        small, plain, known = self._opened_small()
        is_plain = [plain.fullmatch(text) is not None for text in texts]
        cut = iter(small.encode_batch([text for text, one in zip(texts, is_plain, strict=True) if one]))
        others = [text for text, one in zip(texts, is_plain, strict=True) if not one]
        whole = iter(self._opened_whole().encode_batch(others) if others else [])
        return [known[next(cut).ids].tolist() if one else list(next(whole).ids) for one in is_plain]

    def _opened_small(self) -> tuple[Tokenizer, re.Pattern[str], NDArray[np.int64]]:
        with self._lock:
            if self._small is None:
                tokenizer = self._open(SMALL)
                characters = (piece for piece in tokenizer.get_vocab() if len(piece) == 1)
                self._small = tokenizer, _plain(characters), np.load(self._folder / NUMBERS)
            return self._small

    def _opened_whole(self) -> Tokenizer:
        with self._lock:
            self._whole = self._whole or self._open(WHOLE)
            return self._whole

    def _open(self, name: str) -> Tokenizer:
        from tokenizers import Tokenizer

        try:
            tokenizer = Tokenizer.from_file(str(self._folder / name))
        except Exception as error:  # tokenizers raises nothing narrower
            raise ModelError(
                f"The converted model in {self._folder} cannot be opened ({error}). Delete it, and try again."
            ) from error
        tokenizer.enable_truncation(self._most)
        tokenizer.no_padding()
        return tokenizer


def write_small(folder: Path) -> None:
    """Write, beside the whole tokenizer in ``folder``, the small one and the number that each of its pieces has in the whole."""
    made = json.loads((folder / WHOLE).read_text("utf-8"))
    pieces = made["model"]["vocab"]
    special = {token["content"] for token in made["added_tokens"]}
    characters = {character for character in _letters() for character in unicodedata.normalize("NFKC", character)}
    characters = (characters & {piece for piece, _ in pieces}) | {_SPACE}
    kept = [number for number, (piece, _) in enumerate(pieces) if piece in special or characters.issuperset(piece)]
    made["model"]["vocab"] = [pieces[number] for number in kept]
    numbers = {pieces[number][0]: new for new, number in enumerate(kept)}
    made["model"]["unk_id"] = numbers[pieces[made["model"]["unk_id"]][0]]
    for token in made["added_tokens"]:
        token["id"] = numbers[token["content"]]
    for token in made["post_processor"]["special_tokens"].values():
        token["ids"] = [numbers[one] for one in token["tokens"]]
    (folder / SMALL).write_text(json.dumps(made, ensure_ascii=False), "utf-8")
    np.save(folder / NUMBERS, np.array(kept, dtype=np.int64))


def _letters() -> list[str]:
    """Return the characters of ``_BLOCKS`` that NFKC turns into nothing that could join what stands beside it."""
    found = (chr(code) for block in _BLOCKS for code in block)
    return [
        character
        for character in found
        if unicodedata.category(character)[0] not in "CM"
        and all(unicodedata.category(one)[0] != "M" for one in unicodedata.normalize("NFKC", character))
    ]


def _plain(characters: Iterable[str]) -> re.Pattern[str]:
    """Return the pattern of texts that the small tokenizer, which has these ``characters``, cuts as the whole one does."""
    known = {*characters, " "}
    letters = (one for one in _letters() if known.issuperset(unicodedata.normalize("NFKC", one)))
    return re.compile(f"[{re.escape(''.join(letters))}{_WHITE}]*")
