"""The file of users: JSON that only its owner may read, replaced whole."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from filelock import FileLock

from qa.errors import SettingsError, UsageError
from qa.settings import Settings
from qa.users.passwords import hashed, verifies
from qa.users.roles import ROLES, Role, User

SESSION_SECONDS = 12 * 3600
_NAME = re.compile(r"[\w.@+-]{1,64}")


class UserStore:
    """The users in the file ``path``. ``exists`` says whether there are any: then everybody has to say who he is."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read: tuple[tuple[int, int] | None, dict[str, Any]] = (None, {})

    @property
    def exists(self) -> bool:
        return bool(self._users())

    def all(self) -> list[User]:
        """Return the users, by name."""
        return [User(name, record["role"]) for name, record in sorted(self._users().items())]

    def add(self, name: str, role: Role, password: str) -> User:
        """Add a user. Raises UsageError for a name, role or password that cannot be, or a name that is taken."""
        if not _NAME.fullmatch(name):
            raise UsageError(f"{name!r} cannot be a user's name: take 1 to 64 letters, digits or . _ @ + -")
        if role not in ROLES:
            raise UsageError(f"{role!r} is no role: take one of {', '.join(ROLES)}.")
        with self._changed() as users:
            if name in users:
                raise UsageError(f"There is a user {name!r} already: remove it first, or change its password.")
            users[name] = {"role": role, "password": hashed(password), "tokens": []}
        return User(name, role)

    def remove(self, name: str) -> None:
        """Remove a user, with the tokens and sessions. Raises UsageError when there is none of that name."""
        with self._changed() as users:
            del users[self._known(name, users)]

    def set_password(self, name: str, password: str) -> None:
        """Change a password, which ends the user's sessions and tokens."""
        with self._changed() as users:
            users[self._known(name, users)] |= {"password": hashed(password), "tokens": []}

    def add_token(self, name: str) -> str:
        """Return a new token for a user's programs. It is shown this once: only its hash is kept."""
        token = secrets.token_urlsafe(32)
        with self._changed() as users:
            users[self._known(name, users)]["tokens"].append(_digest(token))
        return token

    def by_password(self, name: str, password: str) -> User | None:
        """Return the user whose password it is, if any; a name that is not there takes as long."""
        record = self._users().get(name)
        right = verifies(password, record["password"] if record else _nobodys())
        return User(name, record["role"]) if record and right else None

    def version(self, name: str) -> str | None:
        """Return what changes with a user's password, role and tokens, or ``None`` when there is none of that name."""
        record = self._users().get(name)
        return _digest(json.dumps(record, sort_keys=True)) if record else None

    def by_token(self, token: str) -> User | None:
        """Return the user whose token it is, if any."""
        digest = _digest(token)
        for name, record in self._users().items():
            if any([hmac.compare_digest(digest, kept) for kept in record["tokens"]]):  # noqa: C419 (each is compared)
                return User(name, record["role"])
        return None

    def session(self, user: User, *, now: Callable[[], float] = time.time) -> str:
        """Return what a browser proves for twelve hours that it is ``user``'s; a change of password ends it."""
        claim = f"{user.name}|{int(now()) + SESSION_SECONDS}"
        return f"{claim}|{self._seal(claim, self._users()[str(user.name)])}"

    def by_session(self, session: str, *, now: Callable[[], float] = time.time) -> User | None:
        """Return the user whose session it is, if any."""
        name, _, rest = session.partition("|")
        until, _, seal = rest.partition("|")
        record = self._users().get(name)
        if (
            record is None
            or not until.isdecimal()
            or not hmac.compare_digest(seal.encode(), self._seal(f"{name}|{until}", record).encode())
        ):
            return None
        return User(name, record["role"]) if int(until) > now() else None

    def _seal(self, claim: str, record: dict[str, Any]) -> str:
        key = f"{self._content()['secret']}|{record['password']}|{record['role']}"
        return hmac.new(key.encode(), claim.encode(), hashlib.sha256).hexdigest()

    @staticmethod
    def _known(name: str, users: dict[str, Any]) -> str:
        if name not in users:
            raise UsageError(f"There is no user {name!r}: python -m qa user list shows those there are.")
        return name

    def _users(self) -> dict[str, Any]:
        users: dict[str, Any] = self._content().get("users", {})
        return users

    def _content(self) -> dict[str, Any]:
        """Return what the file holds, read again when it has changed."""
        try:
            state = self.path.stat()
            known = (state.st_mtime_ns, state.st_ino)
            if self._read[0] != known:
                self._read = known, json.loads(self.path.read_text("utf-8"))
        except FileNotFoundError:
            self._read = None, {}
        except (OSError, ValueError) as error:
            raise SettingsError(
                f"The users in {self.path} cannot be read ({error}). Nobody is let in until they can."
            ) from error
        return self._read[1]

    @contextmanager
    def _changed(self) -> Iterator[dict[str, Any]]:
        """Give the users to change, and write them when they have been."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(self.path.with_name(f"{self.path.name}.lock")):
                content = json.loads(json.dumps(self._content())) or {"secret": secrets.token_hex(32), "users": {}}
                yield content["users"]
                aside = self.path.with_name(f".{self.path.name}.{os.getpid()}")
                with os.fdopen(
                    os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
                ) as file:
                    json.dump(content, file, indent=1)
                    file.flush()
                    os.fsync(file.fileno())
                aside.replace(self.path)
        except OSError as error:
            raise SettingsError(f"The users in {self.path} cannot be written ({error.strerror}).") from error


@cache
def _nobodys() -> str:
    """Return a hash of no password, for the name that is not there to be compared with."""
    return hashed(secrets.token_hex(16))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def open_users(settings: Settings, index_dir: Path | None = None) -> UserStore:
    """Return the users of the settings' file or, where they name none, of the file beside the index.

    >>> open_users(Settings(index_dir="/data/default")).path
    PosixPath('/data/default.users.json')
    """
    index_dir = (index_dir or settings.index_dir).absolute()
    return UserStore(settings.users_file or index_dir.with_name(f"{index_dir.name}.users.json"))
