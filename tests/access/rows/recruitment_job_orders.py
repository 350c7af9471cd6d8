"""Openings on the desk, files of openings, and the regulator's page of an opening."""

from types import SimpleNamespace

from django.utils import timezone

from recruitment.services.bulk import hand_in
from tests.access.table import AGENCY, Row, only
from tests.factories.job_orders import a_published_opening, a_submitted_opening, the_review
from tests.factories.organizations import a_permit, publish

DESK = "/vi/o/hoa-sen/openings/"
WRITERS = ("agency_owner", "agency_recruiter")


def prepare(cast):
    """A published opening of the agency, one that waits for the regulator, and a file it handed in."""
    permit = a_permit(cast.agency, permit_kind="VN-SERVICE")
    publish(cast.agency, permit)
    waiting = a_submitted_opening(cast.agency_recruiter)
    member = cast.agency_recruiter
    with member.active():
        file = hand_in(
            file_name="x.csv", content=b"x", language="en", dry_run=True, submit=False, actor=member.actor(), now=timezone.now()
        )
    return SimpleNamespace(
        code=a_published_opening(cast.agency_recruiter, (cast.officer_one, cast.officer_two)).code,
        review=the_review(cast.officer_one, waiting).pk,
        file=file.pk,
    )


def _desk(rest: str):
    return lambda cast, w: DESK + rest.format(code=w.code, file=w.file)


def _writers(status: int = 200) -> dict[str, int]:
    """Readers of the same organization are told why not; others do not know that it exists."""
    return only(*WRITERS, status=status, agency_viewer=403)


ROWS = {
    "recruitment:job_order_list": Row(_desk(""), only(*AGENCY)),
    "recruitment:job_order_create": Row(_desk("new/"), _writers()),
    "recruitment:job_order_import": Row(_desk("import/"), _writers()),
    "recruitment:job_order_import_detail": Row(_desk("import/{file}/"), only(*AGENCY)),
    "recruitment:job_order_detail": Row(_desk("{code}/"), only(*AGENCY)),
    "recruitment:job_order_begin": Row(_desk("{code}/edit/"), only(*AGENCY, status=302)),
    # Nothing is open for writing in a published opening: writers are led to its page.
    "recruitment:job_order_edit": Row(_desk("{code}/edit/fees/"), _writers(status=302)),
    "recruitment:job_order_version": Row(_desk("{code}/versions/1/"), only(*AGENCY)),
    "recruitment:job_order_act": Row(_desk("{code}/pause/"), _writers()),
    "recruitment:review_detail": Row(lambda cast, w: f"/vi/o/co-quan/openings/reviews/{w.review}/", only("officer_one")),
}
