"""Who may ask, upload and administer: names, roles, hashed passwords and tokens, in one file."""

from __future__ import annotations

from qa.users.roles import LOCAL, NOBODY, ROLES, VISITOR, Role, User
from qa.users.store import UserStore, open_users

__all__ = ["LOCAL", "NOBODY", "ROLES", "VISITOR", "Role", "User", "UserStore", "open_users"]
