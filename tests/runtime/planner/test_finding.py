"""What the search finds, in which order, in every script."""

from __future__ import annotations

import json
import random
import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete

from amparo.runtime.access import Actor
from amparo.runtime.errors import InvalidAnswers
from amparo.runtime.planner.finding import find, search
from amparo.runtime.planner.lists import count, list_page
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.planner.ranking import Rank
from amparo.runtime.records import service
from amparo.runtime.records.changes import Change
from amparo.runtime.releases.publishing import publish
from amparo.runtime.searching import normalised
from amparo.runtime.stores.organisation import OrganisationStore
from factories.clinic import clinic_document, field_of
from factories.multiscript import declarations, strings

#: The names of each list of the shared sample that are taken, and of each declaration so many paragraphs.
_NAMES, _PARAGRAPHS = 40, 6
_LONGEST = 90


def names(store: OrganisationStore, actor: Actor, text: str, limit: int = 8) -> list[str]:
    return [each.name for each in find(store, actor, ["person"], text, limit)]


def ranks(store: OrganisationStore, actor: Actor, text: str) -> list[tuple[str, Rank]]:
    return [(each.record.name, each.rank) for each in search(store, actor, text, 20, columns=lambda _: ())]


def people(store: OrganisationStore, actor: Actor, *given: str, story: str | None = None) -> None:
    service.save(store, actor, "person", [Change({"name": name, "story": story}) for name in given])


@pytest.fixture
def searched(empty_store: OrganisationStore, operator: Actor) -> OrganisationStore:
    """A clinic whose stories are searched, too."""
    document = clinic_document()
    field_of(document, "person", "story")["searchable"] = True
    publish(empty_store, operator, document)
    return empty_store


@pytest.mark.every_database
def test_who_is_named_so_stands_before_who_only_holds_the_words(searched: OrganisationStore, operator: Actor) -> None:
    people(searched, operator, "Chan Sok", "Soklin", "Marisok", "Sok", "សុខ")
    people(searched, operator, "Visal", story="Was brought by Mr Sok.")
    assert ranks(searched, operator, "sok") == [
        ("Sok", Rank.NAMED),
        ("Soklin", Rank.BEGINS),
        ("Chan Sok", Rank.WORDS_BEGIN),
        ("Marisok", Rank.INSIDE),
        ("Visal", Rank.TEXT),
        ("សុខ", Rank.SPELLING),
    ]
    assert names(searched, operator, "mr sok") == ["Visal"]
    assert names(searched, operator, "sok chan") == ["Chan Sok"]


@pytest.mark.every_database
def test_an_exact_name_stands_first_however_many_begin_so(searched: OrganisationStore, operator: Actor) -> None:
    people(searched, operator, "Dara", *(f"Dara{number}" for number in range(30)))
    assert names(searched, operator, "DARA")[0] == "Dara"
    assert len(names(searched, operator, "dara")) == 8


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("Sokha", "សុខា"),
        ("សុខា", "Sokha"),
        ("Sokha", "ចាន់សុខា"),
        ("Muhammad", "Mohammed"),
        ("Mohamad", "محمد"),
        ("محمد", "Muhammad"),
        ("محمد", "ሙሐመድ"),
        ("Ahmed", "أحمد"),
        ("Fatimah", "فاطمة"),
        ("Youssef", "يوسف"),
        ("Ali", "علي"),
        ("Hasan", "حسن"),
        ("Somchai", "สมชาย"),
        ("Bekele", "በቀለ"),
        ("Sunitha", "सुनीता"),
        ("Philip", "Filip"),
        ("Katherine", "Catherine"),
        ("Aung", "အောင်"),
    ],
)
def test_a_name_is_found_by_another_spelling(
    store: OrganisationStore, operator: Actor, asked: str, written: str
) -> None:
    people(store, operator, "Visal", written)
    assert ranks(store, operator, asked) == [(written, Rank.SPELLING)]
    people(store, operator, f"{asked} Lim")
    assert ranks(store, operator, asked)[0] == (f"{asked} Lim", Rank.BEGINS)


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("Laila Haddad", "ليلى حداد"),
        ("ليلى حداد", "Leila Haddad"),
        ("ស្រីមុំ កែវ", "Sreymom Keo"),
        ("Keo Sreymom", "កែវ ស្រីមុំ"),
    ],
)
@pytest.mark.every_database
def test_a_word_of_one_consonant_is_heard_beside_another_word(
    searched: OrganisationStore, operator: Actor, asked: str, written: str
) -> None:
    first, second = written.split()
    people(searched, operator, written, f"{first} Visal", f"Visal {second}", f"{first}{second}")
    assert ranks(searched, operator, asked)[0] == (written, Rank.SPELLING)
    assert f"{first} Visal" not in names(searched, operator, asked)
    assert f"Visal {second}" not in names(searched, operator, asked)


