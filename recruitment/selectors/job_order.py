"""Doorways to an organization's own openings, and to the opening a review is about."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from organizations.models import ReturnedItem, Review
from organizations.services.words import normalize
from recruitment.models import FeeCharge, JobOrder, JobOrderImport, JobOrderText, JobOrderVersion, PayLine
from recruitment.selectors.names import reference

_STATES = JobOrderVersion.State
OPEN_STATES = (_STATES.DRAFT, _STATES.SUBMITTED, _STATES.RETURNED)
LIVE_STATES = (*OPEN_STATES, _STATES.APPROVED)
RELATED = ("job_order", "origin", "programme", "field", "occupation", "prefecture", "travel_out_payer", "travel_home_payer")


@dataclass
class Content:
    """Everything a page shows of one version."""

    version: JobOrderVersion
    fees: list[FeeCharge]
    pay: list[PayLine]
    texts: list[JobOrderText]


def job_orders_visible_to(actor) -> QuerySet[JobOrder]:
    """Every opening of the actor's organization."""
    return JobOrder.objects.all() if _posts(actor) else JobOrder.objects.none()


def imports_visible_to(actor) -> QuerySet[JobOrderImport]:
    """The files of openings that the actor's organization handed in, without their content."""
    if not _posts(actor):
        return JobOrderImport.objects.none()
    return JobOrderImport.objects.select_related("uploaded_by").defer("content")


def search(rows: QuerySet[JobOrder], *, q: str = "", state: str = "", programme: str = "", field: str = "") -> QuerySet[JobOrder]:
    """Narrow a list: a code, the employer, city or work as people write it; a state; a programme; a field."""
    if state:
        rows = rows.filter(state=state)
    live = JobOrderVersion.objects.filter(job_order=OuterRef("pk"), state__in=LIVE_STATES)
    if programme:
        rows = rows.filter(Exists(live.filter(programme=programme)))
    if field:
        rows = rows.filter(Exists(live.filter(field=field)))
    return rows.filter(_words(q, live)) if q.strip() else rows


def _posts(actor) -> bool:
    return actor.organization is not None and actor.organization.organization_kind.may_post


def _words(q: str, live) -> Q:
    wanted = normalize(q)
    code = "".join(c for c in wanted.upper() if c.isalnum())[:8]
    works = [row.pk for row in reference().occupations.values() if wanted in normalize(str(row.name))]
    fields = [row.pk for row in reference().fields.values() if wanted in normalize(str(row.name))]
    text = " ".join(q.split())
    said = Q(employer_name__icontains=text) | Q(city__icontains=text) | Q(occupation__in=works) | Q(field__in=fields)
    found = Exists(live.filter(said)) | Q(external_id__iexact=text)
    return found | Q(code__startswith=code) if len(code) >= 2 else found


def current_versions(rows: list[JobOrder]) -> dict[int, JobOrderVersion]:
    """For each opening its newest version that counts, in one query."""
    versions = (
        JobOrderVersion.objects.filter(job_order__in=[row.pk for row in rows])
        .exclude(state=_STATES.DROPPED)
        .select_related(*RELATED)
        .order_by("job_order_id", "number")
    )
    return {version.job_order_id: version for version in versions}


def versions_of(job_order: JobOrder) -> list[JobOrderVersion]:
    """Every version, newest first; also for the regulator that reviews it."""
    rows = JobOrderVersion.reachable.filter(job_order=job_order).select_related(*RELATED, "submitted_by")
    return list(rows.order_by("-number"))


def open_version_of(job_order: JobOrder) -> JobOrderVersion | None:
    """The version that is being written or decided."""
    return JobOrderVersion.reachable.filter(job_order=job_order, state__in=OPEN_STATES).select_related(*RELATED).first()


def content_of(version: JobOrderVersion) -> Content:
    """A version with its lines and texts; readable for its organization and for the regulator that reviews it."""
    return Content(
        version=version,
        fees=list(
            FeeCharge.reachable.filter(version=version).select_related("item", "payer", "stage", "ceiling", "payer_by_law")
        ),
        pay=list(PayLine.reachable.filter(version=version)),
        texts=list(JobOrderText.reachable.filter(version=version).order_by("position", "key", "id")),
    )


def returned_items(job_order: JobOrder) -> dict[str, ReturnedItem]:
    """What the regulator sent back and nobody has mended yet, by item (`wage_base`, `fee:3`)."""
    rows = ReturnedItem.objects.filter(subject_type=Review.Subject.JOB_ORDER, subject_id=job_order.pk, mended_at__isnull=True)
    return {row.item: row for row in rows.order_by("returned_at")}


def reviewed_version(review: Review) -> JobOrderVersion | None:
    """The version a review is about, through the SELECT-only policy that the review opens."""
    rows = JobOrderVersion.reachable.filter(job_order=review.subject_id, number=review.version)
    return rows.select_related(*RELATED).first()


def version_before(version: JobOrderVersion) -> JobOrderVersion | None:
    """What was in force before this version: the last approved or replaced one with a smaller number."""
    rows = JobOrderVersion.reachable.filter(
        job_order=version.job_order_id, number__lt=version.number, state__in=[_STATES.APPROVED, _STATES.REPLACED]
    )
    return rows.select_related(*RELATED).order_by("-number").first()


def state_counts(actor) -> dict[str, int]:
    """How many openings stand in each state."""
    counted = job_orders_visible_to(actor).order_by().values_list("state").annotate(n=Count("pk"))
    return dict(counted)
