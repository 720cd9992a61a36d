"""``python -m qa user``: who may use the page."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable
from typing import Any

from qa.audit import at_the_keyboard, open_audit
from qa.errors import UsageError
from qa.settings import get_settings
from qa.users.roles import ROLES
from qa.users.store import open_users

Result = tuple[dict[str, Any], str, int]
Command = Callable[..., argparse.ArgumentParser]


def add_user_commands(actions: Any, command: Command) -> None:
    """Add ``add``, ``remove``, ``password``, ``token`` and ``list`` to ``actions``."""
    add = command(actions, "add", _add, "add a user; the password is asked for, or read from standard input")
    add.add_argument("name", metavar="NAME")
    add.add_argument("--role", choices=ROLES, default="ask", help="what the user may do (default: ask)")
    for name, run, summary in (
        ("remove", _remove, "remove a user, with all sessions and tokens"),
        ("password", _password, "change a user's password, which ends all sessions and tokens"),
        ("token", _token, "make a token for a user's programs, and show it this once"),
    ):
        command(actions, name, run, summary).add_argument("name", metavar="NAME")
    command(actions, "list", _list, "list the users")


def _add(options: argparse.Namespace) -> Result:
    users, password = open_users(get_settings(), options.index), _asked()
    _record(options, "user add", f"{options.name} as {options.role}")
    user = users.add(options.name, options.role, password)
    return {"name": user.name, "role": user.role}, f"{user.name} may {user.role}.", 0


def _remove(options: argparse.Namespace) -> Result:
    _record(options, "user remove", options.name)
    open_users(get_settings(), options.index).remove(options.name)
    return {"name": options.name}, f"{options.name} is removed.", 0


def _password(options: argparse.Namespace) -> Result:
    password = _asked()
    _record(options, "user password", options.name)
    open_users(get_settings(), options.index).set_password(options.name, password)
    return {"name": options.name}, f"The password of {options.name} is changed.", 0


def _token(options: argparse.Namespace) -> Result:
    _record(options, "user token", options.name)
    token = open_users(get_settings(), options.index).add_token(options.name)
    return {"name": options.name, "token": token}, token, 0


def _list(options: argparse.Namespace) -> Result:
    users = open_users(get_settings(), options.index).all()
    listed = [{"name": user.name, "role": user.role} for user in users]
    return {"users": listed}, "\n".join(f"{user.name}\t{user.role}" for user in users) or "There are no users.", 0


def _record(options: argparse.Namespace, did: str, what: str) -> None:
    open_audit(get_settings(), options.index).record(at_the_keyboard(), did, what)


def _asked() -> str:
    """Return the password that is typed twice, or that is the first line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("Password: ")
    if password != getpass.getpass("Again: "):
        raise UsageError("The two are not the same. Nothing was changed.")
    return password
