"""Points on a map: one box for both coordinates, and with script a button for where the device is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext

from amparo.metadata.model import FieldDefinition
from amparo.metadata.wording import N_
from amparo.runtime.fields.geolocation import decimals_kept
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Entry, Question, Widget

#: How far apart two neighbouring points are, by the decimals that are kept; at the equator, where it is most.
_EXACTNESS: Mapping[int, str] = {
    0: N_("It is rounded to about 100 km before it is saved."),
    1: N_("It is rounded to about 10 km before it is saved."),
    2: N_("It is rounded to about 1 km before it is saved."),
    3: N_("It is rounded to about 100 m before it is saved."),
    4: N_("It is rounded to about 10 m before it is saved."),
    5: N_("It is rounded to about 1 m before it is saved."),
    6: N_("It is rounded to about 10 cm before it is saved."),
}


class GeolocationWidget(Widget):
    name = "geolocation"
    kind = "figure"

    def entry(self, definition: FieldDefinition, value: Any, zone: ZoneInfo) -> Entry:
        return Entry(value.in_words(decimals_kept(definition)))

    def dress(self, question: Question, visit: Visit, definition: FieldDefinition, entry: Entry) -> None:
        question.width = "medium"
        question.decimals = decimals_kept(definition)
        question.hint = gettext(_EXACTNESS[question.decimals])
