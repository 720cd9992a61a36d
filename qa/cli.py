"""The command line: ``python -m qa``. It only translates between a terminal and the calls of the package.

Exit codes: 0 done, 1 the corpus does not answer or support the claim, 2 wrong use, 3 index missing or broken, 4 some documents could not be
read. With ``--json``, standard output is one JSON object; progress and warnings go to standard error.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from qa import terminal
from qa.backup.command import add_file, add_restore_options, backup_command, restore_command
from qa.cli_options import add_filters, add_history, filters_of
from qa.errors import PolicyQAError
from qa.export.command import add_export_options, export_command
from qa.feedback.command import add_feedback_options, feedback_command
from qa.fetch.commands import add_fetch_options, add_list_options, fetch_command, list_command
from qa.users.command import add_user_commands

EXIT_DONE, EXIT_NO_ANSWER, EXIT_SOME_FAILED, EXIT_INTERRUPTED = 0, 1, 4, 130

_PORTS = 65535

Result = tuple[dict[str, Any], str, int]  # the JSON object, the text for people, the exit code


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = build_parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], Result] = options.run
    try:
        _set_up()
        record, text, code = run(options)
    except PolicyQAError as error:
        record, text, code = {"error": {"type": type(error).__name__, "message": str(error)}}, "", error.exit_code
        sys.stderr.write(f"{error}\n")
    except KeyboardInterrupt:
        sys.stderr.write(f"Stopped. {options.stopped}\n")
        return EXIT_INTERRUPTED
    output = json.dumps(record, ensure_ascii=False) if options.json else text
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal of few letters shows the others by their numbers
    try:
        sys.stdout.write(f"{output}\n" if output else "")
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of every command."""
    parser = argparse.ArgumentParser(
        prog="python -m qa", description="Cited answers to French and English questions over policy documents."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    index = _command(commands, "index", _index, "bring the index up to date with the corpus")
    index.add_argument(
        "--corpus", type=Path, metavar="DIR", help="the folder of documents (default: QA_CORPUS_DIR or corpus/)"
    )
    index.add_argument("--rebuild", action="store_true", help="embed everything anew")

    retrieve = _command(commands, "retrieve", _retrieve, "show the passages that answer a question")
    retrieve.add_argument("question", metavar="QUESTION")
    retrieve.add_argument("-k", type=int, default=10, metavar="N", help="how many passages, 1 to 1000 (default: 10)")
    add_filters(retrieve)

    ask = _command(commands, "ask", _ask, "answer a question, with citations")
    ask.add_argument("question", metavar="QUESTION")
    add_history(ask)
    ask.add_argument(
        "--llm", metavar="MODEL", help="a language model that writes, provider:model (default: QA_LLM), or none"
    )
    ask.add_argument(
        "--translate", action="store_true", help="translate quotes into the question's language, by that model"
    )
    add_filters(ask)

    check = _command(commands, "check", _check, "say whether the documents support a claim")
    check.add_argument("claim", metavar="CLAIM", help="a sentence, or a paragraph to be checked claim by claim")
    add_filters(check)

    add_export_options(_command(commands, "export", export_command, "write an answer to a file, with its citations"))

    add_feedback_options(_command(commands, "feedback", feedback_command, "list what readers judged of answers"))

    evaluate = _command(
        commands, "evaluate", _evaluate, "measure retrieval on a test set, or answers on a question set"
    )
    evaluate.add_argument(
        "folder",
        type=Path,
        metavar="DIR",
        help="holds documents.jsonl[.gz] and queries.jsonl[.gz]; or a file of questions on the corpus, such as tests/data/policy_questions.jsonl",
    )
    evaluate.add_argument(
        "--sample", type=_positive, metavar="N", help="N queries of each type, their documents and 4 N others"
    )
    evaluate.add_argument("--seed", type=int, default=0, metavar="S", help="what the sample is drawn with (default: 0)")
    evaluate.add_argument(
        "--half",
        choices=("tuning", "reporting"),
        help="only the queries to tune on, or only those to report (default: all)",
    )

    corpus = commands.add_parser("corpus", help="list and download the public originals behind the corpus")
    actions = corpus.add_subparsers(required=True, metavar="list|fetch")
    add_list_options(_command(actions, "list", list_command, "list the public originals behind the corpus"))
    add_fetch_options(_command(actions, "fetch", fetch_command, "download public originals, politely"))

    serve = _command(commands, "serve", _serve, "open the web page")
    serve.add_argument("--host", metavar="ADDRESS", help="the address to listen on (default: QA_HOST or 127.0.0.1)")
    serve.add_argument(
        "--open-to-everyone",
        action="store_true",
        help="listen beyond this machine without users: whoever comes may upload",
    )
    serve.add_argument("--port", type=_port, metavar="N", help="the port to listen on (default: QA_PORT or 7860)")

    add_file(_command(commands, "backup", backup_command, "write the index and what stands beside it to one file"))
    add_restore_options(_command(commands, "restore", restore_command, "put the index of a backup in place"))

    user = commands.add_parser("user", help="who may use the page")
    add_user_commands(user.add_subparsers(required=True, metavar="add|remove|password|token|list"), _command)

    _command(commands, "mcp", _mcp, "give the corpus to an assistant as MCP tools, over standard input and output")

    _command(commands, "doctor", _doctor, "say what is installed, which model, which index, and whether it is whole")
    return parser


def _command(
    commands: Any, name: str, run: Callable[[argparse.Namespace], Result], summary: str
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=summary, description=summary.capitalize() + ".")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    if name not in ("evaluate", "fetch") and run is not list_command:
        parser.add_argument(
            "--index", type=Path, metavar="DIR", help="the index folder (default: QA_INDEX_DIR or indexes/default)"
        )
    parser.set_defaults(run=run, stopped="The index is as it was.")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("has to be 1 or more")
    return number


def _port(text: str) -> int:
    number = int(text)
    if not 1 <= number <= _PORTS:
        raise argparse.ArgumentTypeError(f"has to be from 1 to {_PORTS}")
    return number


def _set_up() -> None:
    from qa.logs import set_up_logging
    from qa.settings import get_settings

    set_up_logging(get_settings())


def _index(options: argparse.Namespace) -> Result:
    from qa.embedding.choice import get_embedder
    from qa.index.corpus import index_corpus
    from qa.index.server import get_server
    from qa.progress import progress_bar
    from qa.settings import get_settings
    from qa.uploads import uploads_folder

    settings = get_settings()
    with progress_bar() as progress:
        report = index_corpus(
            options.corpus or settings.corpus_dir, options.index or settings.index_dir, get_embedder(settings),
            uploads=uploads_folder(settings, options.index), rebuild=options.rebuild,
            server=get_server(settings), progress=progress,
        )  # fmt: skip
    code = EXIT_SOME_FAILED if report.failures else EXIT_DONE
    return report.to_dict(), terminal.index_report(report), code


def _retrieve(options: argparse.Namespace) -> Result:
    from qa import open_corpus
    from qa.questions import read_question

    hits = open_corpus(options.index).retrieve(options.question, k=options.k, **filters_of(options))
    language = read_question(options.question).language
    record = {"question": options.question, "language": language, "hits": [hit.to_dict() for hit in hits]}
    return record, terminal.hits(hits, language), EXIT_DONE


def _ask(options: argparse.Namespace) -> Result:
    from qa import open_corpus

    answer = open_corpus(options.index).ask(
        options.question, history=options.history, llm=options.llm, translate=options.translate, **filters_of(options)
    )
    return answer.to_dict(), terminal.answer(answer), EXIT_NO_ANSWER if answer.abstained else EXIT_DONE


def _check(options: argparse.Namespace) -> Result:
    from qa import open_corpus

    checked = open_corpus(options.index).check(options.claim, **filters_of(options))
    return checked.to_dict(), terminal.check(checked), EXIT_DONE if checked.supported else EXIT_NO_ANSWER


def _evaluate(options: argparse.Namespace) -> Result:
    from qa.assistant import PolicyQA
    from qa.embedding.choice import get_embedder
    from qa.evaluation.answers import evaluate_answers
    from qa.evaluation.runner import evaluate
    from qa.settings import get_settings

    settings = get_settings()
    if options.folder.is_file():
        result = evaluate_answers(options.folder, PolicyQA(settings), half=options.half)
        return result, terminal.answer_rates(result), EXIT_DONE
    result = evaluate(
        options.folder,
        get_embedder(settings),
        settings.cache_dir,
        sample=options.sample,
        seed=options.seed,
        half=options.half,
    )
    return result, terminal.evaluation(result), EXIT_DONE


def _serve(options: argparse.Namespace) -> Result:
    from qa.web.server import serve

    serve(host=options.host, port=options.port, index_dir=options.index, open_to_everyone=options.open_to_everyone)
    return {}, "", EXIT_DONE


def _mcp(options: argparse.Namespace) -> Result:
    from qa.web.api.mcp import serve_stdio

    serve_stdio(options.index)
    return {}, "", EXIT_DONE


def _doctor(options: argparse.Namespace) -> Result:
    from qa.doctor import examine

    findings = examine(options.index)
    return findings, terminal.findings(findings), int(findings["exit_code"])
