"""The data dictionary of a document: what each column is called, what it means and how its values are written."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from reports.renderers.document import Column, Document


def entries(document: Document) -> Iterator[dict[str, str]]:
    """One entry for each column of each table: `table`, `key`, `title`, `kind`, `unit`, `meaning`."""
    for table in document.tables:
        for column in table.columns:
            yield {
                "table": table.key,
                "key": column.key,
                "title": column.title,
                "kind": column.kind,
                "unit": unit(column),
                "meaning": column.meaning,
            }


def unit(column: Column) -> str:
    """In words: how a value of this column is to be read."""
    if column.kind == "money" and column.currency_key:
        return _("an amount in the currency named in “%(column)s”") % {"column": column.currency_key}
    if column.kind == "money":
        return _("an amount in %(currency)s") % {"currency": column.currency}
    return {
        "text": _("text"),
        "code": _("a code"),
        "url": _("an address"),
        "date": _("a day, as year-month-day"),
        "moment": _("a moment, in universal time (UTC)"),
        "integer": _("a whole number"),
        "decimal": _("a number"),
        "months": _("months of take-home pay"),
        "percent": _("a share: 0.45 is 45 %"),
    }[column.kind]
