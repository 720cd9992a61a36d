"""Derive the French-English lexicon of ``qa/retrieval/lexicon`` from aligned sentences.

    python -m training.lexicon PAIRS_DIR -o qa/retrieval/lexicon.tsv.gz

``PAIRS_DIR`` holds ``*.en-fr.tsv.gz`` files, one ``english<TAB>french`` pair a line. Both sides become the terms that
the lexical index counts, so that a question's terms can be looked up as they are; the terms are aligned in both
directions by eflomal (Östling and Tiedemann, "Efficient word alignment with Markov chain Monte Carlo", PBML 2016), and
the links counted. ``pip install eflomal==2.0.0`` first: it is needed here only.
"""

from __future__ import annotations

import argparse
import gzip
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from tqdm import tqdm

from qa.index.analysis import terms

CAPS = {"canada-laws-annual-statutes": 12_000}  # boilerplate: "Section N is amended"
LONGEST = 80  # terms on a side: longer pairs are whole articles, and align badly
MOST = 8  # translations kept of a term
LEAST_SHARE, LEAST_COUNT = 0.05, 3.0

Pair = tuple[list[str], list[str]]


def read_pairs(folder: Path) -> Iterator[Pair]:
    """Yield the terms of each pair, English then French, in the order of the files' names."""
    for path in sorted(folder.glob("*.en-fr.tsv.gz")):
        cap = next((cap for name, cap in CAPS.items() if path.name.startswith(name)), None)
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for number, line in enumerate(tqdm(file, desc=path.name, file=sys.stderr)):
                if cap is not None and number >= cap:
                    break
                english, _, french = line.rstrip("\n").partition("\t")
                pair = terms(english, "en"), terms(french, "fr")
                if all(0 < len(side) <= LONGEST for side in pair):
                    yield pair


def align(pairs: list[Pair], command: str) -> Counter[tuple[str, str]]:
    """Return how often each English term was linked with each French one: a link found one way counts a half."""
    counts: Counter[tuple[str, str]] = Counter()
    with tempfile.TemporaryDirectory() as scratch:
        source, target, forward, backward = (Path(scratch) / name for name in ("en", "fr", "forward", "backward"))
        source.write_text("".join(" ".join(english) + "\n" for english, _ in pairs), "utf-8")
        target.write_text("".join(" ".join(french) + "\n" for _, french in pairs), "utf-8")
        subprocess.run(  # noqa: S603 (the aligner that its caller named)
            [command, "-s", source, "-t", target, "-f", forward, "-r", backward, "--model", "3", "--overwrite"],
            check=True,
        )
        for links in (forward, backward):
            with links.open() as file:
                for (english, french), line in zip(pairs, file, strict=True):
                    for link in line.split():
                        left, right = link.split("-")
                        counts[english[int(left)], french[int(right)]] += 0.5  # type: ignore[assignment]
    return counts


def lexicon(counts: Counter[tuple[str, str]]) -> Iterator[tuple[str, str, float, float]]:
    """Yield ``(english, french, share of the English term's links, share of the French term's links)``.

    A link is kept when it is among the first of its term on either side.
    """
    english_totals: Counter[str] = Counter()
    french_totals: Counter[str] = Counter()
    for (english, french), count in counts.items():
        english_totals[english] += count  # type: ignore[assignment]
        french_totals[french] += count  # type: ignore[assignment]
    kept = _firsts(counts, english_totals, 0) | _firsts(counts, french_totals, 1)
    for english, french in sorted(kept):
        count = counts[english, french]
        yield english, french, count / english_totals[english], count / french_totals[french]


def _firsts(counts: Counter[tuple[str, str]], totals: Counter[str], side: int) -> set[tuple[str, str]]:
    by_term: dict[str, list[tuple[float, tuple[str, str]]]] = {}
    for link, count in counts.items():
        if count >= LEAST_COUNT and count / totals[link[side]] >= LEAST_SHARE:
            by_term.setdefault(link[side], []).append((count, link))
    return {link for links in by_term.values() for _, link in sorted(links, reverse=True)[:MOST]}


def write(rows: Iterable[tuple[str, str, float, float]], path: Path) -> int:
    """Write the links, one a line, and return how many there are; the same links make the same file."""
    lines = [
        f"{english}\t{french}\t{to_french:.3f}\t{to_english:.3f}\n" for english, french, to_french, to_english in rows
    ]
    with gzip.GzipFile(path, "wb", mtime=0) as file:
        file.write("".join(lines).encode())
    return len(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("pairs", type=Path, help="folder of *.en-fr.tsv.gz files")
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--eflomal", default="eflomal-align", help="the aligner's command")
    arguments = parser.parse_args()
    counts = align(list(read_pairs(arguments.pairs)), arguments.eflomal)
    rows = write(lexicon(counts), arguments.output)
    sys.stderr.write(f"{rows} links, {arguments.output.stat().st_size / 1e6:.2f} MB\n")


if __name__ == "__main__":
    main()
