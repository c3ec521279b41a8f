"""Backups that an earlier version made come back into this one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from amparo.metadata.model import Sort
from amparo.metadata.places import Place
from amparo.runtime.access import Actor
from amparo.runtime.backups.content import Line
from amparo.runtime.backups.making import back_up
from amparo.runtime.backups.restoring import restore
from amparo.runtime.collation.alphabets import COMMON
from amparo.runtime.collation.keys import normalised_part, sort_key
from amparo.runtime.errors import BackupProblem
from amparo.runtime.ledger.verifying import verify
from amparo.runtime.places.changing import change_places
from amparo.runtime.planner.lists import list_page
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.projections.comparing import check_projections
from amparo.runtime.records import service
from amparo.runtime.records.changes import Change
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisations import Organisations
from factories.backups import PASSPHRASE, NewInstallation, rewritten
from factories.clinic import clinic_document, clinic_in

KINDS = ("sqlite", "postgresql18")
EARLIER = Path(__file__).parent / "earlier"


def furnish(organisations: Organisations, operator: Actor) -> None:
    store = organisations.create("riverside", "Riverside")
    publish(store, operator, clinic_document())
    service.create(store, operator, "person", {"name": "Somebody"})


@pytest.mark.parametrize("target", KINDS)
def test_a_backup_of_an_earlier_revision_comes_back(
    new_installation: NewInstallation, operator: Actor, target: str
) -> None:
    """A file that Amparo made when its tables were at revision 0006, before backups named their columns."""
    installation = new_installation(target)
    restored = restore(installation, EARLIER / "revision_0006.amparo", PASSPHRASE)
    assert (restored.slug, restored.head_tx, restored.added) == ("earlier", 4, ("dara.earlier",))
    store = installation.open("earlier")
    assert verify(store).broken is None
    assert check_projections(store).differences == 0
    (person,) = list_page(store, operator, ListQuery("person", ("name", "born"))).records
    assert person.answers["name"] == "Élodie"
    assert service.create(store, operator, "person", {"name": "New"}).version == 5


def test_a_column_that_came_after_the_backup_gets_its_default(
    new_installation: NewInstallation, operator: Actor, tmp_path: Path
) -> None:
    """As a backup made before the places: its head says nothing of them."""
    first = new_installation("sqlite")
    furnish(first, operator)
    whole = back_up(first, "riverside", tmp_path / "whole.backup", PASSPHRASE)

    def without_places(lines: list[Line]) -> list[Line]:
        columns = lines[0].content["columns"]["head"]
        at = columns.index("places")
        columns.remove("places")
        return [Line(each.kind, without(each, at)) for each in lines]

    older = rewritten(whole.path, tmp_path / "older.backup", without_places)
    second = new_installation("sqlite")
    restore(second, older, PASSPHRASE)
    with second.open("riverside").reading() as connection:
        assert connection.scalar(select(second.open("riverside").tables.head.c.places)) is None


def test_places_sorted_by_code_points_come_back_in_the_order_of_their_readers(
    new_installation: NewInstallation, operator: Actor, tmp_path: Path
) -> None:
    """As a backup made at revision 0008."""
    first = new_installation("sqlite")
    furnish(first, operator)
    change_places(first.open("riverside"), operator, [Place(code, None, "town", code) for code in ("Ea", "Đà", "da")])
    whole = back_up(first, "riverside", tmp_path / "whole.backup", PASSPHRASE)

    def by_code_points(lines: list[Line]) -> list[Line]:
        at = lines[0].content["columns"]["place"].index("sort_key")
        places = next(line for line in lines if line.kind == "place")
        for row in places.content:
            row[at] = normalised_part(row[at])
        lines[0].content["revision"] = "0008"
        return lines

    second = new_installation("sqlite")
    restore(second, rewritten(whole.path, tmp_path / "older.backup", by_code_points), PASSPHRASE)
    store = second.open("riverside")
    assert verify(store).broken is None
    with store.reading() as connection:
        place = store.tables.place
        assert list(connection.scalars(select(place.c.name).order_by(place.c.sort_key))) == ["da", "Đà", "Ea"]


@pytest.mark.parametrize("target", KINDS)
def test_names_come_back_in_the_order_of_the_default_language(
    new_installation: NewInstallation, operator: Actor, tmp_path: Path, target: str
) -> None:
    """As a backup made at revision 0009, when all organisations sorted alike."""
    first = new_installation("sqlite")
    store = first.create("riverside", "Riverside")
    publish(store, operator, clinic_in("vi"))
    names = ["Ăn", "Âm", "An", "Ông", "Oanh"]
    service.save(store, operator, "person", [Change({"name": name}) for name in names])
    change_places(store, operator, [Place(name, None, "town", name) for name in names])
    whole = back_up(first, "riverside", tmp_path / "whole.backup", PASSPHRASE)

    def all_alike(lines: list[Line]) -> list[Line]:
        columns = lines[0].content["columns"]["place"]
        for row in next(line for line in lines if line.kind == "place").content:
            row[columns.index("sort_key")] = sort_key(row[columns.index("name")], COMMON)
        lines[0].content["revision"] = "0009"
        return lines

    second = new_installation(target)
    restore(second, rewritten(whole.path, tmp_path / "older.backup", all_alike), PASSPHRASE)
    restored = second.open("riverside")
    assert verify(restored).broken is None
    assert check_projections(restored).differences == 0
    listed = list_page(restored, operator, ListQuery("person", ("name",), sort=(Sort("name"),))).records
    assert [record.answers["name"] for record in listed] == ["An", "Ăn", "Âm", "Oanh", "Ông"]
    with restored.reading() as connection:
        place = restored.tables.place
        in_order = list(connection.scalars(select(place.c.name).order_by(place.c.sort_key)))
    assert in_order == ["An", "Ăn", "Âm", "Oanh", "Ông"]


def without(line: Line, place: int) -> Any:
    """A line of the head's table without one of its columns."""
    if line.kind != "head":
        return line.content
    return [[cell for number, cell in enumerate(row) if number != place] for row in line.content]


@pytest.mark.parametrize("revision", ["0005", "9999"])
def test_a_backup_of_tables_that_are_not_known_is_refused(
    new_installation: NewInstallation, operator: Actor, tmp_path: Path, revision: str
) -> None:
    first = new_installation("sqlite")
    furnish(first, operator)
    whole = back_up(first, "riverside", tmp_path / "whole.backup", PASSPHRASE)

    def of_revision(lines: list[Line]) -> list[Line]:
        lines[0].content["revision"] = revision
        return lines

    other = rewritten(whole.path, tmp_path / "other.backup", of_revision)
    with pytest.raises(BackupProblem, match="with th"):
        restore(new_installation("sqlite"), other, PASSPHRASE)
