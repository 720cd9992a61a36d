"""Passwords as they are kept: a scrypt hash with a salt of its own."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os

from qa.errors import UsageError

SHORTEST, LONGEST = 12, 200  # characters
# OWASP's password storage cheat sheet, of 2023: N=2^15, r=8, p=3, about 0.2 s and 32 MB for each trial.
_N, _R, _P, _SALT, _LENGTH = 2**15, 8, 3, 16, 32


def hashed(password: str) -> str:
    """Return ``scrypt$N$r$p$salt$hash``. Raises UsageError when the password is too short or too long.

    >>> verifies("correct horse battery", hashed("correct horse battery"))
    True
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise UsageError(f"The password has {len(password)} characters: take {SHORTEST} to {LONGEST}.")
    salt = os.urandom(_SALT)
    return f"scrypt${_N}${_R}${_P}${_encoded(salt)}${_encoded(_scrypt(password, salt, _N, _R, _P))}"


def verifies(password: str, kept: str) -> bool:
    """Say whether ``kept`` is the hash of ``password``, in a time that does not depend on how far they agree."""
    _, n, r, p, salt, digest = kept.split("$")
    made = _scrypt(password[: LONGEST + 1], base64.b64decode(salt), int(n), int(r), int(p))
    return hmac.compare_digest(made, base64.b64decode(digest))


def _scrypt(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=n, r=r, p=p, maxmem=256 * r * (n + p + 2), dklen=_LENGTH)


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()