def test_an_unlike_name_with_some_of_the_consonants_is_no_other_spelling(
    store: OrganisationStore, operator: Actor
) -> None:
    people(store, operator, "มีสุข", "ចាន់សុខា", "Kessa")
    assert names(store, operator, "Sokha") == ["ចាន់សុខា"]
    assert names(store, operator, "qqqzzz") == []


@pytest.mark.every_database
def test_a_number_is_no_other_spelling_of_a_name(searched: OrganisationStore, operator: Actor) -> None:
    people(searched, operator, "S-5KH", "Sokha")
    assert names(searched, operator, "sakha") == ["Sokha"]
    people(searched, operator, "សុខា 5KH", "សុខា 6KH")
    assert names(searched, operator, "sokha 5kh") == ["សុខា 5KH"]


def test_case_accents_and_arabic_marks_do_not_matter(store: OrganisationStore, operator: Actor) -> None:
    people(store, operator, "Nguyễn Văn ĐỨC", "أَحْمَد", "Zoë")
    for asked, name in [("duc", "Nguyễn Văn ĐỨC"), ("NGUYEN", "Nguyễn Văn ĐỨC"), ("احمد", "أَحْمَد"), ("zoe", "Zoë")]:
        assert names(store, operator, asked) == [name]


@pytest.mark.every_database
def test_one_and_two_characters_find_inside_words(searched: OrganisationStore, operator: Actor) -> None:
    people(searched, operator, "ነጻሰው", "มานีมีตา", "Xaq")
    people(searched, operator, *(f"Bora {number}" for number in range(600)))
    assert names(searched, operator, "ሰው") == ["ነጻሰው"]
    assert names(searched, operator, "มี") == ["มานีมีตา"]
    assert names(searched, operator, "q") == ["Xaq"]
    assert names(searched, operator, "aq") == ["Xaq"]


@pytest.mark.every_database
@pytest.mark.parametrize(
    "asked", ["%", "_", "\\", "'", '"', "a'b", "*", "(", ":", "&", "|", "!", "\x01", "\x7f", "<->", "a:*"]
)
def test_signs_are_looked_for_as_they_are(store: OrganisationStore, operator: Actor, asked: str) -> None:
    people(store, operator, "Plain", f"With {asked} sign")
    assert names(store, operator, asked) == [f"With {asked} sign"]


def test_what_is_too_long_to_look_for_is_refused(store: OrganisationStore, operator: Actor) -> None:
    with pytest.raises(InvalidAnswers):
        names(store, operator, "a" * 501)
    assert names(store, operator, " \u200b ") == names(store, operator, "")


@pytest.mark.every_database
def test_nobody_finds_what_they_may_not_see(searched: OrganisationStore, operator: Actor) -> None:
    people(searched, operator, "Rachana", story="Met Rachana")
    service.save(searched, operator, "person", [Change({"name": "Holder", "passport": "Rachana 77"})])
    gone = service.create(searched, operator, "person", {"name": "Rachana Gone"})
    erased = service.create(searched, operator, "person", {"name": "Rachana Erased"})
    service.delete(searched, operator, "person", gone.record)
    service.erase(searched, operator, "person", erased.record, "asked for it")
    assert names(searched, operator, "rachana") == ["Rachana"]
    assert names(searched, operator, "ratchana") == ["Rachana"]
    service.undelete(searched, operator, "person", gone.record)
    assert names(searched, operator, "rachana") == ["Rachana", "Rachana Gone"]


