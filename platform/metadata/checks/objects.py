"""Objects: the fields that name records, masters, and what each field's type says about it."""

from __future__ import annotations

from collections.abc import Iterator

from amparo.metadata.building import field_from
from amparo.metadata.checks.scope import NO_FIELD, NO_OBJECT, Definition, Scope, unknown_name
from amparo.metadata.fields.base import CoercionContext, Rejected, Storage
from amparo.metadata.fields.currency import currency_of
from amparo.metadata.fields.dependence import check_dependence, check_options_when
from amparo.metadata.fields.registry import field_type
from amparo.metadata.limits import LONGEST_INDEXED_TEXT, MOST_COLUMNS, columns_of
from amparo.metadata.model import FieldDefinition
from amparo.metadata.problems import Path, Problem
from amparo.metadata.wording import N_

Fields = list[tuple[Path, FieldDefinition]]


def check_objects(scope: Scope) -> Iterator[Problem]:
    for definition in scope.readable("object"):
        fields = _fields(definition)
        yield from _naming_fields(definition, fields)
        yield from _rule_fields(definition, fields)
        yield from _masters(fields)
        yield from _column_limit(definition, fields)
        for path, field in fields:
            yield from _targets(scope, path, field)
            yield from _own_check(scope, path, field)
            yield from _currency_field(scope, path, field, fields)
            yield from _attributes(path, field)
            yield from _indexed_length(path, field)
            yield from _default(scope, path, field)
            yield from check_dependence(field, {each.name: each for _, each in fields}, scope.application, path)
            yield from check_options_when(field, scope.application, path)
    yield from _cycles(scope)


def _fields(definition: Definition) -> Fields:
    written = definition.content["fields"]
    return [(definition.path / "fields" / index, field_from(each)) for index, each in enumerate(written)]


def _naming_fields(definition: Definition, fields: Fields) -> Iterator[Problem]:
    by_name = {field.name: field for _, field in fields}
    for key in ("name_field", "number_field"):
        name = definition.content.get(key)
        if name is None:
            continue
        field = by_name.get(name)
        place = definition.path / key
        if field is None:
            yield unknown_name(place, NO_FIELD, name, by_name)
        elif field.retired:
            yield Problem("retired", str(place), name, N_("Name another field: this one is retired."))
        elif field.is_computed:
            advice = N_("Name another field: a computed one cannot stand for a record.")
            yield Problem("wrong_field_type", str(place), name, advice)
        elif field.sensitive:
            advice = N_("Name another field: a sensitive one cannot stand for a record.")
            yield Problem("sensitive", str(place), name, advice)
        elif field_type(field.type).family != "text":
            advice = N_("Name a field of type text or auto_number.")
            yield Problem("wrong_field_type", str(place), name, advice)


def _rule_fields(definition: Definition, fields: Fields) -> Iterator[Problem]:
    names = [field.name for _, field in fields]
    for index, rule in enumerate(definition.content.get("validation_rules", ())):
        name = rule.get("field")
        if name is not None and name not in names:
            yield unknown_name(definition.path / "validation_rules" / index / "field", NO_FIELD, name, names)


def _masters(fields: Fields) -> Iterator[Problem]:
    masters = [(path, field) for path, field in fields if field.type == "master_detail" and not field.retired]
    for path, field in masters[1:]:
        advice = N_("Make it a lookup: a record belongs to one master only, here “{first}”.")
        params = {"first": masters[0][1].name}
        yield Problem("second_master", str(path / "type"), field.type, advice, params)


def _column_limit(definition: Definition, fields: Fields) -> Iterator[Problem]:
    count = sum(columns_of(field) for _, field in fields if not field.retired)
    if count > MOST_COLUMNS:
        advice = N_(
            "Retire fields or move some to another object: they take {count} columns, {maximum} is the most. "
            "Missing reasons, sensitive and searchable text take one column more each."
        )
        params = {"count": count, "maximum": MOST_COLUMNS}
        yield Problem("limit", str(definition.path / "fields"), count, advice, params)


def _targets(scope: Scope, path: Path, field: FieldDefinition) -> Iterator[Problem]:
    """The objects a lookup points to."""
    for index, name in enumerate(field.targets):
        if name not in scope.names["object"]:
            place = path / "objects" / index if "objects" in field.options else path / "object"
            yield unknown_name(place, NO_OBJECT, name, scope.names["object"])


