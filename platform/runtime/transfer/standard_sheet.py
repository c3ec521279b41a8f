"""The case sheet of IOM's Human Trafficking Case Data Standard 2.0: its columns, and what its cells mean here.

Which field a column fills follows from the standard codes that fields and
options carry. The published sheet names its columns twice: a hidden row of
codes, of which five of the address stand in other places than their names,
one is misspelled and one is blank, and below it the names that people see and
fill. So the names count where both are there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from amparo.metadata.missing import Missing
from amparo.metadata.model import Application, FieldDefinition, ObjectDefinition, Option
from amparo.runtime.fields.standard_names import COUNTRY_TYPES, country_name
from amparo.runtime.transfer.comparable_texts import comparable_name
from amparo.runtime.transfer.standard_values import COUNTRY_NAMES, VALUE_NAMES

#: What the sheet is called where an object may be named, and the name of its table.
STANDARD_SHEET, SHEET_TITLE = "htcds", "Case Sheet"
#: Who a case is assigned to is no field: every record has it.
OWNER_CODE = "cas_CaseOwner"
#: Code of a column -> its name, in the order of the sheet.
SHEET_COLUMNS: Mapping[str, str] = {
    OWNER_CODE: "Case Owner",
    "prs_Salutation": "Salutation",
    "prs_FirstName": "First Name",
    "prs_SecondName": "Second Name",
    "con_Consent": "Consent",
    "prs_Birthdate": "Birthdate",
    "prs_Gender": "Gender",
    "prs_Citizenship": "Citizenship",
    "prs_Title": "Title",
    "prs_Email": "Email",
    "prs_HomePhone": "Home Phone",
    "prs_MobilePhone": "Mobile Phone",
    "prs_MailingStreet": "Mailing Street",
    "prs_MailingCity": "Mailing City",
    "prs_MailingState": "Mailing State/Province",
    "prs_MailingPostalCode": "Mailing Zip/Postal Code",
    "prs_MailingCountry": "Mailing Country",
    "vic_TraffickingStatus": "Trafficking Status",
    "vic_TraffickingStatusDecisionMakingOrg": "Trafficking Status Decision Making Organization",
    "vic_MethodOfRecruitment": "Method of Recruitment",
    "vic_LocationOfRecruitment": "Location of Recruitment",
    "vic_MethodsOfControl": "Methods of Control",
    "vic_TypeOfExploitation": "Type of Exploitation",
    "vic_ForcedLabourIndustry": "Forced Labour Industry",
    "vic_TypeOfSexExploitation": "Type of Sex Exploitation",
    "vic_LocationOfExploitation": "Location of Exploitation",
    "cas_Status": "Status",
    "cas_ReferringOrganisation": "Referring Organisation",
    "cas_IncomingReferralDate": "Incoming Referral Date",
    "cas_ReferringPrimaryCaseWorker": "Referring Primary Case Worker",
    "cas_ReasonForIncomingReferral": "Reason for Incoming Referral",
    "cas_IncomingReferralDetails": "Incoming Referral Details",
    "cas_ReferredOrganisation": "Referred Organisation",
    "cas_ReferredPrimaryCaseWorker": "Referred Primary Case Worker",
    "cas_ReasonForOutgoingReferral": "Reason for Outgoing Referral",
    "cas_OutgoingReferralDate": "Outgoing Referral Date",
    "cas_OutgoingReferralDetails": "Outgoing Referral Details",
    "cas_ReasonForCaseClosure": "Reason for Case Closure",
}
#: Columns that hold parts of a person's name, in the order in which they make the whole.
NAME_CODES = ("prs_FirstName", "prs_SecondName")
#: Values of the standard that say why there is no answer.
REASON_VALUES: Mapping[str, Mapping[str, Missing]] = {"prs_Gender": {"NonSpecifiedUnknown": Missing.UNKNOWN}}
#: A value that says more than its field here: which of the others it is, and that an option of another field says
#: the rest.
FULLER_VALUES: Mapping[str, Mapping[str, str]] = {"cas_Status": {"ClosedReferred": "Closed"}}
_COUNTRY_CODES = ("prs_Citizenship", "prs_MailingCountry")
#: A table is the sheet when it has so many of its columns, and they are so large a part of all.
_FEWEST_COLUMNS, _SHARE = 12, 0.5


_CODE_OF_NAME = {comparable_name(name): code for code, name in SHEET_COLUMNS.items()}
_CODE_OF_CODE = {comparable_name(code): code for code in SHEET_COLUMNS} | {
    # As the published sheet spells it.
    comparable_name("vic_TraffickinStatusDecisionMakingOrg"): "vic_TraffickingStatusDecisionMakingOrg"
}


def standard_columns(header: Sequence[str], second_names: Sequence[str]) -> dict[str, str]:
    """Header -> code of the standard, of the columns of the case sheet; empty for any other table."""
    found: dict[str, str] = {}
    for name, second in _pairs(header, second_names):
        code = _CODE_OF_NAME.get(second) or _CODE_OF_NAME.get(comparable_name(name))
        code = code or _CODE_OF_CODE.get(comparable_name(name)) or _CODE_OF_CODE.get(second)
        if code is not None and code not in found.values():
            found[name] = code
    return found if len(found) >= max(_FEWEST_COLUMNS, len(header) * _SHARE) else {}


def contradicting_columns(header: Sequence[str], second_names: Sequence[str]) -> list[str]:
    """Headers of columns whose code and name speak of two columns of the sheet."""
    found: list[str] = []
    for name, second in _pairs(header, second_names):
        codes = {
            _CODE_OF_NAME.get(comparable_name(name)) or _CODE_OF_CODE.get(comparable_name(name)),
            _CODE_OF_NAME.get(second) or _CODE_OF_CODE.get(second),
        }
        if len(codes - {None}) > 1:
            found.append(name)
    return found


def has_codes_first(header: Sequence[str], second_names: Sequence[str]) -> bool:
    """Whether the first row of names is that of the codes, which nobody sees, and the second that of the words."""
    codes = sum(comparable_name(name) in _CODE_OF_CODE for name in header)
    return codes >= _FEWEST_COLUMNS and bool(standard_columns(header, second_names))


def _pairs(header: Sequence[str], second_names: Sequence[str]) -> Iterator[tuple[str, str]]:
    seconds = (*second_names, *[""] * (len(header) - len(second_names)))
    return ((name, comparable_name(second)) for name, second in zip(header, seconds, strict=True))


def fields_by_code(definition: ObjectDefinition) -> dict[str, FieldDefinition]:
    """Fields that hold what one code stands for, and nothing beside."""
    return {each.standard_codes[0]: each for each in definition.active_fields if len(each.standard_codes) == 1}


def single_targets(definition: ObjectDefinition) -> list[str]:
    """The objects an object points to for certain; which of several a lookup means, only a record can say."""
    return [each.targets[0] for each in definition.active_fields if len(each.targets) == 1]


def standard_object(application: Application) -> str | None:
    """The object a line of the sheet speaks of: the one that holds most of its columns, with those it points to."""

    def own(definition: ObjectDefinition) -> int:
        return len(SHEET_COLUMNS.keys() & fields_by_code(definition).keys())

    def held(definition: ObjectDefinition) -> tuple[int, int]:
        targets = set(single_targets(definition))
        beside = (own(application.objects[name]) for name in targets - {definition.name})
        return own(definition) + sum(beside), own(definition)

    best = max(application.objects.values(), key=held, default=None)
    return best.name if best is not None and held(best)[0] >= _FEWEST_COLUMNS else None


def standard_texts(field: FieldDefinition, option: Option) -> Iterator[str]:
    """What the standard calls an option: its code there, and its name in the sheet."""
    if field.type in COUNTRY_TYPES:
        yield COUNTRY_NAMES.get(option.code.upper(), "")
    if option.standard_code:
        yield option.standard_code
        yield VALUE_NAMES.get(option.standard_code, "")
        yield COUNTRY_NAMES.get(option.standard_code, "")


def sheet_name(code: str, value: str) -> str:
    """What the sheet's own list calls a value of the column with that code."""
    if code in _COUNTRY_CODES:
        return COUNTRY_NAMES.get(value) or country_name(value, "en")
    return VALUE_NAMES.get(value, value)


def preferred(options: Sequence[Option]) -> Option:
    """Of options that have one value of the standard: the one of the same name or state, else the first."""
    value = comparable_name(options[0].standard_code or "")
    named = (each for each in options if value in (comparable_name(each.code), comparable_name(each.state or "")))
    return next(named, options[0])
