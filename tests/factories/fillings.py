"""What somebody fills in for every field of ``factories.every_type``, how it reads then, and what finds it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import FilePayload, Page, expect

from factories import files

#: An operator, and what is typed or chosen beside it.
Condition = tuple[str, str]


@dataclass(frozen=True)
class Desk:
    """Somebody at a form, and whether their browser knows script."""

    page: Page
    language: str
    script: bool
    number: str


@dataclass(frozen=True)
class Filling:
    """``shown`` stands on the record, in Arabic ``in_arabic`` where that differs; empty for words that change.

    ``found_by`` holds for it, and not for :data:`OTHER`.
    """

    fill: Callable[[Desk, str], None]
    shown: str
    found_by: Condition
    in_arabic: str = ""

    def words(self, desk: Desk) -> str:
        words = self.in_arabic if desk.language == "ar" and self.in_arabic else self.shown
        return words.replace("{number}", desk.number)


def typed(text: str, in_arabic: str = "") -> Callable[[Desk, str], None]:
    def fill(desk: Desk, name: str) -> None:
        words = in_arabic if desk.language == "ar" and in_arabic else text
        desk.page.fill(f'[name="{name}"]', words.replace("{number}", desk.number))

    return fill


def chosen(code: str) -> Callable[[Desk, str], None]:
    def fill(desk: Desk, name: str) -> None:
        desk.page.select_option(f'[name="{name}"]', code)

    return fill


def pressed(*codes: str) -> Callable[[Desk, str], None]:
    def fill(desk: Desk, name: str) -> None:
        for code in codes:
            desk.page.check(f'[name="{name}"][value="{code}"]')

    return fill


def parts(**texts: str) -> Callable[[Desk, str], None]:
    """Of a day, an instant or an address: a box for each part."""

    def fill(desk: Desk, name: str) -> None:
        for part, text in texts.items():
            box = desk.page.locator(f'[name="{name}.{part}"]')
            if box.evaluate("box => box.tagName") == "SELECT":
                box.select_option(text)
            elif box.get_attribute("type") == "checkbox":
                box.check()
            else:
                box.fill(text)

    return fill


def sent(file_name: str, media_type: str, content: bytes) -> Callable[[Desk, str], None]:
    """With script it is sent at once; without, it goes with the form."""

    def fill(desk: Desk, name: str) -> None:
        payload = FilePayload(name=file_name, mimeType=media_type, buffer=content)
        desk.page.set_input_files(f'[name="{name}.file"]', payload)
        if desk.script:
            box = desk.page.locator(f'[data-field="{name}"] [data-file-name]')
            expect(box).to_have_text(file_name)

    return fill


def signed(desk: Desk, name: str) -> None:
    """By hand where there is script, else by typing the name."""
    if not desk.script:
        desk.page.fill(f'[name="{name}.typed"]', "Sokha Chan")
        return
    field = desk.page.locator(f'[data-field="{name}"]')
    field.locator(".signing-sheet").click(position={"x": 60, "y": 30})
    expect(field.locator("[data-file-name]")).to_have_text("signature.png")


def found(words: str) -> Callable[[Desk, str], None]:
    """A record by its name: while typing, or by “Find”."""

    def fill(desk: Desk, name: str) -> None:
        desk.page.fill(f"#f-{name}", words)
        if desk.script:
            desk.page.locator(f"#f-{name}-matches [role=option]", has_text=words).first.click()
        else:
            desk.page.click(f'button[name=find][value="{name}"]')
            desk.page.check(f'input[type=radio][name="{name}"]:not([value=""]) >> nth=0')

    return fill


def stepped(*codes: str) -> Callable[[Desk, str], None]:
    """A place from the top down."""

    def fill(desk: Desk, name: str) -> None:
        steps = desk.page.locator(f'[data-field="{name}"] .steps')
        steps.locator("summary").click()
        for above, code in zip(("", *codes), codes, strict=False):
            steps.locator(f'[data-step="{above}"] select').select_option(code)
            if not desk.script and code != codes[-1]:
                steps.locator("button[name=find]").click()
        if desk.script:
            expect(desk.page.locator(f'input[type=hidden][name="{name}"]')).to_have_value(codes[-1])

    return fill


FILLINGS: Mapping[str, Filling] = {
    "name": Filling(typed("Sheet {number}"), "Sheet {number}", ("starts_with", "Sheet")),
    "email": Filling(typed("Dara@Example.ORG"), "Dara@example.org", ("equals", "Dara@example.org")),
    "phone": Filling(typed("(023) 123-456", "(٠٢٣) ١٢٣-٤٥٦"), "023 123 456", ("contains", "123 45")),
    "website": Filling(typed("https://example.net/a"), "https://example.net/a", ("contains", "example.net")),
    "country": Filling(chosen("NP"), "Nepal", ("equals", "NP"), "نيبال"),
    "language": Filling(chosen("vi"), "Vietnamese", ("equals", "vi"), "الفيتنامية"),
    "wage": Filling(typed("$1,350.50", "١٬٣٥٠٫٥٠"), "1,350.50", ("equals", "1350.5")),
    "paid_in": Filling(pressed("thb"), "THB", ("equals", "thb")),
    "paid": Filling(typed("70"), "70.00", ("less_than", "100")),
    "share": Filling(typed("7.5%"), "7.5%", ("equals", "7.5%")),
    "safety": Filling(pressed("5"), "5/5", ("equals", "5")),
    "shift": Filling(typed("6.15 pm"), "18:15", ("equals", "18:15"), "6:15 م"),
    "plan": Filling(typed("First **call**\n\n- one\n- two"), "call", ("contains", "First")),
    "old_number": Filling(typed("X-{number}"), "X-{number}", ("starts_with", "X-")),
    "story": Filling(typed("Came by boat\nសុខា"), "Came by boat", ("contains", "សុខា")),
    "children": Filling(typed("3", "٣"), "3", ("equals", "3")),
    "height": Filling(typed("1.65", "١٫٦٥"), "1.65", ("between", "1.6;1.7")),
    "agreed": Filling(pressed("true"), "Yes", ("equals", "true"), "نعم"),
    "met_on": Filling(parts(day="5", month="3", year="2026"), "2026", ("equals", "2026-03-05")),
    "met_at": Filling(parts(day="6", month="3", year="2026", time="14:30"), "2026", ("greater_than", "2026-03-05")),
    "began": Filling(parts(month="2", year="2019", estimated="true"), "2019", ("less_than", "2020-01-01")),
    "born": Filling(parts(age="17"), "17 years old today, born", ("greater_than", "2001-01-01"), "17 سنة اليوم"),
    "work": Filling(pressed("sea"), "At sea", ("equals", "sea")),
    "trade": Filling(pressed("engine"), "Engine", ("equals", "engine")),
    "crossed": Filling(pressed("NP", "TH"), "Thailand", ("includes_any", "TH"), "تايلاند"),
    "harm": Filling(pressed("unpaid", "locked"), "Unpaid", ("includes_any", "locked")),
    # Before “Find” and “Next level”, which send the form: what was chosen has to come back with it.
    "paper": Filling(sent("letter.pdf", "application/pdf", files.PDF), "letter.pdf", ("contains", "letter")),
    "photo": Filling(sent("face.jpg", "image/jpeg", files.jpeg()), "face.jpg", ("starts_with", "face")),
    "signature": Filling(signed, "", ("is_not_blank", "")),
    "friend": Filling(found("Other"), "Other", ("equals", "Other")),
    "about": Filling(found("Blue folder"), "Blue folder", ("one_of", "Blue folder")),
    "home": Filling(parts(lines="12 Market", city="Pursat", country="KH"), "Pursat", ("contains", "market")),
    "point": Filling(typed("12°32′N 103°55′E"), "12.53, 103.92", ("within_distance", "12.5, 103.9; 20 km")),
    "lives_in": Filling(stepped("02", "0202", "020201"), "Thma Koul", ("in_place", "Battambang")),
    "secret": Filling(typed("Kingfisher"), "Kingfisher", ("equals", "Kingfisher")),
    "secret_day": Filling(parts(day="7", month="3", year="2026"), "2026", ("equals", "2026-03-07")),
}

#: The boxes of a row in the form of its sheet.
ROW: Mapping[str, Filling] = {
    "title": Filling(typed("Ticket"), "Ticket", ("equals", "Ticket")),
    "receipt": Filling(sent("ticket.pdf", "application/pdf", files.PDF), "ticket.pdf", ("contains", "ticket")),
    "bought_in": Filling(stepped("12", "1201"), "Chamkar Mon", ("in_place", "12")),
}

#: Another sheet, for which none of the conditions holds.
OTHER: dict[str, Any] = {
    "name": "Other",
    "email": "other@elsewhere.example",
    "phone": "012 999 999",
    "website": "https://elsewhere.example/",
    "country": "TH",
    "language": "km",
    "wage": "10",
    "paid_in": "usd",
    "paid": "4000",
    "share": "50",
    "safety": "1",
    "shift": "07:00",
    "plan": "Nothing yet",
    "old_number": "Y-1",
    "story": "Came by bus",
    "children": "1",
    "height": "1.9",
    "agreed": "no",
    "met_on": "2025-01-01",
    "met_at": "2025-01-01 10:00",
    "began": "2024",
    "born": "1970",
    "work": "land",
    "trade": "rice",
    "harm": ["beaten"],
    "crossed": ["VN"],
    "home": '{"lines": "House 3"}',
    "point": "-33.92, 18.42",
    "lives_in": "12",
    "secret": "Heron",
    "secret_day": "2020-01-01",
}
