"""Invented content for the specimen pages: no person and no place in it exists."""

from __future__ import annotations

from typing import Any

from web.look.wording import Words

SCRIPT_NAMES = (
    ("សុភា ចាន់", "km", "RS-0431"),
    ("Sunita Tamang", "en", "RS-0412"),
    ("Nguyễn Thị Hạnh", "vi", "RS-0398"),
    ("ማርታ በቀለ", "am", "RS-0420"),
    ("နွယ်နီဝင်း", "my", "RS-0377"),
    ("سلمى حداد", "ar", "RS-0365"),
    ("พิมพ์ชนก ศรีสุข", "th", "RS-0341"),
    ("सुमन थापा", "ne", "RS-0302"),
)


def shell(words: Words, theme: str) -> dict[str, Any]:
    """What base.html asks of every page."""
    pages = (("Home", "home"), ("Cases", "folder"), ("People", "people"), ("Tasks", "check_box"), ("Reports", "chart"))
    phone = (pages[0], pages[1], ("New", "plus_circle"), pages[3], ("More", "menu"))
    return {
        "language": words.language,
        "direction": "rtl" if words.language == "ar" else "ltr",
        "theme": theme,
        "home_url": "/record",
        "navigation": [navigation_word(words, page) for page in pages],
        "phone_navigation": [navigation_word(words, page) for page in phone],
        "find_url": "/list",
        "query": "",
        "person": {"url": "/home", "initials": "CS", "name": "Chan Sreymom"},
        "leave": {"url": "/leave", "away_url": "/away"},
        "organisation": "Riverside Shelter",
        "languages": languages(words),
        "print_note": "Riverside Shelter, RS-0420",
    }


def navigation_word(words: Words, page: tuple[str, str]) -> dict[str, Any]:
    return {"url": "/list", "label": words(page[0]), "icon": page[1], "is_current": page[0] == "Cases"}


def languages(words: Words) -> list[dict[str, Any]]:
    names = {"en": "English", "km": "ខ្មែរ", "ar": "العربية"}
    return [
        {"code": code, "label": label, "url": f"?language={code}", "is_current": code == words.language}
        for code, label in names.items()
    ]


def reasons(words: Words) -> list[dict[str, str]]:
    meanings = {
        "Unknown": "Asked. The person does not know.",
        "Refused": "Asked. The person chose not to say.",
        "Not asked": "We have not asked yet.",
        "Does not apply": "The question makes no sense here.",
    }
    return [
        {"code": label.lower().replace(" ", "_"), "label": words(label), "meaning": words(meaning)}
        for label, meaning in meanings.items()
    ]


def fields(words: Words) -> list[dict[str, Any]]:
    """One field of every widget family, some with errors, reasons and read-backs."""
    months = [{"code": number, "label": f"{number}"} for number in range(1, 13)]
    why = reasons(words)
    control = [
        {
            **words.options("Debt bondage", group="Money")[0],
            "help": words("Must work to pay off a debt, real or claimed"),
        },
        {**words.options("Takes earnings", group="Money")[0], "help": words("Her pay was taken to control her")},
        {**words.options("Restricts movement", group="Freedom")[0], "help": words("Locked in, watched or kept apart")},
        *words.options("Withholds documents", "Isolation", "Threats", "Violence", "False promises", group="Freedom"),
    ]
    match = {"id": "1", "name": "Al Noor Manpower", "detail": "Addis Ababa"}
    return [
        {"widget": "generated", "name": "number", "label": words("Case number"), "required": True},
        {
            "widget": "code",
            "name": "type",
            "label": words("Type of exploitation"),
            "required": True,
            "value": "Forced labour",
            "options": words.options("Sexual exploitation", "Forced labour", "Forced marriage", "Other"),
            "reasons": why,
        },
        {
            "widget": "code",
            "name": "country",
            "label": words("Country of exploitation"),
            "because": "Asked because you chose “Forced labour”." if words.language == "en" else "",
            "required": True,
            "value": "Kuwait",
            "as_select": True,
            "options": words.options("Thailand", "Kuwait"),
            "reasons": why,
        },
        {
            "widget": "date",
            "name": "began",
            "label": words("Date it began"),
            "help": words("Leave the day or the month empty if she does not know."),
            "errors": [words("The year 2062 is in the future. Enter a year up to 2026")],
            "parts": {"day": "", "month": 3, "year": "2062"},
            "months": months,
            "required": True,
            "reasons": why,
        },
        {
            "widget": "date",
            "name": "away",
            "label": words("Date she got away"),
            "kept": words("Kept as May 2026, day not known"),
            "parts": {"month": 5, "year": "2026"},
            "months": months,
            "required": True,
            "reasons": why,
        },
        {
            "widget": "reference",
            "name": "agency",
            "label": words("Recruiter or agency"),
            "source": "/lookup",
            "additions": [("Agency", "/form")],
            "chosen": [match],
            "matches": [{"id": "2", "name": "Al Noor Travel", "detail": "Beirut"}],
            "reasons": why,
        },
        {
            "widget": "codes",
            "name": "control",
            "label": words("Means of control"),
            "help": words("Choose every one she describes."),
            "required": True,
            "value": ["Takes earnings", "Restricts movement"],
            "options": control,
            "reasons": why,
        },
        {
            "widget": "text",
            "name": "phone",
            "label": words("Phone"),
            "width": "medium",
            "reasons": why,
            "is_sensitive": True,
        },
        {"widget": "integer", "name": "age", "label": words("Age"), "value": "24", "required": True},
        {
            "widget": "decimal",
            "name": "debt",
            "label": words("Debt to the recruiter"),
            "unit": "USD",
            "missing": "refused",
            "required": True,
            "reasons": why,
        },
        {"widget": "boolean", "name": "consent", "label": words("Consent"), "required": True, "value": "true"},
        {
            "widget": "instant",
            "name": "visit",
            "label": words("Last activity"),
            "parts": {"day": "6", "month": 6, "year": "2026", "time": "14:30"},
            "months": months,
            "zone": "Phnom Penh",
        },
        {"widget": "long_text", "name": "story", "label": words("What happened"), "value": "ሰላም\nShe feels safe."},
        {"widget": "file", "name": "file", "label": words("Documents"), "required": True, "accept": ".csv"},
    ]


