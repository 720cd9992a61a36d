"""In which order the words of a page are read: lines, and the columns that they stand in.

The columns are found by the white between them, by cutting the page where nothing is printed (the recursive X-Y cut of
Nagy and Seth, 1984), with the lines that go across columns kept apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from qa.ingest.pdf.words import Word

_GUTTER = 0.8  # the least white between columns, in the size of the text
_COLUMN_LINES = 3  # fewer lines side by side are no columns
_COLUMN_CHARACTERS = 12  # nor are cells shorter than this, on average: that is a table
_SAME_LINE = 0.4  # how far apart the baselines of a line are, in the size of the text
_APART = 2.5  # white after the columns that parts what follows from them, in the size of the text

Interval = tuple[float, float]


@dataclass(slots=True, eq=False)
class Line:
    """Words side by side, from left to right."""

    words: list[Word]

    @property
    def x0(self) -> float:
        return self.words[0].x0

    @property
    def x1(self) -> float:
        return max(word.x1 for word in self.words)

    @property
    def baseline(self) -> float:
        return self.words[0].baseline

    @property
    def size(self) -> float:
        """The size of most of its letters: a name in another type is often smaller."""
        letters: Counter[float] = Counter()
        for word in self.words:
            letters[word.size] += len(word.text)
        return letters.most_common(1)[0][0]

    @property
    def bold(self) -> bool:
        return all(word.bold for word in self.words)

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def table(self) -> int | None:
        return self.words[0].table


def lines_of(words: Sequence[Word]) -> list[Line]:
    """Return the words as lines from top to bottom."""
    lines: list[Line] = []
    for word in sorted(words, key=lambda word: word.baseline):
        last = lines[-1] if lines else None
        if (
            last is not None and word.table is None and last.table is None
            and word.baseline - last.baseline <= _SAME_LINE * min(word.size, last.words[-1].size)
        ):  # fmt: skip
            last.words.append(word)
        else:
            lines.append(Line([word]))
    for line in lines:
        line.words.sort(key=lambda word: word.x0)
    return lines


def regions(words: Sequence[Word]) -> Iterator[list[Line]]:
    """Return the page's text in reading order, cut into columns and what stands across them; each as its lines."""
    if not words:
        return
    size = median(word.size for word in words)
    across: list[Word] = []
    strips = list(_strips(words))
    index = 0
    while index < len(strips):
        columns, taken = _columns(strips[index:], size)
        if not columns:
            across += strips[index]
            index += 1
            continue
        if across:
            yield lines_of(across)
            across = []
        for column in columns:
            yield from regions(column)
        index += taken
    if across:
        yield lines_of(across)


def _strips(words: Sequence[Word]) -> Iterator[list[Word]]:
    """Return the words between one empty line across the region and the next."""
    strip: list[Word] = []
    bottom = 0.0
    for word in sorted(words, key=lambda word: word.top):
        middle = (word.top + word.bottom) / 2  # boxes of lines set close overlap a little
        if strip and middle > bottom and word.top > bottom - 0.25 * word.size:
            yield strip
            strip, bottom = [], 0.0
        strip.append(word)
        bottom = max(bottom, word.bottom)
    if strip:
        yield strip


def _columns(strips: list[list[Word]], size: float) -> tuple[list[list[Word]], int]:
    """Return the two sides of the gutter that the first of ``strips`` begin with, and how many strips it goes through.

    There are none when the first strip is on one side only, or when what is side by side are not columns of text.
    """
    free: list[Interval] = [(float("-inf"), float("inf"))]
    taken = 0
    while taken < len(strips):
        left_free = [gap for gap in _common(free, _gaps(strips[taken])) if gap[1] - gap[0] >= _GUTTER * size]
        if not any(_between(gap, strips[: taken + 1]) for gap in left_free):
            break
        free, taken = left_free, taken + 1
    for gap in free if taken else []:
        if not _between(gap, strips[:1]):
            continue
        middle = (max(gap[0], -1e6) + min(gap[1], 1e6)) / 2
        until = _end_of_columns(strips[:taken], middle, size)
        words = [word for strip in strips[:until] for word in strip]
        sides = [word for word in words if word.x0 < middle], [word for word in words if word.x0 >= middle]
        if all(_is_column(side) for side in sides):
            return list(sides), until
    return [], 0


def _end_of_columns(strips: list[list[Word]], middle: float, size: float) -> int:
    """Return how many strips are columns: what stands on the left alone, well below both, comes after them."""
    both = max(index for index, strip in enumerate(strips) if any(word.x0 >= middle for word in strip)) + 1
    for index in range(both, len(strips)):
        white = min(word.top for word in strips[index]) - max(word.bottom for word in strips[index - 1])
        if white > _APART * size:
            return index
    return len(strips)


def _gaps(strip: list[Word]) -> list[Interval]:
    """Return where nothing of ``strip`` is printed, from left to right."""
    gaps, right = [], float("-inf")
    for word in sorted(strip, key=lambda word: word.x0):
        if word.x0 > right:
            gaps.append((right, word.x0))
        right = max(right, word.x1)
    return [*gaps, (right, float("inf"))]


def _common(ours: list[Interval], theirs: list[Interval]) -> list[Interval]:
    return [(max(a[0], b[0]), min(a[1], b[1])) for a in ours for b in theirs if max(a[0], b[0]) < min(a[1], b[1])]


def _between(gap: Interval, strips: list[list[Word]]) -> bool:
    """Return whether words stand on both sides of ``gap``."""
    words = [word for strip in strips for word in strip]
    return any(word.x1 <= gap[0] for word in words) and any(word.x0 >= gap[1] for word in words)


def _is_column(words: list[Word]) -> bool:
    lines = lines_of(words)
    characters = sum(len(line.text) for line in lines)
    return len(lines) >= _COLUMN_LINES and characters >= _COLUMN_CHARACTERS * len(lines)
