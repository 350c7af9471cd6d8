"""Loading reviewed files into reference tables: repeatable, all or nothing, each mistake with its file and line.

A file is UTF-8 CSV with a header. Columns are named like the model's fields; a translated field has one column for each
language (`name_vi`, `name_id`, `name_en`, `name_ja`); `valid_from` and `valid_to` make the half-open range `in_force`.
"""

import csv
import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from modeltranslation.translator import NotRegistered, translator
from modeltranslation.utils import build_localized_fieldname

from organizations.models import OrganizationKind, PermitKind, PermitStatus

FOLDER = Path(__file__).resolve().parent.parent / "reference"
RANGE = ("valid_from", "valid_to")
MOST_MISTAKES = 50


class BadReference(Exception):
    """The files cannot be loaded. `mistakes` = sentences that begin with `file:line`."""

    def __init__(self, mistakes: Sequence[str]):
        self.mistakes = list(mistakes)
        super().__init__("\n".join(self.mistakes[:MOST_MISTAKES]))


@dataclass
class Loaded:
    """What one table's files changed."""

    table: str
    created: int = 0
    changed: int = 0
    retired: int = 0
    unchanged: int = 0

    @property
    def is_quiet(self) -> bool:
        return not (self.created or self.changed or self.retired)


@dataclass
class _Row:
    place: str
    values: dict[str, Any]


def load(*, using: str = "owner") -> list[Loaded]:
    """Load this app's reference files. Raises BadReference and changes nothing when a row is wrong."""
    with transaction.atomic(using=using):
        return [
            load_csv(OrganizationKind, [FOLDER / "organization_kinds.csv"], using=using),
            load_csv(PermitKind, [FOLDER / "permit_kinds.csv"], using=using),
            load_csv(PermitStatus, [FOLDER / "permit_statuses.csv"], using=using),
        ]


def load_csv(model: type[models.Model], paths: Iterable[Path], *, frozen: Sequence[str] = (), using: str = "owner") -> Loaded:
    """Make the table say what the files say; rows are known by the model's primary key.

    `frozen` fields never change in place: a new value is a new row, and `in_force` may only be closed. A row that has left
    the files is kept and marked `retired`. Raises BadReference.
    """
    rows = _read(model, paths, using)
    known = {row[model._meta.pk.attname]: row for row in model._base_manager.using(using).values(*_columns(model))}
    result, mistakes = Loaded(model._meta.db_table), []
    changes = [(key, row) for key, row in rows.items() if key in known and _differences(row.values, known[key])]
    for key, row in changes:
        mistakes += _in_place(row, known[key], frozen)
    if mistakes:
        raise BadReference(mistakes)
    gone = [key for key, row in known.items() if key not in rows and not row["retired"]]
    with transaction.atomic(using=using):
        model._base_manager.using(using).filter(pk__in=gone).update(retired=True)
        for _key, row in changes:
            mistakes += _save(model, row, using, new=False)
        fresh = [row for key, row in rows.items() if key not in known]
        for row in fresh:
            mistakes += _save(model, row, using, new=True)
        if mistakes:
            raise BadReference(mistakes)
    result.created, result.changed, result.retired = len(fresh), len(changes), len(gone)
    result.unchanged = len(rows) - len(fresh) - len(changes)
    return result


def _read(model: type[models.Model], paths: Iterable[Path], using: str) -> dict[Any, _Row]:
    """All rows of all files by primary key."""
    rows: dict[Any, _Row] = {}
    mistakes: list[str] = []
    targets = _targets(model, using)
    for path in paths:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            plan, wrong = _plan(model, path.name, reader.fieldnames or [])
            mistakes += wrong
            for record in [] if wrong else reader:
                place = f"{path.name}:{reader.line_num}"
                values, wrong = _values(record, plan, targets, place)
                mistakes += wrong
                key = values.get(model._meta.pk.attname)
                if key in rows:
                    mistakes.append(f"{place}: {key} stands already in {rows[key].place}.")
                rows[key] = _Row(place, {**values, "retired": False})
    if mistakes:
        raise BadReference(mistakes)
    return rows


def _plan(model: type[models.Model], name: str, header: Sequence[str]) -> tuple[dict[str, models.Field | None], list[str]]:
    """Column → model field (None for the two ends of the range), and what is wrong with the header."""
    plan: dict[str, models.Field | None] = {}
    translated = _translated(model)
    fields = {field.name: field for field in model._meta.concrete_fields}
    columns = {
        f"{name}_{code}": build_localized_fieldname(name, code) for name in translated for code, _label in settings.LANGUAGES
    }
    mistakes = []
    for column in header:
        if column in RANGE:
            plan[column] = None
        elif columns.get(column, column) in fields and column not in translated:
            plan[column] = fields[columns.get(column, column)]
        else:
            mistakes.append(f"{name}:1: there is no field {column!r}.")
    missing = [column for column in columns if column not in header]
    mistakes += [f"{name}:1: the column {column!r} is missing." for column in [*missing, *_review_missing(header)]]
    return plan, mistakes