def _currency_field(scope: Scope, path: Path, field: FieldDefinition, fields: Fields) -> Iterator[Problem]:
    """The field that says in which currency an amount is."""
    name = field.options.get("currency_field")
    if not isinstance(name, str):
        return
    place, by_name = path / "currency_field", {each.name: each for _, each in fields}
    other = by_name.get(name)
    if other is None:
        yield unknown_name(place, NO_FIELD, name, by_name)
    elif other.type != "picklist" or other.retired:
        advice = N_("Name a picklist of the same object, one that is not retired, whose codes are currencies.")
        yield Problem("wrong_field_type", str(place), name, advice)
    else:
        picklist = field_type(other.type).choices(other, scope.application)
        strange = [each.code for each in picklist.options if currency_of(each) is None] if picklist else []
        if strange:
            advice = N_("Name a picklist of currencies: “{code}” is no ISO 4217 code and has none as standard code.")
            yield Problem("wrong_field_type", str(place), name, advice, {"code": strange[0]})


def _own_check(scope: Scope, path: Path, field: FieldDefinition) -> Iterator[Problem]:
    """What the type says; it sees definitions that can be read only, so names of others are taken out again."""
    for problem in field_type(field.type).check(field, scope.application, path):
        if problem.kind != "unknown_name" or problem.value not in scope.names["picklist"]:
            yield problem


def _attributes(path: Path, field: FieldDefinition) -> Iterator[Problem]:
    kind = field_type(field.type)
    refusals = (
        ("unique", field.unique and not kind.can_be_unique, N_("Remove “unique”: this type cannot be unique.")),
        (
            "sensitive",
            field.sensitive and not kind.can_be_sensitive,
            N_("Remove “sensitive”: this type is never encrypted."),
        ),
        ("searchable", field.searchable and not kind.searchable, N_("Remove “searchable”: only text is searched.")),
        (
            "searchable",
            field.searchable and field.sensitive,
            N_("Remove “searchable”: encrypted values cannot be searched."),
        ),
        (
            "indexed",
            field.indexed and kind.storage in (Storage.CODES, Storage.FILE),
            N_("Remove “indexed”: it does not help this type."),
        ),
    )
    for key, refused, advice in refusals:
        if refused:
            yield Problem("not_allowed", str(path / key), True, advice)


def _indexed_length(path: Path, field: FieldDefinition) -> Iterator[Problem]:
    """Longer text than an index takes could not be saved on every database."""
    kind = field_type(field.type)
    has_index = field.indexed or (field.unique and kind.can_be_unique)
    if field.sensitive or not has_index or "max_length" not in kind.options:
        return
    if kind.option(field, "max_length") > LONGEST_INDEXED_TEXT:
        advice = N_(
            "Set “max_length” to {maximum} or less, or remove “unique” and “indexed”: longer text has no index."
        )
        place, params = str(path / "max_length"), {"maximum": LONGEST_INDEXED_TEXT}
        yield Problem("limit", place, kind.option(field, "max_length"), advice, params)


def _default(scope: Scope, path: Path, field: FieldDefinition) -> Iterator[Problem]:
    """Whether the default is an answer the field would take."""
    kind = field_type(field.type)
    words = list(kind.default_words)
    same_for_all = kind.storage not in (Storage.REFERENCE, Storage.FILE) and not kind.generated
    if field.default is None or field.default in words or not same_for_all:
        return
    try:
        kind.coercer(field, CoercionContext(scope.application))(field.default)
    except Rejected as refusal:
        yield refusal.at(str(path / "default"), field.default)
    except LookupError:
        # The picklist is not there, which is said at its own place.
        return


def _cycles(scope: Scope) -> Iterator[Problem]:
    """Masters of masters must come to an end. Each loop is told once, at its first object by name."""
    masters: dict[str, tuple[Path, str]] = {}
    for definition in scope.readable("object"):
        for path, field in _fields(definition):
            if field.type == "master_detail" and not field.retired:
                masters.setdefault(definition.content["name"], (path / "object", field.targets[0]))
    told: set[str] = set()
    for start in sorted(masters):
        loop = _loop_from(start, masters)
        if loop and told.isdisjoint(loop):
            told.update(loop)
            advice = N_("Make one of these a lookup: each belongs to the next in a circle: {loop}.")
            params = {"loop": " → ".join([*loop, loop[0]])}
            yield Problem("cycle", str(masters[start][0]), start, advice, params)


def _loop_from(start: str, masters: dict[str, tuple[Path, str]]) -> list[str]:
    """The circle that ``start`` is on, or nothing."""
    chain = [start]
    while chain[-1] in masters:
        following = masters[chain[-1]][1]
        if following == start:
            return chain
        if following in chain:
            return []
        chain.append(following)
    return []
