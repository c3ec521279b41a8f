"""Errors of the domain. One table in ``runtime.web.errors`` turns them into HTTP, one in ``admin`` into exit codes.

AmparoError
├── NotPermitted            the actor may not do this
│   └── SignInRefused       login and password do not open anything
├── NotFound                no such organisation, object, record, view, report, job
│   └── NotThereYet         a record that was added after the instant that was asked for
├── InvalidAnswers          problems with the answers of a record
│   └── InvalidBatches      of records of several objects that are saved together
├── Conflict                the record changed since it was read
├── RequestReused           a request key came back with other content
├── DefinitionProblems      a document cannot be published
├── StoreBusy               a lock could not be had in time; trying again would do
├── StoreProblem            the store is missing, newer than this program, or damaged
│   └── StoresLeft          of some organisations, which a migration could not reach
├── BackupProblem           a file is no backup, was changed or cut, or the passphrase is another
└── NotPossible             the state of things forbids it (undelete a living record …)
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from amparo.metadata.problems import Problem


class AmparoError(Exception):
    """Base of every error that people see. The message is an English sentence and a message id."""


class NotPermitted(AmparoError):
    pass


class SignInRefused(NotPermitted):
    pass


class NotFound(AmparoError):
    pass


class NotThereYet(NotFound):
    """``began`` is when the record was added."""

    def __init__(self, message: str, began: dt.datetime) -> None:
        super().__init__(message)
        self.began = began


class NotPossible(AmparoError):
    pass


class StoreBusy(AmparoError):
    pass


class StoreProblem(AmparoError):
    pass


class StoresLeft(StoreProblem):
    """``sentences`` tell what is wrong with each, by short name; ``are_all`` where no organisation is left to serve."""

    def __init__(self, sentences: Mapping[str, str], *, are_all: bool) -> None:
        super().__init__("\n".join(f"{slug}: {sentence}" for slug, sentence in sentences.items()))
        self.sentences = sentences
        self.are_all = are_all


class BackupProblem(AmparoError):
    pass


class RequestReused(AmparoError):
    """``record`` is the first that was saved under the same request before, where it saved any."""

    def __init__(self, message: str, record: uuid.UUID | None = None) -> None:
        super().__init__(message)
        self.record = record


class InvalidAnswers(AmparoError):
    """``problems`` have field names as paths."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class InvalidBatches(InvalidAnswers):
    """Of records that are saved together: ``batches`` has the problems of each batch by the position of its record."""

    def __init__(self, batches: Sequence[Mapping[int, Sequence[Problem]]]) -> None:
        super().__init__([problem for batch in batches for problems in batch.values() for problem in problems])
        self.batches = tuple(batches)


class DefinitionProblems(AmparoError):
    """``problems`` have places in files as paths."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} problems: " + "; ".join(str(problem) for problem in problems[:5]))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """One field that differs: what it was when read, what it is now, what was to be saved.

    ``is_bound``: it means something else with the answer that the other side changed, as an amount in another currency.
    """

    field: str
    base: Any
    theirs: Any
    mine: Any
    is_bound: bool = False

    @property
    def clashes(self) -> bool:
        """Both sides changed it, and not to the same value; or each an answer that goes with the other's."""
        return self.is_bound or bool(self.theirs != self.base and self.mine != self.base and self.theirs != self.mine)


class Conflict(AmparoError):
    """The record has a newer version. ``fields`` holds every field either side changed."""

    def __init__(
        self, record: uuid.UUID, base_version: int, current_version: int, fields: Sequence[FieldConflict]
    ) -> None:
        super().__init__(f"Record {record} changed since it was read (version {base_version}, now {current_version}).")
        self.record = record
        self.base_version = base_version
        self.current_version = current_version
        self.fields = tuple(fields)
