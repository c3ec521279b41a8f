"""Which fields a reader meets on a page, in which order: the layout for a record type and a role, made plain."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext

from amparo.metadata.model import FieldDefinition, LayoutSection, LayoutTab, ObjectDefinition, PageLayout, RelatedList
from amparo.metadata.rules.compiled import Condition
from amparo.runtime.access import Permission
from amparo.runtime.web.visits import Visit

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
    return not field.retired and (not field.sensitive or visit.actor.may(Permission.SENSITIVE_READ))


def arrangement_of(visit: Visit, definition: ObjectDefinition, record_type: str | None) -> Arrangement:
    layout = visit.release.application.layout_for(definition.name, record_type, visit.actor.role.value)
    return _arranged(visit, definition, layout) if layout else _unarranged(visit, definition)


def _arranged(visit: Visit, definition: ObjectDefinition, layout: PageLayout) -> Arrangement:
    words = visit.words
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
                    visit.release.condition(definition.name, _when_seen(tab, section)),
                )
                for section in tab.sections
                if (fields := _seen(visit, definition, section.fields))
            ),
            tuple(Related(related, words.related(layout, related)) for related in tab.related_lists),
        )
        for tab in layout.tabs
    )
    highlights = tuple(
        name for name in layout.highlights if name not in definition.by_name or may_see(visit, definition.by_name[name])
    )
    filled = tuple(tab for tab in tabs if tab.sections or tab.related)
    path = next((field.name for field in _seen(visit, definition, (layout.path,) if layout.path else ())), None)
    return Arrangement(highlights, filled, path) if filled else _unarranged(visit, definition)


def _when_seen(tab: LayoutTab, section: LayoutSection) -> str | None:
    """A tab's condition is that of all its parts, beside their own."""
    texts = [each.visible_when for each in (tab, section) if each.visible_when]
    return f"AND({', '.join(texts)})" if len(texts) > 1 else next(iter(texts), None)


def _seen(visit: Visit, definition: ObjectDefinition, names: tuple[str, ...]) -> tuple[FieldDefinition, ...]:
    fields = (definition.by_name[name] for name in names if name in definition.by_name)
    return tuple(field for field in fields if may_see(visit, field))


def _unarranged(visit: Visit, definition: ObjectDefinition) -> Arrangement:
    """Every field in the order of the object, and a list for each field elsewhere that points here."""
    fields = tuple(field for field in definition.active_fields if may_see(visit, field))
    section = Section(WHOLE, gettext("Answers"), 2, fields)
    related = tuple(
        Related(RelatedList(other.name, field.name, "", (other.name_field,), ()), visit.words.plural(other))
        for other in visit.release.application.objects.values()
        for field in other.active_fields
        if definition.name in field.targets
    )
    return Arrangement(("owner", "updated_at"), (Tab(WHOLE, visit.words.object(definition), (section,), related),))
