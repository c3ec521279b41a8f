"""Durable creates and a whole import, in Amparo and into the hand-made table."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Table

from amparo.runtime.access import Actor
from amparo.runtime.records.service import create
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.transfer.importing import import_file
from tools.bench import cases, native
from tools.bench.measuring import Figure, compared, timed

Row = dict[str, Any]


def create_figure(store: OrganisationStore, actor: Actor, hand_made: Table, now: datetime.datetime) -> Figure:
    """One record, committed to disk, each time."""
    rows = list(cases.rows(600, seed=9))
    ours, theirs = iter(rows), iter(rows)

    def load_one() -> None:
        with store.engine.begin() as connection:
            native.load(connection, hand_made, [next(theirs)], now)

    return compared(
        "durable create of one record", lambda: create(store, actor, "case", next(ours)), load_one, "≤ 3×", 200
    )


def import_figure(
    store: OrganisationStore, actor: Actor, hand_made: Table, rows: Sequence[Row], folder: Path, now: datetime.datetime
) -> Figure:
    """A CSV file through ``import_file`` with every check; the hand-made side gets values that are ready to load."""
    path = folder / "cases.csv"
    _write_csv(path, rows)

    def load_all() -> None:
        with store.engine.begin() as connection:
            native.load(connection, hand_made, rows, now)

    theirs = timed(load_all)

    def import_all() -> None:
        outcome = import_file(store, actor, "case", path)
        if outcome.created != len(rows):
            raise SystemExit(f"The import saved {outcome.created} of {len(rows)} rows.")

    ours = timed(import_all)
    target = "≤ 4×" if store.is_postgres else "≤ 10×"
    return Figure(f"import of {len(rows):,} rows, whole", ours, theirs, target)


def _write_csv(path: Path, rows: Sequence[Row]) -> None:
    names = cases.field_names()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        writer.writerows(_cells(row, names) for row in rows)


def _cells(row: Row, names: Sequence[str]) -> Iterator[str]:
    for name in names:
        value = row.get(name)
        yield "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
