"""The record that this record belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from amparo.metadata.fields.lookup import OBJECT_OPTION, Lookup
from amparo.metadata.model import Application, FieldDefinition
from amparo.metadata.problems import Path, Problem
from amparo.metadata.wording import N_


class MasterDetail(Lookup):
    """A lookup that is always required; details are deleted and restored with their master."""

    name = "master_detail"
    label = "Master-detail"
    summary = "A link to the record this one belongs to. Deleting that record deletes this one with it."
    accepts = "The identifier of the record, of 36 characters. Pages offer records by their names."
    can_be_unique = False
    options: ClassVar[Mapping[str, Mapping[str, Any]]] = {"object": OBJECT_OPTION}
    required_options = ("object",)
    options_together: ClassVar[Mapping[str, Any]] = {}

    def check(self, definition: FieldDefinition, application: Application, path: Path) -> Iterator[Problem]:
        yield from super().check(definition, application, path)
        if not definition.required:
            advice = N_("Remove “required”: a master-detail field is always required.")
            yield Problem("always_required", str(path / "required"), False, advice)
        if definition.missing_reasons:
            advice = N_("Remove “missing_reasons”: a detail always belongs to a master.")
            yield Problem("always_required", str(path / "missing_reasons"), list(definition.missing_reasons), advice)
