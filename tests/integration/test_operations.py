"""What an operator sees: metrics, logs, and files to deploy that agree with the program."""

from __future__ import annotations

import configparser
import json
import re
import shlex
import shutil
import subprocess

import httpx
import pytest
import yaml

from qa.cli import build_parser
from qa.settings import Settings
from tests.conftest import PROJECT

DEPLOY = PROJECT / "deploy"
ANSWERED = {"question": "Quel était le taux du CICE en 2013 ?"}


def metrics(address):
    lines = httpx.get(f"{address}/metrics").raise_for_status().text.splitlines()
    return {
        name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if not line.startswith("#"))
    }


def test_metrics_count_what_was_asked_and_tell_the_index(serve, corpus):
    with serve() as running, httpx.Client(base_url=running.address, timeout=60) as client:
        before = metrics(running.address)
        client.get("/api/v1/ask", params=ANSWERED).raise_for_status()
        client.post(
            "/v1/chat/completions",
            json={
                "model": "policy-qa",
                "messages": [{"role": "user", "content": "Who won the football world cup in 1998?"}],
            },
        )
        client.get("/api/v1/ask", params={"question": " "})
        client.get("/api/v1/check", params={"text": "Le plan de juillet 2012 porte le bonus électrique à 6 000 euros."})
        after = metrics(running.address)
        calls = {name: after[name] - before.get(name, 0) for name in after if name.startswith("policy_qa_calls_total")}
        assert calls['policy_qa_calls_total{operation="ask",outcome="answered"}'] == 1
        assert calls['policy_qa_calls_total{operation="ask",outcome="abstained"}'] == 1
        assert calls['policy_qa_calls_total{operation="ask",outcome="QuestionError"}'] == 1
        assert calls['policy_qa_calls_total{operation="check",outcome="abstained"}'] == 1
        assert after['policy_qa_step_seconds_count{operation="ask",step="retrieve"}'] == 2
        assert after["policy_qa_index_passages"] == corpus.generation().manifest.passages
        assert (after["policy_qa_index_ready"], after["policy_qa_indexing"]) == (1, 0)
        assert "CICE" not in client.get("/metrics").text


def test_the_log_tells_each_request_and_never_a_question(serve, tmp_path):
    with (tmp_path / "log").open("w") as log, serve(QA_LOG_LEVEL="INFO", QA_LOG_FORMAT="json", log=log) as running:
        told = httpx.get(
            f"{running.address}/api/v1/ask", params=ANSWERED, headers={"X-Request-Id": "abc-1"}, timeout=60
        )
        assert told.headers["x-request-id"] == "abc-1"
        ours = httpx.get(f"{running.address}/healthz", headers={"X-Request-Id": "a b"}).headers["x-request-id"]
        assert re.fullmatch(r"[0-9a-f]{16}", ours)
    text = (tmp_path / "log").read_text("utf-8")
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    [entry] = [line for line in lines if line.get("request") == "abc-1"]
    assert (entry["method"], entry["path"], entry["status"], entry["level"]) == ("GET", "/api/v1/ask", 200, "INFO")
    assert entry["seconds"] > 0
    assert "CICE" not in text


def variables(text):
    return set(re.findall(r"QA_([A-Z_]+)", text))


@pytest.mark.parametrize("file", ["Dockerfile", "compose.yaml", "compose.chroma.yaml", "policy-qa.service"])
def test_what_is_deployed_names_settings_that_there_are(file):
    named = variables((DEPLOY / file).read_text("utf-8"))
    assert named
    assert named <= {name.upper() for name in Settings.model_fields}


def test_the_image_has_what_the_program_needs_and_no_root():
    lines = (DEPLOY / "Dockerfile").read_text("utf-8").splitlines()
    copied = {word for line in lines if line.startswith("COPY") for word in line.split()[1:-1]}
    assert copied == {"requirements.txt", "pyproject.toml", "app.py", "qa", "corpus"}
    assert all((PROJECT / name).exists() for name in copied)
    assert lines.index("USER policyqa") < lines.index('CMD ["serve"]')
    [entry] = [json.loads(line.removeprefix("ENTRYPOINT ")) for line in lines if line.startswith("ENTRYPOINT")]
    assert entry == ["python", "-m", "qa"]
    build_parser().parse_args(["serve"])
    service = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]["policy-qa"]
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).exists()


def test_the_second_compose_file_adds_a_chroma_server_that_only_the_page_reaches():
    added = yaml.safe_load((DEPLOY / "compose.chroma.yaml").read_text("utf-8"))
    page, chroma = added["services"]["policy-qa"], added["services"]["chroma"]
    assert page["environment"]["QA_CHROMA_URL"] == "http://chroma:8000"
    assert Settings(chroma_url=page["environment"]["QA_CHROMA_URL"]).chroma_url
    assert "chroma" in page["depends_on"]
    assert (chroma["read_only"], chroma["cap_drop"]) == (True, ["ALL"])
    assert "ports" not in chroma
    assert chroma["entrypoint"][:2] == ["chroma", "run"]
    assert chroma["volumes"] == ["vectors:/data"]
    assert "vectors" in added["volumes"]


def test_the_unit_starts_a_command_that_there_is():
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str
    unit.read(DEPLOY / "policy-qa.service")
    command = shlex.split(unit["Service"]["ExecStart"])
    assert command[1:3] == ["-m", "qa"]
    build_parser().parse_args(command[3:])
    if shutil.which("systemd-analyze"):
        checked = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", DEPLOY / "policy-qa.service"],
            capture_output=True,
            text=True,
            timeout=60,
        )
        wrong = [
            line for line in checked.stderr.splitlines() if "policy-qa.service" in line and "not executable" not in line
        ]
        assert wrong == []


def test_it_runs_where_nothing_but_its_data_can_be_written(serve, settings, tmp_path):
    """As the image does: index and cache in one folder, no home that can be written to."""
    data = tmp_path / "data"
    shutil.copytree(settings.index_dir, data / "index" / "default")
    given = {"QA_INDEX_DIR": str(data / "index" / "default"), "HOME": "/nonexistent", "PYTHONDONTWRITEBYTECODE": "1"}
    with serve(**given) as running:
        assert httpx.get(f"{running.address}/api/v1/ask", params=ANSWERED, timeout=60).json()["statements"]
