"""Derive the words that answer to others, ``qa/retrieval/related``: ``python -m training.related PARALLEL -o OUT``.

A heading names in a word what its text says in others: under "Offence" stands who is *guilty* and *contravenes*, under
« Définitions » what something *s'entend de*. Marginal notes of laws with their sections (``training.pairs`` finds them;
none is in a test set) are read as translations of the section's words into the note's, within each language and across
the two, by IBM's Model 1 (Brown et al., "The mathematics of statistical machine translation", 1993), which
Berger and Lafferty ("Information retrieval as statistical translation", SIGIR 1999) put to this use.
"""

from __future__ import annotations

import argparse
import gzip
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.index.analysis import terms
from training.pairs import Texts, notes

ROUNDS = 5  # of expectation and maximisation
RARE = 3  # a note's word has to stand in as many notes, and to be given by a section's word as often
SCARCE = 15  # a section's word has to stand in as many sections
UNSEEN = 10  # added to how often a section's word gives any: what is seldom seen is trusted less
MOST, LEAST = 8, 0.03  # words kept for one, and the least share

Pairs = list[tuple[list[str], list[str]]]  # the words of notes, each once, with those of their sections


def read(parallel: Path) -> dict[tuple[str, str], Pairs]:
    """Return notes with their sections, by the languages of both."""
    texts = Texts()
    rows = list(notes(parallel, texts))
    every = list(texts.numbers)
    languages = list(enumerate(("en", "fr")))  # as a row has them
    return {
        (asked, said): [(_words(every[row[i]], asked), _words(every[row[2 + j]], said)) for row in rows]
        for (i, asked), (j, said) in product(languages, languages)
    }


def _words(text: str, language: str) -> list[str]:
    return [term for term in dict.fromkeys(terms(text, language)) if not any(char.isdecimal() for char in term)]


def related(pairs: Pairs) -> Iterator[tuple[str, str, float]]:
    """Yield a note's word, a section's word and how likely the second gives the first, in 0..1."""
    asked = _numbered((term for note, _ in pairs for term in note), RARE)
    said = _numbered((term for _, section in pairs for term in section), SCARCE)
    columns: list[NDArray[np.int64]] = []  # each word of a note, with each word that could have given it
    givers: list[NDArray[np.int64]] = []
    places: list[NDArray[np.int64]] = []  # of each word in each note
    for note, section in pairs:
        giving = np.array([0, *(said[term] for term in section if term in said)])
        for term in note:
            if (number := asked.get(term)) is not None:
                columns.append(np.full(len(giving), number))
                givers.append(giving)
                places.append(np.full(len(giving), len(places)))
    column, giver, place = (np.concatenate(parts) for parts in (columns, givers, places))
    links, link = np.unique(column * (len(said) + 1) + giver, return_inverse=True)
    of_giver = links % (len(said) + 1)
    share = 1.0 / np.bincount(of_giver)[of_giver]
    for _ in range(ROUNDS):
        guess = share[link] / np.bincount(place, share[link])[place]
        counts = np.bincount(link, guess)
        totals = np.bincount(of_giver, counts)
        share = counts / totals[of_giver]
    note_words, section_words = ["", *asked], ["", *said]
    for i in np.flatnonzero((counts >= RARE) & (of_giver > 0)):
        one, other = note_words[links[i] // (len(said) + 1)], section_words[of_giver[i]]
        yield one, other, float(counts[i] / (totals[of_giver[i]] + UNSEEN))


def _numbered(words: Iterable[str], least: int) -> dict[str, int]:
    """Return a number from 1 on for each word that occurs ``least`` times; 0 is no word."""
    frequent = [word for word, count in Counter(words).items() if count >= least]
    return {word: number for number, word in enumerate(frequent, start=1)}


def kept(found: Iterable[tuple[str, str, float]], *, same_language: bool) -> Iterator[tuple[str, str, float]]:
    """Yield the best of each word's, without the word itself in its own language, in an order that does not change."""
    by_word: dict[str, list[tuple[float, str]]] = {}
    for one, other, share in found:
        if share >= LEAST and not (same_language and one == other):
            by_word.setdefault(one, []).append((share, other))
    for one in sorted(by_word):
        for share, other in sorted(by_word[one], key=lambda item: (-item[0], item[1]))[:MOST]:
            yield one, other, share


def main() -> None:
    """Write the table, a line for each pair of words, and say how large it is."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("parallel", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args()
    lines = [
        f"{asked}\t{said}\t{one}\t{other}\t{share:.3f}\n"
        for (asked, said), pairs in read(options.parallel).items()
        for one, other, share in kept(related(pairs), same_language=asked == said)
    ]
    with gzip.GzipFile(options.output, "wb", mtime=0) as file:
        file.write("".join(lines).encode())
    sys.stderr.write(f"{len(lines)} pairs, {options.output.stat().st_size / 1e6:.2f} MB\n")


if __name__ == "__main__":
    main()
