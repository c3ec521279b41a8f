"""What formulas of a save read of other records and of who acts."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from amparo.metadata.model import SYSTEM_FIELDS
from amparo.metadata.rules.compiled import Path
from amparo.runtime.access import Actor
from amparo.runtime.keys import OrganisationKeys
from amparo.runtime.records.checking import Arriving
from amparo.runtime.records.following import follow
from amparo.runtime.records.held import current_rows, held_answer
from amparo.runtime.releases.live import LiveObject, LiveRelease
from amparo.runtime.roll_ups.values import initial_answers
from amparo.runtime.stores.tables import OrganisationTables


def known_globals(
    paths: Iterable[Path], release: LiveRelease, live: LiveObject, actor: Actor, record_type: str | None
) -> dict[str, Any]:
    """``$Organization``, ``$RecordType`` and what is known of ``$User``, by path."""
    wanted = [path for path in paths if path[0].startswith("$")]
    if not wanted:
        return {}
    kind = next((each for each in live.definition.record_types if each.name == record_type), None)
    application = release.application
    known = {
        ("$User", "id"): actor.member,
        ("$User", "name"): actor.name,
        ("$Organization", "id"): application.id,
        ("$Organization", "name"): application.label,
        ("$RecordType", "id"): kind.id if kind else None,
        ("$RecordType", "name"): record_type,
        ("$RecordType", "label"): kind.label if kind else None,
    }
    return {".".join(path): known[path] for path in wanted if path in known}


class BeyondReader:
    """Reads inside one transaction; records that it makes or changes count as they will be."""

    def __init__(
        self,
        connection: Connection,
        tables: OrganisationTables,
        release: LiveRelease,
        keys: OrganisationKeys,
        actor: Actor,
        arriving: Arriving,
    ) -> None:
        self._connection = connection
        self._tables = tables
        self._release = release
        self._keys = keys
        self._actor = actor
        self._arriving = arriving

    def read(
        self, live: LiveObject, paths: Collection[Path], answers: Sequence[Mapping[str, Any]]
    ) -> list[dict[str, Any]]:
        """For the answers of each record what the paths lead to, by path as it is written."""
        of_user = self._user(paths)
        found: list[dict[str, Any]] = [dict(of_user) for _ in answers]
        across = {path for path in paths if not path[0].startswith("$")}
        follow(self._release, live, across, list(zip(answers, found, strict=True)), self._held)
        return found

    def _user(self, paths: Collection[Path]) -> Mapping[str, Any]:
        """What only the store knows of who acts."""
        if self._actor.member is None or not any(path[0] == "$User" for path in paths):
            return {}
        member = self._tables.member
        row = self._connection.execute(
            select(member.c.login, member.c.language).where(member.c.id == self._actor.member)
        ).one_or_none()
        return {} if row is None else {"$User.email": row.login, "$User.language": row.language}

    def _held(
        self, live: LiveObject, records: Collection[uuid.UUID], names: Collection[str]
    ) -> dict[uuid.UUID, Mapping[str, Any]]:
        if not records:
            return {}
        rows = current_rows(self._connection, self._tables, live, self._keys, sorted(records))
        arriving = self._arriving.get(live.name, {})
        held: dict[uuid.UUID, Mapping[str, Any]] = {}
        for record in records:
            answers: dict[str, Any] = {}
            if record in rows:
                row, key = rows[record]
                places = {name: live.fields[name] for name in names if name in live.fields}
                answers = {name: held_answer(place, row, key) for name, place in places.items()}
                answers |= {name: row[name] for name in names if name in SYSTEM_FIELDS}
            elif record not in arriving:
                continue
            else:
                answers = dict(initial_answers(live))
            coming = arriving.get(record, {})
            held[record] = answers | {name: coming[name] for name in names if name in coming}
        return held
