"""A session is worth what the server says it is worth, whoever holds its cookie."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from sqlalchemy import func, select, update

from amparo.runtime import guesses, members, people, sessions
from amparo.runtime.access import Role
from amparo.runtime.errors import SignInRefused
from amparo.runtime.jobs.announcing import lost_work
from amparo.runtime.people import Person
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations

PASSWORD = "four words of rain"
_MINUTE = 60 * 1_000_000


@pytest.fixture
def person(organisations: Organisations, empty_store: OrganisationStore) -> Person:
    login = f"sok.dara.{uuid.uuid4().hex[:8]}"
    members.create_member(organisations, empty_store.slug, login, "Sok Dara", Role.CASEWORKER, PASSWORD)
    return people.sign_in(organisations, login, PASSWORD)


def shift(organisations: Organisations, person: Person, **minutes: int) -> None:
    """Moves times of the person's sessions into the past."""
    session = organisations.control.session
    values: dict[str, Any] = {name: session.c[name] - value * _MINUTE for name, value in minutes.items()}
    with organisations.engine.begin() as connection:
        connection.execute(update(session).where(session.c.person == person.id).values(**values))


def kept(organisations: Organisations, person: Person) -> int:
    session = organisations.control.session
    with organisations.engine.connect() as connection:
        return connection.scalar(select(func.count()).where(session.c.person == person.id)) or 0


def test_a_session_is_found_until_it_is_ended(organisations: Organisations, person: Person) -> None:
    token = sessions.begin(organisations, person, "Firefox/Android")
    other = sessions.begin(organisations, person, None)
    assert sessions.find(organisations, token) == person
    sessions.end(organisations, token)
    assert sessions.find(organisations, token) is None
    assert sessions.find(organisations, other) == person
    assert sessions.find(organisations, "a text that is none") is None


def test_what_the_store_keeps_of_a_session_opens_nothing(organisations: Organisations, person: Person) -> None:
    token = sessions.begin(organisations, person, None)
    session = organisations.control.session
    with organisations.engine.connect() as connection:
        row = connection.execute(select(session).where(session.c.person == person.id)).one()
    assert all(token.encode() not in bytes(value) for value in row if isinstance(value, bytes))
    assert sessions.find(organisations, bytes(row.id).hex()) is None


def test_a_new_password_and_a_deactivated_member_end_every_session(
    organisations: Organisations, empty_store: OrganisationStore, person: Person
) -> None:
    first = sessions.begin(organisations, person, None)
    renewed = people.set_password(organisations, person.login, "another row of words")
    assert sessions.find(organisations, first) is None
    second = sessions.begin(organisations, renewed, None)
    assert sessions.find(organisations, second) == renewed
    members.deactivate(organisations, empty_store.slug, person.login)
    assert sessions.find(organisations, second) is None


def test_a_sign_in_that_a_new_password_overtakes_is_worth_nothing(organisations: Organisations, person: Person) -> None:
    people.set_password(organisations, person.login, "another row of words")
    assert sessions.find(organisations, sessions.begin(organisations, person, None)) is None


def test_a_session_ends_when_nobody_uses_it_and_when_it_is_old(organisations: Organisations, person: Person) -> None:
    settings = organisations.settings
    token = sessions.begin(organisations, person, None)
    shift(organisations, person, seen_at=settings.session_idle_minutes - 1)
    assert sessions.find(organisations, token) == person
    shift(organisations, person, seen_at=settings.session_idle_minutes + 1)
    assert sessions.find(organisations, token) is None
    busy = sessions.begin(organisations, person, None)
    shift(organisations, person, begun_at=settings.session_hours * 60 - 1)
    assert sessions.find(organisations, busy) == person
    shift(organisations, person, begun_at=2)
    assert sessions.find(organisations, busy) is None


def test_being_seen_is_written_every_few_minutes_only(organisations: Organisations, person: Person) -> None:
    token = sessions.begin(organisations, person, None)
    session = organisations.control.session

    def seen() -> int:
        with organisations.engine.connect() as connection:
            return connection.scalar(select(session.c.seen_at).where(session.c.person == person.id)) or 0

    shift(organisations, person, seen_at=4)
    before = seen()
    sessions.find(organisations, token)
    assert seen() == before
    shift(organisations, person, seen_at=2)
    sessions.find(organisations, token)
    assert seen() > before


def test_others_are_the_sessions_that_still_open_something(organisations: Organisations, person: Person) -> None:
    token = sessions.begin(organisations, person, None)
    assert sessions.others(organisations, person.id, token) == []
    ended = sessions.begin(organisations, person, "Chrome/Windows")
    sessions.begin(organisations, person, "Firefox/Android")
    sessions.end(organisations, ended)
    assert [each.device for each in sessions.others(organisations, person.id, token)] == ["Firefox/Android"]
    sessions.end_everywhere(organisations, person.id)
    assert sessions.others(organisations, person.id, token) == []
    assert sessions.find(organisations, token) is None


def test_the_sweeper_removes_what_is_over_and_nothing_else(organisations: Organisations, person: Person) -> None:
    ended = sessions.begin(organisations, person, None)
    sessions.end(organisations, ended)
    token = sessions.begin(organisations, person, None)
    assert list(lost_work(organisations)) == []
    assert kept(organisations, person) == 1
    assert sessions.find(organisations, token) == person
    sessions.end_everywhere(organisations, person.id)
    assert list(lost_work(organisations)) == []
    assert kept(organisations, person) == 0


def test_an_address_has_so_many_guesses_over_all_logins_and_waits_for_a_while(
    organisations: Organisations, person: Person
) -> None:
    here, elsewhere = "198.51.100.7", "198.51.100.8"
    for _ in range(3):
        people.sign_in(organisations, person.login, PASSWORD, here)
    for number in range(guesses.FREE_GUESSES):
        with pytest.raises(SignInRefused):
            people.sign_in(organisations, f"nobody-{number}", PASSWORD, here)
    with pytest.raises(SignInRefused):
        people.sign_in(organisations, person.login, PASSWORD, here)
    # Another process counts on; whoever asks from elsewhere is not touched.
    other = Organisations(organisations.settings)
    with pytest.raises(SignInRefused):
        people.sign_in(other, person.login, PASSWORD, here)
    other.close()
    assert people.sign_in(organisations, person.login, PASSWORD, elsewhere) == person
    address = organisations.control.sign_in_address
    with organisations.engine.begin() as connection:
        assert here.encode() not in b"".join(bytes(row.id) for row in connection.execute(select(address)))
        connection.execute(update(address).values(began_at=address.c.began_at - guesses.WINDOW_SECONDS * 1_000_000))
    assert people.sign_in(organisations, person.login, PASSWORD, here) == person


def test_an_address_that_is_stopped_does_not_lock_anybody_out(organisations: Organisations, person: Person) -> None:
    stranger = "203.0.113.9"
    for number in range(guesses.FREE_GUESSES):
        with pytest.raises(SignInRefused):
            people.sign_in(organisations, f"nobody-{number}", PASSWORD, stranger)
    for _ in range(people.FREE_ATTEMPTS + 1):
        with pytest.raises(SignInRefused):
            people.sign_in(organisations, person.login, "not the password", stranger)
    assert people.sign_in(organisations, person.login, PASSWORD, "203.0.113.10") == person


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("127.0.0.1", None),
        ("::1", None),
        ("unix:", None),
        (None, None),
    ],
)
def test_this_machine_and_what_is_no_address_are_not_counted(text: str | None, counted: str | None) -> None:
    assert guesses.guessing_address(text) == counted
