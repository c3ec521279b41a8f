"""A place out of the organisation's own tree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from amparo.metadata.fields.base import Coercer, CoercionContext, Rejected, Storage, TextFieldType, Value
from amparo.metadata.fields.text import one_line, sound_text
from amparo.metadata.model import FieldDefinition
from amparo.metadata.places import Place, PlaceTree
from amparo.metadata.wording import N_

_LONGEST_TEXT = 1000
LONGEST_CODE = 60
#: They part codes in lists, filters and paths.
_NOT_IN_CODES = frozenset("|;,>/")
#: Candidates that are named where a name is not enough.
_MOST_NAMED = 5


def is_place_code(text: str) -> bool:
    """Whether a text may be the code of a place."""
    return 0 < len(text) <= LONGEST_CODE and text.isprintable() and text == text.strip() and not _NOT_IN_CODES & {*text}


class Location(TextFieldType):
    """The value is the code of the place: names may change, and are in the reader's language."""

    name = "location"
    label = "Location"
    summary = "A place out of the organisation's own list, such as a province, a district or a village."
    accepts = (
        "The code of a place; its name, where no other place has it; or its path, such as "
        "Chbar Mon, Kampong Speu. Names may be in any language."
    )
    storage = Storage.TEXT
    family = "place"
    can_be_unique = False
    options: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "levels": {
            "type": "array",
            "items": {"type": "string", "minLength": 1, "maxLength": 60},
            "minItems": 1,
            "uniqueItems": True,
            "description": "The levels that may be chosen, such as commune and village. Without it, any.",
        },
        "root": {
            "type": "string",
            "minLength": 1,
            "maxLength": LONGEST_CODE,
            "description": "The code of a place: only what lies in it may be chosen. Without it, any place.",
        },
    }

    def coercer(self, definition: FieldDefinition, context: CoercionContext) -> Coercer:
        places = context.places

        def coerce(raw: Any) -> Value | None:
            text = one_line(sound_text(raw).strip(), _LONGEST_TEXT)
            if not text:
                return None
            if places is None:
                return _well_formed(text)
            place = the_place(places, text)
            if refusal := unfit(definition, places, place):
                raise refusal
            return place.code

        return coerce


def read_place(places: PlaceTree | None, raw: Any) -> str | None:
    """The code of a place to ask for, also of one that can no longer be chosen; raises :class:`Rejected`."""
    text = one_line(sound_text(raw).strip(), _LONGEST_TEXT)
    if not text:
        return None
    return _well_formed(text) if places is None else the_place(places, text).code


def _well_formed(text: str) -> str:
    """Where no tree is at hand, as while definitions are checked, the code is taken at its word."""
    if is_place_code(text):
        return text
    raise Rejected("not_a_place", N_("Write the code of a place."))


def the_place(places: PlaceTree, text: str) -> Place:
    """The one place that a text means; raises :class:`Rejected` with the candidates where it could be several."""
    found = places.meant(text)
    if len(found) == 1:
        return found[0]
    if not found:
        advice = N_("There is no place “{text}”. Write its code, or its name as it is in the list of places.")
        raise Rejected("unknown_place", advice, text=text[:100])
    named = "; ".join(f"{places.path(place.code, '')} ({place.code})" for place in found[:_MOST_NAMED])
    advice = N_("“{text}” could be {number} places: {places}. Write the code, or what the place lies in.")
    shown = f"{named} …" if len(found) > _MOST_NAMED else named
    raise Rejected("ambiguous_place", advice, text=text[:100], number=len(found), places=shown)


def unfit(definition: FieldDefinition, places: PlaceTree, place: Place) -> Rejected | None:
    """Why a field does not take a place."""
    options = definition.options
    if place.closed:
        advice = N_("“{option}” can no longer be chosen. Choose another.")
        return Rejected("option_inactive", advice, option=place.name)
    if "root" in options and not places.is_within(place.code, options["root"]):
        advice = N_("“{place}” does not lie in {root}. Choose a place there.")
        return Rejected("outside_root", advice, place=place.name, root=places.path(options["root"], ""))
    if "levels" in options and place.level not in options["levels"]:
        advice = N_("“{place}” is of the level {level}. Choose one of the level {levels}.")
        return Rejected("wrong_level", advice, place=place.name, level=place.level, levels=", ".join(options["levels"]))
    return None
