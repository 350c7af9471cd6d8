"""Parts that several reports are built of: a counted table and the bars above it."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from reports.renderers import Chart, Column, Table
from reports.renderers.values import written


def count_table(key: str, title: str, head: str, unit: str, rows: Sequence[tuple[Any, int]], *, note: str = "") -> Table:
    """What and how many, with a total."""
    columns = (Column("what", head), Column("n", unit, "integer", total=True))
    lines = [(str(label), n) for label, n in rows]
    return Table(key, title, columns, lambda: iter(lines), count=len(lines), note=note)


def bars(title: str, rows: Sequence[tuple[Any, int]], table: str) -> tuple[Chart, ...]:
    """The same as bars; nothing when there is nothing to draw."""
    total = sum(n for _label, n in rows)
    if not total:
        return ()
    label, most = max(rows, key=lambda row: row[1])
    sentence = _("%(total)s in all; most of them: %(label)s (%(most)s).") % {
        "total": written(total),
        "label": label,
        "most": written(most),
    }
    data = [{"label": str(label), "value": n, "text": written(n)} for label, n in rows]
    return (Chart("bars", title, sentence, data, table),)
