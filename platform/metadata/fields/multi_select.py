"""Several codes out of a picklist."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, ClassVar

from amparo.metadata.fields.base import Coercer, CoercionContext, FieldType, Rejected, Storage, Value
from amparo.metadata.fields.dependence import DEPENDENCE_OPTION, OPTIONS_WHEN_OPTION
from amparo.metadata.fields.picklist import PICKLIST_OPTION, check_picklist, picklist_of, refuse_code
from amparo.metadata.model import Application, FieldDefinition, Option
from amparo.metadata.problems import Path, Problem
from amparo.metadata.wording import N_


class MultiSelect(FieldType):
    """A sorted tuple of codes without repeats; choosing nothing is blank."""

    name = "multi_select"
    label = "Multi-select picklist"
    summary = "Several choices from a list."
    accepts = "The codes of options that are active, in any order, separated by a semicolon: km;vi."
    storage = Storage.CODES
    family = "codes"
    sortable = False
    can_be_unique = False
    options: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "picklist": PICKLIST_OPTION,
        "depends_on": DEPENDENCE_OPTION,
        "options_when": OPTIONS_WHEN_OPTION,
    }
    required_options = ("picklist",)

    def check(self, definition: FieldDefinition, application: Application, path: Path) -> Iterator[Problem]:
        yield from check_picklist(definition, application, path)

    def coercer(self, definition: FieldDefinition, context: CoercionContext) -> Coercer:
        return codes_coercer(picklist_of(definition, context.application).by_code)

    def to_text(self, definition: FieldDefinition, value: Any) -> str:
        return join_codes(value)

    def from_text(self, definition: FieldDefinition, text: str) -> Value:
        return codes_from(text)


def codes_coercer(options: Mapping[str, Option], fold: Callable[[str], str] = str) -> Coercer:
    """Takes active codes, each as ``fold`` writes it."""
    accepted = frozenset(code for code, option in options.items() if option.active)

    def coerce(raw: Any) -> Value | None:
        codes = {fold(_text(code)) for code in split_codes(raw)} - {""}
        for code in sorted(codes - accepted):
            raise refuse_code(code, options)
        return tuple(sorted(codes)) or None

    return coerce


def codes_from(text: str) -> tuple[str, ...]:
    """The codes of a canonical text."""
    return tuple(text.strip("|").split("|"))


def join_codes(codes: Iterable[str]) -> str:
    """``|a|b|``, sorted by code point, so that equal selections have equal texts."""
    return "|" + "|".join(sorted(set(codes))) + "|"


def split_codes(raw: Any) -> Iterable[Any]:
    """The codes in a list, or in text as ``|a|b|`` or ``a;b``."""
    if isinstance(raw, str):
        return raw.split("|" if "|" in raw else ";")
    if isinstance(raw, (list, tuple, set, frozenset)):
        return raw
    raise Rejected("not_an_option", N_("Choose from the options, by their codes, like a;b."))


def _text(code: Any) -> str:
    if not isinstance(code, str):
        raise Rejected("not_an_option", N_("Choose from the options, by their codes, like a;b."))
    return code.strip()
