"""What the page of an import asks of single columns: days, centuries, and what texts mean."""

from __future__ import annotations

import datetime as dt
import uuid

from amparo.runtime.access import operator_actor
from amparo.runtime.planner.lists import list_page
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.transfer.mapping import ColumnMapping, ImportMapping
from amparo.runtime.transfer.saved_mappings import save_mapping, saved_mapping
from factories.imports import number_of, upload
from factories.visitors import Visitor, finished, form_of


def test_what_the_cells_of_a_column_mean_is_guessed_for_the_field_it_is_given_to(
    supervisor: Visitor, office: OrganisationStore
) -> None:
    mark = uuid.uuid4().hex
    content = f"Name,Zzz {mark}\n{mark} a,31/12/2001\n{mark} b,01/02/2003\n"
    trial = finished(supervisor, upload(supervisor, content).headers["Location"])
    again = supervisor.send(trial, {"c.1.field": "born"}, "mapping")
    trial = finished(supervisor, again.headers["Location"])
    assert form_of(trial, "mapping").value("c.1.dates") == "day-month-year"
    assert "2 rows would be added" in trial.text


def test_another_order_of_days_is_tried_before_it_is_imported(supervisor: Visitor, office: OrganisationStore) -> None:
    mark = uuid.uuid4().hex
    trial = finished(supervisor, upload(supervisor, f"Name,Born\n{mark},03/04/2001\n").headers["Location"])
    trial = finished(supervisor, supervisor.send(trial, {"c.1.dates": "day-month-year"}, "mapping").headers["Location"])
    sent = supervisor.send(trial, {"run": "1", "c.1.dates": "month-day-year"}, "mapping")
    tried = finished(supervisor, sent.headers["Location"])
    assert (form_of(tried, "mapping").value("c.1.dates"), number_of(office, mark)) == ("month-day-year", 0)
    finished(supervisor, supervisor.send(tried, {"run": "1"}, "mapping").headers["Location"])
    query = ListQuery("person", ("born",), search=mark)
    assert [record.answers["born"] for record in list_page(office, operator_actor(), query).records] == [
        dt.date(2001, 3, 4)
    ]


def test_which_century_is_meant_is_chosen_by_what_becomes_of_the_days(
    supervisor: Visitor, office: OrganisationStore
) -> None:
    mark = uuid.uuid4().hex
    year = dt.datetime.now(dt.UTC).year
    content = f"Name,Born,Remark {mark}\n{mark} a,3-Mar-55,\n{mark} b,5-Jan-21,\n"
    trial = finished(supervisor, upload(supervisor, content).headers["Location"])
    assert "0 rows would be added" in trial.text
    assert form_of(trial, "mapping").value("c.1.two_digit_years") == ""
    assert f"From {year - 99} to {year}" in trial.text
    for examples in ("3 March 1955, “\u20685-Jan-21\u2069” becomes 5 January 2021", "becomes 3 March 2055"):
        assert examples in trial.text
    again = supervisor.send(trial, {"c.1.two_digit_years": str(year)}, "mapping")
    trial = finished(supervisor, again.headers["Location"])
    assert "2 rows would be added" in trial.text
    finished(supervisor, supervisor.send(trial, {"run": "1"}, "mapping").headers["Location"])
    query = ListQuery("person", ("born",), search=mark)
    assert {record.answers["born"] for record in list_page(office, operator_actor(), query).records} == {
        dt.date(1955, 3, 3),
        dt.date(2021, 1, 5),
    }
    trial = finished(supervisor, upload(supervisor, content).headers["Location"])
    assert form_of(trial, "mapping").value("c.1.two_digit_years") == str(year)


def test_the_century_is_asked_again_once_its_last_year_is_over(supervisor: Visitor, office: OrganisationStore) -> None:
    """What was true of last year's file would make of a child born this year one of a hundred years ago."""
    header, year = ("Name", f"Born {uuid.uuid4().hex}"), dt.datetime.now(dt.UTC).year
    columns = {"Name": ColumnMapping("name"), header[1]: ColumnMapping("born", two_digit_years_until=year)}
    for end, kept in ((year, year), (year - 1, None)):
        columns[header[1]] = ColumnMapping("born", two_digit_years_until=end)
        save_mapping(office, operator_actor(), "person", header, ImportMapping(columns))
        found = saved_mapping(office, operator_actor(), "person", header)
        assert found is not None
        assert found.columns[header[1]].two_digit_years_until == kept


def test_the_century_is_asked_also_where_the_first_rows_have_whole_years(supervisor: Visitor) -> None:
    lines = [f"Somebody {number},2001-03-04" for number in range(1100)]
    content = "\n".join(["Name,Born", *lines, "Somebody else,3-Mar-55"])
    trial = finished(supervisor, upload(supervisor, content).headers["Location"])
    assert "3 March 1955" in trial.text


def test_what_a_text_means_is_said_once_and_remembered(supervisor: Visitor, office: OrganisationStore) -> None:
    marks = [uuid.uuid4().hex, uuid.uuid4().hex]
    header = f"Name,Gender,Debt,Remark {marks[0]}"

    def content(mark: str) -> str:
        return f"{header}\n{mark} a,Kathoey,1,\n{mark} b,female,2,\n{mark} c,wont say,3,\n"

    trial = finished(supervisor, upload(supervisor, content(marks[0])).headers["Location"])
    assert "1 row would be added" in trial.text
    assert "“\u2068Kathoey\u2069” means" in trial.text
    again = supervisor.send(trial, {"c.1.v.0": "other", "c.1.v.1": "#refused"}, "mapping")
    trial = finished(supervisor, again.headers["Location"])
    assert "3 rows would be added" in trial.text
    assert form_of(trial, "mapping").value("c.1.v.0") == "other"
    run = supervisor.send(trial, {"run": "1"}, "mapping")
    assert "3 rows were added" in finished(supervisor, run.headers["Location"]).text
    trial = finished(supervisor, upload(supervisor, content(marks[1])).headers["Location"])
    assert "3 rows would be added" in trial.text
    assert number_of(office, marks[0]) == 3


def test_what_means_yes_in_a_checkbox_is_asked(supervisor: Visitor, office: OrganisationStore) -> None:
    mark = uuid.uuid4().hex
    content = f"Name,Safe,Remark {mark}\n{mark} a,✓,\n{mark} b,–,\n{mark} c,yes,\n"
    trial = finished(supervisor, upload(supervisor, content).headers["Location"])
    assert "1 row would be added" in trial.text
    again = supervisor.send(trial, {"c.1.v.0": "true", "c.1.v.1": "false"}, "mapping")
    trial = finished(supervisor, again.headers["Location"])
    assert form_of(trial, "mapping").value("c.1.v.0") == "true"
    finished(supervisor, supervisor.send(trial, {"run": "1"}, "mapping").headers["Location"])
    query = ListQuery("person", ("safe",), search=mark)
    found = {each.name[-1]: each.answers["safe"] for each in list_page(office, operator_actor(), query).records}
    assert found == {"a": True, "b": False, "c": True}
