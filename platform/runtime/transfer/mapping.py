"""A mapping says what each column of a file means.

A line of a table speaks of a record of one object, the mapping's own, or of
several that are joined by lookups: a person, their case, a service given to
them. ``field`` then reads ``object.field``, and ``others`` says of each other
object how its records are found again and which lookup holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as made
from enum import StrEnum

from amparo.metadata.calendars import Calendar
from amparo.metadata.missing import Missing
from amparo.runtime.transfer.dates import DateOrder
from amparo.runtime.transfer.opened_table import TableChoice


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """One column.

    ``field`` is a field's name, ``owner`` or ``record_type``. ``by`` names the
    field of the other object by which a lookup's cells name its records; None
    means its identifier. ``values`` gives the code (or any text the field
    takes; None for blank) for a text in a cell, ``missing`` the reason.
    ``also`` gives for a text the codes of other fields of the same record that
    it says, too. ``two_digit_years_until`` is the last of the hundred years, counted
    in ``calendar``, that years of two digits mean; None refuses them.
    """

    field: str
    by: str | None = None
    values: Mapping[str, str | None] = made(default_factory=dict)
    missing: Mapping[str, Missing] = made(default_factory=dict)
    dates: DateOrder | None = None
    calendar: Calendar = Calendar.GREGORIAN
    two_digit_years_until: int | None = None
    decimal_comma: bool = False
    also: Mapping[str, Mapping[str, str]] = made(default_factory=dict)


class WhenFound(StrEnum):
    """What a row does whose record is there.

    ``UPDATE_UNCHANGED`` changes it only where nobody did since an export wrote the row, so that no newer work is
    overwritten; a row that no export wrote is refused.
    """

    UPDATE = "update"
    UPDATE_UNCHANGED = "update_unchanged"
    SKIP = "skip"
    REFUSE = "refuse"


class WhenMissing(StrEnum):
    """What a row does whose record is not there."""

    CREATE = "create"
    SKIP = "skip"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Match:
    """How rows find the records they speak of. ``field`` is unique, the record's number, or ``id``.

    A blank cell leaves an answer alone unless ``blank_clears``.
    """

    field: str
    when_found: WhenFound = WhenFound.UPDATE
    when_missing: WhenMissing = WhenMissing.CREATE
    blank_clears: bool = False


@dataclass(frozen=True, slots=True)
class OtherObject:
    """Another object of which lines hold records.

    ``links`` gives for a lookup of this object the object of the line it
    points to; one that is not named is found where there is only one.
    ``record_type`` is that of new records whose row names none.
    """

    match: Match | None = None
    links: Mapping[str, str] = made(default_factory=dict)
    record_type: str | None = None


@dataclass(frozen=True, slots=True)
class ImportMapping:
    """``columns`` by header; ``ignore`` names those left out on purpose; ``table`` says where the table lies.

    ``match``, ``links`` and ``record_type`` are those of the mapping's own object,
    ``others`` are the objects beside it. Without ``match`` every line is a new record of
    its own, and of another object every line that says other things than the
    line above. ``joined`` fills a field with the texts of several columns,
    parted by spaces: a full name out of two.
    """

    columns: Mapping[str, ColumnMapping]
    ignore: tuple[str, ...] = ()
    table: TableChoice = made(default_factory=TableChoice)
    match: Match | None = None
    links: Mapping[str, str] = made(default_factory=dict)
    others: Mapping[str, OtherObject] = made(default_factory=dict)
    joined: Mapping[str, tuple[str, ...]] = made(default_factory=dict)
    record_type: str | None = None

    def header_of(self, field: str) -> str | None:
        """The header of the column that fills a field."""
        return next((header for header, column in self.columns.items() if column.field == field), None)
