"""Records as text for a person at a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

from qa.fetch.report import FetchReport
from qa.fetch.sources import PublicSource
from qa.index.report import IndexReport
from qa.languages import message
from qa.records import Answer, Check, Citation, Claim, Hit

_WIDTH = 100


def answer(record: Answer) -> str:
    """Return an answer: its statements with numbers, then what proves each."""
    understood = (
        [] if record.is_as_asked else [message("understood", record.language).format(question=record.understood_as)]
    )
    if record.abstained:
        nearest = hits(record.nearest, record.language) if record.nearest else ""
        return "\n\n".join(part for part in (*understood, record.reason, record.note, nearest) if part)
    citations = [citation for statement in record.statements for citation in statement.citations]
    numbers = iter(range(1, len(citations) + 1))
    lines = understood + [
        _wrapped(f"{statement.text} {''.join(f'[{next(numbers)}]' for _ in statement.citations)}", "")
        for statement in record.statements
    ]
    lines += [_citation(number, citation, record.language) for number, citation in enumerate(citations, start=1)]
    if record.mode == "generated" and record.model is not None:
        lines.append(message("written_by", record.language).format(name=record.model.name))
    lines += [record.note] if record.note else []
    lines.append(message("confidence", record.language).format(percent=round(100 * record.confidence)))
    return "\n\n".join(lines)


def check(record: Check) -> str:
    """Return a checked text: each claim with its verdict, the values, and what proves it."""
    return "\n\n".join(_claim(claim, record.language) for claim in record.claims)


def _claim(claim: Claim, language: str) -> str:
    verdict = message(claim.verdict, language)
    values = ""
    if claim.verdict in ("contradicted", "disputed") and claim.found:
        key = f"{claim.verdict}_values" if claim.expected else "found_values"
        values = " " + message(key, language).format(expected=claim.expected, found=claim.found)
    parts = [_wrapped(claim.text, ""), f"{verdict}.{values}"]
    for number, citation in enumerate(claim.citations, start=1):
        parts.append(f"{_wrapped(citation.quote, '    ')}\n{_citation(number, citation, language)}")
    if claim.nearest:
        parts += [message("nearest", language), hits(claim.nearest, language)]
    return "\n\n".join(parts)


def hits(records: Sequence[Hit], language: str) -> str:
    """Return hits, one paragraph each."""
    if not records:
        return message("no_passage", language)
    return "\n\n".join(
        f"{hit.rank}. {_about(hit, language)}\n{_wrapped(hit.text, '   ')}\n   {hit.document_id}, {hit.start}-{hit.end}"
        for hit in records
    )


def index_report(report: IndexReport) -> str:
    """Return what ``index`` did, in a few lines."""
    documents, passages = report.documents, report.passages
    lines = [
        f"Index {report.generation}, in {report.seconds:.1f} s",
        "  documents  " + ", ".join(f"{count} {name}" for name, count in documents.items()),
        "  passages   " + ", ".join(f"{count} {name}" for name, count in passages.items()),
    ]
    lines += [f"  could not be read: {failure['path']}: {failure['reason']}" for failure in report.failures]
    lines += [f"  read in part: {warning['path']}: {warning['reason']}" for warning in report.warnings]
    return "\n".join(lines)


def sources(records: Sequence[PublicSource]) -> str:
    """Return public sources, two lines each."""
    return "\n".join(
        f"{source.key}  {source.title}\n      {source.publisher} · {source.date} · {source.language} · {source.kind} · {source.url}"
        for source in records
    )


def fetch_report(report: FetchReport) -> str:
    """Return what ``corpus fetch`` did: the counts, the new files, and what could not be fetched."""
    lines = [f"{report.into}, in {report.seconds:.1f} s"]
    lines.append("  sources  " + ", ".join(f"{count} {name}" for name, count in report.sources.items()))
    lines += [f"  {result.key}  {result.file}" for result in report.results if result.outcome == "fetched"]
    lines += [f"  {result.key} could not be fetched: {result.reason}  {result.url}" for result in report.failures]
    return "\n".join(lines)


def evaluation(result: dict[str, Any]) -> str:
    """Return an evaluation as a table."""
    names = ["type", "view", "language", "context", "n", "hit@1", "hit@10", "mrr@10", "ndcg@10", "recall@100"]
    rows = [names] + [[_cell(row[name]) for name in names] for row in result["views"]]
    widths = [max(len(row[column]) for row in rows) for column in range(len(names))]
    table = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    head = f"{result['set']}: {result['documents']} documents, {result['queries']} queries, {result['seconds']} s"
    return "\n".join([head, *table])


def answer_rates(result: dict[str, Any]) -> str:
    """Return the rates of a question set, all and by language, as a table."""
    columns = {"all": result, **result["languages"]}
    names = [name for name, value in result.items() if isinstance(value, int | float)]
    heading = f"{result['set']:<24}" + "".join(f"{column:>8}" for column in columns)
    rows = [f"{name:<24}" + "".join(f"{columns[column][name]:>8}" for column in columns) for name in names]
    types = [f"  {name:<22}{share:>8}" for name, share in result["key_by_type"].items()]
    return "\n".join([heading, *rows, "every key, by type", *types])


def findings(result: dict[str, Any]) -> str:
    """Return what ``doctor`` found, a line each."""
    lines = []
    for part in ("packages", "settings", "model", "index"):
        lines.append(part)
        lines += [f"  {name:<22} {value}" for name, value in result[part].items()]
    return "\n".join([*lines, result["verdict"]])


def _citation(number: int, citation: Citation, language: str) -> str:
    addresses = [source.url for source in citation.sources if source.url] or ([citation.url] if citation.url else [])
    lines = [f"[{number}] {_about(citation, language)}", f"    {citation.document_id}, {citation.start}-{citation.end}"]
    if citation.translation:
        lines.append(_wrapped(f"{message('translation', language)}: {citation.translation}", "    "))
    return "\n".join(lines + [f"    {address}" for address in addresses])


def _about(record: Hit | Citation, language: str) -> str:
    where = message("page", language).format(page=record.page) if record.page else None
    in_language = message(f"in_{record.language}", language) if record.language else None
    newer = message("superseded", language).format(document=record.superseded_by) if record.superseded_by else None
    parts = (record.title, record.publisher, record.date, record.kind, in_language, where, newer)
    return " · ".join(part for part in parts if part)


def _wrapped(text: str, indent: str) -> str:
    return "\n".join(
        textwrap.fill(line, _WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
        for line in text.split("\n")
        if line
    )


def _cell(value: object) -> str:
    return (
        f"{value:.3f}"
        if isinstance(value, float)
        else ("yes" if value else "no")
        if isinstance(value, bool)
        else str(value)
    )
