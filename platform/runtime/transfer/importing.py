"""Importing a CSV file: row by row through the save pipeline, in chunks that hold nobody up.

An import may be interrupted anywhere and run again: each row's record has an
identifier that follows from the import's own and the row's number, so what was
saved already is recognised, and the store itself refuses a second copy.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from amparo.metadata.problems import Problem
from amparo.metadata.wording import N_
from amparo.runtime.access import Actor, Permission
from amparo.runtime.errors import Conflict, InvalidAnswers, NotFound, NotPossible, StoreBusy
from amparo.runtime.identifiers import new_identifier
from amparo.runtime.members import list_members
from amparo.runtime.records.ahead import Ahead
from amparo.runtime.records.changes import Change
from amparo.runtime.records.judging import Judge
from amparo.runtime.records.saving import save
from amparo.runtime.releases.live import LiveObject
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.transfer.causes import CauseCounter
from amparo.runtime.transfer.import_identity import import_note, record_of
from amparo.runtime.transfer.mapping import ImportMapping
from amparo.runtime.transfer.mapping_checks import check_mapping
from amparo.runtime.transfer.matching import Matching
from amparo.runtime.transfer.opening import guess_from, open_file
from amparo.runtime.transfer.outcomes import Fate, ImportOutcome, Preview, RowProblems, Tally
from amparo.runtime.transfer.pacing import ChunkPacer, chunks
from amparo.runtime.transfer.problem_file import RefusedRow
from amparo.runtime.transfer.references import References
from amparo.runtime.transfer.table_reading import TableFile
from amparo.runtime.transfer.translating import RowTranslator, TranslatedRow
from amparo.runtime.transfer.upcoming import UpcomingRows

#: Called after each chunk with the rows done and the rows there are; may raise to stop.
Progress = Callable[[int, int], None]
#: Called with each refused row, for the error file.
TakeRefused = Callable[[RefusedRow], None]

_PREVIEWS = 10
#: Refused rows that an outcome lists; the error file holds all.
_LISTED_PROBLEMS = 100
_TRANSLATED_AT_ONCE = 2000
#: How often a chunk is tried whose records somebody changes meanwhile.
_MOST_TRIES = 5


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
    """Creates or changes a record for each good row; refused rows are told one by one and never stop the others.

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


