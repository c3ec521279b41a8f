"""Importing a CSV file: row by row through the save pipeline, in chunks that hold nobody up.

An import may be interrupted anywhere and run again: each row's record has an
identifier that follows from the import's own and the row's number, so what was
saved already is recognised, and the store itself refuses a second copy.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TypeVar

from sqlalchemy import select

from amparo.metadata.problems import Problem
from amparo.runtime.access import Actor, Permission
from amparo.runtime.errors import InvalidAnswers
from amparo.runtime.identifiers import new_identifier
from amparo.runtime.members import list_members
from amparo.runtime.records.changes import Change
from amparo.runtime.records.judging import Judge
from amparo.runtime.records.saving import save
from amparo.runtime.releases.live import LiveObject
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.transfer.causes import CauseCounter
from amparo.runtime.transfer.guessing import guess_mapping
from amparo.runtime.transfer.mapping import ImportMapping
from amparo.runtime.transfer.mapping_checks import check_mapping
from amparo.runtime.transfer.outcomes import ImportOutcome, Preview, RowProblems, Tally
from amparo.runtime.transfer.pacing import ChunkPacer
from amparo.runtime.transfer.problem_file import RefusedRow
from amparo.runtime.transfer.references import References
from amparo.runtime.transfer.table_reading import TableChoice, TableFile, TableRow, open_table
from amparo.runtime.transfer.translating import RowTranslator, TranslatedRow

#: Called after each chunk with the rows done and the rows there are; may raise to stop.
Progress = Callable[[int, int], None]
#: Called with each refused row, for the error file.
TakeRefused = Callable[[RefusedRow], None]

#: Rows from which a mapping is guessed.
SAMPLE_ROWS = 1000
_PREVIEWS = 10
#: Refused rows that an outcome lists; the error file holds all.
_LISTED_PROBLEMS = 100
_JUDGED_AT_ONCE = 2000


def import_file(
    store: OrganisationStore,
    actor: Actor,
    object_name: str,
    source: Path | bytes | TableFile,
    mapping: ImportMapping | None = None,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
    refused: TakeRefused | None = None,
    identity: uuid.UUID | None = None,
    is_again: bool = False,
) -> ImportOutcome:
    """Creates a record for each good row; refused rows are told one by one and never stop the others.

    ``source`` opened with :func:`open_table` may name its encoding and delimiter.
    Without ``mapping`` one is guessed, of what is beyond doubt. With ``dry_run`` everything happens but
    the writing. ``identity`` is this import's own identifier, the same when it
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
    mapping = mapping or guess_from(store, object_name, file, is_reviewed=False)
    run = _Import(store, actor, object_name, file, mapping, refused or (lambda _: None), identity or new_identifier())
    run.check()
    total = file.row_count
    for done in run.judge_all() if dry_run else run.save_all(is_again=is_again):
        if progress is not None:
            progress(done, total)
    return run.outcome(is_dry_run=dry_run)