def _review_missing(header: Sequence[str]) -> list[str]:
    return [column for column in ("source", "mark", "checked_on", "checked_by") if column not in header]


def _values(record: dict, plan: dict, targets: dict, place: str) -> tuple[dict[str, Any], list[str]]:
    """A record's cells as Python values by column of the table, and its mistakes."""
    values: dict[str, Any] = {}
    mistakes: list[str] = []
    if None in record or None in record.values():
        return values, [f"{place}: the row has another number of cells than the header."]
    for column, field in plan.items():
        if field is None:
            continue
        try:
            values[field.attname] = _cell(field, record[column].strip())
        except ValidationError as error:
            mistakes.append(f"{place}: {column}: {' '.join(error.messages)}")
            continue
        value = values[field.attname]
        if field.is_relation and value is not None and value not in targets[field.attname]:
            mistakes.append(f"{place}: {column}: {value!r} is not known.")
    if "valid_from" in record:
        try:
            values["in_force"] = _range(record["valid_from"].strip(), record["valid_to"].strip())
        except ValueError as error:
            mistakes.append(f"{place}: valid_from, valid_to: {error}")
    return values, mistakes


def _cell(field: models.Field, text: str) -> Any:
    if isinstance(field, ArrayField):
        return text.split()
    if isinstance(field, models.BooleanField):
        if text not in ("true", "false"):
            raise ValidationError("write true or false.")
        return text == "true"
    if text == "":
        return _empty(field)
    if field.is_relation:
        return text
    value = field.to_python(text)
    field.run_validators(value)
    if field.choices and value not in dict(field.flatchoices):
        raise ValidationError(f"{text!r} is not one of {', '.join(str(code) for code in dict(field.flatchoices))}.")
    return value


def _empty(field: models.Field) -> Any:
    """An empty cell: "" for words, None for the unknown, where the field (or the one it translates) allows it."""
    words = isinstance(field, models.CharField)
    if not (getattr(field, "translated_field", field).blank if words else field.null):
        raise ValidationError("this cell may not be empty.")
    return "" if words else None


def _range(lower: str, upper: str) -> DateRange:
    first = datetime.date.fromisoformat(lower) if lower else None
    end = datetime.date.fromisoformat(upper) if upper else None
    if first and end and end <= first:
        raise ValueError("the end is not after the start.")
    return DateRange(first, end)


def _targets(model: type[models.Model], using: str) -> dict[str, set]:
    """Known keys of every table that rows point to; a table may point to itself, then PostgreSQL decides."""
    targets: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        target = field.related_model
        if target is model:
            targets[field.attname] = _Anything()
        elif target is not None:
            targets[field.attname] = set(target._base_manager.using(using).values_list("pk", flat=True))
    return targets


class _Anything(tuple):
    def __contains__(self, value) -> bool:
        return True


def _translated(model: type[models.Model]) -> list[str]:
    try:
        return list(translator.get_options_for_model(model).all_fields)
    except NotRegistered:
        return []


def _columns(model: type[models.Model]) -> list[str]:
    """Every column but the untranslated twin of a translated field."""
    return [field.attname for field in model._meta.concrete_fields if field.name not in _translated(model)]


def _comparable(value: Any) -> Any:
    return (value.lower, value.upper) if isinstance(value, DateRange) else value


def _differences(new: dict[str, Any], old: dict[str, Any]) -> list[str]:
    return [name for name, value in new.items() if _comparable(value) != _comparable(old[name])]


def _in_place(row: _Row, old: dict[str, Any], frozen: Sequence[str]) -> list[str]:
    """What may not change in a row that is already loaded."""
    mistakes = []
    for name in _differences(row.values, old):
        if name == "in_force":
            new, was = row.values[name], old[name]
            if new.lower != was.lower or was.upper is not None:
                mistakes.append(f"{row.place}: the dates of a loaded row may only be closed. Add a new row.")
        elif name.removesuffix("_id") in frozen or name in frozen:
            mistakes.append(f"{row.place}: {name} of a loaded row does not change in place. Close this row and add a new one.")
    return mistakes


def _save(model: type[models.Model], row: _Row, using: str, *, new: bool) -> list[str]:
    """Write one row in a savepoint; PostgreSQL's refusal comes back as a sentence."""
    default = {name: row.values[build_localized_fieldname(name, settings.LANGUAGE_CODE)] for name in _translated(model)}
    try:
        with transaction.atomic(using=using):
            instance = model(**row.values)
            instance.__dict__.update(default)
            instance.save(using=using, force_insert=new, force_update=not new)
    except IntegrityError as error:
        return [f"{row.place}: {_refusal(model, error)}"]
    return []


def _refusal(model: type[models.Model], error: IntegrityError) -> str:
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    for constraint in model._meta.constraints:
        if constraint.name == name:
            return str(constraint.violation_error_message)
    return f"{name or ''} {error}".strip()
