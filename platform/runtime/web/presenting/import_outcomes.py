"""What came of an import, or would come of it: its records by object, and why rows are refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext, ngettext

from amparo.metadata.wording import N_
from amparo.runtime.transfer.outcomes import Fate
from amparo.runtime.web.directions import isolated
from amparo.runtime.web.presenting.reports import figure_words
from amparo.runtime.web.problems import said_of
from amparo.runtime.web.visits import Visit

FATES: Mapping[Fate, str] = {
    Fate.CREATED: N_("%(count)s new"),
    Fate.UPDATED: N_("%(count)s changed"),
    Fate.SKIPPED: N_("%(count)s passed over"),
    Fate.UNCHANGED: N_("%(count)s as they were"),
}


def object_counts(visit: Visit, report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What came of the records of each object, where rows hold several, as short lines."""
    return [
        {
            "text": visit.words.plural(visit.release.object(name).definition),
            "end": gettext(", ").join(
                gettext(FATES[Fate(fate)], count=figure_words(count, visit.language))
                for fate, count in counts.items()
                if count
            ),
        }
        for name, counts in report.get("records", {}).items()
        if name in visit.release.application.objects
    ]


def refusal_causes(visit: Visit, report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What is wrong, the cause of most rows first, as short lines for the ``items`` of a page."""
    return [
        {
            "sentence": _problem_words(cause),
            "note": _where_words(visit, cause),
            "end": _rows_words(visit, cause["rows"]),
        }
        for cause in report.get("causes", [])
    ]


def _problem_words(cause: Mapping[str, Any]) -> str:
    # Isolated, or a text in Latin letters, a number or a day would turn in an Arabic sentence.
    params = {slot: text if slot.endswith("_id") else isolated(text) for slot, text in cause["params"].items()}
    words = said_of({**cause, "params": params})
    if not cause["column"]:
        return words
    return gettext("%(field)s: %(problem)s", field=isolated(cause["column"]), problem=words)


def _rows_words(visit: Visit, rows: int) -> str:
    return ngettext("in %(rows)s row", "in %(rows)s rows", rows, rows=figure_words(rows, visit.language))


def _where_words(visit: Visit, cause: Mapping[str, Any]) -> str:
    """The first rows, then the values that stand in most rows."""
    rows = gettext(", ").join(str(row) for row in cause["first_rows"])
    if cause["rows"] > len(cause["first_rows"]):
        first = gettext("Rows %(rows)s and further down.", rows=rows)
    else:
        first = ngettext("Row %(rows)s.", "Rows %(rows)s.", cause["rows"], rows=rows)
    if not cause["values"]:
        return first
    values = [
        gettext("“%(value)s” %(rows)s", value=isolated(each["value"]), rows=_rows_words(visit, each["rows"]))
        for each in cause["values"]
    ]
    if cause["more_values"]:
        more = figure_words(cause["more_values"], visit.language)
        values.append(ngettext("%(more)s more value", "%(more)s more values", cause["more_values"], more=more))
    return gettext("%(first)s %(values)s.", first=first, values=gettext(", ").join(values))
