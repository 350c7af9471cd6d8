"""Openings as the result list, the home page and the comparison show them (components/_job_card.html)."""

import datetime
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recruitment.selectors import names
from recruitment.selectors.search import Search, find

RAISE_SHOWN_DAYS = 90


def shown_code(code: str) -> str:
    """`ABCDEFGH` as people read it: `ABCD-EFGH`."""
    return f"{code[:4]}-{code[4:]}"


def title(work: str, city: str) -> str:
    """What and where: "Seafood processing, Yaizu"."""
    return _("%(work)s, %(place)s") % {"work": work, "place": city} if city else work


def card(row: dict[str, Any], *, today: datetime.date) -> dict[str, Any]:
    """One row of the search table in the reader's language. Every visible opening stands under a permit in force."""
    place = names.name("prefectures", row["prefecture"])
    work = names.work_name(row["occupation"], row["field"], row["programme"])
    left = row["places_left"]
    meta = [names.programme_name(row["programme"]), place]
    meta.append(ngettext("%(n)s place left", "%(n)s places left", left) % {"n": left} if left else _("Places left: not known"))
    return {
        "url": reverse("recruitment:posting_detail", args=[shown_code(row["code"])]),
        "code": shown_code(row["code"]),
        "title": title(work, row["city"] or place),
        "meta": [text for text in meta if text],
        "total": row["cost_home"],
        "currency": row["home_currency"],
        "at_least": row["at_least"] and row["cost_home"] is not None,
        "months": row["months"],
        "take_home": row["take_home_jpy"],
        "take_home_currency": "JPY",
        "home_amount": row["take_home_home"],
        "home_currency": row["home_currency"],
        "chips": _chips(row, today),
        "raised": _raise(row, today),
        "published_at": row["published_at"],
    }


def _chips(row: dict[str, Any], today: datetime.date) -> list[dict]:
    chips = [{"verdict": "ok", "text": _("Permit in force")}] if row["permit_id"] else []
    if row["zero_fee"]:
        chips.append({"verdict": "ok", "text": _("The worker pays nothing")})
    return chips


def _raise(row: dict[str, Any], today: datetime.date) -> dict | None:
    """The last time the total went up, while it is news: `amount`, `currency`, `on`."""
    on = row["fee_raised_on"]
    if on is None or (today - on).days > RAISE_SHOWN_DAYS:
        return None
    return {"amount": row["fee_raised_home"], "currency": row["home_currency"], "on": on}


def newest(*, now: datetime.datetime, limit: int = 3) -> list[dict[str, Any]]:
    """The openings published last, as cards for the home page."""
    page = find(Search(sort="newest"), [], now=now, size=limit)
    return [card(row, today=now.date()) for row in page.rows]


def how_many(*, now: datetime.datetime) -> int:
    """How many openings stand now: from the cube when there is one, else counted."""
    with connection.cursor() as cursor:
        cursor.execute("select n from recruitment_publishedfacet where dimension_b = '' and value_b = '' and dimension_a = 'all'")
        row = cursor.fetchone()
        if row and row[0] > 10_000:
            return row[0]
        cursor.execute(
            "select count(*) from recruitment_publishedopening o left join organizations_publishedpermit p using (permit_id) "
            "where o.permit_id is null or (p.open_from <= %s and p.open_until > %s)",
            [now, now],
        )
        return cursor.fetchone()[0]
