"""Files of jobs, kept in the organisation's store: any worker on any machine can read them.

A file is cut into parts, each sealed under the organisation's key and bound
to its job, name and place, so that parts can neither be swapped nor left out.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from amparo.metadata.wording import N_
from amparo.runtime.errors import NotFound, StoreProblem
from amparo.runtime.records.left_traces import note_traces, overwrite_noted
from amparo.runtime.stores.organisation import OrganisationStore

PART_BYTES = 256 * 1024
_LAST, _MORE = b"\x01", b"\x00"
#: Parts the name of a file from the attempt that is writing it.
_UNFINISHED = "~"

#: Whether a worker still holds its job, asked inside a transaction; raises when not.
StillHeld = Callable[[Connection], None]


def keep_file(
    connection: Connection, store: OrganisationStore, job: uuid.UUID, name: str, content: Iterable[bytes]
) -> None:
    """Keeps a whole file inside the caller's transaction."""
    table = store.tables.job_file
    cutter = _Cutter(store, job, name, lambda row: connection.execute(insert(table), row))
    for chunk in content:
        cutter.write(chunk)
    cutter.end()


@contextmanager
def writing_file(
    store: OrganisationStore, job: uuid.UUID, name: str, attempt: int, still_held: StillHeld
) -> Iterator[Callable[[bytes], None]]:
    """Gives a function that writes; each part is a transaction of its own, so that no writer waits for the whole.

    The file takes its name, and the place of an earlier one, when it is whole
    and ``still_held`` agrees in the same transaction; it may raise instead.
    So a worker that was taken for dead does not disturb its successor.
    """
    table = store.tables.job_file
    unfinished = f"{name}{_UNFINISHED}{attempt}"

    def keep(row: Mapping[str, Any]) -> None:
        with store.engine.begin() as connection:
            connection.execute(insert(table), {**row, "name": unfinished})

    cutter = _Cutter(store, job, name, keep)
    try:
        yield cutter.write
        cutter.end()
        with store.engine.begin() as connection:
            still_held(connection)
            _forget(connection, store, job, name)
            named = table.c.job == job, table.c.name == unfinished
            connection.execute(update(table).where(*named).values(name=name))
    except BaseException:
        with store.engine.begin() as connection:
            _forget(connection, store, job, unfinished)
        raise


def _forget(connection: Connection, store: OrganisationStore, job: uuid.UUID, name: str) -> None:
    table = store.tables.job_file
    connection.execute(delete(table).where(table.c.job == job, table.c.name == name))


@contextmanager
def ending_jobs(store: OrganisationStore) -> Iterator[Connection]:
    """A transaction that ends jobs. The files of those during which something was erased go, with their traces."""
    job, file = store.tables.job, store.tables.job_file
    emptied = select(job.c.id).where(job.c.erased_tx.is_not(None), job.c.finished_at.is_not(None))
    note = None
    with store.engine.begin() as connection:
        yield connection
        if connection.execute(delete(file).where(file.c.job.in_(emptied))).rowcount:
            note = note_traces(store, [file])
    if note is not None:
        overwrite_noted(store, note, [file])


def finished_names(names: Iterable[str]) -> tuple[str, ...]:
    """Without the files that somebody is writing, or was when their process ended."""
    return tuple(sorted(name for name in names if _UNFINISHED not in name))


def read_file(store: OrganisationStore, job: uuid.UUID, name: str) -> Iterator[bytes]:
    """The parts of a file in order. Raises :class:`NotFound`, and :class:`StoreProblem` when its end is missing."""
    table = store.tables.job_file
    part, is_last = 0, False
    while not is_last:
        query = select(table.c.content).where(table.c.job == job, table.c.name == name, table.c.part == part)
        with store.asking() as connection:
            sealed = connection.scalar(query)
        if sealed is None:
            raise _absent(part)
        plain = store.keys.unseal_content(bytes(sealed), _place(job, name, part))
        is_last = plain[:1] == _LAST
        yield plain[1:]
        part += 1


def _absent(part: int) -> Exception:
    if part:
        return StoreProblem(N_("The file ends too early: writing it was interrupted. Run the job again."))
    return no_such_file()


def no_such_file() -> NotFound:
    return NotFound(
        N_("This job has no such file. Files are removed a week after the job has ended, and when a record is erased.")
    )


class _Cutter:
    """Cuts what is written into sealed parts."""

    def __init__(
        self, store: OrganisationStore, job: uuid.UUID, name: str, keep: Callable[[dict[str, Any]], object]
    ) -> None:
        self._store = store
        self._job = job
        self._name = name
        self._keep = keep
        self._part = 0
        self._waiting = bytearray()

    def write(self, content: bytes) -> None:
        self._waiting += content
        while len(self._waiting) > PART_BYTES:
            self._keep_part(_MORE, bytes(self._waiting[:PART_BYTES]))
            del self._waiting[:PART_BYTES]

    def end(self) -> None:
        """A file of which nothing was written is not kept."""
        if self._part or self._waiting:
            self._keep_part(_LAST, bytes(self._waiting))

    def _keep_part(self, mark: bytes, plain: bytes) -> None:
        sealed = self._store.keys.seal_content(mark + plain, _place(self._job, self._name, self._part))
        self._keep({"job": self._job, "name": self._name, "part": self._part, "content": sealed})
        self._part += 1


def _place(job: uuid.UUID, name: str, part: int) -> bytes:
    return b"job_file" + job.bytes + part.to_bytes(4, "big") + name.encode()
