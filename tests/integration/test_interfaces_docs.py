"""Every example in the documents about the interfaces, run against the running server."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import mcp
import pytest

PROJECT = Path(__file__).resolve().parents[2]
HERE = "http://127.0.0.1:7860"
PAGES = ("api", "openai", "mcp")


def examples(page: str, language: str) -> list[str]:
    text = (PROJECT / "docs" / f"{page}.md").read_text("utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES)
def test_the_python_runs_from_top_to_bottom(page, server, settings, monkeypatch):
    variables = {**os.environ, "QA_INDEX_DIR": str(settings.index_dir)}

    def here(command: str, args: list[str]) -> mcp.StdioServerParameters:
        assert command == "python"
        return started(command=sys.executable, args=args, cwd=PROJECT, env=variables)

    started = mcp.StdioServerParameters
    monkeypatch.setattr(mcp, "StdioServerParameters", here)
    found = examples(page, "python")
    assert found
    names: dict[str, object] = {}
    for example in found:
        exec(compile(example.replace(HERE, server), f"docs/{page}.md", "exec"), names)


@pytest.mark.parametrize("command", examples("api", "sh"))
def test_the_commands_run(command, server):
    if shutil.which("curl") is None:
        pytest.skip("needs curl")
    run = subprocess.run(command.replace(HERE, server), shell=True, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)
    assert found.get("statements") or found["claims"][0]["verdict"] == "contradicted"


def test_the_configuration_starts_the_tools(run_qa, tmp_path):
    """It is the command line that `python -m qa mcp` is: here on an index that is not there, to see that it is heard."""
    (example,) = examples("mcp", "json")
    named = json.loads(example)["mcpServers"]["policy-qa"]
    assert (named["command"], named["args"][:2]) == ("python", ["-m", "qa"])
    assert run_qa(*named["args"][2:], index=tmp_path / "none").returncode == 3


@pytest.mark.parametrize("page", PAGES)
def test_every_example_is_in_a_language_that_is_run(page):
    text = (PROJECT / "docs" / f"{page}.md").read_text("utf-8")
    assert set(re.findall(r"^```(\w*)$", text, re.MULTILINE)) <= {"", "python", "sh", "json"}
    assert len(re.findall(r"^```", text, re.MULTILINE)) == 2 * sum(
        len(examples(page, kind)) for kind in ("python", "sh", "json")
    )
