"""Words that people bring along from Salesforce and from spreadsheets."""

from __future__ import annotations

from typing import Any

import pytest

from amparo.metadata.checks import check


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("String", "text"),
        ("Number", "decimal"),
        ("boolean", "checkbox"),
        ("LongTextArea", "long_text"),
        ("MultiselectPicklist", "multi_select"),
        ("AutoNumber", "auto_number"),
        ("DateTime", "date_time"),
        ("phone number", "phone"),
        ("PICKLIST", "picklist"),
    ],
)
def test_the_words_of_other_programs_for_types_are_understood(document: dict[str, Any], word: str, meant: str) -> None:
    document["objects"][0]["fields"][0]["type"] = word
    messages = [problem.message for problem in check(document) if problem.kind == "not_a_choice"]
    assert messages == [f"Did you mean “{meant}”?"]
