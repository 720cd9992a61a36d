"""What language models write, and what of it is shown: ``python -m benchmarks.generated --gguf FILE --sample 20``.

Questions of tests/data/policy_questions.jsonl, put to the corpus of the settings with a model of theirs (``--llm``), with a model
file that is served here (``--gguf``, wants xllamacpp), or with ``--copyist``: no model, but the worst that can be made
of the rules, which copies one sentence of each passage as an answer, whether it is one or not.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from benchmarks.small_server import served
from qa.assistant import PolicyQA
from qa.evaluation.answers import flat, read_question_set
from qa.sentences import sentence_spans
from qa.settings import get_settings

DATA = Path(__file__).resolve().parents[1] / "tests" / "data" / "policy_questions.jsonl"
_PASSAGE = re.compile(r"<passage (\d+) \w+>\n[^\n]*\n(.*?)\n</passage", re.DOTALL)


class Copyist(BaseChatModel):
    """Answers any question with the sentence of each passage that shares most words with it."""

    @property
    def _llm_type(self) -> str:
        return "copyist"

    def _generate(self, messages: list[BaseMessage], *_: Any, **__: Any) -> ChatResult:
        prompt = messages[-1].text
        asked = set(re.findall(r"\w{4,}", prompt[prompt.rfind("Question:") :].lower()))
        lines = []
        for number, text in _PASSAGE.findall(prompt):
            sentences = [text[start:end] for start, end in sentence_spans(text)]
            best = max(sentences, key=lambda said: len(asked & set(re.findall(r"\w{4,}", said.lower()))))
            lines.append(f"STATEMENT: {best}\nPROOF [{number}]: {best}\n")
        return ChatResult(generations=[ChatGeneration(message=AIMessage("\n".join(lines)))])


def measured(corpus: PolicyQA, rows: list[dict[str, Any]], llm: BaseChatModel | str) -> dict[str, Any]:
    """Ask each row's question of ``llm`` and without it, and count what became of what it wrote."""
    outcomes: Counter[str] = Counter()
    dropped: Counter[str] = Counter()
    counts: Counter[str] = Counter(questions=len(rows))
    seconds = 0.0
    for number, row in enumerate(rows, start=1):
        asked = {"history": row.get("history", ()), **row.get("filters", {})}
        plain = corpus.ask(row["question"], llm="none", **asked)
        answer = corpus.ask(row["question"], llm=llm, **asked)
        use = answer.model
        if use is not None:
            outcomes[use.outcome] += 1
            dropped.update(use.dropped)
            counts.update(kept=use.kept, dropped=len(use.dropped), calls=use.calls)
            counts.update(tokens_read=use.prompt_tokens, tokens_written=use.completion_tokens)
            seconds += use.seconds
        counts["generated"] += answer.mode == "generated"
        counts["extractive"] += answer.mode == "extractive" and not answer.abstained
        counts["unanswered"] += answer.abstained
        counts["answered_only_with_it"] += plain.abstained and not answer.abstained
        if row["keys"]:
            for name, given in (("key_extractive", plain), ("key", answer)):
                counts[name] += _holds_key(row, given)
            counts["answerable"] += 1
            counts["key_generated"] += answer.mode == "generated" and _holds_key(row, answer)
        else:
            counts["unanswerable"] += 1
            counts["silent_extractive"] += plain.abstained
            counts["silent"] += answer.abstained
        print(f"{number}/{len(rows)} {use.outcome if use else '-'} {dict(counts)}", flush=True)
    return {
        **counts,
        "outcomes": dict(outcomes),
        "reasons": dict(dropped),
        "seconds_a_question": round(seconds / max(len(rows), 1), 1),
    }


def _holds_key(row: dict[str, Any], answer: Any) -> bool:
    shown = flat(" ".join(f"{s.text} {' '.join(c.quote for c in s.citations)}" for s in answer.statements))
    return all(any(flat(key) in shown for key in wording) for wording in row["keys"])


def main() -> None:
    """Print the counts as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--llm", help="default: QA_LLM")
    parser.add_argument("--gguf", type=Path, help="a model file to serve")
    parser.add_argument("--copyist", action="store_true")
    parser.add_argument("--context", type=int, default=3000, help="tokens of a request, with --gguf")
    parser.add_argument("--seconds", type=float, default=120, help="time limit of a question")
    parser.add_argument("--sample", type=int)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    rows = read_question_set(DATA, half="reporting")
    if options.sample:
        rows = random.Random(options.seed).sample(rows, options.sample)
    with served(options.gguf, context=options.context) if options.gguf else nullcontext() as address:
        change: dict[str, Any] = {"llm_seconds": options.seconds, "llm": options.llm or get_settings().llm}
        if address:
            change |= {"llm": "openai:local", "llm_url": address, "llm_context": options.context}
        settings = get_settings().model_copy(update=change)
        llm = Copyist() if options.copyist else settings.llm or parser.error("name a model")
        print(json.dumps(measured(PolicyQA(settings), rows, llm), indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
