"""Several at the same time, with real commits: one record, one review, one decision."""

import re
from concurrent.futures import ThreadPoolExecutor

from django.db import connections
from django.utils import timezone

from core.policies import Conflict, Refused
from organizations.models import Review
from organizations.models.checks import CHECKS
from recruitment.models import JobOrder, JobOrderVersion
from recruitment.services.job_order import submit_job_order
from recruitment.services.review import approve_job_order, return_job_order
from tests.factories.job_orders import a_complete_draft, a_submitted_opening, approve, the_review
from tests.factories.organizations import a_member, a_permit, an_organization, appoint, publish
from tests.factories.sign_in import signed_in_client


def together(*actions) -> list[str]:
    """All actions at once, each on its own connection; their answers or the names of their refusals."""

    def run(action):
        try:
            return str(action())
        except (Conflict, Refused) as error:
            return type(error).__name__
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(actions)) as pool:
        return sorted(pool.map(run, actions))


def an_agency():
    agency = an_organization("hoa-sen")
    permit = a_permit(agency, permit_kind="VN-SERVICE")
    publish(agency, permit)
    regulator = an_organization("co-quan", kind="regulator")
    appoint(regulator, country="VN", permit_kind="VN-SERVICE")
    return a_member(agency, "recruiter"), [a_member(regulator, "officer") for _ in range(3)]


def test_eight_identical_submissions_make_one_opening(committed):
    member, _officers = an_agency()
    address = "/en/o/hoa-sen/openings/new/"
    page = signed_in_client(member).get(address).content.decode()
    once = re.search(r'name="_once" value="([^"]+)"', page).group(1)
    browsers = [signed_in_client(member) for _ in range(8)]

    answers = together(*[lambda browser=browser: browser.post(address, {"_once": once}).url for browser in browsers])

    assert len(set(answers)) == 1
    with member.active():
        assert JobOrder.objects.count() == 1


def test_sent_by_two_at_once_it_is_one_review(committed):
    member, officers = an_agency()
    job_order = a_complete_draft(member)

    def send():
        with member.active():
            return submit_job_order(job_order=job_order, actor=member.actor(), now=timezone.now()).state

    assert together(send, send, send) == ["Conflict", "Conflict", "submitted"]
    with officers[0].active():
        assert Review.objects.count() == 1


def test_approved_and_sent_back_at_once_only_one_wins(committed):
    member, officers = an_agency()
    job_order = a_submitted_opening(member)
    approve(job_order, officers[0])
    review = the_review(officers[1], job_order)
    ticks = {"ticked": list(CHECKS["job_order"]), "permits": {}}

    def say_yes():
        with officers[1].active():
            return approve_job_order(review=review, checklist=ticks, actor=officers[1].actor(), now=timezone.now()).state

    def say_no():
        with officers[2].active():
            return return_job_order(
                review=review, items={"city": "Which one?"}, actor=officers[2].actor(), now=timezone.now()
            ).state

    answers = together(say_yes, say_no)

    assert answers in (["Conflict", "approved"], ["Conflict", "returned"])
    with member.active():
        states = (JobOrder.objects.get().state, JobOrderVersion.objects.get().state)
    assert states == {"approved": ("published", "approved"), "returned": ("returned", "returned")}[answers[1]]