def test_a_record_whose_row_is_gone_is_not_found(store: OrganisationStore, operator: Actor) -> None:
    people(store, operator, "Orphan")
    with store.engine.begin() as connection:
        connection.execute(delete(store.known_release().object("person").table))
    assert names(store, operator, "orphan") == []


def test_a_changed_name_is_found_and_the_old_one_no_more(store: OrganisationStore, operator: Actor) -> None:
    saved = service.create(store, operator, "person", {"name": "Before"})
    service.update(store, operator, "person", saved.record, saved.version, {"name": "After"})
    assert (names(store, operator, "before"), names(store, operator, "after")) == ([], ["After"])


def test_it_is_told_in_which_field_the_words_stand(searched: OrganisationStore, operator: Actor) -> None:
    people(searched, operator, "Visal", story="x " * 400 + "at the harbour")
    people(searched, operator, "Harbour Master")
    found = search(searched, operator, "harbour", 20, columns=lambda _: ())
    assert [(each.record.name, each.fields) for each in found] == [("Harbour Master", ()), ("Visal", ("story",))]


def _sample_names(shared: Path) -> Iterator[str]:
    source = random.Random(7)
    lists = json.loads((shared / "real/multiscript/names/faker_names_ar_ne_th_vi.json").read_text(encoding="utf-8"))
    for each in lists.values():
        given = sorted({name for name in strings(each["person"]) if name.strip() and "{" not in name})
        yield from source.sample(given, _NAMES)


def _declarations(shared: Path) -> Iterator[str]:
    for paragraphs in declarations(shared, ["para"]):
        yield from paragraphs[3 : 3 + _PARAGRAPHS]


def _pieces(text: str, source: random.Random) -> Iterator[str]:
    """Some of its words' beginnings, middles and ends, of one to nine characters, and a whole word in capitals."""
    words = [word for word in normalised(text).split() if word]
    for length in (1, 2, 2, 3, 4, 9):
        word = source.choice(words)[:_LONGEST]
        start = source.randrange(max(1, len(word) - length + 1))
        yield word[start : start + length]
    yield source.choice(text.split())[:_LONGEST].upper()


@pytest.mark.slow
def test_every_text_is_found_by_pieces_of_itself(searched: OrganisationStore, operator: Actor, shared: Path) -> None:
    source = random.Random(11)
    called = list(dict.fromkeys(_sample_names(shared)))
    told = list(_declarations(shared))
    changes = [Change({"name": name}) for name in called] + [Change({"name": "Teller", "story": text}) for text in told]
    assert len(called) > 200
    assert len(told) == 8 * _PARAGRAPHS
    saved = service.save(searched, operator, "person", changes).saved
    texts_by_piece: defaultdict[str, set[int]] = defaultdict(set)
    for position, text in enumerate([*called, *told]):
        for piece in _pieces(text, source):
            texts_by_piece[piece].add(position)
    # A piece of many texts is asked for once.
    for piece, positions in texts_by_piece.items():
        found = _listed(searched, operator, piece)
        assert {saved[position].record for position in positions} <= found, piece


def _listed(store: OrganisationStore, actor: Actor, text: str) -> set[uuid.UUID]:
    query = ListQuery("person", (), search=text, limit=500)
    return {record.id for record in list_page(store, actor, query).records}


@pytest.mark.every_database
def test_a_list_finds_common_and_rare_words_alike(searched: OrganisationStore, operator: Actor) -> None:
    people(searched, operator, *(f"Common {number}" for number in range(40)))
    people(searched, operator, "Rare common")
    for asked, number in [("common", 41), ("rare", 1), ("c", 41), ("rare common", 1), ("ommo", 41), ("nothing", 0)]:
        query = ListQuery("person", (), search=asked, limit=15)
        pages = [list_page(searched, operator, query)]
        while pages[-1].next:
            pages.append(list_page(searched, operator, replace(query, after=pages[-1].next)))
        listed = [record.id for page in pages for record in page.records]
        assert (len(listed), len(set(listed)), count(searched, operator, query)) == (number, number, number), asked
