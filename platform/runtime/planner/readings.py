"""How one question reaches the store: at a glance where its answer shows that this was enough, else in one snapshot.

A transaction costs PostgreSQL two more round trips, asking for the release in
force another one, and most questions are one statement, which sees one state
of the store by itself. So a question is asked without a transaction, under the
release this process knows, and each statement brings along what state it saw.
Where these differ, or the release is a newer one, the whole is asked again in
a snapshot, which is how questions about the past are asked at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, Select, select

from amparo.runtime.errors import InvalidAnswers, NotFound
from amparo.runtime.planner.views import Row, fetched
from amparo.runtime.releases.live import LiveObject, LiveRelease
from amparo.runtime.stores.driver_statements import DriverQuestion
from amparo.runtime.stores.organisation import OrganisationStore

_Answer = TypeVar("_Answer")

Statement = Select[*tuple[Any, ...]]
#: What can be run: a statement that is asked this once, or one that is kept.
Runnable = Statement | DriverQuestion


class _State(NamedTuple):
    """A state of the store: its last transaction, and the release in force."""

    tx: int
    release: int


class Reading:
    """What a question is asked through, and the release its definitions are taken from."""

    def __init__(self, connection: Connection, store: OrganisationStore, release: LiveRelease) -> None:
        self.connection = connection
        self.store = store
        self.release = release

    def rows(self, statement: Statement) -> list[Row]:
        return self.run(self.asked(statement))

    def kept(
        self,
        live: LiveObject,
        question: Hashable,
        make: Callable[[], Sequence[Statement]],
        *,
        of_one_record: bool = False,
    ) -> Sequence[DriverQuestion]:
        """Statements for :meth:`run`; made once for the object, so ``question`` holds all else that they depend on.

        What is asked ``of_one_record`` is best answered in the same way whichever it is: PostgreSQL plans it once.
        """
        dialect = self.connection.dialect
        return live.plans.kept(
            (type(self), question),
            lambda: [DriverQuestion(self.asked(each), dialect, keeps_plan=of_one_record) for each in make()],
        )

    def run(self, statement: Runnable, given: Mapping[str, Any] | None = None) -> list[Row]:
        """Its rows, with the values of its parameters."""
        if isinstance(statement, DriverQuestion):
            return statement.rows(self.connection, given or {})
        return fetched(self.connection, statement, given)

    def asked(self, statement: Statement) -> Statement:
        """A statement as :meth:`run` takes it."""
        return statement


class Glance(Reading):
    """Statements outside a transaction, each with the state it saw; one that finds nothing cannot tell."""

    def __init__(self, connection: Connection, store: OrganisationStore, release: LiveRelease) -> None:
        super().__init__(connection, store, release)
        self._seen: list[_State | None] = []

    def run(self, statement: Runnable, given: Mapping[str, Any] | None = None) -> list[Row]:
        rows = super().run(statement, given)
        self._seen.append(_state(rows[0]) if rows else None)
        return rows

    def asked(self, statement: Statement) -> Statement:
        return statement.add_columns(*self.store.tables.state_columns)

    def is_settled(self, *, any_release: bool) -> bool:
        """Whether all statements saw the same state, under the release this question is asked under."""
        if any_release and len(self._seen) == 1:
            return True
        # Transactions are numbered upwards: one that is the last before and after a statement was so meanwhile.
        last = self._seen[-1] or _state(fetched(self.connection, select(*self.store.tables.state_columns))[0])
        if any(state != last for state in self._seen[:-1]):
            return False
        return any_release or last.release == self.release.number


def _state(row: Row) -> _State:
    return _State(row["seen_tx"], row["seen_release"])


@contextmanager
def snapshot(store: OrganisationStore, release: LiveRelease | None = None) -> Iterator[Reading]:
    """All statements inside see one state. Without ``release`` the one in force is asked for."""
    with store.reading() as connection:
        yield Reading(connection, store, release or store.live(connection))


def answered(
    store: OrganisationStore,
    read: Callable[[Reading], _Answer],
    release: LiveRelease | None = None,
    as_of: dt.datetime | None = None,
) -> _Answer:
    """What ``read`` makes of the store; it asks through :meth:`Reading.rows` at least once, and changes nothing.

    ``release`` is the one the caller works under, when it has asked already.
    The past is put together from several statements: it is read in a snapshot.
    """
    if as_of is not None:
        with snapshot(store, release) as reading:
            return read(reading)
    try:
        with store.asking() as connection:
            glance = Glance(connection, store, release or store.known_release())
            answer = read(glance)
            if glance.is_settled(any_release=release is not None):
                return answer
    except (InvalidAnswers, NotFound):
        # Only what is in force may say that something is not there.
        if release is not None:
            raise
    with snapshot(store, release) as reading:
        return read(reading)
