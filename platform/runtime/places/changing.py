"""The one way in which an organisation's places change.

A change is a transaction of the ledger (DESIGN D1): who, when, and every
changed place before and after stand in ``place_change``, and the transaction's
hash covers their digest, as it covers that of a release. ``place`` is their
projection, with what lists need: the codes from the top, and what sorts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from amparo.metadata.canonical import canonical_bytes
from amparo.metadata.fields.location import is_place_code
from amparo.metadata.places import Place, PlaceTree
from amparo.metadata.problems import Problem
from amparo.metadata.wording import N_
from amparo.runtime.access import Actor, Permission
from amparo.runtime.collation.alphabets import Alphabet
from amparo.runtime.errors import InvalidAnswers
from amparo.runtime.ledger.writing import Abandoned, Writing, writing
from amparo.runtime.places.reading import read_tree, tree_of
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.tables import OrganisationTables

#: The note of a transaction that changed places; its result is the digest of the changes.
PLACES_NOTE = "places"
MOST_PLACES = 100_000
#: A country, and what lies in it down to the part of a village.
DEEPEST = 8
_LONGEST_NAME = 200
_LONGEST_LEVEL = 60
_WRITTEN_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class PlaceChange:
    """One place before, None where it is new, and after."""

    old: Place | None
    new: Place

    @property
    def closes(self) -> bool:
        return self.old is not None and self.new.closed and not self.old.closed


@dataclass(frozen=True, slots=True)
class PlacesChanged:
    """What differs from before, in the order given, and how many places were as they were.

    ``version`` is that of the places before. Nothing was written in a dry run.
    """

    changes: Sequence[PlaceChange]
    unchanged: int
    version: int

    @property
    def added(self) -> int:
        return sum(each.old is None for each in self.changes)

    @property
    def closed(self) -> int:
        """Places that are chosen no more from now on."""
        return sum(each.closes for each in self.changes)

    @property
    def changed(self) -> int:
        """The others that were there before."""
        return len(self.changes) - self.added - self.closed

    def counts(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in ("added", "changed", "closed", "unchanged")}


def change_places(
    store: OrganisationStore,
    actor: Actor,
    places: Sequence[Place],
    *,
    dry_run: bool = False,
    seen: Mapping[str, Place | None] = MappingProxyType({}),
) -> PlacesChanged:
    """Adds places and changes those whose code is known; others stay as they are. All of them or none.

    ``seen`` are places as whoever asks saw them, None where there was none: one that is otherwise now is refused,
    but where it is already as asked, as when an answer was lost and the same is asked again.
    Raises :class:`NotPermitted` and :class:`InvalidAnswers`: the path of a problem is the code of its place.
    """
    actor.require(Permission.PLACES_MANAGE)
    with writing(store, actor, note=PLACES_NOTE) as current:
        alphabet = store.live(current.connection).alphabet
        before = read_tree(current.connection, store.tables, alphabet)
        changes = {place.code: place for place in places if before.by_code.get(place.code) != place}
        after = tree_of(({**before.by_code, **changes}).values(), alphabet, current.tx)
        seen = {code: place for code, place in seen.items() if code in changes}
        if problems := [*_seen_otherwise(before, seen), *_repeated(places), *_problems(after, changes.values())]:
            raise InvalidAnswers(problems)
        changed = [PlaceChange(before.by_code.get(code), place) for code, place in changes.items()]
        outcome = PlacesChanged(changed, len(places) - len(changes), before.version)
        if dry_run or not changes:
            raise Abandoned
        _record(current, before, changes)
        _project(current, before, after)
    return outcome


def _seen_otherwise(before: PlaceTree, seen: Mapping[str, Place | None]) -> Iterator[Problem]:
    for code, place in seen.items():
        now = before.by_code.get(code)
        if now == place:
            continue
        if place is None and now is not None:
            advice = N_("“{place}” has this code already. Change that place, or write another code.")
            yield Problem("duplicate", code, code, advice, {"place": now.name})
        else:
            advice = N_("Somebody else changed this place meanwhile. Look at it again, then change it.")
            yield Problem("changed_meanwhile", code, code, advice)


def _repeated(places: Iterable[Place]) -> Iterator[Problem]:
    seen: set[str] = set()
    for place in places:
        if place.code in seen:
            yield Problem("duplicate", place.code, place.name, N_("Give each place once: this code stands twice."))
        seen.add(place.code)


def _problems(after: PlaceTree, changes: Iterable[Place]) -> Iterator[Problem]:
    if len(after.by_code) > MOST_PLACES:
        yield too_many(len(after.by_code))
    for place in changes:
        yield from _problems_of(after, place)


def too_many(number: int) -> Problem:
    return Problem("too_many", "", number, N_("Keep at most {maximum} places."), {"maximum": MOST_PLACES})


def _problems_of(after: PlaceTree, place: Place) -> Iterator[Problem]:
    if not is_place_code(place.code):
        advice = N_("Write a code of at most 60 characters, without , ; | > and /.")
        yield Problem("bad_code", place.code, place.code, advice)
    if place.parent is not None and place.parent not in after.by_code:
        advice = N_("There is no place with the code “{parent}”, in which this one would lie.")
        yield Problem("unknown_parent", place.code, place.parent, advice, {"parent": place.parent})
    elif _is_in_itself(after, place):
        yield Problem("in_itself", place.code, place.parent, N_("A place cannot lie in itself, also not by others."))
    elif len(after.line(place.code)) > DEEPEST:
        yield Problem("too_deep", place.code, place.parent, N_("Keep at most {most} levels."), {"most": DEEPEST})
    for name in place.every_name:
        if not _is_line(name, _LONGEST_NAME):
            advice = N_("Write the name in one line, of at most {most} characters.")
            yield Problem("bad_name", place.code, name, advice, {"most": _LONGEST_NAME})
    if not _is_line(place.level, _LONGEST_LEVEL):
        advice = N_("Write the level in one line, of at most {most} characters.")
        yield Problem("bad_level", place.code, place.level, advice, {"most": _LONGEST_LEVEL})


def _is_line(text: str, longest: int) -> bool:
    return bool(text.strip()) and len(text) <= longest and text.isprintable()


def _is_in_itself(after: PlaceTree, place: Place) -> bool:
    top = after.line(place.code)[-1]
    return top.parent is not None and top.parent in after.by_code


def _record(current: Writing, before: PlaceTree, changes: Mapping[str, Place]) -> None:
    rows = [
        {
            "tx": current.tx,
            "code": code,
            "old": place_text(before.by_code[code]) if code in before.by_code else None,
            "new": place_text(place),
        }
        for code, place in sorted(changes.items())
    ]
    for part in _parts(rows):
        current.connection.execute(insert(current.tables.place_change), part)
    current.result = digest_of((row["code"], row["old"], row["new"]) for row in rows)


def place_text(place: Place) -> str:
    """A place as its change is recorded."""
    return canonical_bytes(place.document()).decode()


def digest_of(changes: Iterable[tuple[Any, ...]]) -> str:
    """Of (code, old, new) in the order of their codes."""
    digest = hashlib.sha256()
    for change in changes:
        digest.update(canonical_bytes(list(change)) + b"\n")
    return digest.hexdigest()


def _project(current: Writing, before: PlaceTree, after: PlaceTree) -> None:
    _write_rows(current.connection, current.tables, after, is_first=not before.by_code)
    head = current.tables.head
    current.connection.execute(update(head).where(head.c.one == 1).values(places=current.tx))


def renew_rows(connection: Connection, tables: OrganisationTables, alphabet: Alphabet) -> None:
    """After a program or under a release that made of places other rows: one that sorted names otherwise."""
    _write_rows(connection, tables, read_tree(connection, tables, alphabet))


def _write_rows(connection: Connection, tables: OrganisationTables, tree: PlaceTree, *, is_first: bool = False) -> None:
    """Every row that differs: a moved or renamed place changes what is kept of all that lies in it."""
    table = tables.place
    known = {} if is_first else rows_now(connection, tables)
    rows = [row for row in rows_of(tree) if known.get(row["code"]) != row]
    for part in _parts(rows):
        connection.execute(delete(table).where(table.c.code.in_([row["code"] for row in part])))
        connection.execute(insert(table), part)


def rows_now(connection: Connection, tables: OrganisationTables) -> dict[str, dict[str, Any]]:
    """The rows of the table, by code."""
    rows = connection.execute(select(tables.place)).mappings()
    return {row["code"]: {**row, "closed": bool(row["closed"])} for row in rows}


def rows_of(tree: PlaceTree) -> Iterator[dict[str, Any]]:
    """The rows of the table that a tree makes."""
    for place in tree.by_code.values():
        yield {
            **place.document(),
            "names": json.dumps(place.names, ensure_ascii=False, sort_keys=True),
            "path": "".join(f"|{each.code}" for each in reversed(tree.line(place.code))) + "|",
            "sort_key": "\t".join(tree.order(place.code)),
        }


def _parts(rows: Sequence[dict[str, Any]]) -> Iterator[Sequence[dict[str, Any]]]:
    for start in range(0, len(rows), _WRITTEN_AT_ONCE):
        yield rows[start : start + _WRITTEN_AT_ONCE]
