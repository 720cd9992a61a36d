"""The documents of the index: a list, what could not be read, and charts of what there is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from html import escape

from qa.index.generations import Manifest
from qa.index.texts import Listed
from qa.web.html.pieces import kind_name, particulars, versions, words
from qa.web.reasons import reason_text
from qa.web.texts import shown_date, text

MOST = 200  # documents listed at once
_WIDTH, _HEIGHT = 640, 120
_ROWS = 12  # of a table of what there is


def document_list(documents: Sequence[Listed], language: str) -> str:
    """Return ``documents`` as a list, each a button that opens it."""
    if not documents:
        return f'<p class="hint">{words("no_document", language)}</p>'
    more = len(documents) - MOST
    rows = "".join(
        f'<li><button type="button" data-document="{escape(listed.id)}" data-start="0" data-end="0"><strong>{escape(listed.title or listed.id)}</strong>'
        f'<span class="about">{particulars(listed, language)} · {words("passages", language, count=listed.passages)}{versions(listed, language)}</span></button></li>'
        for listed in documents[:MOST]
    )
    rest = f'<p class="hint">{words("more_documents", language, count=more)}</p>' if more > 0 else ""
    return f'<p class="counts">{words("documents_found", language, count=len(documents))}</p><ul class="documents">{rows}</ul>{rest}'


def charts(documents: Sequence[Listed], language: str) -> str:
    """Return how many documents there are of each year, kind and region, the last two in each language."""
    years = Counter(listed.date[:4] for listed in documents if listed.date)
    kinds = Counter((kind_name(listed.kind, language) or "?", listed.language) for listed in documents)
    regions = Counter((listed.region or text("no_region", language), listed.language) for listed in documents)
    return (
        f"{_years(years, language)}{_coverage('by_kind', kinds, language)}{_coverage('by_region', regions, language)}"
    )


def holdings(documents: Sequence[Listed], manifest: Manifest, sees: Callable[[str], bool], language: str) -> str:
    """Return what the index holds, and those of the files that the reader ``sees`` that could not be read, with the reasons."""
    held = text(
        "corpus", language, documents=len(documents), passages=sum(listed.passages for listed in documents),
        date=shown_date(manifest.built[:10], language),
    )  # fmt: skip
    problems = "".join(
        _problems(key, {path: reason for path, reason in reasons.items() if sees(path)}, language)
        for key, reasons in (("not_read", manifest.failures), ("read_in_part", manifest.warnings))
    )
    return f"<p>{escape(held)}</p>{problems}"


def _years(years: Counter[str], language: str) -> str:
    if not years:
        return ""
    first, last, most = int(min(years)), int(max(years)), max(years.values())
    step = _WIDTH / (last - first + 1)
    bars = "".join(
        f'<rect x="{(year - first) * step + step * 0.1:.1f}" y="{_HEIGHT - _HEIGHT * years[str(year)] / most:.1f}" '
        f'width="{step * 0.8:.1f}" height="{_HEIGHT * years[str(year)] / most:.1f}"><title>{year} : {years[str(year)]}</title></rect>'
        for year in range(first, last + 1)
        if years[str(year)]
    )
    spoken = ", ".join(f"{year} : {count}" for year, count in sorted(years.items()))
    return (
        f"<figure><figcaption>{words('by_year', language)}</figcaption>"
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT + 20}" role="img" aria-label="{words("by_year", language)} : {spoken}">{bars}'
        f'<text x="0" y="{_HEIGHT + 16}">{first}</text><text x="{_WIDTH}" y="{_HEIGHT + 16}" text-anchor="end">{last}</text></svg></figure>'
    )


def _coverage(key: str, counts: Counter[tuple[str, str | None]], language: str) -> str:
    """Return a table of how many documents of each name there are in each language, the most first, with a bar for each."""
    totals = Counter[str]()
    for (name, _), count in counts.items():
        totals[name] += count
    most = max(counts.values(), default=1)
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th>{"".join(_bar(counts[name, spoken], most) for spoken in ("fr", "en"))}</tr>'
        for name, _ in totals.most_common(_ROWS)
    )
    heads = "".join(f'<th scope="col">{words(f"language_{spoken}", language)}</th>' for spoken in ("fr", "en"))
    return (
        f"<figure><figcaption>{words(key, language)}</figcaption><table><thead><tr><td></td>{heads}</tr></thead>"
        f"<tbody>{rows}</tbody></table></figure>"
    )


def _bar(count: int, most: int) -> str:
    width = 100 * count / most
    return f'<td><svg viewBox="0 0 100 10" aria-hidden="true" preserveAspectRatio="none"><rect width="{width:.1f}" height="10"/></svg> {count}</td>'


def _reason(reasons: str, language: str) -> str:
    return "; ".join(reason_text(reason, language) for reason in reasons.split("; "))


def _problems(key: str, reasons: Mapping[str, str], language: str) -> str:
    if not reasons:
        return ""
    listed = "".join(
        f"<li><code>{escape(path)}</code> {escape(_reason(reason, language))}</li>" for path, reason in reasons.items()
    )
    return f"<details><summary>{words(key, language, count=len(reasons))}</summary><ul>{listed}</ul></details>"
