"""A tree of places as large as a country's: invented names in three languages, the same every time."""

from __future__ import annotations

from collections.abc import Iterator

from amparo.metadata.places import Place, PlaceTree
from amparo.runtime.collation.alphabets import COMMON
from amparo.runtime.places.reading import tree_of

#: Children of one place at each level below the top.
_WIDTHS = {"province": 25, "district": 8, "commune": 8, "village": 9}
_SYLLABLES = (("Kam", "កំ", "كام"), ("pong", "ពង់", "بونغ"), ("Bat", "បាត់", "بات"), ("Tra", "ត្រា", "ترا"),
              ("Sre", "ស្រែ", "سري"), ("Chey", "ជ័យ", "تشي"), ("Thmey", "ថ្មី", "ثمي"), ("Doun", "ដូន", "دون"))  # fmt: skip

#: A few whose names people know, two of them alike.
SMALL = [
    Place("12", None, "province", "Phnom Penh", {"km": "ភ្នំពេញ", "ar": "بنوم بنه"}),
    Place("1201", "12", "district", "Chamkar Mon", {"km": "ចំការមន"}),
    Place("120101", "1201", "commune", "Tonle Basak", {"km": "ទន្លេបាសាក់"}),
    Place("02", None, "province", "Battambang", {"km": "បាត់ដំបង"}),
    Place("0201", "02", "district", "Banan", {"km": "បាណន់"}),
    Place("020101", "0201", "commune", "Chheu Teal", {"km": "ឈើទាល"}),
    Place("0202", "02", "district", "Thma Koul", {"km": "ថ្មគោល"}),
    Place("020201", "0202", "commune", "Chheu Teal", {"km": "ឈើទាល"}),
    Place("99", None, "province", "Old Province", closed=True),
]


def small_tree() -> PlaceTree:
    return tree_of(SMALL, COMMON)


def _names(number: int) -> tuple[str, dict[str, str]]:
    """Three syllables; one name in a few hundred stands for several places."""
    digits = (number % 8, number // 8 % 8, number // 64 % 8)
    english, khmer, arabic = ("".join(_SYLLABLES[digit][script] for digit in digits) for script in range(3))
    return f"{english} {number % 41}", {"km": f"{khmer} {number % 41}", "ar": f"{arabic} {number % 41}"}


def large_tree() -> list[Place]:
    """16,225 places: 25 provinces, 200 districts, 1,600 communes and 14,400 villages, from the top down."""
    return list(_grown(None, list(_WIDTHS)))


def _grown(parent: str | None, levels: list[str]) -> Iterator[Place]:
    if not levels:
        return
    for number in range(1, _WIDTHS[levels[0]] + 1):
        code = f"{parent or ''}{number:02}"
        name, names = _names(int(code) * 31)
        yield Place(code, parent, levels[0], name, names)
        yield from _grown(code, levels[1:])
