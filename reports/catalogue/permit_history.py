"""The permits and openings of one organization over time."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.policies import ALLOWED, Allowed, Denied, Refused
from organizations.models import Membership, Review
from organizations.policies.review import can_keep_registers
from recruitment.models import JobOrderVersion
from recruitment.selectors import names
from recruitment.services.code import show
from reports.catalogue.report import Report
from reports.forms.permits import HistoryForm
from reports.policies import can_enter
from reports.renderers import Column, Document, Figure, Table
from reports.selectors import permits as selectors
from reports.services.reportable import scope_hash

VERSION_STATES = dict(JobOrderVersion.State.choices)
REVIEW_STATES, SUBJECTS = dict(Review.State.choices), dict(Review.Subject.choices)
NOT_YOURS = gettext_lazy("Your office is not responsible for this organization.")


class PermitHistory(Report):
    """An organization's own from its own rows; a regulator's from public copies and from what was sent to it."""

    code = "permit_history"
    title = gettext_lazy("History of permits and openings")
    purpose = gettext_lazy("Every permit of one organization with each change of its status, and every version of its openings.")
    form_class = HistoryForm
    main = "changes"
    place = 30

    def policy(self, actor: Any, organization: Any = None) -> Allowed | Denied:
        entered = can_enter(actor)
        if not entered:
            return entered
        kind = actor.organization.organization_kind
        if kind.may_review:
            return can_keep_registers(actor)
        if not kind.needs_permit:
            return Denied(gettext_lazy("Organizations of this kind need no permit."))
        return ALLOWED

    def scope(self, actor: Any) -> str:
        return ties_of(actor)

    def document(self, actor: Any, parameters: dict, now: datetime) -> Document:
        if actor.organization.organization_kind.may_review:
            return self._for_office(actor, parameters["organization"], now)
        permits, changes, versions = selectors.own_permits(), selectors.own_changes(), selectors.own_versions()
        return self._says(actor, now, actor.organization.legal_name, permits, changes, versions)

    def _for_office(self, actor: Any, slug: str, now: datetime) -> Document:
        organization = selectors.overseen_organization(actor, slug)
        if organization is None:
            raise Refused(NOT_YOURS)
        permits = selectors.overseen_permits(actor, organization.pk)
        changes = selectors.overseen_changes(permits)
        versions = selectors.overseen_versions(actor, organization.pk)
        reviews = list(selectors.reviews_of(actor, organization.pk))
        note = _("Your office reads public copies of permits, and the versions of openings that were sent to it.")
        return self._says(actor, now, organization.legal_name, permits, changes, versions, _reviews(reviews), note=note)

    def _says(self, actor, now, name, permits, changes, versions, *more: Table, note: str = "") -> Document:
        n = versions.count()
        return self.says(
            actor=actor,
            now=now,
            subtitle=name,
            facts=((_("Organization"), name),),
            figures=(
                Figure(_("Permits"), len(permits)),
                Figure(_("Changes of status"), len(changes)),
                Figure(_("Versions of openings"), n),
            ),
            parts=(_permits(permits), _changes(changes), *more, _versions(versions, n)),
            notes=(note,) if note else (),
        )


def ties_of(actor: Any) -> str:
    """Officers see nothing of organizations they work for themselves, so their files differ. Needs the person to be active."""
    if not actor.organization.organization_kind.may_review:
        return ""
    return scope_hash(Membership.organizations_of(actor.user_id) - {actor.organization_id})


def _permits(permits: list) -> Table:
    columns = (
        Column("kind", _("Kind of permit")),
        Column("number", _("Number"), "code"),
        Column("issued", _("Issued"), "date"),
        Column("expires", _("Last day"), "date", meaning=_("Empty: no last day is known")),
        Column("status", _("Status")),
        Column("since", _("Since"), "date"),
    )
    lines = [
        (str(row.permit_kind), row.number, row.issued_on, row.expires_on, str(row.status), row.status_since) for row in permits
    ]
    return Table("permits", _("Permits"), columns, lambda: iter(lines), count=len(lines))


def _changes(changes: list[selectors.Change]) -> Table:
    statuses = selectors.status_names()
    columns = (
        Column("at", _("Written down"), "moment"),
        Column("number", _("Permit"), "code"),
        Column("status", _("Status")),
        Column("market", _("Market"), meaning=_("Country it is about; empty: all")),
        Column("since", _("Since"), "date"),
        Column("until", _("Until"), "date", missing="–"),
        Column("reason", _("Reason")),
        Column("by", _("Said by")),
    )
    lines = [
        (row.at, row.number, statuses.get(row.status, row.status), names.name("countries", row.market), row.since, row.until,
         row.reason, row.by)
        for row in changes
    ]  # fmt: skip
    return Table("changes", _("Changes of status"), columns, lambda: iter(lines), count=len(lines))


def _reviews(reviews: list[Review]) -> Table:
    columns = (
        Column("what", _("What was sent")),
        Column("title", _("Title")),
        Column("submitted", _("Sent"), "moment"),
        Column("due", _("Answer due"), "date"),
        Column("decided", _("Decided"), "moment", missing="–"),
        Column("state", _("Answer")),
        Column("days", _("Days"), "decimal", missing="–", meaning=_("From the day it was sent to the answer, by the clock")),
    )
    lines = [
        (str(SUBJECTS[row.subject_type]), row.title, row.submitted_at, row.due_on, row.decided_at, str(REVIEW_STATES[row.state]),
         row.decided_at and selectors.days_between(row.submitted_at, row.decided_at))
        for row in reviews
    ]  # fmt: skip
    return Table("reviews", _("Sent to your office"), columns, lambda: iter(lines), count=len(lines))


def _versions(versions, n: int) -> Table:
    columns = (
        Column("code", _("Code"), "code"),
        Column("version", _("Version"), "integer"),
        Column("work", _("Work")),
        Column("state", _("State of the version")),
        Column("submitted", _("Sent"), "moment", missing="–"),
        Column("approved", _("Approved"), "moment", missing="–"),
        Column("cost", _("Worker pays"), "money", currency_key="currency"),
        Column("currency", _("Currency of the cost"), "code", for_files=True),
        Column("months", _("Months of pay"), "months"),
    )
    return Table("versions", _("Versions of openings"), columns, lambda: _version_lines(versions), count=n)


def _version_lines(versions) -> Iterator[tuple]:
    for line in selectors.version_lines(versions):
        yield (
            show(line["job_order__code"]),
            line["number"],
            names.work_name(line["occupation_id"] or "", line["field_id"] or "", line["programme_id"] or ""),
            str(VERSION_STATES[line["state"]]),
            line["submitted_at"],
            line["approved_at"],
            line["total_home"] if line["home_currency"] else None,
            line["home_currency"],
            line["months_of_pay"],
        )
