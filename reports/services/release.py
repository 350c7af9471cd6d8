"""Publishing the figures of a month: counted once, put under the rule of small numbers, written, never changed."""

import datetime
import hashlib
import json
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.conf import settings
from django.db import connection

from core import tenancy
from recruitment.selectors.small_numbers import enough, shown_list, shown_table
from reports.models import FigureRelease
from reports.selectors import open_data

TENTH = Decimal("0.1")


def publish_figures(*, now: datetime.datetime) -> int:
    """Write the release of this month (UTC) unless it is there. Returns how many figures were written."""
    month = now.astimezone(datetime.UTC).date().replace(day=1)
    with tenancy.publishing():
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(hashtext('publish_figures'))")
        if FigureRelease.objects.filter(month=month).exists():
            return 0
        figures = under_the_rule(open_data.counts(now=now))
        for figure, document in figures.items():
            FigureRelease.objects.create(
                month=month, figure=figure, document=document, made_at=now, sha256=hash_of(document), is_demo=settings.DEMO
            )
        return len(figures)


def hash_of(document: dict[str, Any]) -> str:
    """SHA-256 of the document as canonical JSON (keys sorted, no blanks)."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def under_the_rule(counts: open_data.Counts) -> dict[str, dict[str, Any]]:
    """The figures that may be shown, as JSON. A null is "not enough data"."""
    origins = sorted({origin for origin, _band in counts.costs})
    costs = shown_table(counts.costs, origins, open_data.BANDS)
    programmes, fields, statuses = (shown_list(rows) for rows in (counts.programmes, counts.fields, counts.statuses))
    return {
        "openings": {
            "total": costs.total,
            "origin": costs.rows,
            "programme": programmes.cells,
            "field": fields.cells,
        },
        "cost": {
            "total": costs.total,
            "rows": costs.rows,
            "columns": costs.columns,
            "cells": {origin: {band: costs.cells[origin, band] for band in open_data.BANDS} for origin in origins},
            "middle": {origin: _middle(counts.middles.get(origin)) for origin in origins},
        },
        "organizations": {"total": statuses.total, "status": statuses.cells},
    }


def _middle(middle: open_data.Middle | None) -> dict[str, str] | None:
    """Quarters in tenths of a month, when enough openings of enough organizations stand behind them."""
    if middle is None or not enough(middle.openings, middle.organizations):
        return None
    values = {"low": middle.low, "median": middle.median, "high": middle.high}
    return {name: str(value.quantize(TENTH, ROUND_HALF_UP)) for name, value in values.items()}
