"""Which fields a reader meets on a page, in which order: the layout for a record type and a role, made plain."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from flask_babel import gettext

from amparo.metadata.model import FieldDefinition, LayoutSection, LayoutTab, ObjectDefinition, PageLayout, RelatedList
from amparo.metadata.rules.compiled import Condition
from amparo.runtime.access import PERMISSIONS_OF, Permission, Role
from amparo.runtime.releases.live import LiveRelease
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.words import ReleaseWords, words_of

#: A layout's name for the tab and the section of an object that has no layout.
WHOLE = "all"


@dataclass(frozen=True, slots=True)
class Section:
    name: str
    label: str
    columns: int
    fields: tuple[FieldDefinition, ...]
    #: When it is on the page.
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Related:
    definition: RelatedList
    label: str


@dataclass(frozen=True, slots=True)
class Tab:
    name: str
    label: str
    sections: tuple[Section, ...]
    related: tuple[Related, ...]


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Fields the reader may not see are already left out."""

    highlights: tuple[str, ...]
    tabs: tuple[Tab, ...]
    path: str | None = None

    @property
    def sections(self) -> tuple[Section, ...]:
        return tuple(section for tab in self.tabs for section in tab.sections)

    @property
    def fields(self) -> tuple[FieldDefinition, ...]:
        """Each field once, where it stands first."""
        return tuple({field.name: field for section in self.sections for field in section.fields}.values())


def may_see(visit: Visit, field: FieldDefinition) -> bool:
    return _is_seen(field, opens=visit.actor.may(Permission.SENSITIVE_READ))


def _is_seen(field: FieldDefinition, *, opens: bool) -> bool:
    return not field.retired and (opens or not field.sensitive)


def arrangement_of(visit: Visit, definition: ObjectDefinition, record_type: str | None) -> Arrangement:
    reader = _Reader(visit.release, visit.actor.role, visit.language)
    return _arrangement(reader, definition.name, record_type)


@dataclass(frozen=True, slots=True)
class _Reader:
    """All of a visit that arrangements depend on; releases are compared by identity."""

    release: LiveRelease
    role: Role
    language: str

    @property
    def words(self) -> ReleaseWords:
        return words_of(self.release, self.language)

    def may_see(self, field: FieldDefinition) -> bool:
        return _is_seen(field, opens=Permission.SENSITIVE_READ in PERMISSIONS_OF[self.role])


@lru_cache(maxsize=512)
def _arrangement(reader: _Reader, object_name: str, record_type: str | None) -> Arrangement:
    """Made once: a form asks five times for it, and that took a fifteenth of its page."""
    definition = reader.release.object(object_name).definition
    layout = reader.release.application.layout_for(object_name, record_type, reader.role.value)
    return _arranged(reader, definition, layout) if layout else _unarranged(reader, definition)


def _arranged(reader: _Reader, definition: ObjectDefinition, layout: PageLayout) -> Arrangement:
    words = reader.words
    tabs = tuple(
        Tab(
            tab.name,
            words.tab(layout, tab),
            tuple(
                Section(
                    section.name,
                    words.section(layout, section),
                    section.columns,
                    fields,
                    reader.release.condition(definition.name, _when_seen(tab, section)),
                )
                for section in tab.sections
                if (fields := _seen(reader, definition, section.fields))
            ),
            tuple(Related(related, words.related(layout, related)) for related in tab.related_lists),
        )
        for tab in layout.tabs
    )
    highlights = tuple(
        name for name in layout.highlights if name not in definition.by_name or reader.may_see(definition.by_name[name])
    )
    filled = tuple(tab for tab in tabs if tab.sections or tab.related)
    path = next((field.name for field in _seen(reader, definition, (layout.path,) if layout.path else ())), None)
    return Arrangement(highlights, filled, path) if filled else _unarranged(reader, definition)


def _when_seen(tab: LayoutTab, section: LayoutSection) -> str | None:
    """A tab's condition is that of all its parts, beside their own."""
    texts = [each.visible_when for each in (tab, section) if each.visible_when]
    return f"AND({', '.join(texts)})" if len(texts) > 1 else next(iter(texts), None)


def _seen(reader: _Reader, definition: ObjectDefinition, names: tuple[str, ...]) -> tuple[FieldDefinition, ...]:
    fields = (definition.by_name[name] for name in names if name in definition.by_name)
    return tuple(field for field in fields if reader.may_see(field))


def _unarranged(reader: _Reader, definition: ObjectDefinition) -> Arrangement:
    """Every field in the order of the object, and a list for each field elsewhere that points here."""
    words = reader.words
    fields = tuple(field for field in definition.active_fields if reader.may_see(field))
    section = Section(WHOLE, gettext("Answers"), 2, fields)
    related = tuple(
        Related(RelatedList(other.name, field.name, "", (other.name_field,), ()), words.plural(other))
        for other in reader.release.application.objects.values()
        for field in other.active_fields
        if definition.name in field.targets
    )
    return Arrangement(("owner", "updated_at"), (Tab(WHOLE, words.object(definition), (section,), related),))
