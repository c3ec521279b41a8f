"""Time limits that an administrator of PostgreSQL set for a role or a database, and the work they are not meant for.

They end what nobody at a page would wait for. A backup, or the overwriting of what was erased, takes as long as there
is data, and would be ended at the same place each time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

#: The last is known since PostgreSQL 17.
_KNOWN = (
    "FROM pg_settings WHERE name IN ('statement_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')"
)
_LIFTED_IN_TRANSACTION = text(f"SELECT set_config(name, '0', true) {_KNOWN}")
_LIFTED = text(f"SELECT set_config(name, '0', false) {_KNOWN}")
_PUT_BACK = text(f"SELECT set_config(name, reset_val, false) {_KNOWN}")


def lift_time_limits(connection: Connection) -> None:
    """For the transaction that has begun. SQLite has no such limits."""
    if connection.dialect.name == "postgresql":
        connection.execute(_LIFTED_IN_TRANSACTION)


@contextmanager
def without_time_limits(connection: Connection) -> Iterator[None]:
    """For statements of PostgreSQL that stand alone, outside any transaction."""
    connection.execute(_LIFTED)
    try:
        yield
    finally:
        # One that died is not used again, and asking it would hide what it died of.
        if not connection.invalidated:
            connection.execute(_PUT_BACK)
