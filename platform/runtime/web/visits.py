"""One request in one organisation: who asks, in which store, under which release."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property, lru_cache

from flask import g, has_request_context

from amparo.metadata.wording import N_
from amparo.runtime.access import Actor
from amparo.runtime.arrivals import find_arrival
from amparo.runtime.collation.alphabets import Alphabet, alphabet_of
from amparo.runtime.errors import NotFound
from amparo.runtime.people import Person
from amparo.runtime.releases.live import LiveRelease
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.web.languages import reader_language
from amparo.runtime.web.sessions import organisations, signed_in_person
from amparo.runtime.web.words import ReleaseWords, words_of

CHANNEL = "page"


@dataclass(frozen=True)
class Visit:
    """What every page of an organisation needs to know."""

    store: OrganisationStore
    organisation: str
    person: Person
    actor: Actor
    release: LiveRelease
    language: str

    @property
    def slug(self) -> str:
        return self.store.slug

    @cached_property
    def words(self) -> ReleaseWords:
        return words_of(self.release, self.language)

    @cached_property
    def alphabet(self) -> Alphabet:
        """What labels are sorted by: they are in the reader's language where the application has it."""
        application = self.release.application
        is_translated = self.language in application.languages
        return alphabet_of(self.language if is_translated else application.default_language)

    @cached_property
    def now(self) -> dt.datetime:
        """The local time of the organisation."""
        return dt.datetime.now(self.release.time_zone)

    @property
    def today(self) -> dt.date:
        return self.now.date()


def enter(slug: str) -> Visit | None:
    """The visit of the signed-in person; ``None`` when nobody is signed in.

    Raises :class:`NotFound` for an organisation the person is no active
    member of: whether it exists is not theirs to know.
    """
    person = signed_in_person()
    if person is None:
        return None
    store = organisations().open(slug)
    arrival = find_arrival(store, person.login)
    if arrival is None:
        raise NotFound(N_("There is nothing at this address."))
    actor = arrival.member.acting(CHANNEL)
    g.visit = Visit(store, _organisation_name(slug, store), person, actor, arrival.release, reader_language())
    return g.visit  # type: ignore[no-any-return]


def current_visit() -> Visit | None:
    """The visit of this request, once :func:`enter` made it."""
    return g.get("visit") if has_request_context() else None


@lru_cache(maxsize=1024)
def _organisation_name(slug: str, store: OrganisationStore) -> str:
    """Asked once for each ``store`` that is opened: what is removed may come back under its slug with another name."""
    return organisations().find(slug).name
