"""Indexing and asking with every socket blocked: a network is neither needed nor waited for."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap

SCRIPT = textwrap.dedent("""
    import socket, sys

    def refuse(self, address, *rest):
        if self.family != socket.AF_UNIX:
            raise AssertionError(f"a connection was tried: {address}")

    for name in ("connect", "connect_ex", "sendto"):
        setattr(socket.socket, name, refuse)
    socket.getaddrinfo = socket.create_connection = refuse

    from qa.cli import main
    sys.exit(main(sys.argv[1:]))
""")


def blocked(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", SCRIPT, *arguments], capture_output=True, text=True, timeout=300)


def test_the_block_blocks():
    code = SCRIPT.split("from qa")[0] + "socket.create_connection(('127.0.0.1', 1))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "a connection was tried" in run.stderr or run.returncode != 0


def test_index_and_ask_without_a_network(tmp_path):
    folder, index = tmp_path / "corpus", str(tmp_path / "index")
    folder.mkdir()
    (folder / "plan.md").write_text("Le plan automobile porte le bonus écologique à 7 000 euros en 2012.", "utf-8")
    built = blocked("index", "--corpus", str(folder), "--index", index, "--json")
    assert built.returncode == 0, built.stderr
    assert json.loads(built.stdout)["passages"]["embedded"] == 1
    asked = blocked("ask", "À combien le plan automobile porte-t-il le bonus écologique ?", "--index", index, "--json")
    assert asked.returncode == 0, asked.stderr
    assert "7 000 euros" in json.loads(asked.stdout)["statements"][0]["text"]
