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


def import_figures(
    store: OrganisationStore, actor: Actor, rows: Sequence[Row], folder: Path, now: datetime.datetime
) -> list[Figure]:
    """A CSV file through ``import_file`` with every check, beside two hand-made loads.

    The first is a script that parses the same file into a table with the
    columns and indexes of our projection. The second has nothing to parse and
    a table of the bare fields: values that lie ready in memory. Each is loaded
    before and after, because a busy machine changes.
    """
    path = folder / "cases.csv"
    _write_csv(path, rows)
    projection = store.newest_release().object("case").table

    def load_file() -> None:
        table = native.make_like(store.engine, projection)
        with store.engine.begin() as connection:
            native.load_file(connection, table, path, now)

    def load_ready() -> None:
        table = native.make(store.engine, store.schema)
        with store.engine.begin() as connection:
            native.load(connection, table, rows, now)

    before = timed(load_file), timed(load_ready)

    def import_all() -> None:
        outcome = import_file(store, actor, "case", path)
        if outcome.created != len(rows):
            raise SystemExit(f"The import saved {outcome.created} of {len(rows)} rows.")

    ours = timed(import_all)
    after = timed(load_file), timed(load_ready)
    script, ready = ((one + other) / 2 for one, other in zip(before, after, strict=True))
    name, target = f"import of {len(rows):,} rows, whole", "≤ 4×" if store.is_postgres else "≤ 10×"
    return [
        Figure(f"{name}, beside a script", ours, script, target),
        Figure(f"{name}, beside a load of ready values", ours, ready, "reported"),
    ]


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
