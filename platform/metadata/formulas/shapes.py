"""What formulas can name: objects with their fields, and what ``$User`` and its like have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from amparo.metadata.fields.base import Storage
from amparo.metadata.fields.registry import field_type
from amparo.metadata.formulas.value_types import ValueType
from amparo.metadata.model import SYSTEM_FIELDS, Application, FieldDefinition


@dataclass(frozen=True, slots=True)
class FieldShape:
    """A field's type; of a lookup the objects it points to; of a picklist the codes of its options, if known.

    ``decimals`` are those of a number that is kept with decimals, ``None`` of all else.

    A computed field has no value before a change, and no reason for having none; one that a formula computes
    (``has_formula``) is kept nowhere.
    """

    type: ValueType
    targets: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    is_computed: bool = False
    has_formula: bool = False
    decimals: int | None = None


@dataclass(frozen=True, slots=True)
class ObjectShape:
    """``id`` is the definition's, under which translations have its label; empty where none defines it."""

    label: str
    fields: Mapping[str, FieldShape]
    id: str = ""


_TEXT = FieldShape(ValueType.TEXT)
_ID = FieldShape(ValueType.LOOKUP)

#: What every organisation knows about the person who acts, itself, and a record's type.
GLOBALS: Mapping[str, ObjectShape] = MappingProxyType(
    {
        "$User": ObjectShape("$User", {"id": _ID, "name": _TEXT, "email": _TEXT, "language": _TEXT}),
        "$Organization": ObjectShape("$Organization", {"id": _ID, "name": _TEXT}),
        "$RecordType": ObjectShape("$RecordType", {"id": _ID, "name": _TEXT, "label": _TEXT}),
    }
)


@dataclass(frozen=True, slots=True)
class Shapes:
    """Objects by name."""

    objects: Mapping[str, ObjectShape]
    globals: Mapping[str, ObjectShape] = field(default_factory=lambda: GLOBALS)


#: Family of a field -> type in formulas. Addresses and files have no value that a formula could use.
_FAMILIES: Mapping[str, ValueType] = {
    "text": ValueType.TEXT,
    "long_text": ValueType.TEXT,
    "phone": ValueType.TEXT,
    "integer": ValueType.NUMBER,
    "decimal": ValueType.NUMBER,
    "boolean": ValueType.BOOLEAN,
    "date": ValueType.DATE,
    "days": ValueType.PARTIAL_DATE,
    "instant": ValueType.DATE_TIME,
    "time": ValueType.TIME,
    "code": ValueType.PICKLIST,
    "codes": ValueType.MULTI_SELECT,
    "place": ValueType.PICKLIST,
    "reference": ValueType.LOOKUP,
    "member": ValueType.LOOKUP,
    "identifier": ValueType.LOOKUP,
    "geolocation": ValueType.GEOLOCATION,
}
_TYPES: Mapping[str, ValueType] = {"percent": ValueType.PERCENT, "currency": ValueType.CURRENCY}


def shapes_of(application: Application) -> Shapes:
    """Every object with the fields that formulas can use: those in use, and the system's."""
    return Shapes(
        {
            each.name: ObjectShape(
                each.label,
                {
                    **{name: FieldShape(_FAMILIES[family]) for name, family in SYSTEM_FIELDS.items()},
                    **_field_shapes(each.active_fields, application),
                },
                each.id,
            )
            for each in application.objects.values()
        }
    )


def _field_shapes(definitions: tuple[FieldDefinition, ...], application: Application) -> Mapping[str, FieldShape]:
    shapes: dict[str, FieldShape] = {}
    for definition in definitions:
        type_ = _TYPES.get(definition.type) or _FAMILIES.get(field_type(definition.type).family)
        if type_ is not None:
            shapes[definition.name] = FieldShape(
                type_,
                definition.targets,
                _options(definition, application),
                definition.is_computed,
                definition.formula is not None,
                _decimals(definition),
            )
    return shapes


def _decimals(definition: FieldDefinition) -> int | None:
    kind = field_type(definition.type)
    return kind.option(definition, "decimals") if kind.storage is Storage.DECIMAL else None


def _options(definition: FieldDefinition, application: Application) -> tuple[str, ...]:
    picklist = application.picklists.get(str(definition.options.get("picklist")))
    return () if picklist is None else tuple(picklist.by_code)
