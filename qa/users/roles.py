"""What a user may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Role = Literal["ask", "upload", "administer"]
ROLES: tuple[Role, ...] = get_args(Role)  # each may do what those before it may


@dataclass(frozen=True, slots=True)
class User:
    """Somebody at the page or behind a program. ``name`` is ``None`` where nobody has to say who he is."""

    name: str | None
    role: Role

    def may(self, role: Role) -> bool:
        """Say whether this user may do what ``role`` is for.

        >>> User("alice", "upload").may("ask"), User("alice", "upload").may("administer")
        (True, False)
        """
        return ROLES.index(self.role) >= ROLES.index(role)

    @property
    def owner(self) -> str:
        """Whose the uploads are."""
        return "local" if self.name is None else self.name


LOCAL = User(None, "administer")  # whoever is at a machine that only serves itself: sees everything
VISITOR = User(None, "upload")  # whoever comes where everybody is let in
NOBODY = User("", "ask")  # sees the corpus and no upload: for what came without a user, which is a mistake of ours
