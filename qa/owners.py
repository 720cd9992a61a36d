"""Whose a document is: everybody's, or the one reader's who uploaded it. Its id says so: ``@alice/plan.pdf``."""

from __future__ import annotations

from urllib.parse import quote, unquote

_MARK = "@"


def owner_of(document_id: str) -> str | None:
    """Return who uploaded a document, or ``None`` for a document of the corpus, which is everybody's.

    >>> owner_of("@alice%40example.org/plan.pdf"), owner_of("plans/2012.md")
    ('alice@example.org', None)
    """
    folder, slash, _ = document_id.partition("/")
    return unquote(folder[1:]) if slash and folder.startswith(_MARK) else None


def owners_folder(owner: str) -> str:
    """Return the name of the folder of ``owner``'s uploads: the beginning of their ids. It holds no separator.

    >>> owners_folder("alice@example.org"), owners_folder("../..")
    ('@alice%40example.org', '@..%2F..')
    """
    return f"{_MARK}{quote(owner, safe='')}"
