"""A value of a report in the reader's language, by the kind of its column."""

from ._library import register
from .amounts import day, moment, money, months, not_known, number, percent

_WRITTEN = {
    "date": day,
    "moment": moment,
    "integer": number,
    "decimal": number,
    "months": months,
    "percent": lambda value: percent(value, 1),
}


@register.filter
def shown(cell) -> str:
    """cell: `value`, `kind` (see reports.renderers.document), `currency`, `missing`. None is "not known", an empty text a dash."""
    if cell.value is None:
        return cell.missing or not_known()
    if cell.kind == "money":
        return money(cell.value, cell.currency)
    written = _WRITTEN.get(cell.kind)
    return written(cell.value) if written else str(cell.value) or "–"
