"""How documents of a corpus stand to each other: copies, near-copies, and versions that replace older ones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from qa.owners import owner_of, owners_folder
from qa.records import Document

NEAR = 0.8  # the share of word runs that two documents have in common (Jaccard) to count as near-copies
_RUN = 4  # words in a run
_PERMUTATIONS = 128
_SEED = 1
_SCHEME = "affine32"


def merge_copies(documents: Iterable[Document]) -> list[Document]:
    """Return the documents with those that differ only in their place merged into one, which lists the other places.

    The copy that stays is the first by id; its ``also_at`` holds the ids of the others, and what ``replaces`` one of them replaces it.
    What a reader uploaded is a copy of nothing that others can see, and replaces another of her files by its name alone.

    >>> a, b = (Document(id=name, title="Plan", text="Un plan.") for name in ("a.md", "b.md"))
    >>> [(document.id, document.also_at) for document in merge_copies([a, b])]
    [('a.md', ('b.md',))]
    """
    copies: dict[tuple[str | None, Document], list[Document]] = {}
    for document in sorted(documents, key=lambda document: document.id):
        copies.setdefault((owner_of(document.id), replace(document, id="", kind=None)), []).append(document)
    merged = [replace(first, also_at=tuple(other.id for other in others)) for first, *others in copies.values()]
    stays = {other: document.id for document in merged for other in document.also_at}
    return [_told(document, stays) for document in merged]


def _told(document: Document, stays: Mapping[str, str]) -> Document:
    """Return the document with the id that it means by what it ``replaces``."""
    older, owner = document.replaces, owner_of(document.id)
    if older is None:
        return document
    if owner is not None and owner_of(older) != owner:
        older = f"{owners_folder(owner)}/{older}"
    return replace(document, replaces=stays.get(older, older))


def signature(document: Document) -> bytes:
    """Return the MinHash of a document's runs of four words: what tells near-copies without comparing texts.

    Broder, "On the resemblance and containment of documents", 1997; 128 permutations estimate the Jaccard index to
    about 0.04 at 0.8.
    """
    from datasketch import MinHash

    words = re.findall(r"\w+", document.text.lower())
    runs = {" ".join(words[i : i + _RUN]).encode() for i in range(max(1, len(words) - _RUN + 1))}
    sketch = MinHash(num_perm=_PERMUTATIONS, seed=_SEED, scheme=_SCHEME)
    sketch.update_batch(sorted(runs))
    return bytes(sketch.hashvalues.astype("<u4").tobytes())


def near_copies(signatures: Mapping[str, bytes]) -> dict[str, str]:
    """Return the group of each document that has near-copies: the first id, in order, of those it is chained to."""
    from datasketch import MinHash, MinHashLSH  # with half of SciPy, which a question has no use for

    sketches = {
        document_id: MinHash(seed=_SEED, scheme=_SCHEME, hashvalues=np.frombuffer(value, "<u4"))
        for document_id, value in sorted(signatures.items())
    }
    index = MinHashLSH(threshold=NEAR, num_perm=_PERMUTATIONS)
    group = {document_id: document_id for document_id in sketches}

    def first(document_id: str) -> str:
        while group[document_id] != document_id:
            document_id = group[document_id]
        return document_id

    for document_id, sketch in sketches.items():
        for other in index.query(sketch):
            if sketch.jaccard(sketches[other]) >= NEAR:
                earlier, later = sorted((first(document_id), first(str(other))))
                group[later] = earlier
        index.insert(document_id, sketch)
    groups = {document_id: first(document_id) for document_id in sketches}
    shared = {name for document_id, name in groups.items() if document_id != name}
    return {document_id: name for document_id, name in groups.items() if name in shared}


def replacements(replaces: Mapping[str, str | None]) -> dict[str, str]:
    """Return, for each document that another says it replaces, that other one; ``replaces`` maps id to older id.

    An id that is not there counts for nothing, nor one of another's uploads, nor do documents that replace each other in a
    ring.

    >>> replacements({"2013.md": "2012.md", "2012.md": None, "a.md": "b.md", "b.md": "a.md"})
    {'2012.md': '2013.md'}
    """
    newer = {
        older: document_id
        for document_id, older in sorted(replaces.items())
        if older is not None and older in replaces and owner_of(older) == owner_of(document_id)
    }

    def in_ring(document_id: str) -> bool:
        seen = set()
        following = newer.get(document_id)
        while following is not None and following not in seen:
            if following == document_id:
                return True
            seen.add(following)
            following = newer.get(following)
        return False

    return {older: document_id for older, document_id in newer.items() if older is not None and not in_ring(older)}
