"""Places of an organisation: changed in one way, kept in records, found, grouped and rewound on every database."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, update

from amparo.metadata.model import FilterRow, Grouping, Report, Sort
from amparo.metadata.places import Place
from amparo.runtime.access import Actor, Role, operator_actor
from amparo.runtime.backups.making import back_up
from amparo.runtime.backups.restoring import restore
from amparo.runtime.errors import InvalidAnswers, NotPermitted
from amparo.runtime.ledger.verifying import verify
from amparo.runtime.places.changing import change_places
from amparo.runtime.places.files import export_places, import_places
from amparo.runtime.planner.lists import list_page
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.planner.reports import run_report
from amparo.runtime.projections.comparing import check_projections
from amparo.runtime.records import service
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.transfer.export_columns import ExportForm
from amparo.runtime.transfer.exporting import export_csv
from amparo.runtime.transfer.importing import import_file
from factories.households import households_document
from factories.places import SMALL, large_tree

pytestmark = pytest.mark.every_database

LIVES_IN = {"A": "Tonle Basak", "B": "020101", "C": "Battambang", "D": "ឈើទាល, Thma Koul", "E": {"missing": "unknown"}}
THEN = dt.datetime(2026, 6, 15, tzinfo=dt.UTC)


class Clock:
    """The store's clock: the tenth of June, and later the twentieth."""

    day = 10

    def __call__(self) -> int:
        return int(dt.datetime(2026, 6, self.day, tzinfo=dt.UTC).timestamp()) * 1_000_000


def with_places(
    organisations: Organisations, slug: str, places: Sequence[Place] = SMALL, clock: Clock | None = None
) -> OrganisationStore:
    store = organisations.create(slug, slug.title(), clock=clock)
    publish(store, operator_actor(), households_document())
    change_places(store, operator_actor(), places)
    return store


@pytest.fixture(scope="module")
def households(organisations: Organisations) -> OrganisationStore:
    """Five households and one without an answer; on the twentieth of June A moves from Phnom Penh to Banan."""
    clock = Clock()
    store = with_places(organisations, "households", clock=clock)
    made = [create(store, {"name": name, "lives_in": place, "hidden_in": place if name == "A" else None})
            for name, place in LIVES_IN.items()]  # fmt: skip
    create(store, {"name": "F"})
    clock.day = 20
    service.update(store, operator_actor(), "household", made[0].record, made[0].version, {"lives_in": "Banan"})
    return store


def create(store: OrganisationStore, values: dict[str, Any]) -> Any:
    return service.create(store, operator_actor(), "household", values)


def names(
    store: OrganisationStore, *rows: FilterRow, as_of: dt.datetime | None = None, sort: Sort | None = None
) -> str:
    query = ListQuery("household", ("lives_in",), rows, sort=(sort or Sort("name"),), as_of=as_of)
    return "".join(record.name for record in list_page(store, operator_actor(), query).records)


@pytest.mark.parametrize(
    ("operator", "value", "now", "then"),
    [
        ("equals", "Battambang", "C", "C"),
        ("not_equals", "02", "ABDEF", "ABDEF"),
        ("one_of", "02;Banan", "AC", "C"),
        ("in_place", "Battambang", "ABCD", "BCD"),
        ("in_place", ["12", "Banan"], "AB", "AB"),
        ("in_place", ["12"], "", "A"),
        ("not_in_place", "02", "EF", "AEF"),
        ("is_blank", None, "F", "F"),
        ("has_reason", ["unknown"], "E", "E"),
    ],
)
def test_places_are_asked_for_with_all_that_lies_in_them(
    households: OrganisationStore, operator: str, value: Any, now: str, then: str
) -> None:
    row = FilterRow("lives_in", operator, value)
    assert names(households, row) == now
    assert names(households, row, as_of=THEN) == then


def test_a_name_that_could_be_two_places_is_refused_with_both(households: OrganisationStore) -> None:
    with pytest.raises(InvalidAnswers, match="could be 2 places"):
        names(households, FilterRow("lives_in", "equals", "Chheu Teal"))


def test_places_are_sorted_by_their_names_from_the_top(households: OrganisationStore) -> None:
    assert names(households, sort=Sort("lives_in")) == "CABDEF"
    assert names(households, sort=Sort("lives_in"), as_of=THEN) == "CBDAEF"


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        (None, [("Battambang", 1), ("Banan, Battambang", 1), ("Chheu Teal, Banan, Battambang", 1),
                ("Chheu Teal, Thma Koul, Battambang", 1)]),
        ("province", [("Battambang", 4)]),
        ("district", [("Banan, Battambang", 2), ("Thma Koul, Battambang", 1), ("district: not known", 1)]),
    ],
)  # fmt: skip
def test_households_are_grouped_by_the_places_of_a_level(
    households: OrganisationStore, by: str | None, expected: list[tuple[str, int]]
) -> None:
    report = Report("r", "r", "household", "R", "", (), (Grouping("lives_in", by),), (), (), "all", ())
    result = run_report(households, operator_actor(), report, language="en")
    found = [(group.label, result.cell(place)[0]) for place, group in enumerate(result.axes[0].groups)]
    assert found == [*expected, ("Unknown", 1), ("Blank", 1)]


