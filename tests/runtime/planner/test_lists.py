"""Lists: pages that add up to the whole in order, counts, search, streams, and what readers may not see."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from amparo.metadata.missing import Missing
from amparo.metadata.model import FilterRow, Sort
from amparo.runtime.access import Actor, Role
from amparo.runtime.collation.alphabets import COMMON
from amparo.runtime.collation.keys import sort_key
from amparo.runtime.errors import InvalidAnswers, NotFound, NotPermitted
from amparo.runtime.planner.lists import count, find, list_page, stream
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.records import service
from amparo.runtime.releases.publishing import publish
from amparo.runtime.searching import normalised
from amparo.runtime.serializer import Record
from amparo.runtime.stores.organisation import OrganisationStore
from factories.clinic import clinic_document, field_of
from factories.population import Population

pytestmark = pytest.mark.every_database

GENDERS = ("female", "male", "other")
TYPES = ("client", "witness")
#: A field and what stands for its value in the order.
SORTED_BY: dict[str, Callable[[Population, Any], Any]] = {
    "name": lambda p, v: sort_key(v, COMMON),
    "nickname": lambda p, v: v,
    "code": lambda p, v: v,
    "number": lambda p, v: v,
    "gender": lambda p, v: GENDERS.index(v),
    "debt": lambda p, v: v,
    "children": lambda p, v: v,
    "born": lambda p, v: v,
    "met_at": lambda p, v: v,
    "safe": lambda p, v: v,
    "friend": lambda p, v: sort_key(p.people[v]["name"], COMMON),
    "owner": lambda p, v: next(sort_key(m.name, COMMON) for m in p.members if m.member == v),
    "record_type": lambda p, v: TYPES.index(v),
    "created_at": lambda p, v: v,
    "updated_at": lambda p, v: v,
    "id": lambda p, v: v,
}


def in_order(population: Population, sorts: tuple[Sort, ...]) -> list[uuid.UUID]:
    """The whole list sorted in Python: least important key first, blanks last each time."""
    ids = sorted(population.people, key=lambda i: i.bytes, reverse=sorts[-1].descending)
    for sort in reversed(sorts):
        stands_for = {i: stand_in(population, sort.field, population.people[i][sort.field]) for i in ids}
        # A reversed sort keeps ties as they were, too.
        filled = sorted(
            (i for i in ids if stands_for[i] is not None), key=stands_for.__getitem__, reverse=sort.descending
        )
        ids = filled + [i for i in ids if stands_for[i] is None]
    return ids


def stand_in(population: Population, field: str, answer: Any) -> Any:
    """What is compared for an answer, None for blanks."""
    return None if answer is None or isinstance(answer, Missing) else SORTED_BY[field](population, answer)


def all_pages(store: OrganisationStore, actor: Actor, query: ListQuery) -> list[uuid.UUID]:
    found: list[uuid.UUID] = []
    while True:
        page = list_page(store, actor, query)
        found += [record.id for record in page.records]
        if page.next is None:
            return found
        assert len(page.records) == query.limit
        query = replace(query, after=page.next)


@pytest.mark.parametrize("descending", [False, True], ids=["up", "down"])
@pytest.mark.parametrize("field", list(SORTED_BY))
def test_pages_add_up_to_the_sorted_whole(
    population: Population, caseworker: Actor, field: str, descending: bool
) -> None:
    sorts = (Sort(field, descending),)
    query = ListQuery("person", ("name",), sort=sorts, limit=37)
    assert all_pages(population.store, caseworker, query) == in_order(population, sorts)


@pytest.mark.parametrize(
    "sorts",
    [
        (Sort("gender"), Sort("debt", descending=True)),
        (Sort("safe", descending=True), Sort("born")),
        (Sort("record_type"), Sort("friend", descending=True), Sort("children")),
        (Sort("updated_at"), Sort("owner")),
    ],
)
def test_pages_by_several_fields_add_up_too(population: Population, caseworker: Actor, sorts: tuple[Sort, ...]) -> None:
    query = ListQuery("person", ("name",), sort=sorts, limit=7)
    assert all_pages(population.store, caseworker, query) == in_order(population, sorts)


def test_a_page_that_fits_exactly_has_no_next(population: Population, caseworker: Actor) -> None:
    query = ListQuery("person", ("name",), sort=(Sort("born"),), limit=len(population.people))
    assert list_page(population.store, caseworker, query).next is None


def test_filtered_pages_add_up_as_well(population: Population, caseworker: Actor) -> None:
    sorts = (Sort("born", descending=True),)
    query = ListQuery("person", (), (FilterRow("gender", "not_equals", "male"),), sort=sorts, limit=11)
    wanted = population.ids_where(lambda a: a["gender"] != "male")
    found = all_pages(population.store, caseworker, query)
    assert found == [each for each in in_order(population, sorts) if each in wanted]
    assert count(population.store, caseworker, query) == len(wanted)


@pytest.mark.parametrize("after", ["", "x", "é", "AAAA", "A" * 200, "=" * 9, "../..", "{}", "1"])
def test_a_tampered_page_address_is_refused(population: Population, caseworker: Actor, after: str) -> None:
    with pytest.raises(InvalidAnswers) as refusal:
        list_page(population.store, caseworker, ListQuery("person", (), after=after))
    assert [problem.kind for problem in refusal.value.problems] == ["unknown_page"]


def test_a_page_address_serves_only_the_list_it_was_made_for(population: Population, caseworker: Actor) -> None:
    query = ListQuery("person", ("name",), sort=(Sort("name"),), limit=5)
    following = list_page(population.store, caseworker, query).next
    assert following is not None
    with pytest.raises(InvalidAnswers):
        list_page(population.store, caseworker, replace(query, sort=(Sort("born"),), after=following))
    flipped = following[:-2] + ("A" if following[-2] != "A" else "B") + following[-1]
    with pytest.raises(InvalidAnswers):
        list_page(population.store, caseworker, replace(query, after=flipped))


def test_a_page_address_serves_only_the_release_it_was_made_under(store: OrganisationStore, operator: Actor) -> None:
    """Names that are no longer searched are compared as they are written: the list ended with its first page."""
    for name in ("Ann", "Bo", "Chan"):
        service.create(store, operator, "person", {"name": name})
    query = ListQuery("person", ("name",), sort=(Sort("name"),), limit=1)
    following = list_page(store, operator, query).next
    document = clinic_document()
    field_of(document, "person", "name")["searchable"] = False
    publish(store, operator, document)
    with pytest.raises(InvalidAnswers) as refusal:
        list_page(store, operator, replace(query, after=following))
    assert [problem.kind for problem in refusal.value.problems] == ["unknown_page"]


def test_a_page_address_tells_nothing_of_the_record(population: Population, caseworker: Actor) -> None:
    query = ListQuery("person", ("name",), (FilterRow("name", "equals", "Sara"),), sort=(Sort("name"),), limit=1)
    following = list_page(population.store, caseworker, query).next
    assert following is not None
    assert "sara" not in following.lower()


@pytest.mark.parametrize(
    ("field", "kind"), [("passport", "sensitive"), ("story", "not_sortable"), ("x", "unknown_name")]
)
def test_what_has_no_order_is_refused(population: Population, caseworker: Actor, field: str, kind: str) -> None:
    with pytest.raises(InvalidAnswers) as refusal:
        list_page(population.store, caseworker, ListQuery("person", (), sort=(Sort(field),)))
    assert [problem.kind for problem in refusal.value.problems] == [kind]


@pytest.mark.parametrize("limit", [0, -1, 501])
def test_a_page_of_an_impossible_size_is_refused(population: Population, caseworker: Actor, limit: int) -> None:
    with pytest.raises(InvalidAnswers):
        list_page(population.store, caseworker, ListQuery("person", (), limit=limit))


def test_an_unknown_object_is_not_found(population: Population, caseworker: Actor) -> None:
    with pytest.raises(NotFound):
        list_page(population.store, caseworker, ListQuery("persons", ()))


def test_a_record_shows_every_answer_as_it_was_saved(population: Population, caseworker: Actor) -> None:
    names = tuple(population.store.known_release().object("person").fields)
    page = list_page(population.store, caseworker, ListQuery("person", names, limit=500))
    for record in page.records:
        answers = population.people[record.id]
        assert record.answers == {name: answers[name] for name in names}
        assert (record.owner, record.record_type) == (answers["owner"], answers["record_type"])
        assert (record.name, record.number) == (answers["name"], answers["number"])


def test_only_the_columns_asked_for_are_answered(population: Population, caseworker: Actor) -> None:
    page = list_page(population.store, caseworker, ListQuery("person", ("born", "owner")))
    assert {tuple(record.answers) for record in page.records} == {("born",)}


def test_labels_name_every_record_and_member_referred_to(population: Population, caseworker: Actor) -> None:
    page = list_page(population.store, caseworker, ListQuery("person", ("friend", "owner"), limit=500))
    names = {member.member: member.name for member in population.members}
    for record in page.records:
        friend = record.answers["friend"]
        if isinstance(friend, uuid.UUID):
            assert record.labels[friend] == population.people[friend]["name"]
        if record.owner is not None:
            assert record.labels[record.owner] == names[record.owner]


def test_who_may_not_read_sensitive_answers_gets_none(population: Population, caseworker: Actor) -> None:
    reader = replace(caseworker, role=Role.READER)
    query = ListQuery("person", ("name", "passport"), limit=500)
    assert all("passport" in record.answers for record in list_page(population.store, caseworker, query).records)
    hidden = list_page(population.store, reader, query).records
    assert hidden
    assert all(set(record.answers) == {"name"} for record in hidden)


@pytest.mark.parametrize(
    ("text", "words"),
    [("sara", ["sara"]), ("SÄRÄ", ["sara"]), ("rø ZO", ["ro", "zo"]), ("50%_", ["50%_"]), ("%", ["%"])],
)
def test_search_finds_records_that_hold_every_word(
    population: Population, caseworker: Actor, text: str, words: list[str]
) -> None:
    def holds(answers: dict[str, Any]) -> bool:
        kept = "\n".join(normalised(answers[name] or "")[:500] for name in ("name", "story"))
        return all(word in kept for word in words)

    query = ListQuery("person", (), search=text, limit=500)
    wanted = population.ids_where(holds)
    assert wanted
    assert {record.id for record in list_page(population.store, caseworker, query).records} == wanted
    assert count(population.store, caseworker, query) == len(wanted)


def test_a_stream_is_the_whole_list_in_order(population: Population, operator: Actor) -> None:
    sorts = (Sort("friend"), Sort("debt", descending=True))
    query = ListQuery("person", ("name", "passport"), sort=sorts, limit=3)
    records: list[Record] = list(stream(population.store, operator, query, chunk=13))
    assert [record.id for record in records] == in_order(population, sorts)
    assert all(record.answers["passport"] == population.people[record.id]["passport"] for record in records)


def test_only_who_may_export_gets_a_stream(population: Population, caseworker: Actor) -> None:
    with pytest.raises(NotPermitted):
        next(iter(stream(population.store, caseworker, ListQuery("person", ()))))


def test_finding_puts_names_that_begin_so_first(population: Population, caseworker: Actor) -> None:
    found = find(population.store, caseworker, ["person"], "s", limit=60)
    begin = [normalised(each.name).startswith("s") for each in found]
    assert begin == sorted(begin, reverse=True)
    assert any(begin)
    assert not all(begin)
    assert len(set(found)) == len(found) == 60


def test_finding_goes_by_number_too(population: Population, caseworker: Actor) -> None:
    wanted = next(iter(population.people.values()))
    (found,) = find(population.store, caseworker, ["person"], str(wanted["number"]).lower())
    assert (found.id, found.detail) == (wanted["id"], wanted["number"])


def test_finding_without_text_gives_the_last_changed(population: Population, caseworker: Actor) -> None:
    page = list_page(population.store, caseworker, ListQuery("person", (), limit=8))
    assert [each.id for each in find(population.store, caseworker, ["person"], " ")] == [r.id for r in page.records]


def test_deleted_records_are_only_in_the_list_of_deleted_ones(store: OrganisationStore, operator: Actor) -> None:
    kept = service.create(store, operator, "person", {"name": "Kept"}).record
    gone = service.create(store, operator, "person", {"name": "Gone"}).record
    service.delete(store, operator, "person", gone)
    query = ListQuery("person", ("name",))
    assert [(r.id, r.deleted) for r in list_page(store, operator, query).records] == [(kept, False)]
    assert [(r.id, r.deleted) for r in list_page(store, operator, replace(query, deleted=True)).records] == [
        (gone, True)
    ]
    assert (count(store, operator, query), count(store, operator, replace(query, deleted=True))) == (1, 1)
    assert [each.id for each in find(store, operator, ["person"], "go")] == []


def test_an_organisation_sees_only_its_own_records(population: Population, store: OrganisationStore) -> None:
    assert list_page(store, population.members[0], ListQuery("person", ())).records == ()


@pytest.mark.parametrize("row", [FilterRow("passport", "equals", "N 1"), FilterRow("passport", "is_blank", None)])
def test_whoever_reads_no_sensitive_answers_cannot_ask_who_has_one(
    population: Population, caseworker: Actor, row: FilterRow
) -> None:
    query = ListQuery("person", ("name",), (row,))
    reader = replace(caseworker, role=Role.READER)
    assert count(population.store, caseworker, query) >= 0
    for ask in (list_page, count):
        with pytest.raises(InvalidAnswers) as refused:
            ask(population.store, reader, query)
        assert [(problem.kind, problem.path) for problem in refused.value.problems] == [("sensitive", "passport")]
