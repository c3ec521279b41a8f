"""The formula of a list or a report, in words, so that whoever reads it knows what it holds."""

from __future__ import annotations

from flask_babel import gettext

from amparo.runtime.web.visits import Visit


def only_when_words(visit: Visit, object_name: str, text: str | None) -> str:
    """Empty where there is none."""
    if not text:
        return ""
    # They load the parser, which no other list needs.
    from amparo.metadata.formulas.checking import check_formula  # noqa: PLC0415
    from amparo.metadata.formulas.reading_aloud import read_in_one_line  # noqa: PLC0415
    from amparo.runtime.serializer.readings import ReadingWords  # noqa: PLC0415

    shapes = visit.release.shapes
    tree = check_formula(text, shapes, object_name).tree
    if tree is None:
        return ""
    words = ReadingWords(visit.release.application, visit.language)
    return gettext("Only where: %(condition)s", condition=read_in_one_line(tree, shapes, object_name, words))
