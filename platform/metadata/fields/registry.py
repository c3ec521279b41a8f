"""Every field type, by name. Collected and checked once, when this module is first imported."""

from __future__ import annotations

from collections.abc import Mapping

from amparo.metadata.collecting import collect
from amparo.metadata.fields.address import AddressType
from amparo.metadata.fields.auto_number import AutoNumber
from amparo.metadata.fields.base import FieldType, Storage
from amparo.metadata.fields.checkbox import Checkbox
from amparo.metadata.fields.countries import Countries
from amparo.metadata.fields.country import Country
from amparo.metadata.fields.currency import Currency
from amparo.metadata.fields.date import Date
from amparo.metadata.fields.date_time import DateTime
from amparo.metadata.fields.decimal import Decimal
from amparo.metadata.fields.email import Email
from amparo.metadata.fields.external_id import ExternalId
from amparo.metadata.fields.file import File
from amparo.metadata.fields.geolocation import GeolocationType
from amparo.metadata.fields.gone import stand_in
from amparo.metadata.fields.image import Image
from amparo.metadata.fields.integer import Integer
from amparo.metadata.fields.language import Language
from amparo.metadata.fields.location import Location
from amparo.metadata.fields.long_text import LongText
from amparo.metadata.fields.lookup import Lookup
from amparo.metadata.fields.master_detail import MasterDetail
from amparo.metadata.fields.multi_select import MultiSelect
from amparo.metadata.fields.partial_date import BirthDate, PartialDateType
from amparo.metadata.fields.percent import Percent
from amparo.metadata.fields.phone import Phone
from amparo.metadata.fields.picklist import Picklist
from amparo.metadata.fields.rating import Rating
from amparo.metadata.fields.rich_text import RichText
from amparo.metadata.fields.signature import Signature
from amparo.metadata.fields.text import Text
from amparo.metadata.fields.time import Time
from amparo.metadata.fields.url import Url
from amparo.metadata.model import FieldDefinition

#: name -> type, in the order implementation staff see them.
FIELD_TYPES: Mapping[str, FieldType] = collect(
    (
        Text(),
        LongText(),
        RichText(),
        Email(),
        Phone(),
        Url(),
        Integer(),
        Decimal(),
        Currency(),
        Percent(),
        Rating(),
        Checkbox(),
        Date(),
        DateTime(),
        PartialDateType(),
        BirthDate(),
        Time(),
        Picklist(),
        MultiSelect(),
        Country(),
        Countries(),
        Language(),
        Lookup(),
        MasterDetail(),
        AddressType(),
        GeolocationType(),
        Location(),
        AutoNumber(),
        File(),
        Image(),
        Signature(),
        ExternalId(),
    )
)


def is_answerable(field: FieldDefinition) -> bool:
    """Whether people give the answer: it is neither computed nor made by the system."""
    return not field.is_computed and field_type(field.type).is_answerable


def is_importable(field: FieldDefinition) -> bool:
    """Whether a table that is imported can carry the answer."""
    return not field.is_computed and field_type(field.type).is_importable


def field_type(name: str, storage: Storage = Storage.TEXT) -> FieldType:
    """The type of that name; for one that this installation does not have, what reads ``storage`` in its place."""
    return FIELD_TYPES.get(name) or stand_in(storage)