@dataclass(frozen=True, slots=True)
class _Judged:
    """By row number: problems, and the rows that would change nothing."""

    problems: dict[int, tuple[Problem, ...]]
    unchanged: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Done:
    """By row number: problems, and what came of the others."""

    problems: dict[int, tuple[Problem, ...]] = field(default_factory=dict)
    fates: dict[int, Fate] = field(default_factory=dict)


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
        match = mapping.match
        self._matching = Matching(store, actor, object_name, match) if match else None

    def check(self) -> None:
        """Raises :class:`InvalidAnswers` when the mapping does not fit."""
        problems = check_mapping(self._release, self._live.name, self._mapping, self._file.header)
        if problems:
            raise InvalidAnswers(problems)

    def judge_all(self) -> Iterator[int]:
        for rows in self._translated():
            self._match(rows)
            waiting = [row for row in rows if not row.is_skipped]
            judgement = self._judged(waiting)
            fates = {row.number: self._fate(row, judgement.unchanged) for row in rows}
            yield self._told(rows, judgement.problems, fates)

    def save_all(self, *, is_again: bool) -> Iterator[int]:
        pacer = ChunkPacer()
        upcoming = UpcomingRows(self._translated(), self._change)
        # Which rows are new is known beforehand only where nothing has to be found first.
        is_plain = self._matching is None and not is_again
        ahead = Ahead(self._store, self._actor, self._live.name, upcoming.look_ahead) if is_plain else None
        for rows in upcoming.chunks(lambda: pacer.size):
            before = self._written_before(rows) if is_again else {}
            waiting = [row for row in rows if row.number not in before]
            self._match(waiting)
            judgement = self._judged([row for row in waiting if row.problems])
            waiting = [row for row in waiting if not row.problems and not row.is_skipped]
            saved = self._save(waiting, pacer, ahead)
            fates = {row.number: Fate.SKIPPED for row in rows if row.is_skipped} | before | saved.fates
            yield self._told(rows, judgement.problems | saved.problems, fates)

    def _translated(self) -> Iterator[list[TranslatedRow]]:
        translator = RowTranslator(
            self._release, self._live, self._mapping, self._file.header, list_members(self._store)
        )
        references = References(self._store, self._actor, self._live, self._mapping)
        for rows in chunks(self._file.rows(), lambda: _TRANSLATED_AT_ONCE):
            translated = [translator.translate(row) for row in rows]
            references.resolve(translated)
            yield translated

    def _match(self, rows: Sequence[TranslatedRow]) -> None:
        if self._matching is not None:
            self._matching.decide(rows)

    def _save(self, rows: Sequence[TranslatedRow], pacer: ChunkPacer, ahead: Ahead | None) -> _Done:
        """Where somebody changed a record between its being found and its being saved, it is found again."""
        late: dict[int, tuple[Problem, ...]] = {}
        for _ in range(_MOST_TRIES):
            try:
                done = self._save_once(rows, pacer, ahead)
            except (Conflict, NotFound, NotPossible):
                self._match(rows)
                late |= {row.number: tuple(row.problems) for row in rows if row.problems}
                rows = [row for row in rows if not row.problems and not row.is_skipped]
            else:
                return _Done(done.problems | late, done.fates)
        raise StoreBusy(N_("Others change the same records all the time. Try again."))

    def _save_once(self, rows: Sequence[TranslatedRow], pacer: ChunkPacer, ahead: Ahead | None) -> _Done:
        if not rows:
            return _Done()
        changes = [self._change(row) for row in rows]
        note = import_note(self._identity)
        result = save(self._store, self._actor, self._live.name, changes, all_or_nothing=False, note=note, ahead=ahead)
        pacer.measured(len(rows), result.lock_seconds)
        self._tally.chunks += 1
        self._tally.longest_lock = max(self._tally.longest_lock, result.lock_seconds)
        # A row that another run of this import saved meanwhile is no row to correct.
        refused = {each.position: each.problems for each in result.refused if not _is_saved(each.problems)}
        unchanged = {place for place, saved in result.saved.items() if not saved.changed}
        return _Done(
            {rows[place].number: problems for place, problems in refused.items()},
            {row.number: self._fate(row, unchanged, place) for place, row in enumerate(rows) if place not in refused},
        )

    def _change(self, row: TranslatedRow) -> Change:
        if row.record is not None:
            return Change(row.values, row.record, row.version)
        return Change(row.values, record_of(self._identity, row.number))

    def _fate(self, row: TranslatedRow, unchanged: Collection[int], place: int | None = None) -> Fate:
        if row.is_skipped:
            return Fate.SKIPPED
        if row.record is None:
            return Fate.CREATED
        return Fate.UNCHANGED if (row.number if place is None else place) in unchanged else Fate.UPDATED

    def _judged(self, rows: Sequence[TranslatedRow]) -> _Judged:
        """Problems by row number: those of the mapping, then those of the fields that have none yet."""
        if not rows:
            return _Judged({}, frozenset())
        alone = [row for row in rows if not row.is_unmatched]
        judgement = self._judge.judge([Change(row.values, row.record, row.version) for row in alone])
        judged = {alone[each.position].number: each.problems for each in judgement.refused}
        found: dict[int, tuple[Problem, ...]] = {}
        for row in rows:
            known = {problem.path for problem in row.problems}
            more = [problem for problem in judged.get(row.number, ()) if problem.path not in known]
            if row.problems or more:
                found[row.number] = (*row.problems, *more)
        return _Judged(found, frozenset(alone[place].number for place in judgement.unchanged))

    def _written_before(self, rows: Sequence[TranslatedRow]) -> dict[int, Fate]:
        """Row numbers whose records an earlier run of this import created."""
        numbers = {record_of(self._identity, row.number): row.number for row in rows}
        record = self._store.tables.record
        with self._store.reading() as connection:
            known = connection.scalars(select(record.c.id).where(record.c.id.in_(numbers)))
            return {numbers[found]: Fate.CREATED for found in known}

    def _told(
        self,
        rows: Sequence[TranslatedRow],
        refused: Mapping[int, tuple[Problem, ...]],
        fates: Mapping[int, Fate],
    ) -> int:
        tally = self._tally
        for row in rows:
            if row.number in refused:
                told = RowProblems(row.number, tuple(self._at_column(problem) for problem in refused[row.number]))
                self._take_refused((told, row.cells))
                self._causes.take(told)
                if len(tally.problems) < _LISTED_PROBLEMS:
                    tally.problems.append(told)
                continue
            tally.fates[fates[row.number]] += 1
            if len(tally.previews) < _PREVIEWS:
                tally.previews.append(Preview(row.number, fates[row.number], _texts(row)))
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
            self._identity,
            tally.rows,
            tally.fates[Fate.CREATED],
            tally.fates[Fate.UPDATED],
            tally.fates[Fate.UNCHANGED],
            tally.fates[Fate.SKIPPED],
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


def _texts(row: TranslatedRow) -> dict[str, str]:
    return {
        name: ";".join(value) if isinstance(value, list) else str(value)
        for name, value in row.values.items()
        if value not in (None, "")
    }
