"""The demo put into an installation: two organisations, one member per role, and their work."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from amparo.metadata.reading import read_template
from amparo.runtime.access import Actor, Role, operator_actor
from amparo.runtime.demo.generation import DemoCase, generate
from amparo.runtime.demo.harbour import court_values, harbour_document
from amparo.runtime.demo.people import Values
from amparo.runtime.members import Member, create_member
from amparo.runtime.records.changes import Change
from amparo.runtime.records.service import create, save, update
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations

CHANNEL = "command"
#: What is known of a case on the day it is referred; the rest is saved later, so that every case has a history.
_KNOWN_AT_REFERRAL = ("referral_date", "referral_source", "referral_reason", "client_group", "risk_level")
_WORDS = tuple(
    "amber basil cedar clover coral ember fern harbour indigo island jasmine juniper lantern linen maple marble meadow "
    "mango orchid pebble pepper quartz raven saffron sparrow summit thistle tulip velvet walnut willow zephyr".split()
)


@dataclass(frozen=True, slots=True)
class DemoOrganisation:
    slug: str
    name: str
    seed: int
    cases: int
    people: Mapping[Role, tuple[str, str]]  # role -> login, name


@dataclass(frozen=True, slots=True)
class SignIn:
    """How somebody of the demo signs in."""

    organisation: str
    role: Role
    name: str
    login: str
    password: str


RIVERSIDE = DemoOrganisation(
    "riverside",
    "Riverside Shelter",
    seed=11,
    cases=120,
    people={
        Role.ADMINISTRATOR: ("chantrea@riverside.example", "Chantrea Im"),
        Role.SUPERVISOR: ("borith@riverside.example", "Borith Sao"),
        Role.CASEWORKER: ("linna@riverside.example", "Linna Chhun"),
        Role.READER: ("petra@riverside.example", "Petra Lindqvist"),
    },
)
HARBOUR = DemoOrganisation(
    "harbour",
    "Harbour Legal Aid",
    seed=23,
    cases=40,
    people={
        Role.ADMINISTRATOR: ("preecha@harbour.example", "Preecha Thongkam"),
        Role.SUPERVISOR: ("josefa@harbour.example", "Josefa Mangahas"),
        Role.CASEWORKER: ("yamin@harbour.example", "Yamin Thuzar"),
        Role.READER: ("ivor@harbour.example", "Ivor Penhallow"),
    },
)


def load_demo(organisations: Organisations, today: date) -> list[SignIn]:
    """Makes both organisations and gives everybody a new password.

    Raises :class:`~amparo.runtime.errors.NotPossible` when one of them is
    already there, before anything is written for it.
    """
    template = read_template().document
    return [
        *_load(organisations, RIVERSIDE, template, today),
        *_load(organisations, HARBOUR, harbour_document(template), today),
    ]


def _load(
    organisations: Organisations, demo: DemoOrganisation, document: Mapping[str, Any], today: date
) -> list[SignIn]:
    store = organisations.create(demo.slug, demo.name)
    publish(store, operator_actor(CHANNEL), document)
    sign_ins = [
        SignIn(demo.name, role, name, login, "-".join(secrets.choice(_WORDS) for _ in range(4)))
        for role, (login, name) in demo.people.items()
    ]
    members = {
        each.role: create_member(organisations, demo.slug, each.login, each.name, each.role, each.password)
        for each in sign_ins
    }
    for position, case in enumerate(generate(demo.seed, demo.cases, today)):
        extra = court_values(demo.seed, position, case.case, today) if demo is HARBOUR else {}
        _save_case(store, _worker(members, case), case, extra)
    return sign_ins


def _worker(members: Mapping[Role, Member], case: DemoCase) -> Member:
    """Supervisors carry every fourth case themselves."""
    return members[Role.SUPERVISOR if case.worker % 4 == 0 else Role.CASEWORKER]


def _save_case(store: OrganisationStore, worker: Member, case: DemoCase, extra: Values) -> None:
    actor = worker.acting(CHANNEL)
    person = create(store, actor, "person", {**case.person, "record_type": "client"}).record
    if case.companions:
        save(
            store,
            actor,
            "person",
            [Change({**each.values, "record_type": each.record_type}) for each in case.companions],
        )
    record = _save_course(store, actor, person, {**case.case, **extra})
    if case.services:
        save(store, actor, "service", [Change({**each, "case": record}) for each in case.services])


def _save_course(store: OrganisationStore, actor: Actor, person: uuid.UUID, answers: Values) -> uuid.UUID:
    """The case as it was referred, then as it stands."""
    known: Values = {name: answers[name] for name in _KNOWN_AT_REFERRAL}
    referred = create(
        store, actor, "case", {**known, "person": person, "status": "referred", "consent": {"missing": "not_asked"}}
    )
    update(store, actor, "case", referred.record, referred.version, answers)
    return referred.record
