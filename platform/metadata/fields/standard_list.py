"""Choices from lists that every installation has, such as the countries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, ClassVar

from amparo.metadata.fields.base import Coercer, CoercionContext, Storage, TextFieldType, Value
from amparo.metadata.fields.picklist import code_coercer
from amparo.metadata.model import Application, FieldDefinition, Option, Picklist
from amparo.metadata.problems import Path, Problem
from amparo.metadata.wording import N_


def codes_option(pattern: str, example: str) -> Mapping[str, Any]:
    return {
        "type": "array",
        "items": {
            "type": "string",
            "pattern": pattern,
            "patternErrorMessage": N_("Write a code as the standard does."),
        },
        "minItems": 1,
        "uniqueItems": True,
        "description": f"The codes that may be chosen, in this order, such as {example}. Without it, all of them.",
    }


class StandardList(TextFieldType):
    """A code of a standard. Codes that the option ``codes`` leaves out can be read and no longer chosen."""

    storage = Storage.TEXT
    family = "code"
    #: Every code of the standard.
    codes: ClassVar[Sequence[str]]

    def check(self, definition: FieldDefinition, application: Application, path: Path) -> Iterator[Problem]:
        for index, code in enumerate(definition.options.get("codes", ())):
            if code not in self.codes:
                advice = N_("“{name}” is not in the list of the standard. Leave it out.")
                yield Problem("unknown_name", str(path / "codes" / index), code, advice, {"name": code})

    def choices(self, definition: FieldDefinition, application: Application) -> Picklist:
        return _list_of(self.name, tuple(self.codes), tuple(definition.options.get("codes", ())))

    def coercer(self, definition: FieldDefinition, context: CoercionContext) -> Coercer:
        options = self.choices(definition, context.application).by_code
        read, fold = code_coercer(options), self.folding(options)

        def coerce(raw: Any) -> Value | None:
            return read(fold(raw) if isinstance(raw, str) else raw)

        return coerce

    def folding(self, options: Mapping[str, Option]) -> Callable[[str], str]:
        """Writes a code as the standard does. What is no code stays as it is, to be refused in its writer's words."""
        change_case = str.upper if self.codes[0].isupper() else str.lower

        def fold(text: str) -> str:
            code = change_case(text.strip())
            return code if code in options else text

        return fold


@lru_cache(maxsize=256)
def _list_of(name: str, codes: tuple[str, ...], limited: tuple[str, ...]) -> Picklist:
    """The list as a picklist without labels: whoever shows it knows the names in the reader's language."""
    chosen = dict.fromkeys(code for code in limited if code in codes) if limited else dict.fromkeys(codes)
    rest = (code for code in codes if code not in chosen)
    options = (*(Option(code, code) for code in chosen), *(Option(code, code, active=False) for code in rest))
    return Picklist(id="", name=name, label=name, options=options, is_ordered=bool(limited))
