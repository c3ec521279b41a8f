"""The page about the Human Trafficking Case Data Standard, written from the template itself."""

from __future__ import annotations

from collections.abc import Iterator

from amparo.metadata.building import application_from
from amparo.metadata.model import Application
from amparo.metadata.reading import read_template

_INTRODUCTION = """# The Human Trafficking Case Data Standard in the template

IOM's Human Trafficking Case Data Standard 2.0 names the fields that organisations have in common. Each of them that
is in force has its place in the standard template. The code stands on the field as `standard_code` and stays there
when you change the label, so that figures of differently shaped organisations add up.

`cas_CaseOwner` is no field of its own: it is who the case is assigned to (`owner`), which every record has.
The standard keeps how something began, the way and the exploitation both as answers of a case and as events with a
place and a date; the template has both, and a case that is written down quickly needs no events.

Latitude and longitude are two fields of the standard and one point on the map here. Countries are kept by their ISO
3166 codes. Languages stay a picklist: the standard wants codes of three letters, and the type `language` knows neither
Karen and Mon nor sign languages. Addresses stay in the parts the standard has, so that figures by town and by province
can be made.

## The case sheet

The standard comes with a workbook, *HTCDS Excel Spreadsheet*, with and without lists of values: one row for each case
and its person, 38 columns. Amparo reads it as it is and writes it again:

```
amparo import riverside htcds case-sheet.xlsx --dry-run
amparo export riverside htcds case-sheet.xlsx
```

On pages: **Import** in the list of cases recognises it; **Export** there offers it as what the cells hold, with the
filters of the list. Which field a column fills follows from the codes in the table below, and which option a value is
from the `standard_code` of the options, so it works with your own objects too, once their fields carry the codes.

On the way in:

- **Names of columns.** The published sheet names them twice. Its first row, of codes, is hidden; in four columns of the
  address it says something else than the names that people see and fill. The names count, and the import tells.
- **Values**: by code (`AtWork`), by the name in the sheet's lists (*At work*), or by your own labels. Several in one
  cell are separated by `;`.
- A value that several options have, such as `Active`, is the option of the same name or state, else the first. The page
  shows which, and you can say another.
- `ClosedReferred` is the status *Closed* with the reason that another organisation took over. `NonSpecifiedUnknown` as
  gender is *unknown*, a reason for a missing answer.
- Telephone numbers begin with + and the code of the country, as the standard has them (E.164). A spreadsheet drops the
  + of a number; write such cells as text.
- The person's name is put together from first and second name.
- New people and cases are of the first record type of their object: clients and referred cases. The page asks for
  another under **New records**; a mapping says it as `record_type`.
- The case owner is a member's login or name; a row with anybody else is refused.
- The template requires a date of referral and the agreement: a row without them is refused.
- The same person in two rows is two records, unless the rows stand below each other and say the same of the person: the
  sheet has no number of a person.

A filled sheet that was imported comes back with the same cells: every field and every value of the lists was compared
on both databases. What cannot come back:

- six cells of the hidden row of codes: four that stand in other places than their names, one misspelled and one left
  out in the published sheet. The export writes the codes of the standard;
- reasons for missing answers other than gender: those cells are blank;
- a value written otherwise than in the sheet's lists comes back as there, and several in one cell in the order of
  their codes here;
- options to which your organisation gave no `standard_code` come back with their own label.

## The fields

| code of the standard | object | field | label | type |
|---|---|---|---|---|
"""


def standard_codes_page() -> str:
    """The whole text of ``docs/implementers/standard-codes.md``."""
    return _INTRODUCTION + "\n".join([*_rows(application_from(read_template().document)), ""])


def _rows(template: Application) -> Iterator[str]:
    """In the order of the codes."""
    fields = [
        (code, definition, field)
        for definition in template.objects.values()
        for field in definition.active_fields
        for code in field.standard_codes
    ]
    for code, definition, field in sorted(fields, key=lambda each: each[0]):
        yield f"| `{code}` | {definition.label} | `{field.name}` | {field.label} | {field.type} |"
