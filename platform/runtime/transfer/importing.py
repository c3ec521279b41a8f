"""Importing a table: line by line through the save pipeline, in chunks that hold nobody up.

An import may be interrupted anywhere and run again: each row's record has an
identifier that follows from the import's own and the row's number, so what was
saved already is recognised, and the store itself refuses a second copy.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from amparo.metadata.problems import Problem
from amparo.metadata.rules.judging import EVERY_WARNING
from amparo.metadata.wording import N_
from amparo.runtime.access import Actor, Permission
from amparo.runtime.errors import InvalidAnswers
from amparo.runtime.identifiers import new_identifier
from amparo.runtime.records.ahead import Ahead
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.transfer.causes import CauseCounter
from amparo.runtime.transfer.cells import plain_text
from amparo.runtime.transfer.import_identity import began_at, import_note, transactions_noted
from amparo.runtime.transfer.line_judging import LineJudge
from amparo.runtime.transfer.line_parts import LinePart, line_parts
from amparo.runtime.transfer.line_saving import LineSaver
from amparo.runtime.transfer.lines import Entry, Line, LineReader, entries_of
from amparo.runtime.transfer.mapping import ImportMapping
from amparo.runtime.transfer.mapping_checks import check_mapping
from amparo.runtime.transfer.matching import Matching
from amparo.runtime.transfer.opened_table import TableFile
from amparo.runtime.transfer.opening import guess_from, is_standard_sheet, open_file
from amparo.runtime.transfer.outcomes import Fate, ImportOutcome, Preview, RowProblems, Tally
from amparo.runtime.transfer.pacing import ChunkPacer
from amparo.runtime.transfer.problem_file import RefusedRow
from amparo.runtime.transfer.upcoming import UpcomingLines

#: Called after each chunk with the rows done and the rows there are; may raise to stop.
Progress = Callable[[int, int], None]
#: Called with each refused row, for the error file.
TakeRefused = Callable[[RefusedRow], None]

_PREVIEWS = 10
#: Columns that are left out and named; the others are counted.
_NAMED_COLUMNS = 20
#: Refused rows that an outcome lists; the error file holds all.
_LISTED_PROBLEMS = 100


def import_file(
    store: OrganisationStore,
    actor: Actor,
    object_name: str,
    source: Path | bytes | TableFile,
    mapping: ImportMapping | None = None,
    *,
    dry_run: bool = False,
    accept_warnings: bool | None = None,
    progress: Progress | None = None,
    refused: TakeRefused | None = None,
    identity: uuid.UUID | None = None,
    is_again: bool = False,
) -> ImportOutcome:
    """Saves the records of each good line; refused lines are told one by one and never stop the others.

    ``source`` opened with :func:`open_table` may name its encoding and delimiter.
    Without ``mapping`` one is guessed, of what is beyond doubt. With ``dry_run`` everything happens but
    the writing. A row that a validation rule warns of is refused, unless ``accept_warnings``, which is recorded
    with its record; where nobody says, those of the data standard's case sheet are accepted, which another organisation
    wrote by its own rules. ``identity`` is this import's own identifier, the same when it
    is run again after an interruption, which ``is_again`` says. Raises
    :class:`InvalidAnswers` when the file cannot be read or the mapping does
    not fit, :class:`NotFound`, :class:`NotPermitted`.
    """
    actor.require(Permission.RECORDS_IMPORT)
    file = (
        source
        if isinstance(source, TableFile)
        else open_file(store, object_name, source, mapping.table if mapping else None)
    )
    if mapping is None:
        mapping = guess_from(store, object_name, file, is_reviewed=False)
        file = replace(file, notices=(*file.notices, *_left_out(file, mapping)))
    take = refused or (lambda _: None)
    run = _Import(
        store,
        actor,
        object_name,
        file,
        mapping,
        take,
        identity or new_identifier(),
        is_dry_run=dry_run,
        accepts_warnings=is_standard_sheet(file) if accept_warnings is None else accept_warnings,
    )
    total = file.row_count
    for done in run.judge_all() if dry_run else run.save_all(is_again=is_again):
        if progress is not None:
            progress(done, total)
    return run.outcome()


def _left_out(file: TableFile, guessed: ImportMapping) -> Iterator[Problem]:
    """Nobody looked at the mapping, so somebody has to be told what of the file is not imported.

    An export also holds what is computed, which nobody misses.
    """
    if guessed.ignore and not file.is_own_export:
        names = ", ".join(guessed.ignore[:_NAMED_COLUMNS])
        if len(guessed.ignore) > _NAMED_COLUMNS:
            names += ", …"
        advice = N_("Columns that fit no field and are left out ({count}): {columns}.")
        yield Problem("columns_left_out", "", None, advice, {"count": len(guessed.ignore), "columns": names})


class _Import:
    def __init__(
        self,
        store: OrganisationStore,
        actor: Actor,
        object_name: str,
        file: TableFile,
        mapping: ImportMapping,
        refused: TakeRefused,
        identity: uuid.UUID,
        *,
        is_dry_run: bool,
        accepts_warnings: bool,
    ) -> None:
        self._store = store
        self._actor = actor
        self._file = file
        self._take_refused = refused
        self._identity = identity
        self._is_dry_run = is_dry_run
        self._tally = Tally()
        self._causes = CauseCounter()
        self._release = store.newest_release()
        self._object = object_name
        problems = check_mapping(self._release, object_name, mapping, file.header)
        if problems:
            raise InvalidAnswers(problems)
        acknowledged = frozenset({EVERY_WARNING} if accepts_warnings else ())
        parts = line_parts(self._release, object_name, mapping)
        self._parts = tuple(replace(part, acknowledged=acknowledged) for part in parts)
        self._matching = {
            part.name: Matching(store, actor, part.name, part.mapping.match)
            for part in self._parts
            if part.mapping.match
        }
        self._judge = LineJudge(store, actor, self._parts)

    def judge_all(self) -> Iterator[int]:
        for lines in self._blocks():
            self._match(entries_of(lines))
            self._judge.decide(lines)
            yield self._told(lines)

    def save_all(self, *, is_again: bool) -> Iterator[int]:
        pacer = ChunkPacer()
        upcoming = UpcomingLines(self._blocks())
        # Which records are new is known beforehand only where nothing has to be found or made first.
        is_plain = len(self._parts) == 1 and not self._matching and not is_again
        ahead = Ahead(self._store, self._actor, self._object, upcoming.look_ahead) if is_plain else None
        saver = LineSaver(self._store, self._actor, self._parts, self._identity, ahead)
        before = frozenset(self._transactions()) if is_again else frozenset()
        for lines in upcoming.chunks(lambda: pacer.size):
            entries = entries_of(lines)
            made = saver.made_before(entries) if is_again else frozenset()
            for matching in self._matching.values():
                matching.go_on_after(made, before)
            self._match(entries)
            for entry in entries:
                if entry.record in made and entry.is_pending and not entry.row.is_unmatched:
                    entry.fate = Fate.CREATED
            self._judge.find_problems([line for line in lines if line.is_refused])
            tried = sum(line.is_good for line in lines)
            lock_seconds = saver.save(lines, self._match)
            if lock_seconds is not None:
                pacer.measured(tried, lock_seconds)
                self._tally.chunks += 1
                self._tally.longest_lock = max(self._tally.longest_lock, lock_seconds)
            yield self._told(lines)

    def _transactions(self) -> list[int]:
        return transactions_noted(self._store, import_note(self._identity), began_at(self._identity))

    def _blocks(self) -> Iterator[list[Line]]:
        header = self._file.header
        reader = LineReader(self._store, self._actor, self._release, self._parts, header, self._identity)
        return reader.blocks(self._file.rows())

    def _match(self, entries: Sequence[Entry]) -> None:
        for name, matching in self._matching.items():
            matching.decide([each.row for each in entries if each.part.name == name and each.fate is None])

    def _told(self, lines: Sequence[Line]) -> int:
        tally = self._tally
        for line in lines:
            if line.is_refused:
                told = RowProblems(line.number, tuple(self._problems(line)), self._made(line), line.version)
                self._take_refused((told, line.cells))
                self._causes.take(told)
                if len(tally.problems) < _LISTED_PROBLEMS:
                    tally.problems.append(told)
                tally.refused += 1
                continue
            fate = self._fate(line)
            tally.fates[fate] += 1
            if len(tally.previews) < _PREVIEWS:
                tally.previews.append(Preview(line.number, fate, self._texts(line)))
        for entry in entries_of(lines):
            if entry.fate is not None:
                entry.forget()
        tally.rows += len(lines)
        return tally.rows

    def _made(self, line: Line) -> dict[str, uuid.UUID] | None:
        """Masters of a refused line that other lines made, so that the corrected line makes none of them again."""
        if len(self._parts) == 1:
            return None
        masters = [entry for entry in line.entries if entry.part.is_master]
        made = [entry for entry in masters if entry.fate is Fate.CREATED and not self._is_dry_run]
        return {entry.part.name: entry.record for entry in made}

    def _fate(self, line: Line) -> Fate:
        """The most that came of the records that no line above has told of."""
        if line.is_passed_over:
            return Fate.SKIPPED
        fresh = [entry for entry in line.entries if not entry.is_told]
        for entry in fresh:
            self._tally.records[entry.part.name][entry.outcome] += 1
            entry.is_told = True
        fates = {entry.outcome for entry in fresh}
        return next((fate for fate in Fate if fate in fates), Fate.UNCHANGED)

    def _problems(self, line: Line) -> Iterator[Problem]:
        """People look for the column of their file, not for the field's name."""
        yield from line.problems
        for entry in line.entries:
            for problem in entry.problems:
                header = self._column(entry.part, problem.path)
                yield replace(problem, path=header, value=self._as_written(line, header, problem.value))

    def _as_written(self, line: Line, header: str, value: object) -> object:
        """Of several answers in one cell the cell: people look for what stands in their file, not for codes."""
        if not isinstance(value, (list, tuple)) or header not in self._file.header:
            return value
        return plain_text(line.cells[self._file.header.index(header)])

    def _column(self, part: LinePart, field: str) -> str:
        """Of several that fill it the names of all; a lookup that none fills has that of the object it points to."""
        if header := part.mapping.header_of(field):
            return header
        if field in part.links:
            return self._release.object(part.links[field]).definition.label
        return ", ".join(part.mapping.joined.get(field, (field,)))

    def _texts(self, line: Line) -> dict[str, str]:
        is_single = len(self._parts) == 1
        return {
            name if is_single else f"{entry.part.name}.{name}": ";".join(value)
            if isinstance(value, list)
            else str(value)
            for entry in line.entries
            for name, value in entry.row.values.items()
            if value not in (None, "")
        }

    def outcome(self) -> ImportOutcome:
        tally, file = self._tally, self._file
        return ImportOutcome(
            self._object,
            self._identity,
            tally.rows,
            tally.fates[Fate.CREATED],
            tally.fates[Fate.UPDATED],
            tally.fates[Fate.UNCHANGED],
            tally.fates[Fate.SKIPPED],
            tally.refused,
            self._is_dry_run,
            file.format.value,
            file.sheet,
            file.encoding.name if file.encoding else "",
            file.encoding is not None and file.encoding.is_guess,
            file.delimiter or "",
            file.notices,
            self._causes.causes(),
            tuple(tally.problems),
            tuple(tally.previews),
            tally.longest_lock,
            tally.chunks,
            {part.name: tally.records[part.name] for part in self._parts} if len(self._parts) > 1 else {},
        )
