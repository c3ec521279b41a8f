"""Schemas of the application file and of translations."""

from __future__ import annotations

from amparo.metadata.limits import LONGEST_HELP, MOST_HOME, MOST_LANGUAGES, MOST_NAVIGATION
from amparo.metadata.naming import LANGUAGE_ADVICE, LANGUAGE_PATTERN
from amparo.metadata.schemas.parts import (
    Schema,
    closed,
    file_schema,
    identifier,
    label,
    listing,
    name,
    reference,
)

_LANGUAGE: Schema = {
    "type": "string",
    "pattern": LANGUAGE_PATTERN,
    "patternErrorMessage": LANGUAGE_ADVICE,
    "description": "The code of a language, such as en or km.",
}

APPLICATION = file_schema(
    "application",
    {
        "id": identifier("application"),
        "name": name("application"),
        "label": label("What people call the application."),
        "languages": listing(_LANGUAGE, "The languages people may choose.", MOST_LANGUAGES, least=1, uniqueItems=True),
        "default_language": {
            **_LANGUAGE,
            "description": "The language of who has chosen none; its alphabet sorts names. One of languages.",
        },
        "time_zone": {
            "type": "string",
            "description": "The time zone in which days begin and times are shown, such as Asia/Phnom_Penh.",
        },
        "navigation": listing(
            reference("The name of an object."),
            "The objects in the head of every page, in order.",
            MOST_NAVIGATION,
            uniqueItems=True,
        ),
        "home": listing(
            reference("The name of a list view."),
            "The list views that the first page begins with, in order: what is due. An empty one is not shown.",
            MOST_HOME,
            uniqueItems=True,
        ),
    },
    ["id", "name"],
    "What holds for the whole application.",
)

_TEXT: Schema = {"type": "string", "minLength": 1, "maxLength": LONGEST_HELP}

TRANSLATION = file_schema(
    "translation",
    {
        "id": identifier("translation"),
        "language": {**_LANGUAGE, "description": "The language of the texts in this file."},
        "labels": {
            "type": "object",
            "description": "Texts by the id of their definition; a picklist's options as id:code.",
            "additionalProperties": closed(
                {
                    "label": {**_TEXT, "description": "The label in this language."},
                    "plural": {**_TEXT, "description": "The plural of an object in this language."},
                    "help": {**_TEXT, "description": "The help in this language."},
                    "lowest_label": {**_TEXT, "description": "What 1 means on a rating."},
                    "highest_label": {
                        **_TEXT,
                        "description": "What the highest number of a rating means.",
                    },
                    "message": {**_TEXT, "description": "The message of a validation rule in this language."},
                },
                [],
                "The texts of one definition.",
            ),
        },
    },
    ["id", "language", "labels"],
    "Labels of the application in one language.",
)
