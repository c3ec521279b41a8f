"""One code out of a picklist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from amparo.metadata.fields.base import Coercer, CoercionContext, Rejected, Storage, TextFieldType, Value
from amparo.metadata.fields.dependence import DEPENDENCE_OPTION, OPTIONS_WHEN_OPTION
from amparo.metadata.model import Application, FieldDefinition, Option
from amparo.metadata.model import Picklist as PicklistDefinition
from amparo.metadata.problems import Path, Problem, near_name
from amparo.metadata.wording import N_

PICKLIST_OPTION: Mapping[str, Any] = {
    "type": "string",
    "description": "The name of the picklist whose codes may be chosen (a file in picklists/).",
}


def check_picklist(definition: FieldDefinition, application: Application, path: Path) -> Iterator[Problem]:
    """A problem when the field names a picklist that is not there."""
    name = definition.options.get("picklist")
    if isinstance(name, str) and name not in application.picklists:
        near = near_name(name, application.picklists)
        if near is None:
            advice, params = (
                N_("There is no picklist “{name}”. Add the file picklists/{name}.json."),
                {"name": name},
            )
        else:
            advice = N_("There is no picklist “{name}”. Did you mean “{near}”?")
            params = {"name": name, "near": near}
        yield Problem("unknown_name", str(path / "picklist"), name, advice, params)


def picklist_of(definition: FieldDefinition, application: Application) -> PicklistDefinition:
    return application.picklists[definition.options["picklist"]]


#: Letters of a code that many words hold: who writes “Cam” does not mean CM, Cameroon.
_SAYS_LITTLE = 2


def refuse_code(raw: Any, options: Mapping[str, Option]) -> Rejected:
    """Why ``raw`` is not one of the active codes of ``options``, and what would do."""
    if not isinstance(raw, str):
        return Rejected("not_an_option", N_("Choose one of the options, by its code."))
    text = raw.strip()
    option = options.get(text)
    if option is not None:
        return Rejected(
            "option_inactive", N_("“{option}” can no longer be chosen. Choose another."), option=option.label
        )
    active = [code for code, each in options.items() if each.active]
    same = [code for code in active if text.casefold() in (options[code].label.casefold(), code.casefold())]
    near = same[0] if same else near_name(text, [code for code in active if len(code) > _SAYS_LITTLE])
    if near is not None:
        return Rejected("not_an_option", N_("“{text}” is not an option. Did you mean “{near}”?"), text=text, near=near)
    return Rejected("not_an_option", N_("“{text}” is not an option. Choose one from the list."), text=text)


class Picklist(TextFieldType):
    """The stored value is the code; the label is for people and may be translated."""

    name = "picklist"
    label = "Picklist"
    summary = "One choice from a list."
    accepts = "The code of an option that is active."
    storage = Storage.TEXT
    family = "code"
    options: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "picklist": PICKLIST_OPTION,
        "depends_on": DEPENDENCE_OPTION,
        "options_when": OPTIONS_WHEN_OPTION,
    }
    required_options = ("picklist",)

    def check(self, definition: FieldDefinition, application: Application, path: Path) -> Iterator[Problem]:
        yield from check_picklist(definition, application, path)

    def coercer(self, definition: FieldDefinition, context: CoercionContext) -> Coercer:
        return code_coercer(picklist_of(definition, context.application).by_code)


def code_coercer(options: Mapping[str, Option]) -> Coercer:
    """Takes one of the active codes."""
    accepted = {code: code for code, option in options.items() if option.active}

    def coerce(raw: Any) -> Value | None:
        try:
            return accepted[raw]
        except (KeyError, TypeError):
            return _stripped_code(raw, accepted, options)

    return coerce


def _stripped_code(raw: Any, accepted: Mapping[str, str], options: Mapping[str, Option]) -> str | None:
    """Spaces around a code come from spreadsheets; codes have none."""
    if isinstance(raw, str):
        code = raw.strip()
        if not code:
            return None
        if code in accepted:
            return accepted[code]
    raise refuse_code(raw, options)
