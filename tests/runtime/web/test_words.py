"""What a page offers to choose from stands in the order of its reader's alphabet."""

from __future__ import annotations

import pytest

from amparo.metadata.building import application_from
from amparo.runtime.web.words import ReleaseWords
from factories.clinic import clinic_document, with_field

#: Some countries in the order of their names, of which a code point would put others first.
COUNTRIES = {
    "th": ("กรีซ", "กัมพูชา", "กาบอง", "เกาหลีใต้", "เคนยา", "แคนาดา", "ชิลี", "ไทย"),
    "uk": ("Гана", "Єгипет", "Ємен", "Індія", "Ірак", "Італія", "Йорданія", "Камбоджа"),
    "fr": ("Égypte", "Espagne", "Estonie", "Éthiopie", "Gabon"),
    "ar": ("إثيوبيا", "إسبانيا", "الأردن", "إيطاليا", "تونس", "مصر"),
}


@pytest.mark.parametrize("language", COUNTRIES)
def test_countries_are_offered_in_the_order_of_the_readers_alphabet(language: str) -> None:
    country = {"id": "person.born_in", "name": "born_in", "type": "country", "label": "Born in"}
    application = application_from(with_field(clinic_document(), "person", country))
    field = application.objects["person"].by_name["born_in"]
    labels = [option.label for option in ReleaseWords(application, language).options(field).values()]
    assert tuple(label for label in labels if label in COUNTRIES[language]) == COUNTRIES[language]
