"""The catalogue check notices what is new, gone, untranslated or broken."""

from __future__ import annotations

from babel.messages.catalog import Catalog

from tools.catalogues import TEMPLATE, collect, compare, find_incomplete, messages_of


def catalogue(**messages: str) -> Catalog:
    made = Catalog(locale="ar")
    for text, translation in messages.items():
        made.add(text, translation)
    return made


def test_messages_are_collected_from_pages_and_from_code() -> None:
    origins = {location[0] for message in collect() for location in message.locations}
    assert any(name.endswith(".html") for name in origins)
    assert any(name.startswith("platform/metadata/") for name in origins)
    assert not any(name.startswith("src/amparo/runtime") for name in origins)


def test_a_new_and_a_gone_message_are_named() -> None:
    found = list(compare(TEMPLATE, messages_of(catalogue(new="")), messages_of(catalogue(gone=""))))
    assert [("'new'" in line, "'gone'" in line) for line in found] == [(True, False), (False, True)]


def test_the_same_messages_in_another_order_are_no_finding() -> None:
    assert not list(compare(TEMPLATE, messages_of(catalogue(a="", b="")), messages_of(catalogue(b="", a=""))))


def test_an_untranslated_message_is_named() -> None:
    assert ["'Case' is not translated" in line for line in find_incomplete(TEMPLATE, catalogue(Case=""))] == [True]


def test_a_fuzzy_translation_is_named() -> None:
    made = Catalog(locale="ar")
    made.add("Case", "حالة", flags=["fuzzy"])
    assert ["fuzzy" in line for line in find_incomplete(TEMPLATE, made)] == [True]


def test_a_plural_form_that_is_missing_is_named() -> None:
    made = Catalog(locale="ar")
    made.add(("%(num)s case", "%(num)s cases"), ("%(num)s حالة", "", "", "", "", ""))
    assert any("not translated" in line for line in find_incomplete(TEMPLATE, made))


def test_a_translation_that_lost_its_placeholder_is_named() -> None:
    made = Catalog(locale="ar")
    made.add("Saved by %(name)s", "حفظ %(nam)s", flags=["python-format"])
    assert any("placeholder" in line for line in find_incomplete(TEMPLATE, made))


def test_a_day_that_its_sentence_would_turn_round_is_named() -> None:
    turned = catalogue(Day="مثل 2026-03-31", Phone="مثل +855 12 345")
    assert ["turn round" in line for line in find_incomplete(TEMPLATE, turned)] == [True, True]
    assert not list(find_incomplete(TEMPLATE, catalogue(Day="مثل \u20662026-03-31\u2069 أو 31/03/2026")))


def test_a_complete_catalogue_has_no_findings() -> None:
    assert not list(find_incomplete(TEMPLATE, catalogue(Case="حالة")))
