"""The template check finds what it promises to find, on the right line, and nothing else."""

from __future__ import annotations

import pytest

from tools.templates import find_faults

SOUND = """{% extends "page.html" %}
{% block main %}
<h1>{{ _("Cases") }}</h1>
<p>{% trans count=total %}{{ count }} case{% pluralize %}{{ count }} cases{% endtrans %} &middot; 12</p>
<input type="checkbox" name="x" {% if a > b %}checked{% endif %} aria-label="{{ _('Closed') }}">
{% if url %}<a href="{{ url }}">{{ name }}</a>{% else %}<span lang="{{ language }}">{{ name }}</span>{% endif %}
<script src="{{ asset('app.js') }}" type="module"></script>
<script type="application/json" id="form">{{ form|tojson }}</script>
<svg viewBox="0 0 8 8"><path d="M0 0"/></svg> Amparo <code>AMPARO_HOME</code>
{% endblock %}
"""


def test_a_sound_template_has_no_findings() -> None:
    assert find_faults(SOUND) == []


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ('<p style="color: red"></p>', "style="),
        ("<style>p { color: red }</style>", "<style>"),
        ('<button onclick="go()"></button>', "onclick="),
        ("<script>go()</script>", "text in the page"),
        ('<a href="javascript:go()"></a>', "script in an address"),
        ("<p>Save the case</p>", '"Save the case" is not translated'),
        ('<img alt="A shelter">', 'alt="A shelter" is not translated'),
        ('<input type="submit" value="Save">', 'value="Save" is not translated'),
        ("<p><b></p></b>", "</p> where </b> belongs"),
        ("{{ text|safe }}", "escaping"),
        ("{{ shapes[name]|safe }}", "escaping"),
        ("<div/>", "does not close itself"),
    ],
)
def test_a_fault_is_reported_with_its_line(line: str, part: str) -> None:
    found = find_faults(f"{{# a note\nover two lines #}}\n<main>\n{line}\n</main>\n")
    assert any(part in finding.message and finding.line == 4 for finding in found), found


def test_a_drawing_that_the_template_holds_itself_may_stay_unescaped() -> None:
    assert find_faults('{% set shapes = {"dot": "<i></i>"} %}<b>{{ shapes[name]|safe }}</b>') == []


def test_a_block_for_an_attribute_holds_no_text() -> None:
    assert find_faults("{% block page_class %} wide{% endblock %}<p>{{ name }}</p>") == []
    assert len(find_faults("{% block page_class %} wide{% endblock %}<p>wide</p>")) == 1


def test_an_element_left_open_is_reported() -> None:
    assert [f.message for f in find_faults("<main><p></p>")] == ["<main> is never closed"]


def test_a_branch_that_opens_what_the_other_does_not_is_reported() -> None:
    assert find_faults("{% if a %}<p>{% else %}<div>{% endif %}</p>")


def test_a_template_that_jinja_cannot_read_is_reported() -> None:
    assert "Jinja cannot read it" in find_faults("<p>{{ 'open }}</p>")[0].message
