"""Lines of a table, each with the records it speaks of; lines that repeat a master share its record."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from amparo.metadata.problems import Problem
from amparo.metadata.wording import N_
from amparo.runtime.access import Actor
from amparo.runtime.members import list_members
from amparo.runtime.records.changes import Change
from amparo.runtime.releases.live import LiveRelease
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.transfer.cells import Cell, cells_at
from amparo.runtime.transfer.import_identity import record_of
from amparo.runtime.transfer.line_parts import LinePart
from amparo.runtime.transfer.opened_table import TableRow
from amparo.runtime.transfer.outcomes import Fate
from amparo.runtime.transfer.pacing import chunks
from amparo.runtime.transfer.references import References
from amparo.runtime.transfer.translating import RowTranslator, TranslatedRow

_READ_AT_ONCE = 2000
_NOTHING = N_("The columns that are imported are empty in this row. Fill it in, or delete the row.")


@dataclass(slots=True, eq=False)
class Entry:
    """A record that one line speaks of, or several that follow the first.

    ``row`` is what the first of them says, ``cells`` as it is written.
    ``masters`` are entries by the lookup that points to them. ``refusals`` are
    what the save pipeline has against it; ``fate`` is set when it is saved, or
    judged by a dry run.
    """

    part: LinePart
    row: TranslatedRow
    cells: tuple[Cell, ...]
    masters: Mapping[str, Entry]
    own_record: uuid.UUID
    refusals: tuple[Problem, ...] = ()
    fate: Fate | None = None
    is_judged: bool = False
    is_told: bool = False

    @property
    def record(self) -> uuid.UUID:
        """The record that was found, or that this entry makes."""
        return self.row.record or self.row.brought or self.own_record

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Those of the mapping, then those of the fields that have none yet."""
        known = {problem.path for problem in self.row.problems}
        return (*self.row.problems, *(problem for problem in self.refusals if problem.path not in known))

    def forget(self) -> None:
        """What was said is of no more use once something came of it: masters are remembered to the end of the file."""
        self.row.values, self.row.cells = {}, ()

    @property
    def is_passed_over(self) -> bool:
        """Its record is not there, and the mapping wants none made."""
        return self.row.is_skipped and self.row.record is None

    @property
    def outcome(self) -> Fate:
        """Of a record whose line was saved, or found good."""
        return Fate.SKIPPED if self.row.is_skipped else self.fate or Fate.UNCHANGED

    @property
    def is_pending(self) -> bool:
        return self.fate is None and not self.row.is_skipped


@dataclass(slots=True, eq=False)
class Line:
    """``number`` is that in a spreadsheet; ``cells`` hold what the line repeats of earlier ones, too.

    ``version`` is what an export says of its own record, as :class:`TableRow` has it.
    """

    number: int
    cells: tuple[Cell, ...]
    entries: tuple[Entry, ...]
    problems: list[Problem] = field(default_factory=list)
    version: str | None = None

    @property
    def is_refused(self) -> bool:
        # Asked five times of every line: a loop takes a fifth of what ``any`` does.
        for entry in self.entries:
            if entry.row.problems or entry.refusals:
                return True
        return bool(self.problems)

    @property
    def is_passed_over(self) -> bool:
        for entry in self.entries:
            if entry.is_passed_over:
                return True
        return not self.entries

    @property
    def is_good(self) -> bool:
        return not self.is_refused and not self.is_passed_over


def entries_of(lines: Iterable[Line]) -> list[Entry]:
    """Each once, in the order of the lines."""
    return list(dict.fromkeys(entry for line in lines for entry in line.entries))


def change_of(entry: Entry) -> Change:
    """What an entry wants of its record, its masters named by their identifiers."""
    values = entry.row.values
    if entry.masters:
        values = {**values, **{field: master.record for field, master in entry.masters.items()}}
    kind = entry.part.mapping.record_type
    if kind and entry.row.version is None and not values.get("record_type"):
        values = {**values, "record_type": kind}
    numbers = entry.row.numbers if entry.row.brought else {}
    return Change(values, entry.record, entry.row.version, numbers, entry.part.acknowledged)


class LineReader:
    """Reads the rows of one file as lines; asked for the next, it remembers the line before and every master's key."""

    def __init__(
        self,
        store: OrganisationStore,
        actor: Actor,
        release: LiveRelease,
        parts: Sequence[LinePart],
        header: Sequence[str],
        identity: uuid.UUID,
    ) -> None:
        members = list_members(store)
        at = {name: position for position, name in enumerate(header)}
        self._parts = [
            _PartReader(
                part,
                RowTranslator(release, part.live, part.mapping, header, members),
                References(store, actor, part.live, part.mapping),
                tuple(at[name] for name in part.headers() if name in at),
                identity,
            )
            for part in parts
        ]

    def blocks(self, rows: Iterable[TableRow]) -> Iterator[list[Line]]:
        for some in chunks(rows, lambda: _READ_AT_ONCE):
            read = [self._line(row) for row in some]
            for part in self._parts:
                part.resolve()
            yield read

    def _line(self, row: TableRow) -> Line:
        entries: dict[str, Entry] = {}
        # What is wrong with the row as a whole is said once, and of none of its records.
        problems = [row.problem] if row.problem else []
        row = replace(row, problem=None) if row.problem else row
        if len(self._parts) == 1:
            if not problems and self._parts[0].finds_nothing(row):
                # Numbers written ahead, for rows that nobody filled in yet, would become records without an answer.
                return Line(row.number, row.cells, (), [Problem("nothing_in_row", "", None, _NOTHING)], row.version)
            entry = self._parts[0].entry(row, entries, problems, may_be_absent=False)
            return Line(row.number, row.cells, (entry,) if entry else (), problems, row.version)
        cells = list(row.cells)
        for part in self._parts:
            entry = part.entry(row, entries, problems, may_be_absent=True)
            if entry is not None:
                entries[part.name] = entry
            part.repeat(entry, cells)
        return Line(row.number, tuple(cells), tuple(entries.values()), problems, row.version)


