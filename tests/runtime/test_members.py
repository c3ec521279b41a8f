"""People sign in, and are somebody in each organisation."""

from __future__ import annotations

import uuid

import pytest
from argon2 import PasswordHasher, Type
from sqlalchemy import select, update

from amparo.runtime import members, people
from amparo.runtime.access import Role
from amparo.runtime.errors import NotFound, NotPossible, SignInRefused
from amparo.runtime.ledger.writing import clock_microseconds
from amparo.runtime.members import Member
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations

PASSWORD = "four words of rain"


@pytest.fixture
def login() -> str:
    return f"sok.dara.{uuid.uuid4().hex[:8]}"


@pytest.fixture
def member(organisations: Organisations, empty_store: OrganisationStore, login: str) -> Member:
    return members.create_member(organisations, empty_store.slug, login, "Sok Dara", Role.CASEWORKER, PASSWORD)


def test_a_member_signs_in_with_login_and_password(
    organisations: Organisations, empty_store: OrganisationStore, member: Member
) -> None:
    person = people.sign_in(organisations, member.login, PASSWORD)
    assert (person.id, person.login) == (member.id, member.login)
    assert [each.slug for each in members.memberships_of(organisations, person.id)] == [empty_store.slug]
    actor = member.acting("page")
    assert (actor.member, actor.role, actor.channel) == (person.id, Role.CASEWORKER, "page")


def test_capitals_and_spaces_around_a_login_make_no_difference(organisations: Organisations, member: Member) -> None:
    assert people.sign_in(organisations, f"  {member.login.upper()} ", PASSWORD).id == member.id


def test_an_accent_typed_in_two_parts_is_the_same_password(
    organisations: Organisations, empty_store: OrganisationStore, login: str
) -> None:
    members.create_member(organisations, empty_store.slug, login, "Nguyen", Role.READER, "café de la gare")
    assert people.sign_in(organisations, login, "cafe\u0301 de la gare").login == login


def test_a_wrong_password_and_an_unknown_login_are_refused_alike(organisations: Organisations, member: Member) -> None:
    with pytest.raises(SignInRefused) as wrong:
        people.sign_in(organisations, member.login, "something else")
    with pytest.raises(SignInRefused) as unknown:
        people.sign_in(organisations, "nobody-of-this-name", PASSWORD)
    with pytest.raises(SignInRefused) as impossible:
        people.sign_in(organisations, "two words", PASSWORD)
    assert str(wrong.value) == str(unknown.value) == str(impossible.value)