def rows(words: Words) -> list[dict[str, Any]]:
    states = (("Assessment", "under_way"), ("Support", "active"), ("Screening", "new"), ("Closed", "closed"))
    gap = {"kind": "gap", "url": "/form"}
    unknown = {"kind": "missing", "text": words("Unknown")}
    countries = (words.text("Thailand"), words.text("Kuwait"), gap, unknown)
    result = []
    for place, (name, language, number) in enumerate(SCRIPT_NAMES):
        status, state = states[place % 4]
        gaps = {"kind": "figure", "text": str(place % 4), "is_gap": place % 4 > 0}
        cells = [
            {"value": {"kind": "status", "text": words(status), "state": state}, "classes": "lead-cell"},
            _small(words, "Country of exploitation", countries[place % 4], " first-meta"),
            _small(words, "Last activity", words.text("6 June, referral received")),
            _small(words, "Gaps", gaps, " figure"),
        ]
        row = {"id": place, "url": "/record", "name": name, "lang": language, "number": number, "cells": cells}
        result.append({**row, "is_restricted": place == 3})
    return result


def _small(words: Words, label: str, value: Any, classes: str = "") -> dict[str, Any]:
    return {"value": value, "classes": f"meta-cell{classes}", "label": words(label)}


def columns(words: Words) -> list[dict[str, Any]]:
    return [
        {"label": words("Person and case"), "sort_url": "?sort=name"},
        {"label": words("Status"), "sort_url": "?sort=status"},
        {"label": words("Country of exploitation")},
        {"label": words("Last activity"), "sort_url": "?sort=activity", "sorted": "descending"},
        {"label": words("Gaps"), "is_figure": True},
    ]


def timeline(words: Words) -> list[dict[str, Any]]:
    change = {
        "label": words("Status"),
        "old": words.text("Referred"),
        "new": words.text("Screening"),
    }
    first = {"label": words("Phone"), "old": {"kind": "blank"}, "new": words.text("Unknown")}
    return [
        {
            "label": "6.6.2026",
            "entries": [
                {"kind": "changed", "changes": [change, first], "meta": "16:20, Chan Sreymom"},
                {"kind": "opened", "text": "Kim Dara", "meta": "14:40"},
                {"kind": "created", "text": words("Case RS-0420"), "meta": "11:10, Kim Dara"},
            ],
        },
    ]


def conflict_rows(words: Words) -> list[dict[str, Any]]:
    return [
        {
            "name": "place",
            "label": words("Safe way to reach her"),
            "before": {"kind": "gap"},
            "mine": words.text("Phone"),
            "theirs": words.text("Signal message, after 18:00 only"),
            "chosen": "theirs",
        },
        {
            "name": "consent",
            "label": words("Consent"),
            "before": {"kind": "blank"},
            "mine": {"kind": "missing", "text": words("Refused")},
            "theirs": words.text("Kuwait"),
            "care": "If in doubt, keep “Refused” and ask again." if words.language == "en" else "",
        },
    ]


def chart(words: Words) -> dict[str, Any]:
    figures = (("Forced labour", 72), ("Domestic servitude", 70), ("Sexual exploitation", 34), ("Forced marriage", 20))
    return {
        "caption": words("Type of exploitation"),
        "label_head": words("Type of exploitation"),
        "figure_head": words("Cases"),
        "rows": [
            {
                "label": words(label),
                "text": str(count),
                "share": f"{100 * count // 196}%",
                "parts": [{"series": 1, "percent": 60 * count / 72}, {"series": 2, "percent": 40 * count / 72}],
            }
            for label, count in figures
        ],
        "series": ["18–24", "25–34"],
        "missing": {"count": "23", "text": words("Gaps"), "link": {"url": "/list", "label": words("Cases")}},
    }


def figures(words: Words) -> dict[str, Any]:
    heads = [{"label": words("Type of exploitation"), "is_group": True}]
    heads += [{"label": label} for label in ("12–17", "18–24", "25–34", "35–44", "45+")]
    labels = ("Forced labour", "Domestic servitude", "Sexual exploitation")
    return {
        "caption": words("Type of exploitation"),
        "heads": [*heads, {"label": words("Gaps"), "is_gap": True}],
        "rows": [{"cells": figure_cells(words(label), place)} for place, label in enumerate(labels)],
        "totals": figure_cells(words("Cases"), 7),
    }


def figure_cells(label: str, place: int) -> list[dict[str, Any]]:
    numbers = [{"text": str(1000 * place + column), "url": "/list"} for column in range(5)]
    return [{"text": label, "is_group": True}, *numbers, {"text": str(place), "is_gap": True}]
