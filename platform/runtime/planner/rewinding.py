"""One object's rows as they were: the projection rewound by the facts that came later.

Of every needed field the first later fact says what it held at the instant
(its old value); a field without one holds it still. One pass over the later
facts serves all fields (DESIGN D1, as of).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import (
    Connection,
    FromClause,
    Interval,
    Select,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import distinct_on

from amparo.metadata.fields.base import Storage
from amparo.metadata.rules.compiled import Path
from amparo.runtime.ledger.writing import current_head
from amparo.runtime.planner.entries import Forms
from amparo.runtime.planner.ledger_texts import column_of_text, days_of_text
from amparo.runtime.planner.moments import transaction_at
from amparo.runtime.planner.pairs import text_pairs
from amparo.runtime.planner.past_rows import past_rows
from amparo.runtime.planner.texts import holds
from amparo.runtime.planner.views import Behind, Condition, Expression, View
from amparo.runtime.records.encoding import search_key
from amparo.runtime.records.entry_texts import entry_texts, searched_fields
from amparo.runtime.releases.live import LiveObject, LiveRelease
from amparo.runtime.roll_ups.aggregates import counted
from amparo.runtime.roll_ups.sources import RollUpSource
from amparo.runtime.serializer.records import record_keys
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.projection import FieldPlace
from amparo.runtime.stores.tables import DELETED, OWNER, RECORD_TYPE
from amparo.runtime.stores.types import Day, Moment

_RESERVED = {"owner": OWNER, "record_type": RECORD_TYPE}


class PastView(View):
    """Rows as after transaction ``tx``.

    ``paths`` are all fields that will be asked for, those behind lookups too
    (:func:`~amparo.runtime.planner.views.paths_for`). Texts that are kept in a
    second form (normalised, hashed) are worked out here for the records that
    changed since.
    """

    is_past = True

    def __init__(
        self,
        connection: Connection,
        store: OrganisationStore,
        release: LiveRelease,
        live: LiveObject,
        tx: int,
        paths: Collection[Path],
        *,
        now: dt.datetime | None = None,
        behind: Behind | None = None,
        only: Select[tuple[uuid.UUID]] | None = None,
    ) -> None:
        """``only`` asks for the records that will be looked at, where these are few."""
        super().__init__(store, release, live, now=now, behind=behind)
        self._connection = connection
        self.tx = tx
        self._paths = paths
        self._numbers = sorted({DELETED, *self._numbers_of(path[0] for path in paths)})
        self._only = only
        self._first = self._first_later()
        self._then = self._one_row_each()
        self._forms: dict[int, Expression] = {}
        self._counted: dict[RollUpSource, FromClause] = {}
        self.join(self._then, self._then.c.record == self.table.c.id)

    def _numbers_of(self, names: Iterable[str]) -> Iterable[int]:
        for name in names:
            if name in self.live.fields:
                # There are no facts of a roll-up.
                if not self.live.fields[name].field.is_computed:
                    yield self.live.fields[name].number
            elif name in _RESERVED:
                yield _RESERVED[name]
            elif name == "$RecordType":
                yield RECORD_TYPE

    def _first_later(self) -> FromClause:
        """The first fact of each field of each record after the instant."""
        fact = self.store.tables.fact
        chosen = [fact.c.record, fact.c.field, fact.c.old, fact.c.old_missing]
        conditions = [fact.c.tx > self.tx, fact.c.field.in_(self._numbers)]
        if self._only is not None:
            conditions.append(fact.c.record.in_(self._only))
        query: Select[Any]
        if self.on_postgres:
            query = select(*chosen).ext(distinct_on(fact.c.record, fact.c.field))
            query = query.order_by(fact.c.record, fact.c.field, fact.c.tx)
        else:
            # SQLite takes the other columns from the row that has the minimum.
            query = select(*chosen, func.min(fact.c.tx)).group_by(fact.c.record, fact.c.field)
        return query.where(*conditions).subquery("later")

    def _one_row_each(self) -> FromClause:
        """For each changed record and needed field: whether it changed, its old text and its old reason."""
        later = self._first
        columns: list[Expression] = [later.c.record]
        for number in self._numbers:
            of_field = later.c.field == number
            columns += [
                func.max(case((of_field, 1))).label(f"c{number}"),
                func.max(case((of_field, later.c.old))).label(f"o{number}"),
                func.max(case((of_field, later.c.old_missing))).label(f"m{number}"),
            ]
        return select(*columns).group_by(later.c.record).subquery("then" if self.behind is None else None)

    def _changed(self, number: int) -> Condition:
        return self._then.c[f"c{number}"].is_not(None)

    def _view_behind(self, behind: Behind, live: LiveObject) -> View:
        paths = {path[1:] for path in self._paths if path[0] == behind.lookup and len(path) > 1}
        return PastView(self._connection, self.store, self.release, live, self.tx, paths, now=self.now, behind=behind)

    def kept_value(self, name: str) -> Expression:
        now = super().kept_value(name)
        if name in self.live.fields:
            place = self.live.fields[name]
            if place.field.roll_up is not None:
                return now
            storage = Storage.TEXT if place.sensitive else place.storage
            return self._rewound(place.number, now, storage, place.decimals)
        if name in _RESERVED:
            return self._rewound(_RESERVED[name], now, Storage.REFERENCE if name == "owner" else Storage.TEXT, 0)
        if name in ("updated_at", "updated_by"):
            return self._of_last_transaction(name, now)
        return now

    def rolled_up(self, place: FieldPlace) -> FromClause | None:
        """Counted from the records that pointed here then."""
        source = next((each for each in self.release.roll_up_sources if place in each.roll_ups), None)
        if source is None:
            return None
        if source not in self._counted:
            child = PastView(
                self._connection, self.store, self.release, source.child, self.tx, source.paths, now=self.now
            )
            self._counted[source] = counted(child, source)
            self.join(self._counted[source], self._counted[source].c.id == self.table.c.id)
        return self._counted[source]

    def _rewound(self, number: int, now: Expression, storage: Storage, decimals: int) -> Expression:
        then = column_of_text(self._then.c[f"o{number}"], storage, decimals, self.on_postgres)
        return case((self._changed(number), type_coerce(then, now.type)), else_=now)

    def reason(self, place: FieldPlace) -> Expression | None:
        now = super().reason(place)
        return None if now is None else case((self._changed(place.number), self._then.c[f"m{place.number}"]), else_=now)

    def days(self, place: FieldPlace) -> tuple[Expression, Expression]:
        then = days_of_text(self._then.c[f"o{place.number}"], self.on_postgres)
        changed = self._changed(place.number)
        first, last = (
            case((changed, type_coerce(day, Day())), else_=now)
            for day, now in zip(then, super().days(place), strict=True)
        )
        return first, last

    def living(self) -> Condition:
        """There at the instant: created by then, and a later undeletion or the lack of a deletion says not deleted."""
        return and_(self.table.c.created_tx <= self.tx, self._deletion().is_(None))

    def deleted(self) -> Condition:
        return and_(self.table.c.created_tx <= self.tx, self._deletion().is_not(None))

    def _deletion(self) -> Expression:
        return self._rewound(DELETED, self.table.c.deleted_tx, Storage.INTEGER, 0)

    @property
    def _untouched(self) -> Condition:
        return self.table.c.version <= self.tx

    @cached_property
    def _last_transaction(self) -> Expression:
        """The last transaction of a record up to the instant; its creation may have no facts."""
        fact = self.store.tables.fact.alias()
        last = select(func.max(fact.c.tx)).where(fact.c.record == self.table.c.id, fact.c.tx <= self.tx)
        return func.coalesce(last.correlate(self.table).scalar_subquery(), self.table.c.created_tx)

    def _of_last_transaction(self, name: str, now: Expression) -> Expression:
        tx = self.store.tables.tx.alias()
        wanted: Expression = tx.c.actor
        if name == "updated_at":
            wanted = _moment(tx.c.at) if self.on_postgres else type_coerce(tx.c.at, Moment())
        found = select(wanted).where(tx.c.id == self._last_transaction).correlate(self.table).scalar_subquery()
        return case((self._untouched, now), else_=found)

    def search_key(self, place: FieldPlace) -> Expression | None:
        now = super().search_key(place)
        if now is None:
            return None
        keys = {record: _key_of_text(place, text) for record, text in self._old_texts(place.number).items()}
        return self._form(place.number, self._changed(place.number), keys, now)

    def match_hash(self, place: FieldPlace) -> Expression:
        sealed = self._old_texts(place.number)
        keys = record_keys(self._connection, self.store, sealed)
        hashes: dict[uuid.UUID, str | None] = {
            record: self.store.keys.match_hash(place.id, keys[record].unseal_text(text, place.id))
            for record, text in sealed.items()
        }
        return self._form(place.number, self._changed(place.number), hashes, super().match_hash(place))

    def holds_words(self, words: Sequence[Forms], *, row_by_row: bool = False) -> Condition:
        return and_(*(or_(*(holds(self._found_by, form) for form in forms)) for forms in words))

    @cached_property
    def _found_by(self) -> Expression:
        """What a record was found by: its entry of today, where it did not change since."""
        entry = self.store.tables.search_entry
        self.join(entry, entry.c.record == self.table.c.id)
        now: Expression = entry.c.name.concat(entry.c.words)
        fields = searched_fields(self.live)
        places = (*fields.naming, *fields.others)
        if not places:
            return now
        changed = or_(*(self._changed(place.number) for place in places))
        return self._form(DELETED, changed, self._old_entries(places, changed), now)

    def _old_texts(self, number: int) -> dict[uuid.UUID, str]:
        """What the records that changed since held in one field."""
        later = self._first
        query = select(later.c.record, later.c.old).where(later.c.field == number, later.c.old.is_not(None))
        return {row.record: row.old for row in self._connection.execute(query)}

    def _old_entries(self, places: Sequence[FieldPlace], changed: Condition) -> dict[uuid.UUID, str | None]:
        """What the records that changed since were found by."""
        query = select(self.table.c.id).join(self._then, self._then.c.record == self.table.c.id)
        records = list(self._connection.scalars(query.where(changed, self.table.c.created_tx <= self.tx)))
        names = [place.field.name for place in places]
        rows = past_rows(self._connection, self, records, names, self.tx)
        texts = {row["id"]: entry_texts(self.live, row) for row in rows}
        return {record: None if each is None else each.name + each.words for record, each in texts.items()}

    def _form(
        self, number: int, changed: Condition, texts: Mapping[uuid.UUID, str | None], now: Expression
    ) -> Expression:
        """A second form of texts, worked out here for the records that changed; joined once."""
        if number not in self._forms:
            pairs = text_pairs(texts, self.on_postgres)
            self.join(pairs, pairs.c.id == self.table.c.id)
            self._forms[number] = case((changed, pairs.c.text), else_=now)
        return self._forms[number]


def _key_of_text(place: FieldPlace, text: str | None) -> str | None:
    return None if text is None else search_key(place, place.type.from_text(place.field, text))


def _moment(micros: Expression) -> Expression:
    """PostgreSQL's instant of a count of microseconds, exactly."""
    epoch = literal(dt.datetime(1970, 1, 1, tzinfo=dt.UTC), Moment())
    return epoch + micros * literal(dt.timedelta(microseconds=1), Interval())


def view_of(
    connection: Connection,
    store: OrganisationStore,
    release: LiveRelease,
    live: LiveObject,
    paths: Collection[Path],
    as_of: dt.datetime | None,
    now: dt.datetime,
) -> View:
    """The view of an instant; that of the present for one after the last transaction.

    ``now`` is the moment at which formula fields are computed.
    """
    if as_of is not None:
        tx = transaction_at(connection, store, as_of)
        if tx < current_head(connection, store.tables)[0]:
            return PastView(connection, store, release, live, tx, paths, now=now)
    return View(store, release, live, now=now)
