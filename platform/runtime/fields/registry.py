"""The words of field types that have their own, by type."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from amparo.runtime.fields.address import AddressWords
from amparo.runtime.fields.base import Words
from amparo.runtime.fields.currency import CurrencyWords
from amparo.runtime.fields.email import EmailWords
from amparo.runtime.fields.geolocation import GeolocationWords
from amparo.runtime.fields.location import LocationWords
from amparo.runtime.fields.percent import PercentWords
from amparo.runtime.fields.phone import PhoneWords
from amparo.runtime.fields.rating import RatingWords
from amparo.runtime.fields.rich_text import RichTextWords
from amparo.runtime.fields.time import TimeWords

WORDS: Mapping[str, Words] = MappingProxyType(
    {
        each.name: each
        for each in (
            AddressWords(),
            CurrencyWords(),
            EmailWords(),
            GeolocationWords(),
            LocationWords(),
            PercentWords(),
            PhoneWords(),
            RatingWords(),
            RichTextWords(),
            TimeWords(),
        )
    }
)