def open_file(
    store: OrganisationStore,
    object_name: str,
    source: Path | bytes,
    choice: TableChoice | None = None,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> TableFile:
    """The table that was chosen, or of several sheets the one that fits the object best.

    Raises :class:`InvalidAnswers` for what cannot be read, :class:`NotFound` for an unknown object.
    """
    release = store.newest_release()
    release.object(object_name)

    def fields_found(file: TableFile) -> int:
        return len(guess_mapping(release, object_name, file.header, (), second_names=file.second_names).columns)

    return open_table(source, choice, encoding=encoding, delimiter=delimiter, wanted=fields_found)


def guess_from(
    store: OrganisationStore, object_name: str, file: TableFile, *, is_reviewed: bool = True
) -> ImportMapping:
    """The mapping a person starts from; with near names only where they will look at it. Raises :class:`NotFound`."""
    sample = [row.cells for row in islice(file.rows(), SAMPLE_ROWS)]
    guessed = guess_mapping(
        store.newest_release(),
        object_name,
        file.header,
        sample,
        second_names=file.second_names,
        is_reviewed=is_reviewed,
    )
    return replace(guessed, table=file.choice)


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
    ) -> None:
        self._store = store
        self._actor = actor
        self._file = file
        self._mapping = mapping
        self._take_refused = refused
        self._identity = identity
        self._tally = Tally()
        self._causes = CauseCounter()
        self._release = store.newest_release()
        self._live: LiveObject = self._release.object(object_name)
        self._judge = Judge(store, actor, object_name)

    def check(self) -> None:
        """Raises :class:`InvalidAnswers` when the mapping does not fit."""
        problems = check_mapping(self._release, self._live.name, self._mapping, self._file.header)
        if problems:
            raise InvalidAnswers(problems)

    def judge_all(self) -> Iterator[int]:
        for rows in _chunks(self._translated(), lambda: _JUDGED_AT_ONCE):
            refused = self._judged(rows)
            self._tally.acceptable += len(rows) - len(refused)
            yield self._told(rows, refused)

    def save_all(self, *, is_again: bool) -> Iterator[int]:
        pacer = ChunkPacer()
        for rows in _chunks(self._translated(), lambda: pacer.size):
            saved = self._saved_before(rows) if is_again else set()
            waiting = [row for row in rows if row.number not in saved]
            refused = self._judged([row for row in waiting if row.problems])
            refused |= self._save([row for row in waiting if not row.problems], pacer)
            self._tally.created += len(rows) - len(refused)
            yield self._told(rows, refused)

    def _translated(self) -> Iterator[TranslatedRow]:
        translator = RowTranslator(
            self._release, self._live, self._mapping, self._file.header, list_members(self._store)
        )
        references = References(self._store, self._actor, self._live, self._mapping)
        for rows in _chunks(self._file.rows(), lambda: _JUDGED_AT_ONCE):
            translated = [translator.translate(row) for row in rows]
            references.resolve(translated)
            yield from translated

    def _save(self, rows: Sequence[TranslatedRow], pacer: ChunkPacer) -> dict[int, tuple[Problem, ...]]:
        if not rows:
            return {}
        changes = [Change(row.values, record_of(self._identity, row.number)) for row in rows]
        result = save(self._store, self._actor, self._live.name, changes, all_or_nothing=False)
        pacer.measured(len(rows), result.lock_seconds)
        self._tally.chunks += 1
        self._tally.longest_lock = max(self._tally.longest_lock, result.lock_seconds)
        # A row that another run of this import saved meanwhile is no row to correct.
        return {rows[each.position].number: each.problems for each in result.refused if not _is_saved(each.problems)}

    def _judged(self, rows: Sequence[TranslatedRow]) -> dict[int, tuple[Problem, ...]]:
        """Problems by row number: those of the mapping, then those of the fields that have none yet."""
        if not rows:
            return {}
        judged = {
            rows[each.position].number: each.problems
            for each in self._judge.judge([Change(row.values) for row in rows])
        }
        found: dict[int, tuple[Problem, ...]] = {}
        for row in rows:
            known = {problem.path for problem in row.problems}
            more = [problem for problem in judged.get(row.number, ()) if problem.path not in known]
            if row.problems or more:
                found[row.number] = (*row.problems, *more)
        return found

    def _saved_before(self, rows: Sequence[TranslatedRow]) -> set[int]:
        """Row numbers whose records an earlier run of this import created."""
        numbers = {record_of(self._identity, row.number): row.number for row in rows}
        record = self._store.tables.record
        with self._store.reading() as connection:
            return {numbers[found] for found in connection.scalars(select(record.c.id).where(record.c.id.in_(numbers)))}

    def _told(self, rows: Sequence[TranslatedRow], refused: dict[int, tuple[Problem, ...]]) -> int:
        tally = self._tally
        for row in rows:
            if row.number in refused:
                told = RowProblems(row.number, tuple(self._at_column(problem) for problem in refused[row.number]))
                self._take_refused((told, row.cells))
                self._causes.take(told)
                if len(tally.problems) < _LISTED_PROBLEMS:
                    tally.problems.append(told)
            elif len(tally.previews) < _PREVIEWS:
                tally.previews.append(Preview(row.number, _texts(row)))
        tally.rows += len(rows)
        tally.refused += len(refused)
        return tally.rows

    def _at_column(self, problem: Problem) -> Problem:
        """People look for the column of their file, not for the field's name."""
        header = self._mapping.of_field(problem.path)
        return Problem(problem.kind, header or problem.path, problem.value, problem.advice, problem.params)

    def outcome(self, *, is_dry_run: bool) -> ImportOutcome:
        tally, file = self._tally, self._file
        return ImportOutcome(
            self._live.name,
            tally.rows,
            tally.created,
            tally.acceptable if is_dry_run else tally.created,
            tally.refused,
            is_dry_run,
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
        )


def _is_saved(problems: Sequence[Problem]) -> bool:
    return any(problem.kind == "identifier_taken" for problem in problems)


def record_of(identity: uuid.UUID, row: int) -> uuid.UUID:
    """The identifier of the record that a row of an import becomes: a UUID of version 7 in the order of the rows.

    48 bits of the import's time, 32 of the row's number, 42 that follow from the import.
    """
    own = int.from_bytes(hashlib.sha256(b"import" + identity.bytes).digest()[:6], "big") >> 6
    number = (identity.int >> 80 << 74) | (row << 42) | own
    high, low = number >> 62, number & ((1 << 62) - 1)
    return uuid.UUID(int=(high >> 12 << 80) | (0x7 << 76) | ((high & 0xFFF) << 64) | (0x2 << 62) | low)


def _texts(row: TranslatedRow) -> dict[str, str]:
    return {
        name: ";".join(value) if isinstance(value, list) else str(value)
        for name, value in row.values.items()
        if value not in (None, "")
    }


_Row = TypeVar("_Row", TableRow, TranslatedRow)


def _chunks(rows: Iterable[_Row], size: Callable[[], int]) -> Iterator[list[_Row]]:
    """Lists of at most ``size()`` rows, asked anew before each."""
    remaining = iter(rows)
    while chunk := list(islice(remaining, size())):
        yield chunk