class _PartReader:
    """One object's share of the lines."""

    def __init__(
        self,
        part: LinePart,
        translator: RowTranslator,
        references: References,
        positions: tuple[int, ...],
        identity: uuid.UUID,
    ) -> None:
        self.name = part.name
        self._part = part
        self._translator = translator
        self._references = references
        self._positions = positions
        self._own_cells = cells_at(positions)
        columns = part.mapping.columns.values()
        self._takes_blanks = any("" in texts for each in columns for texts in (each.values, each.missing, each.also))
        self._identity = identity
        self._before: Entry | None = None
        self._by_key: dict[str, Entry] = {}
        self._made: dict[uuid.UUID, Entry] = {}
        self._unresolved: list[TranslatedRow] = []

    def finds_nothing(self, row: TableRow) -> bool:
        """Whether every cell of its columns is blank, and none of them says something by that."""
        return not self._takes_blanks and all(_is_blank(cell) for cell in self._own_cells(row.cells))

    def resolve(self) -> None:
        """Finds the records that lookups of new entries name."""
        self._references.resolve(self._unresolved)
        self._unresolved = []

    def entry(
        self, row: TableRow, others: Mapping[str, Entry], problems: list[Problem], *, may_be_absent: bool
    ) -> Entry | None:
        """The record that the line speaks of; None where its cells are blank and it repeats none."""
        masters = {field: others[target] for field, target in self._part.links.items() if target in others}
        cells = self._own_cells(row.cells)
        made = _record_made(row.records, self.name) if self._part.is_master else None
        found: Entry | None
        if made is not None:
            found = self._made.setdefault(made, self._made_before(row, cells, masters, made))
        elif may_be_absent and all(_is_blank(cell) for cell in cells):
            found = self._before if self._part.is_master and self._stands_under(masters) else None
        else:
            found = self._repeated(row, cells, masters, problems) or self._new(row, cells, masters)
        self._before = found
        return found

    def repeat(self, entry: Entry | None, cells: list[Cell]) -> None:
        """Writes what stands further up into blank cells, so that a refused line says all of it by itself."""
        if entry is not None and all(_is_blank(cells[position]) for position in self._positions):
            for position, cell in zip(self._positions, entry.cells, strict=True):
                cells[position] = cell

    def _stands_under(self, masters: Mapping[str, Entry]) -> bool:
        return self._before is not None and self._before.masters == masters

    def _repeated(
        self, row: TableRow, cells: tuple[Cell, ...], masters: Mapping[str, Entry], problems: list[Problem]
    ) -> Entry | None:
        if not self._part.is_master:
            return None
        if self._before is not None and self._before.cells == cells and self._stands_under(masters):
            return self._before
        known = self._by_key.get(self._translator.key(row.cells))
        if known is not None:
            problems += self._differing(known, cells, masters)
        return known

    def _differing(self, known: Entry, cells: tuple[Cell, ...], masters: Mapping[str, Entry]) -> Iterator[Problem]:
        advice = N_("Row {first} says something else of the same record. Write the same, or leave the cell empty.")
        for header, cell, first in zip(self._part.headers(), cells, known.cells, strict=True):
            if not _is_blank(cell) and cell != first:
                yield Problem("differs_in_file", header, cell, advice, {"first": known.row.number})
        if known.masters != masters:
            yield Problem("differs_in_file", self._part.name, None, advice, {"first": known.row.number})

    def _new(self, row: TableRow, cells: tuple[Cell, ...], masters: Mapping[str, Entry]) -> Entry:
        translated = self._translator.translate(row)
        self._unresolved.append(translated)
        other = self.name if self._part.path else ""
        if not other and row.version and row.version.isdecimal():
            translated.seen = int(row.version)
        entry = Entry(self._part, translated, cells, masters, record_of(self._identity, row.number, other))
        if self._part.is_master and translated.key:
            self._by_key.setdefault(translated.key, entry)
        return entry

    def _made_before(
        self, row: TableRow, cells: tuple[Cell, ...], masters: Mapping[str, Entry], record: uuid.UUID
    ) -> Entry:
        """A record that another row of the file made when this one was refused: its cells are read over."""
        translated = TranslatedRow(row.number, row.cells, {}, record=record)
        return Entry(self._part, translated, cells, masters, record, fate=Fate.UNCHANGED)


def _record_made(text: str, name: str) -> uuid.UUID | None:
    for part in text.split():
        before, _, identifier = part.partition("=")
        with suppress(ValueError):
            if before == name:
                return uuid.UUID(identifier)
    return None


def _is_blank(cell: Cell) -> bool:
    return isinstance(cell, str) and not cell.strip()
