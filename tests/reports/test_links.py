"""Links to files: once, ten minutes, one person in one session. Every link is replayed as everybody else."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core import tenancy
from core.models import Event
from core.policies import Conflict, Refused
from organizations.models import Membership
from reports import catalogue
from reports.models import ReportRequest
from reports.services import handing_out
from tests.factories.organizations import Member, a_member, a_user, an_organization, appoint
from tests.factories.reports import Sample, ask, change, made
from tests.factories.sign_in import signed_in_client

ROOM = "/en/o/hoa-sen/reports/"


@pytest.fixture
def people(committed, settings, tmp_path):
    """Everybody who might try a link."""
    settings.MEDIA_ROOT = str(tmp_path)
    agency, rival = an_organization("hoa-sen"), an_organization("bien-xanh")
    regulator, ngo = an_organization("co-quan", kind="regulator"), an_organization("mai-nha", kind="ngo_partner")
    appoint(regulator, country="VN", permit_kind="VN-SERVICE")
    catalogue.add(Sample())
    yield {
        "recruiter": a_member(agency, "recruiter"),
        "owner": a_member(agency, "owner"),
        "viewer": a_member(agency, "viewer"),
        "rival": a_member(rival, "owner"),
        "officer": a_member(regulator, "officer"),
        "caseworker": a_member(ngo, "caseworker"),
        "worker": a_member(None),
        "operator": Member(a_user("Operator", is_staff=True, is_superuser=True)),
    }
    catalogue.remove("sample")


@pytest.fixture
def job(people):
    return made(ask(people["recruiter"], "sample"))


def link(browser, job) -> str:
    response = browser.post(f"{ROOM}jobs/{job.pk}/download/")
    assert response.status_code == 302
    return response["Location"]


def status(browser, address) -> int:
    """The answer to a visit; a file that comes is put away."""
    response = browser.get(address)
    response.close()
    return response.status_code


def test_a_link_gives_the_file_once(people, job):
    browser = signed_in_client(people["recruiter"])
    address = link(browser, job)

    first, second = browser.get(address), browser.get(address)
    content = b"".join(first.streaming_content)
    first.close()

    assert (first.status_code, content) == (200, b"n\r\n0\r\n1\r\n2\r\n")
    assert first["Cache-Control"] == "private, no-store"
    assert first["Content-Disposition"].startswith("attachment")
    assert first["Content-Type"] == "text/csv; charset=utf-8"
    assert (
        second.status_code,
        b"does not open a file" in second.content,
        f"{ROOM}jobs/{job.pk}/".encode() in second.content,
    ) == (
        410,
        True,
        True,
    )
    with people["owner"].active():
        assert list(Event.objects.filter(verb="report.downloaded").values_list("actor_id", flat=True)) == [
            people["recruiter"].user.pk
        ]


def test_nobody_else_can_use_a_link(people, job):
    """Replayed as every other role, without an account, and by the same person in another browser; it stays good for its owner."""
    own = signed_in_client(people["recruiter"])
    address = link(own, job)
    others = {name: signed_in_client(member) for name, member in people.items() if name != "recruiter"}
    others["the same person elsewhere"] = signed_in_client(people["recruiter"])

    answers = {name: status(browser, address) for name, browser in others.items()}
    stranger = Client().get(address).status_code

    assert answers == dict.fromkeys(others, 404)
    assert stranger == 302
    assert status(own, address) == 200


def test_a_link_works_in_its_own_organization_only(people, job):
    """The same person is a member of two: the address of the other opens nothing."""
    recruiter = people["recruiter"]
    rival = people["rival"].organization
    with tenancy.activate(recruiter.user.pk, rival.pk):
        Membership.objects.create(organization=rival, user=recruiter.user, roles=["owner"])
    browser = signed_in_client(recruiter)
    address = link(browser, job)

    assert status(browser, address.replace("hoa-sen", "bien-xanh")) == 404
    assert status(browser, address) == 200


def test_a_link_is_over_after_ten_minutes(people, job):
    browser = signed_in_client(people["recruiter"])
    address = link(browser, job)
    with people["recruiter"].active():
        ReportRequest.objects.update(token_until=timezone.now() - timedelta(seconds=1))

    assert status(browser, address) == 410


def test_a_new_link_ends_the_earlier_one(people, job):
    browser = signed_in_client(people["recruiter"])
    first, second = link(browser, job), link(browser, job)

    assert (status(browser, first), status(browser, second)) == (404, 200)


def test_looking_ahead_does_not_spend_a_link(people, job):
    browser = signed_in_client(people["recruiter"])
    address = link(browser, job)

    assert browser.head(address).status_code == 405
    assert status(browser, address) == 200


def test_somebody_who_left_gets_nothing(people, job):
    browser = signed_in_client(people["recruiter"])
    address = link(browser, job)
    with people["owner"].active():
        Membership.objects.filter(user=people["recruiter"].user).update(ended_at=timezone.now())

    assert (status(browser, address), browser.post(f"{ROOM}jobs/{job.pk}/download/").status_code) == (404, 404)


def test_a_report_one_may_not_have_any_more_is_not_handed_out(people, job, monkeypatch):
    from core.policies import Denied

    browser = signed_in_client(people["recruiter"])
    address = link(browser, job)
    monkeypatch.setattr(Sample, "policy", lambda self, actor, organization=None: Denied("not any more"))

    assert status(browser, address) == 404
    with people["recruiter"].active(), pytest.raises(Refused):
        handing_out.make_link(
            report=catalogue.find("sample"), job=job, session="s", actor=people["recruiter"].actor(), now=timezone.now()
        )


def test_a_file_made_for_other_eyes_is_not_handed_out(people, job, monkeypatch):
    browser = signed_in_client(people["recruiter"])
    address = link(browser, job)
    monkeypatch.setattr(Sample, "scope", lambda self, actor: "other ties")

    assert status(browser, address) == 404


def test_only_who_asked_may_download(people, job):
    assert signed_in_client(people["viewer"]).post(f"{ROOM}jobs/{job.pk}/download/").status_code == 403

    ask(people["viewer"], "sample")

    viewer = signed_in_client(people["viewer"])
    assert status(viewer, link(viewer, job)) == 200


def test_there_is_no_link_to_a_file_that_is_over(people, job):
    change(job, expires_at=timezone.now() - timedelta(seconds=1))

    with people["recruiter"].active(), pytest.raises(Conflict):
        handing_out.make_link(
            report=catalogue.find("sample"), job=job, session="s", actor=people["recruiter"].actor(), now=timezone.now()
        )


def test_the_table_keeps_no_token_in_clear(people, job):
    browser = signed_in_client(people["recruiter"])
    token = link(browser, job).rstrip("/").rsplit("/", 1)[1]

    with people["recruiter"].active():
        row = ReportRequest.objects.get(job=job)

    assert token not in {row.token_hash, row.session_hash}
    assert browser.session.session_key not in {row.token_hash, row.session_hash}