def test_an_unknown_login_costs_a_verification_too(
    organisations: Organisations, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified: list[str] = []
    original = PasswordHasher.verify

    def counting(self: PasswordHasher, hash: str, password: str) -> bool:  # noqa: A002 - the library's own name
        verified.append(hash)
        return bool(original(self, hash, password))

    monkeypatch.setattr(PasswordHasher, "verify", counting)
    with pytest.raises(SignInRefused):
        people.sign_in(organisations, "nobody-of-this-name", PASSWORD)
    assert len(verified) == 1


def test_after_eight_wrong_passwords_the_right_one_waits_and_the_wait_grows(
    organisations: Organisations, member: Member
) -> None:
    for _ in range(people.FREE_ATTEMPTS):
        with pytest.raises(SignInRefused):
            people.sign_in(organisations, member.login, "not the password")
    with pytest.raises(SignInRefused):
        people.sign_in(organisations, member.login, PASSWORD)
    assert 55 < _pause_seconds(organisations, member) <= 60
    _end_pause(organisations, member)
    with pytest.raises(SignInRefused):
        people.sign_in(organisations, member.login, "not the password")
    assert 115 < _pause_seconds(organisations, member) <= 120
    _end_pause(organisations, member)
    people.sign_in(organisations, member.login, PASSWORD)
    with pytest.raises(SignInRefused):
        people.sign_in(organisations, member.login, "not the password")
    people.sign_in(organisations, member.login, PASSWORD)


def _pause_seconds(organisations: Organisations, member: Member) -> float:
    person = organisations.control.person
    with organisations.engine.connect() as connection:
        until = connection.scalar(select(person.c.locked_until).where(person.c.id == member.id))
    assert until is not None
    return float(until - clock_microseconds()) / 1_000_000


def _end_pause(organisations: Organisations, member: Member) -> None:
    person = organisations.control.person
    with organisations.engine.begin() as connection:
        connection.execute(update(person).where(person.c.id == member.id).values(locked_until=1))


def test_a_pause_never_lasts_longer_than_a_quarter_of_an_hour(organisations: Organisations, member: Member) -> None:
    for _ in range(people.FREE_ATTEMPTS + 7):
        with pytest.raises(SignInRefused):
            people.sign_in(organisations, member.login, "not the password")
        _end_pause(organisations, member)
    with pytest.raises(SignInRefused):
        people.sign_in(organisations, member.login, "not the password")
    assert 895 < _pause_seconds(organisations, member) <= 900


def test_somebody_changes_their_own_password_when_they_know_the_present_one(
    organisations: Organisations, member: Member
) -> None:
    person = people.sign_in(organisations, member.login, PASSWORD)
    with pytest.raises(SignInRefused):
        people.change_password(organisations, person, "not the password", "another row of words")
    with pytest.raises(NotPossible, match="12 characters"):
        people.change_password(organisations, person, PASSWORD, "short")
    changed = people.change_password(organisations, person, PASSWORD, "another row of words")
    assert changed.session_epoch > person.session_epoch
    assert people.sign_in(organisations, member.login, "another row of words") == changed


def test_guessing_passwords_from_a_stolen_store_is_made_slow(production_hasher: PasswordHasher) -> None:
    """The second recommendation of RFC 9106."""
    cost = (production_hasher.type, production_hasher.time_cost, production_hasher.memory_cost)
    assert cost == (Type.ID, 3, 65_536)


def test_an_old_hash_is_made_anew_when_its_owner_signs_in(
    organisations: Organisations, member: Member, production_hasher: PasswordHasher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "hasher", production_hasher)
    person = organisations.control.person
    weak = PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
    with organisations.engine.begin() as connection:
        connection.execute(update(person).where(person.c.id == member.id).values(password_hash=weak))
    people.sign_in(organisations, member.login, PASSWORD)
    with organisations.engine.connect() as connection:
        kept = connection.scalar(select(person.c.password_hash).where(person.c.id == member.id))
    assert kept is not None
    assert not production_hasher.check_needs_rehash(kept)
    people.sign_in(organisations, member.login, PASSWORD)


def test_a_new_password_ends_sessions_and_the_old_password(organisations: Organisations, member: Member) -> None:
    before = people.sign_in(organisations, member.login, PASSWORD)
    people.set_password(organisations, member.login, "another row of words")
    with pytest.raises(SignInRefused):
        people.sign_in(organisations, member.login, PASSWORD)
    after = people.sign_in(organisations, member.login, "another row of words")
    assert after.session_epoch > before.session_epoch


def test_short_passwords_and_impossible_logins_are_refused(
    organisations: Organisations, empty_store: OrganisationStore, login: str
) -> None:
    with pytest.raises(NotPossible, match="12 characters"):
        members.create_member(organisations, empty_store.slug, login, "A", Role.READER, "elevenchars")
    for impossible in ("", "two words", "nul\0", "x" * 201):
        with pytest.raises(NotPossible, match="login"):
            members.create_member(organisations, empty_store.slug, impossible, "A", Role.READER, PASSWORD)
    with pytest.raises(NotFound):
        people.set_password(organisations, login, PASSWORD)
    assert members.list_members(empty_store) == []


def test_a_person_joins_a_second_organisation_and_keeps_the_password(
    organisations: Organisations, empty_store: OrganisationStore, member: Member
) -> None:
    second = organisations.create(f"second-{uuid.uuid4().hex[:8]}", "Second")
    with pytest.raises(NotPossible, match="keeps its password"):
        members.create_member(organisations, second.slug, member.login, "Dara", Role.SUPERVISOR, "some other words")
    joined = members.create_member(organisations, second.slug, member.login, "Dara", Role.SUPERVISOR, None)
    assert joined.id == member.id
    slugs = {each.slug for each in members.memberships_of(organisations, member.id)}
    assert slugs == {empty_store.slug, second.slug}
    assert members.find_member(empty_store, member.id) == member
    with pytest.raises(NotPossible, match="already"):
        members.create_member(organisations, second.slug, member.login, "Dara", Role.SUPERVISOR, None)


def test_a_deactivated_member_is_out_but_still_named_and_may_come_back(
    organisations: Organisations, empty_store: OrganisationStore, member: Member
) -> None:
    before = people.sign_in(organisations, member.login, PASSWORD)
    members.deactivate(organisations, empty_store.slug, member.login)
    assert members.memberships_of(organisations, member.id) == []
    assert members.find_member(empty_store, member.id) is None
    assert [(each.login, each.active) for each in members.list_members(empty_store)] == [(member.login, False)]
    assert people.sign_in(organisations, member.login, PASSWORD).session_epoch > before.session_epoch
    members.create_member(organisations, empty_store.slug, member.login, "Sok D.", Role.SUPERVISOR, None)
    back = members.find_member(empty_store, member.id)
    assert back is not None
    assert (back.name, back.role) == ("Sok D.", Role.SUPERVISOR)
    with pytest.raises(NotFound):
        members.deactivate(organisations, empty_store.slug, "nobody-of-this-name")


def test_a_call_that_was_interrupted_can_be_repeated(
    organisations: Organisations, empty_store: OrganisationStore, login: str
) -> None:
    left = Member(uuid.uuid4(), login, "Sok Dara", Role.CASEWORKER, True, None)
    with empty_store.engine.begin() as connection:
        connection.execute(empty_store.tables.member.insert(), members.member_values(left))
    made = members.create_member(organisations, empty_store.slug, login, "Sok Dara", Role.CASEWORKER, PASSWORD)
    assert made.id == left.id
    assert people.sign_in(organisations, login, PASSWORD).id == left.id
