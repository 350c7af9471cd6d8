"""Doorways to reports that were asked for, and to schedules. The caller says which reports the person may have."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from organizations.models import Membership
from reports.models import ReportJob, ReportRequest, ReportSchedule


def jobs_visible_to(actor: Any, scopes: Mapping[str, str]) -> QuerySet[ReportJob]:
    """The organization's jobs of the reports the person may have, made for the same eyes. `scopes`: scope by code of report."""
    if actor.organization_id is None or not scopes:
        return ReportJob.objects.none()
    seen = Q()
    for code, scope in scopes.items():
        seen |= Q(report=code, scope=scope)
    return ReportJob.objects.filter(seen)


def with_people(rows: QuerySet[ReportJob], actor: Any) -> QuerySet[ReportJob]:
    """Each with who asked (`asked_by`: requests with their users) and whether this person did (`is_mine`)."""
    living = ReportRequest.objects.living().select_related("user").order_by("pk")
    mine = ReportRequest.objects.living().filter(job=OuterRef("pk"), user_id=actor.user_id)
    return rows.annotate(is_mine=Exists(mine)).prefetch_related(Prefetch("requests", queryset=living, to_attr="asked_by"))


def request_of(job: ReportJob, actor: Any) -> ReportRequest | None:
    """What this person asked for, unless they took it back."""
    return ReportRequest.objects.living().filter(job=job, user_id=actor.user_id).first()


def schedules_visible_to(actor: Any, codes: Any) -> QuerySet[ReportSchedule]:
    """The organization's schedules of the reports the person may have."""
    if actor.organization_id is None:
        return ReportSchedule.objects.none()
    return ReportSchedule.objects.filter(report__in=list(codes)).select_related("created_by", "organization")


def members(actor: Any) -> list[tuple[int, str]]:
    """User id and name of everybody who works in the organization."""
    rows = Membership.objects.filter(ended_at__isnull=True, user__is_active=True).select_related("user").order_by("since", "pk")
    return [(row.user_id, str(row.user)) for row in rows]


def seconds_left(job: ReportJob, now: datetime) -> int | None:
    """How long it will still take at the pace so far; None while nobody can say."""
    if not job.started_at or not job.rows or job.done < 1 or job.done >= job.rows:
        return None
    passed = (now - job.started_at).total_seconds()
    return max(1, round(passed * (job.rows - job.done) / job.done))
