"""The package as pip installs it, run from another folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """An environment that has the wheel, and its dependencies from the one that runs the tests."""
    folder = tmp_path_factory.mktemp("wheel")
    # A copy, so that the build leaves nothing in the checkout.
    subprocess.run(["git", "-C", PROJECT, "checkout-index", "--all", f"--prefix={folder}/source/"], check=True)
    build = [
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        str(folder),
        str(folder / "source"),
    ]
    subprocess.run(build, check=True, capture_output=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder / "venv")], check=True)
    python = folder / "venv" / "bin" / "python"
    (wheel,) = folder.glob("*.whl")
    site = Path(subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], check=True, capture_output=True, text=True
    ).stdout.strip())  # fmt: skip
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"), "utf-8")
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "--python",
            str(python),
            "install",
            "--quiet",
            "--no-deps",
            "--no-index",
            str(wheel),
        ],
        check=True,
    )
    return folder


def test_the_wheel_has_the_data_and_the_types(installed):
    (wheel,) = installed.glob("*.whl")
    with zipfile.ZipFile(wheel) as file:
        names = file.namelist()
    assert {
        "qa/py.typed",
        "qa/retrieval/lexicon.tsv.gz",
        "qa/embedding/questions.safetensors",
        "qa/web/page.css",
    } <= set(names)
    assert not [name for name in names if name.startswith(("tests", "benchmarks", "training"))]


def test_the_command_runs_from_another_folder(installed, corpus, settings, tmp_path):
    command = installed / "venv" / "bin" / "policy-qa"
    environment = {**os.environ, "QA_INDEX_DIR": str(settings.index_dir), "PYTHONPATH": ""}
    run = subprocess.run(
        [command, "retrieve", "Quel était le taux du CICE ?", "-k", "1", "--json"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout)["hits"][0]["rank"] == 1


def test_without_a_checkout_the_index_is_the_users(installed, tmp_path):
    code = "from qa.settings import get_settings; print(get_settings().index_dir, get_settings().corpus_dir)"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("QA_")}
    run = subprocess.run(
        [installed / "venv" / "bin" / "python", "-c", code], cwd=tmp_path, env={**environment, "XDG_DATA_HOME": str(tmp_path)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    index_dir, corpus_dir = run.stdout.split()
    assert index_dir.endswith("policy-qa/default")
    assert "site-packages" not in index_dir
    assert corpus_dir == "corpus"
