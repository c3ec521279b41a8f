"""Questions that nobody answered are drawn once and remembered; nothing of a record or of a person is."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from markupsafe import Markup

from amparo.runtime.web.blank_questions import draw_question
from amparo.runtime.web.views import form_pages
from amparo.runtime.web.widgets.base import KeptFile, Match, Question, Step
from factories.visitors import Visitor

_numbers = itertools.count(1)

OF_SOMEBODY: dict[str, Any] = {
    "value": "Sokha",
    "parts": {"year": "2001"},
    "missing": "refused",
    "errors": ["Too long."],
    "warnings": ["Unusual."],
    "earlier": "Cook",
    "file": KeptFile("passport.jpg", "Picture, 2 MB"),
    "upload_url": "/o/harbour/person/7/files/passport",
    "query": "Sok",
    "chosen": [Match("7", "Sokha")],
    "matches": [Match("7", "Sokha")],
    "steps": [Step("", "Province", "", ())],
    "kept": "passport.jpg is kept.",
}


@pytest.fixture
def question() -> Question:
    """One that no test asked before."""
    name = f"field-{next(_numbers)}"
    return Question(name, f"f-{name}", "Given name", "text", parts={"year": ""})


@pytest.fixture
def draw() -> Callable[[Question], Markup]:
    """Draws a question differently each time."""
    return lambda question: Markup("%s: %s") % (question.name, next(_numbers))


def test_a_blank_question_is_drawn_once(draw: Callable[[Question], Markup], question: Question) -> None:
    drawn = draw_question(draw, question)
    assert draw_question(draw, replace(question)) == drawn
    assert draw_question(draw, replace(question, label="Name")) != drawn


def test_a_blank_question_is_drawn_in_each_language(
    app: Flask, draw: Callable[[Question], Markup], question: Question
) -> None:
    with app.test_request_context(headers={"Accept-Language": "ar"}):
        drawn = draw_question(draw, question)
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert draw_question(draw, question) != drawn
    with app.test_request_context(headers={"Accept-Language": "ar"}):
        assert draw_question(draw, question) == drawn


@pytest.mark.parametrize("name", OF_SOMEBODY)
def test_what_is_of_somebody_is_not_remembered(
    draw: Callable[[Question], Markup], question: Question, name: str
) -> None:
    held = replace(question, **{name: OF_SOMEBODY[name]})
    assert draw_question(draw, held) != draw_question(draw, held)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_form_of_every_type_looks_as_if_nothing_was_remembered(
    at_sheets: Visitor, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    at_sheets.client.get("/language", query_string={"to": language, "next": "/"})
    assert f'<html lang="{language}"' in at_sheets.get("sheet/new").text
    remembered = _questions(at_sheets.get("sheet/new").text)
    monkeypatch.setattr(form_pages, "draw_question", lambda draw, question: draw(question))
    assert remembered == _questions(at_sheets.get("sheet/new").text)


def test_what_is_asked_is_told_by_its_contents(at_sheets: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address in memory, which stands for an object without words of its own, would soon stand for another one."""
    asked: list[Question] = []

    def note(draw: Callable[[Question], Markup], question: Question) -> Markup:
        asked.append(question)
        return draw(question)

    monkeypatch.setattr(form_pages, "draw_question", note)
    at_sheets.get("sheet/new")
    assert sum(not question.is_of_somebody for question in asked) > 15
    assert not [question for question in asked if re.search(r" at 0x[0-9a-f]+", repr(question))]


def _questions(page: str) -> str:
    """The form without what is of this one opening of it."""
    form = page.split('id="record"')[1].split("</form>")[0]
    return re.sub(r'(name="(csrf_token|request_key|shown_)" value=)"[^"]*"', r"\1", form)