def test_a_level_that_is_none_is_refused_with_those_there_are(households: OrganisationStore) -> None:
    report = Report("r", "r", "household", "R", "", (), (Grouping("lives_in", "county"),), (), (), "all", ())
    with pytest.raises(InvalidAnswers, match="province, district, commune"):
        run_report(households, operator_actor(), report, language="en")


def test_a_sensitive_place_is_found_exactly(households: OrganisationStore) -> None:
    assert names(households, FilterRow("hidden_in", "equals", "Tonle Basak")) == "A"


def test_the_projection_is_what_the_ledger_says(households: OrganisationStore) -> None:
    assert check_projections(households).differences == 0


def test_labels_are_paths_and_codes_come_back_unchanged(
    households: OrganisationStore, organisations: Organisations
) -> None:
    query = ListQuery("household", ("name", "lives_in"), sort=(Sort("name"),))
    content = b"".join(export_csv(households, operator_actor(), query, form=ExportForm.LABELS, language="km"))
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert [row[1] for row in rows[1:4]] == ["បាណន់, បាត់ដំបង", "ឈើទាល, បាណន់, បាត់ដំបង", "បាត់ដំបង"]
    again = with_places(organisations, "again")
    assert import_file(again, operator_actor(), "household", content).refused == 0
    assert names(again, FilterRow("lives_in", "in_place", "Banan")) == "AB"


def test_a_place_changes_and_every_process_knows_it_at_once(organisations: Organisations) -> None:
    store = with_places(organisations, "changing")
    other = Organisations(organisations.settings)
    elsewhere = other.open("changing")
    made = create(elsewhere, {"name": "A", "lives_in": "020101"})
    new = Place("020102", "0201", "commune", "Kantueu")
    moved = replace(SMALL[5], parent="1201", name="Chheu Teal Thmey")
    closed = replace(SMALL[2], closed=True)
    outcome = change_places(store, operator_actor(), [new, moved, closed, SMALL[0]])
    assert outcome.counts() == {"added": 1, "changed": 1, "closed": 1, "unchanged": 1}
    create(elsewhere, {"name": "B", "lives_in": "Kantueu"})
    with pytest.raises(InvalidAnswers, match="no longer be chosen"):
        create(elsewhere, {"name": "C", "lives_in": "120101"})
    assert names(elsewhere, FilterRow("lives_in", "in_place", "Phnom Penh")) == "A"
    assert elsewhere.newest_release().places.path("020101", "en") == "Chheu Teal Thmey, Chamkar Mon, Phnom Penh"
    service.update(elsewhere, operator_actor(), "household", made.record, made.version, {"lives_in": "Banan"})
    assert verify(store).broken is None
    other.close()


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        (Place("a|b", None, "province", "X"), "bad_code"),
        (Place("x", "nowhere", "district", "X"), "unknown_parent"),
        (Place("12", "120101", "province", "Phnom Penh"), "in_itself"),
        (Place("x", "x", "province", "X"), "in_itself"),
        (Place("x", None, "province", " "), "bad_name"),
        (Place("x", None, "", "X"), "bad_level"),
        (Place("x", None, "p" * 61, "X"), "bad_level"),
        (Place("x", None, "province", "X", {"km": "a\nb"}), "bad_name"),
    ],
)
def test_a_place_that_cannot_be_is_refused_and_nothing_changes(
    households: OrganisationStore, place: Place, kind: str
) -> None:
    before = households.newest_release().places.version
    with pytest.raises(InvalidAnswers) as caught:
        change_places(households, operator_actor(), [Place("03", None, "province", "Kampong Cham"), place])
    assert kind in [problem.kind for problem in caught.value.problems]
    assert households.newest_release().places.version == before


def test_a_place_that_is_not_as_it_was_seen_is_not_changed(organisations: Organisations) -> None:
    store = with_places(organisations, "seen")
    renamed = replace(SMALL[3], name="Battambang Province")
    for seen, kind in (({"02": SMALL[4]}, "changed_meanwhile"), ({"02": None}, "duplicate")):
        with pytest.raises(InvalidAnswers) as caught:
            change_places(store, operator_actor(), [renamed], seen=seen)
        assert [problem.kind for problem in caught.value.problems] == [kind]
    assert change_places(store, operator_actor(), [renamed], seen={"02": SMALL[3]}).changed == 1


