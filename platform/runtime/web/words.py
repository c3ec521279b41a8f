"""An organisation's own words in one language: labels, helps and options of its definitions.

Made once per release and language and kept, because every page needs them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from flask_babel import gettext

from amparo.metadata.fields.registry import field_type
from amparo.metadata.model import (
    Application,
    FieldDefinition,
    LayoutSection,
    LayoutTab,
    ListView,
    ObjectDefinition,
    PageLayout,
    Picklist,
    RelatedList,
    Report,
)
from amparo.runtime.collation.alphabets import alphabet_of
from amparo.runtime.collation.keys import sort_key
from amparo.runtime.fields.standard_names import standard_name
from amparo.runtime.releases.live import LiveRelease
from amparo.runtime.serializer.wording import SYSTEM_LABELS


@dataclass(frozen=True, slots=True)
class OptionWords:
    """One answer of a picklist in the reader's language."""

    code: str
    label: str
    help: str
    group: str
    state: str | None
    active: bool


@dataclass(frozen=True, slots=True)
class FieldWords:
    label: str
    help: str


class ReleaseWords:
    """Build with :func:`words_of`."""

    def __init__(self, application: Application, language: str) -> None:
        self.language = language
        self._application = application
        self._standard: dict[str, Mapping[str, OptionWords]] = {}
        self._fields: dict[str, FieldWords] = {
            field.id: FieldWords(self._text(field.id, "label", field.label), self._text(field.id, "help", field.help))
            for definition in application.objects.values()
            for field in definition.fields
        }
        self._options: dict[str, dict[str, OptionWords]] = {
            picklist.name: {
                option.code: OptionWords(
                    option.code,
                    self._text(f"{picklist.id}:{option.code}", "label", option.label),
                    self._text(f"{picklist.id}:{option.code}", "help", option.help),
                    option.group or "",
                    option.state,
                    option.active,
                )
                for option in picklist.options
            }
            for picklist in application.picklists.values()
        }
        self._active = {
            name: {code: option for code, option in options.items() if option.active}
            for name, options in self._options.items()
        }

    def _text(self, definition: str, key: str, fallback: str) -> str:
        return self._application.text(definition, key, fallback, self.language)

    def object(self, definition: ObjectDefinition) -> str:
        return self._text(definition.id, "label", definition.label)

    def object_inside(self, definition: ObjectDefinition) -> str:
        """The label as it stands inside a sentence: “New case”; an abbreviation keeps its capitals."""
        label = self.object(definition)
        return label if label[1:2].isupper() else label[:1].lower() + label[1:]

    def record_type_inside(self, definition: ObjectDefinition, name: str | None) -> str:
        label = self.record_type(definition, name)
        return label if label[1:2].isupper() else label[:1].lower() + label[1:]

    def plural(self, definition: ObjectDefinition) -> str:
        return self._text(definition.id, "plural", definition.plural)

    def object_help(self, definition: ObjectDefinition) -> str:
        return self._text(definition.id, "help", definition.help)

    def field(self, field: FieldDefinition) -> FieldWords:
        return self._fields[field.id]

    def field_label(self, definition: ObjectDefinition, name: str) -> str:
        """The label of a defined field or a system field."""
        field = definition.by_name.get(name)
        return self._fields[field.id].label if field else gettext(SYSTEM_LABELS[name])

    def end_of_scale(self, field: FieldDefinition, option: str) -> str:
        """What the lowest or the highest number of a rating means; ``option`` is the option that says so."""
        return self._text(field.id, option, str(field.options.get(option, "")))

    def options(self, field: FieldDefinition) -> Mapping[str, OptionWords]:
        """By code, in the order of the picklist, or of the labels where it has none; empty for a field of no codes."""
        if "picklist" in field.options:
            return self._options.get(field.options["picklist"], {})
        return self._standard_options(field)

    def active_options(self, field: FieldDefinition) -> Mapping[str, OptionWords]:
        """As :meth:`options`, without those that can no longer be chosen."""
        if "picklist" in field.options:
            return self._active.get(field.options["picklist"], {})
        return {code: option for code, option in self._standard_options(field).items() if option.active}

    def _standard_options(self, field: FieldDefinition) -> Mapping[str, OptionWords]:
        """Those of a list that every installation has."""
        if field.id not in self._standard:
            choices = field_type(field.type).choices(field, self._application)
            self._standard[field.id] = _standard_options(choices, self.language) if choices else {}
        return self._standard[field.id]

    def record_type(self, definition: ObjectDefinition, name: str | None) -> str:
        for kind in definition.record_types:
            if kind.name == name:
                return self._text(kind.id, "label", kind.label)
        return name or ""

    def label(self, definition: str, fallback: str) -> str:
        """Of a definition by its id; of an option, ``picklist:code``."""
        return self._text(definition, "label", fallback)

    def rule_message(self, rule: str, message: str) -> str:
        """``rule`` is the rule's id."""
        return self._text(rule, "message", message)

    def rule_messages(self, rules: Sequence[str]) -> list[str]:
        """Of rules by their ids; one that is no longer there is called by it."""
        known = {rule.id: rule.message for each in self._application.objects.values() for rule in each.validation_rules}
        return [self.rule_message(each, known.get(each, each)) for each in rules]

    def record_type_help(self, definition: ObjectDefinition, name: str) -> str:
        return next(
            (self._text(kind.id, "help", kind.help) for kind in definition.record_types if kind.name == name), ""
        )

    def tab(self, layout: PageLayout, tab: LayoutTab) -> str:
        return self._text(f"{layout.id}:{tab.name}", "label", tab.label)

    def section(self, layout: PageLayout, section: LayoutSection) -> str:
        return self._text(f"{layout.id}:{section.name}", "label", section.label)

    def related(self, layout: PageLayout, related: RelatedList) -> str:
        return self._text(f"{layout.id}:{related.object}.{related.field}", "label", related.label)

    def view(self, view: ListView) -> str:
        return self._text(view.id, "label", view.label)

    def report(self, report: Report) -> str:
        return self._text(report.id, "label", report.label)

    def report_help(self, report: Report) -> str:
        return self._text(report.id, "help", report.help)


def _standard_options(choices: Picklist, language: str) -> Mapping[str, OptionWords]:
    options = [
        OptionWords(each.code, standard_name(choices.name, each.code, language) or each.code, "", "", None, each.active)
        for each in choices.options
    ]
    if not choices.is_ordered:
        alphabet = alphabet_of(language)
        options.sort(key=lambda option: (sort_key(option.label, alphabet), option.label))
    return {option.code: option for option in options}


@lru_cache(maxsize=128)
def words_of(release: LiveRelease, language: str) -> ReleaseWords:
    """The words of a release in a language; releases are compared by identity."""
    return ReleaseWords(release.application, language)
