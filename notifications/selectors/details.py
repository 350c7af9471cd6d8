"""What a notice says beside its sentence: codes and numbers of the thing an event is about, read inside its tenant."""

from core.models import Event
from organizations.models import Organization, Permit, Review
from recruitment.models import JobOrder, JobOrderVersion


def slug_of(organization_id: int | None) -> str:
    """The organization's part of an address; "" outside any."""
    if organization_id is None:
        return ""
    return Organization.objects.filter(pk=organization_id).values_list("slug", flat=True).first() or ""


def permit(event: Event) -> dict:
    """The permit's number."""
    number = Permit.objects.filter(pk=event.subject_id).values_list("number", flat=True).first()
    return {"permit": number or ""}


def review(event: Event) -> dict:
    """What kind of thing is to be checked, and by when. Not whose."""
    found = Review.objects.filter(pk=event.subject_id).values("subject_type", "due_on").first()
    if found is None:
        return {}
    place = "openings/reviews" if found["subject_type"] == Review.Subject.JOB_ORDER else "reviews"
    return {"noun": found["subject_type"], "due_on": found["due_on"].isoformat(), "place": place}


def opening(event: Event) -> dict:
    """The opening's code, from the event of the opening itself."""
    code = JobOrder.objects.filter(pk=event.subject_id).values_list("code", flat=True).first()
    return {"code": code or ""}


def opening_of_version(event: Event) -> dict:
    """The opening's code, from the event of one of its versions."""
    code = JobOrderVersion.objects.filter(pk=event.subject_id).values_list("job_order__code", flat=True).first()
    return {"code": code or ""}
