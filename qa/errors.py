"""Every error this package raises, each with what happened and what to do about it.

PolicyQAError
├── UsageError              a question, filter, option or setting that cannot be used   exit code 2
│   ├── QuestionError       an empty, too long or foreign question
│   ├── ClaimError          a text to check that holds no claim, or too many
│   ├── FilterError         a date, kind, language or k that is none
│   ├── LanguageModelError  a language model that cannot be opened
│   └── SettingsError       a setting, folder or port that cannot be used
├── CorpusIndexError        something is wrong with the index                           exit code 3
│   ├── IndexMissingError   there is none yet
│   ├── IndexBrokenError    a file of it is missing or damaged
│   ├── IndexMismatchError  it was built by another model or another cutting
│   ├── IndexUnreachableError   the Chroma server that holds its vectors does not answer
│   └── IndexLockedError    another process is writing it
├── DocumentError           one document cannot be read                                 exit code 4
├── FetchError              one public source cannot be downloaded                      exit code 4
└── ModelError              the embedding model cannot be had                           exit code 3
"""

from __future__ import annotations

from pathlib import Path


class PolicyQAError(Exception):
    """The root of the tree: ``str(error)`` says what happened and what to do, in English.

    What a reader of the page may cause is also said in ``french``, and then in both, since who reads it is not known.
    ``exit_code`` is what the command line ends with.

    >>> error = QuestionError("The question is empty.", french="La question est vide.")
    >>> str(error), error.in_language("fr")
    ('The question is empty. / La question est vide.', 'La question est vide.')
    """

    exit_code = 1

    def __init__(self, english: str, *, french: str | None = None) -> None:
        super().__init__(f"{english} / {french}" if french else english)
        self._said = {"en": english, "fr": french or english}

    def in_language(self, language: str) -> str:
        """Return what ``str()`` says, in ``fr`` or ``en`` alone; in English where there is no French."""
        return self._said[language]


class UsageError(PolicyQAError):
    """Something the caller gave cannot be used."""

    exit_code = 2


class QuestionError(UsageError):
    """The question is empty, too long, or in a language that is neither French nor English."""


class ClaimError(UsageError):
    """The text to check holds nothing that can be checked, or too much."""


class FilterError(UsageError):
    """A filter has a value that it cannot have."""


class LanguageModelError(UsageError):
    """A language model is named that cannot be opened: no such provider, no package for it, no key."""


class SettingsError(UsageError):
    """A setting, a folder or a port cannot be used."""


class CorpusIndexError(PolicyQAError):
    """Something is wrong with the index."""

    exit_code = 3


class IndexMissingError(CorpusIndexError):
    """There is no index yet."""


class IndexBrokenError(CorpusIndexError):
    """A file of the index is missing or damaged."""


class IndexMismatchError(CorpusIndexError):
    """The index was built by another embedding model or another passage cutting."""


class IndexUnreachableError(CorpusIndexError):
    """The Chroma server that holds the index's vectors does not answer."""


class IndexLockedError(CorpusIndexError):
    """Another process is writing the index."""


class ModelError(PolicyQAError):
    """The embedding model cannot be found, unpacked or loaded."""

    exit_code = 3


class DocumentError(PolicyQAError):
    """One document cannot be read; the others can.

    ``path`` is the file, ``reason`` what is wrong with it and how to mend it.
    """

    exit_code = 4

    def __init__(self, path: str | Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = str(path)
        self.reason = reason


class FetchError(PolicyQAError):
    """One public source cannot be downloaded; the others can.

    ``reason`` says why, as the end of the sentence "it could not be fetched: ...".
    """

    exit_code = 4

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
