"""Every widget, by the family or the field type it serves. Collected and checked once, at import."""

from __future__ import annotations

from collections.abc import Mapping

from amparo.metadata.collecting import collect
from amparo.metadata.fields.registry import field_type
from amparo.metadata.model import FieldDefinition
from amparo.runtime.web.widgets.addresses import AddressWidget
from amparo.runtime.web.widgets.base import Widget
from amparo.runtime.web.widgets.boolean import BooleanWidget
from amparo.runtime.web.widgets.codes import CodesWidget, CodeWidget
from amparo.runtime.web.widgets.contacts import EmailWidget, PhoneWidget, UrlWidget
from amparo.runtime.web.widgets.dates import DateWidget, InstantWidget
from amparo.runtime.web.widgets.files import FileWidget
from amparo.runtime.web.widgets.geolocations import GeolocationWidget
from amparo.runtime.web.widgets.money import CurrencyWidget, PercentWidget
from amparo.runtime.web.widgets.numbers import DecimalWidget, IntegerWidget
from amparo.runtime.web.widgets.partial_dates import BirthDateWidget, PartialDateWidget
from amparo.runtime.web.widgets.places import PlaceWidget
from amparo.runtime.web.widgets.rating import RatingWidget
from amparo.runtime.web.widgets.reference import ReferenceWidget
from amparo.runtime.web.widgets.rich_text import RichTextWidget
from amparo.runtime.web.widgets.text import GoneWidget, LongTextWidget, TextWidget
from amparo.runtime.web.widgets.time import TimeWidget

WIDGETS: Mapping[str, Widget] = collect(
    (
        TextWidget(),
        LongTextWidget(),
        RichTextWidget(),
        EmailWidget(),
        PhoneWidget(),
        UrlWidget(),
        IntegerWidget(),
        DecimalWidget(),
        CurrencyWidget(),
        PercentWidget(),
        RatingWidget(),
        BooleanWidget(),
        DateWidget(),
        InstantWidget(),
        TimeWidget(),
        CodeWidget(),
        CodesWidget(),
        ReferenceWidget(),
        PartialDateWidget(),
        BirthDateWidget(),
        AddressWidget(),
        GeolocationWidget(),
        PlaceWidget(),
        FileWidget(),
        GoneWidget(),
    )
)


def widget_of(definition: FieldDefinition) -> Widget:
    """That of the field's type where it has one of its own, else that of its family."""
    kind = field_type(definition.type)
    return WIDGETS[kind.name if kind.name in WIDGETS else kind.family]
