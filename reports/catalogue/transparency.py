"""The transparency sheet of an organization: one document for the page and every file."""

import datetime
from collections.abc import Iterable
from decimal import Decimal
from statistics import median
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from organizations.selectors.places import country_name
from recruitment.selectors import names
from recruitment.selectors.cards import shown_code
from reports.renderers import Chart, Column, Document, Figure, Table, Words
from reports.renderers.values import written
from reports.selectors import transparency as selectors
from reports.selectors.directory import EXPIRED
from reports.selectors.open_data import status_names
from reports.selectors.transparency import Sheet

MOST_BARS = 12


def document(sheet: Sheet, *, now: datetime.datetime, address: str) -> Document:
    """Everything published about it on one sheet, in the active language. `address`: where the sheet always stands."""
    row, standing = sheet.profile.organization, sheet.profile.standing
    statuses = status_names() | {EXPIRED: _("Permit expired")}
    months = [Decimal(p.document["cost"]["months_of_pay"]) for p in sheet.postings if _known(p)]
    facts = [
        (_("Kind"), f"{row.organization_kind}, {country_name(row.country)}"),
        (_("Status"), statuses.get(standing.status, "") if standing.status else _("needs no permit")),
    ]
    if standing.since:
        facts.append((_("Since"), date_format(standing.since)))
    if standing.checked_on:
        facts.append((_("Checked"), " · ".join(filter(None, (date_format(standing.checked_on), standing.checked_by)))))
    facts += [
        (_("Registration number"), row.registration_number or _("not known")),
        (_("This sheet, always as of today"), address),
    ]
    return Document(
        code="transparency",
        title=_("Transparency sheet"),
        subtitle=row.legal_name,
        facts=tuple(facts),
        figures=(
            Figure(_("Openings now"), len(sheet.postings)),
            Figure(_("Half ask at most, in months of pay"), median(months) if months else None, "months"),
            Figure(_("Openings that cost the worker nothing"), sum(1 for value in months if value == 0)),
        ),
        parts=(*_charts(sheet), _openings(sheet), _fees(sheet), _changes(sheet), _permits(sheet, statuses), _not_known()),
        notes=(_("Made of published rows only. What the organization says about cost was approved before it was published."),),
        language=(get_language() or "en")[:2],
        made_at=now,
        organization=row.legal_name,
        demo=row.is_demo or settings.DEMO,
    )


def _known(posting: Any) -> bool:
    cost = posting.document["cost"]
    return cost.get("months_of_pay") is not None and not cost.get("total_at_least")


def _work(posting: Any) -> str:
    said = posting.document
    return names.work_name(said["occupation"], said["field"], said["programme"])


def _charts(sheet: Sheet) -> Iterable[Any]:
    words = {
        selectors.NONE: _("no service charge"),
        selectors.HALF: _("up to half of the ceiling"),
        selectors.FULL: _("up to the ceiling"),
        selectors.OVER: _("over the ceiling"),
        selectors.UNKNOWN: _("no verified ceiling, or amount not known"),
    }
    if not sheet.postings:
        return
    found = selectors.against_ceiling(sheet)
    kinds = ("dark", "middle", "light", "over", "open")
    keys = [{"kind": kind, "label": words[place]} for kind, place in zip(kinds, words, strict=True)]
    title = _("The service charge against what the law allows")
    sentence = "; ".join(f"{words[place]}: {written(n)}" for place, n in found.items() if n)
    total = written(len(sheet.postings))
    bar = {"label": _("Openings"), "text": total, "values": list(found.values())}
    yield Chart("parts", title, sentence, {"keys": keys, "rows": [bar]}, "ceilings")
    lines = [(words[place], n) for place, n in found.items()]
    columns = (Column("place", _("Service charge")), Column("n", _("Openings"), "integer", total=True))
    yield Table("ceilings", title, columns, lambda: iter(lines), count=len(lines))
    known = sorted((p for p in sheet.postings if _known(p)), key=lambda p: Decimal(p.document["cost"]["months_of_pay"]))
    if len(known) > 1:
        shown = known[-MOST_BARS:][::-1]
        bars = [
            {"label": f"{shown_code(p.code)} {_work(p)}", "value": float(p.document["cost"]["months_of_pay"]),
             "text": written(Decimal(p.document["cost"]["months_of_pay"]), 1)}
            for p in shown
        ]  # fmt: skip
        sentence = _("From %(low)s to %(high)s months of take-home pay.") % {
            "low": written(Decimal(known[0].document["cost"]["months_of_pay"]), 1),
            "high": written(Decimal(known[-1].document["cost"]["months_of_pay"]), 1),
        }
        yield Chart("bars", _("The most expensive openings, in months of pay"), sentence, bars, "openings")