def test_only_administrators_change_places(households: OrganisationStore) -> None:
    with pytest.raises(NotPermitted):
        change_places(households, Actor(None, "Dara", Role.SUPERVISOR, "test"), SMALL)


def test_a_file_of_places_is_tried_then_taken_and_comes_out_the_same(organisations: Organisations) -> None:
    store = with_places(organisations, "files", [])
    content = (
        "code;parent;level;name;name:km;closed\n12;;province;Phnom Penh;ភ្នំពេញ;\n1201;12;district;Chamkar Mon;;yes\n"
    )
    tried = import_places(store, operator_actor(), content.encode(), dry_run=True)
    assert (tried.added, store.newest_release().places.by_code) == (2, {})
    assert import_places(store, operator_actor(), content.encode("utf-16")).added == 2
    tree = store.newest_release().places
    assert tree.by_code["12"] == Place("12", None, "province", "Phnom Penh", {"km": "ភ្នំពេញ"})
    assert tree.by_code["1201"].closed
    exported = export_places(store, operator_actor())
    assert import_places(store, operator_actor(), exported).counts() == {
        "added": 0, "changed": 0, "closed": 0, "unchanged": 2,
    }  # fmt: skip
    short = import_places(store, operator_actor(), b"code,level,name\n12,province,Phnom Penh City\n")
    assert (short.changed, store.newest_release().places.by_code["12"].names) == (1, {"km": "ភ្នំពេញ"})


def test_what_is_wrong_in_a_file_is_told_by_row_and_nothing_is_taken(organisations: Organisations) -> None:
    store = with_places(organisations, "wrong", [])
    content = b"code,parent,level,name,closed\n1,,province,A,\n2,9,district,B,perhaps\n"
    with pytest.raises(InvalidAnswers) as caught:
        import_places(store, operator_actor(), content)
    assert [(each.path, each.kind) for each in caught.value.problems] == [("row 3", "not_yes_or_no")]
    with pytest.raises(InvalidAnswers) as caught:
        import_places(store, operator_actor(), content.replace(b"perhaps", b"no") + b"1,,province,Again,\n")
    told = [(each.path, each.kind) for each in caught.value.problems]
    assert told == [("row 4", "duplicate"), ("row 3", "unknown_parent")]
    with pytest.raises(InvalidAnswers) as caught:
        import_places(store, operator_actor(), b"code,paret,name\n1,,A\n")
    assert [each.kind for each in caught.value.problems] == ["missing_column", "unknown_column"]


def test_a_place_that_is_already_as_asked_is_no_conflict(organisations: Organisations) -> None:
    store = with_places(organisations, "asked-twice")
    new = Place("03", None, "province", "Kampong Cham")
    for added in (1, 0):
        assert change_places(store, operator_actor(), [new], seen={"03": None}).added == added


def test_places_come_back_from_a_backup(organisations: Organisations, tmp_path: Path) -> None:
    store = with_places(organisations, "kept")
    create(store, {"name": "A", "lives_in": "Tonle Basak"})
    back_up(organisations, "kept", tmp_path / "kept.backup", "a long passphrase")
    organisations.remove("kept")
    restore(organisations, tmp_path / "kept.backup", "a long passphrase")
    again = organisations.open("kept")
    assert names(again, FilterRow("lives_in", "in_place", "12")) == "A"
    assert verify(again).broken is None


@pytest.mark.parametrize("damage", ["place", "place_change", "tx"])
def test_a_place_that_was_changed_past_the_ledger_is_found(organisations: Organisations, damage: str) -> None:
    store = with_places(organisations, f"damaged-{damage.replace('_', '-')}")
    tables = store.tables
    statement = {
        "place": update(tables.place).where(tables.place.c.code == "12").values(name="Elsewhere"),
        "place_change": update(tables.place_change)
        .where(tables.place_change.c.code == "12")
        .values(new='{"code":"12"}'),
        "tx": delete(tables.place_change).where(tables.place_change.c.code == "12"),
    }[damage]
    with store.engine.begin() as connection:
        connection.execute(statement)
    found = verify(store).broken
    assert found is not None
    assert "laces" in found.reasons[0]


@pytest.mark.slow
def test_a_country_of_places_is_brought_in_and_asked_for(organisations: Organisations) -> None:
    places = large_tree()
    store = with_places(organisations, "country", places)
    village = places[-1]
    create(store, {"name": "A", "lives_in": village.code})
    top = village.code[:2]
    assert names(store, FilterRow("lives_in", "in_place", [top])) == "A"
    assert names(store, FilterRow("lives_in", "not_in_place", [top])) == ""
    assert len(store.newest_release().places.by_code) == len(places) > 15_000
    assert import_places(store, operator_actor(), export_places(store, operator_actor())).unchanged == len(places)
