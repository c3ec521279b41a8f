"""The demo put into an installation: two organisations, one member per role, and their work."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from amparo.metadata.reading import read_template
from amparo.runtime.access import Actor, Role, operator_actor
from amparo.runtime.demo.generation import generate
from amparo.runtime.demo.harbour import court_values, harbour_document
from amparo.runtime.demo.partners import PARTNERS
from amparo.runtime.demo.past import CaseFile, PastClock, Progress, play
from amparo.runtime.demo.stories import OLDEST
from amparo.runtime.members import Member, create_member
from amparo.runtime.records.changes import Change
from amparo.runtime.records.service import save
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations

CHANNEL = "command"
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


def load_demo(
    organisations: Organisations, today: date, cases: int | None = None, progress: Progress = lambda _done, _all: None
) -> list[SignIn]:
    """Makes both organisations and gives everybody a new password.

    ``cases`` are those of the first; the second has a third as many. Raises
    :class:`~amparo.runtime.errors.NotPossible` when one of them is already
    there, before anything is written for it.
    """
    template = read_template().document
    return [
        *_load(organisations, _sized(RIVERSIDE, cases), template, today, progress),
        *_load(organisations, _sized(HARBOUR, cases and -(-cases // 3)), harbour_document(template), today, progress),
    ]


def _sized(demo: DemoOrganisation, cases: int | None) -> DemoOrganisation:
    return demo if cases is None else replace(demo, cases=cases)


def _load(
    organisations: Organisations,
    demo: DemoOrganisation,
    document: Mapping[str, Any],
    today: date,
    progress: Progress,
) -> list[SignIn]:
    clock = PastClock(today - timedelta(days=OLDEST + 30), ZoneInfo(document["application"]["time_zone"]))
    store = organisations.create(demo.slug, demo.name, clock=clock)
    try:
        publish(store, operator_actor(CHANNEL), document)
        sign_ins = [
            SignIn(demo.name, role, name, login, "-".join(secrets.choice(_WORDS) for _ in range(4)))
            for role, (login, name) in demo.people.items()
        ]
        members = {
            each.role: create_member(organisations, demo.slug, each.login, each.name, each.role, each.password)
            for each in sign_ins
        }
        partners = _add_partners(store, members[Role.SUPERVISOR].acting(CHANNEL))
        play(_case_files(store, demo, members, partners, today), clock, progress)
    finally:
        store.clock = None
    return sign_ins


def _add_partners(store: OrganisationStore, actor: Actor) -> dict[str, uuid.UUID]:
    """The organisations that cases name, by their names."""
    saved = save(store, actor, "organisation", [Change(each.values) for each in PARTNERS]).saved
    return {each.name: saved[position].record for position, each in enumerate(PARTNERS)}


def _case_files(
    store: OrganisationStore,
    demo: DemoOrganisation,
    members: Mapping[Role, Member],
    partners: Mapping[str, uuid.UUID],
    today: date,
) -> Iterator[CaseFile]:
    """Supervisors carry every fourth case themselves."""
    for position, case in enumerate(generate(demo.seed, demo.cases, today)):
        extra = court_values(demo.seed, position, case.case, today) if demo.slug == HARBOUR.slug else {}
        worker = members[Role.SUPERVISOR if case.worker % 4 == 0 else Role.CASEWORKER]
        yield CaseFile(store, worker.acting(CHANNEL), case, {**case.case, **extra}, partners)