def _openings(sheet: Sheet) -> Table:
    columns = (
        Column("code", _("Code"), "code", meaning=_("The code of the opening; its page is at /j/ and the code.")),
        Column("work", _("Work")),
        Column("programme", _("Programme")),
        Column("prefecture", _("Prefecture")),
        Column(
            "cost", _("Worker pays"), "money", currency_key="currency", meaning=_("All that the opening names for the worker.")
        ),
        Column("currency", _("Currency"), "code", for_files=True),
        Column("at_least", _("Complete"), meaning=_("Whether every amount is known; else the cost is at least this.")),
        Column("months", _("Months of pay"), "months", meaning=_("The cost in months of take-home pay.")),
        Column("take_home", _("Take-home pay a month"), "money", currency="JPY"),
        Column("published", _("Published"), "date"),
    )

    def lines():
        for p in sheet.postings:
            said, cost = p.document, p.document["cost"]
            yield (
                shown_code(p.code),
                _work(p),
                names.programme_name(said["programme"]),
                names.name("prefectures", said["prefecture"]),
                cost["total_home"],
                cost["home_currency"],
                _("at least") if cost["total_at_least"] else _("yes"),
                None if cost["months_of_pay"] is None else Decimal(cost["months_of_pay"]),
                cost["take_home_jpy"],
                p.published_at.date(),
            )

    return Table("openings", _("Openings now"), columns, lines, count=len(sheet.postings))


def _fees(sheet: Sheet) -> Table:
    columns = (
        Column("code", _("Opening"), "code"),
        Column("item", _("For what")),
        Column("stage", _("When")),
        Column("amount", _("Asked"), "money", currency_key="currency"),
        Column("currency", _("Currency"), "code", for_files=True),
        Column("ceiling", _("The law allows at most"), "money", currency_key="currency", missing=_("no verified ceiling"),
               meaning=_("The ceiling of this item for this opening; empty: no verified ceiling.")),
        Column("law", _("By which law"), meaning=_("The rule the ceiling comes from.")),
    )  # fmt: skip
    lines = [
        (
            shown_code(posting.code),
            names.name("items", fee["item"]),
            names.name("stages", fee["stage"]),
            fee["amount"],
            fee["currency"],
            fee["ceiling_amount"] if law else None,
            law.citation if law else "",
        )
        for posting, fee, law in selectors.worker_fees(sheet)
    ]
    return Table("fees", _("What workers are asked to pay"), columns, lambda: iter(lines), count=len(lines))


def _changes(sheet: Sheet) -> Table:
    columns = (
        Column("code", _("Opening"), "code"),
        Column("version", _("Version"), "integer"),
        Column("approved", _("Approved"), "date"),
        Column("item", _("What changed")),
        Column("before", _("Before"), "money", currency_key="currency"),
        Column("after", _("After"), "money", currency_key="currency"),
        Column("currency", _("Currency"), "code", for_files=True),
    )
    lines = []
    for version, entry in selectors.fee_changes(sheet):
        before, after = entry["before"] or {}, entry["after"] or {}
        lines.append((
            shown_code(version.code), version.number, version.approved_at.date(), names.name("items", entry["label"]),
            before.get("amount"), after.get("amount"), after.get("currency") or before.get("currency", ""),
        ))  # fmt: skip
    note = _("Every approved version of an opening stays published; here are the fees that a later version changed.")
    return Table("changes", _("Fees that were changed"), columns, lambda: iter(lines), count=len(lines), note=note)


def _permits(sheet: Sheet, statuses: dict[str, str]) -> Table:
    columns = (
        Column("kind", _("Kind of permit")),
        Column("number", _("Number"), "code"),
        Column("status", _("Status")),
        Column("issued", _("Issued on"), "date"),
        Column("expires", _("Last day"), "date", missing=_("no end")),
        Column("checked", _("Checked"), "date"),
        Column("checked_by", _("Checked by")),
    )
    lines = [
        (
            str(p.permit_kind),
            p.number,
            statuses.get(shown.now_is, shown.now_is),
            p.issued_on,
            p.expires_on,
            p.checked_on,
            p.checked_by,
        )
        for shown in sheet.profile.permits
        for p in (shown.permit,)
    ]
    return Table("permits", _("Permits"), columns, lambda: iter(lines), count=len(lines))


def _not_known() -> Words:
    return Words(
        _("What nobody knows yet"),
        (
            _("What workers really paid. This sheet says what openings ask; the two can differ."),
            _("Whether complaints about it were found to be true. None are counted here yet."),
            _("What happens outside this platform. Not being named here is no proof of anything."),
        ),
    )
