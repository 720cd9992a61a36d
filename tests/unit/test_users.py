"""The file of users: passwords, tokens, sessions, and what may be changed."""

from __future__ import annotations

import io
import json
import os
import threading

import pytest

from qa.audit import AuditLog, at_the_keyboard
from qa.cli import main
from qa.errors import SettingsError, UsageError
from qa.settings import Settings
from qa.users import ROLES, User, UserStore, open_users, passwords
from qa.users.store import SESSION_SECONDS

PASSWORD = "correct horse battery staple"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Hash at the least cost: what is tested is what becomes of the hashes."""
    monkeypatch.setattr(passwords, "_N", 2)


@pytest.fixture
def users(tmp_path) -> UserStore:
    store = UserStore(tmp_path / "folder" / "users.json")
    store.add("alice", "upload", PASSWORD)
    return store


def test_a_password_is_kept_as_a_hash(users):
    assert users.by_password("alice", PASSWORD) == User("alice", "upload")
    assert users.by_password("alice", PASSWORD + "x") is None
    assert users.by_password("nobody", PASSWORD) is None
    content = users.path.read_text("utf-8")
    assert PASSWORD not in content
    assert users.path.stat().st_mode & 0o077 == 0
    users.add("bob", "ask", PASSWORD)
    hashes = [record["password"] for record in json.loads(users.path.read_text("utf-8"))["users"].values()]
    assert len(set(hashes)) == 2  # a salt each


@pytest.mark.parametrize(
    ("name", "role", "password"),
    [("", "ask", PASSWORD), ("a b", "ask", PASSWORD), ("../x", "ask", PASSWORD), ("a|b", "ask", PASSWORD), ("x" * 65, "ask", PASSWORD),
     ("bob", "king", PASSWORD), ("bob", "ask", "short"), ("bob", "ask", "x" * 201), ("alice", "ask", PASSWORD)],
)  # fmt: skip
def test_what_cannot_be_a_user_is_refused(users, name, role, password):
    with pytest.raises(UsageError):
        users.add(name, role, password)
    assert [user.name for user in users.all()] == ["alice"]


def test_a_token_is_its_users_and_shown_once(users):
    token = users.add_token("alice")
    assert users.by_token(token) == User("alice", "upload")
    assert users.by_token(token[:-1]) is None
    assert token not in users.path.read_text("utf-8")
    users.set_password("alice", PASSWORD + " 2")
    assert users.by_token(token) is None


def test_a_session_ends_by_itself_with_the_password_and_with_the_user(users):
    alice = User("alice", "upload")
    session = users.session(alice, now=lambda: 1000)
    assert users.by_session(session, now=lambda: 1000) == alice
    assert users.by_session(session, now=lambda: 1001 + SESSION_SECONDS) is None
    users.set_password("alice", PASSWORD + " 2")
    assert users.by_session(session, now=lambda: 1000) is None
    session = users.session(alice, now=lambda: 1000)
    users.remove("alice")
    assert users.by_session(session, now=lambda: 1000) is None
    users.add("alice", "administer", PASSWORD)
    assert users.by_session(session, now=lambda: 1000) is None


@pytest.mark.parametrize(
    "forged", ["", "alice", "alice||", "alice|9999999999|", "alice|x|y", "|||", "é|1|é", "bob|9999999999|00"]
)
def test_a_forged_session_is_nobodys(users, forged):
    assert users.by_session(forged) is None
    name, until, seal = users.session(User("alice", "upload")).split("|")
    assert users.by_session(f"{name}|{int(until) + 1}|{seal}") is None


def test_a_change_by_another_process_holds_at_once(users):
    other = UserStore(users.path)
    assert other.exists
    users.remove("alice")
    assert not other.exists
    with pytest.raises(UsageError, match="no user 'alice'"):
        other.remove("alice")


def test_users_added_at_once_are_all_there(tmp_path):
    store = UserStore(tmp_path / "users.json")
    threads = [
        threading.Thread(target=lambda n=n: UserStore(store.path).add(f"u{n}", "ask", PASSWORD)) for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.all()) == 8


def test_a_damaged_file_lets_nobody_in(users):
    users.path.write_text("{", "utf-8")
    with pytest.raises(SettingsError, match="Nobody is let in"):
        users.exists  # noqa: B018


def test_each_role_may_what_those_before_it_may():
    for rank, role in enumerate(ROLES):
        assert [User("x", role).may(other) for other in ROLES] == [rank >= number for number in range(len(ROLES))]


def test_the_audit_log_keeps_each_entry_on_a_line_of_its_own(tmp_path):
    log = AuditLog(tmp_path / "deep" / "audit.jsonl")
    threads = [threading.Thread(target=log.record, args=("a\nb", "did", f"{n}\ud800")) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entries = [json.loads(line) for line in log.path.read_text("utf-8").splitlines()]
    assert sorted(int(entry["what"][:-1]) for entry in entries) == list(range(20))
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="cannot be written"):
        AuditLog(tmp_path / "file" / "audit.jsonl").record("a", "did")


def test_nothing_is_changed_that_the_audit_log_cannot_tell(tmp_path, monkeypatch, capsys):
    (tmp_path / "index.audit.jsonl").mkdir()
    monkeypatch.setattr("sys.stdin", io.StringIO("correct horse battery\n"))
    assert main(["user", "add", "alice", "--index", str(tmp_path / "index")]) == 2
    assert "audit log" in capsys.readouterr().err
    assert open_users(Settings(), tmp_path / "index").all() == []


def test_the_command_line_is_told_by_number_where_its_user_has_no_name(monkeypatch):
    def nameless():
        raise KeyError("getpwuid(): uid not found: 54321")

    monkeypatch.setattr("getpass.getuser", nameless)
    assert at_the_keyboard() == f"command line (uid {os.getuid()})"
