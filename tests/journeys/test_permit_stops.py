"""A permit is stopped, in each of the ways there are: its openings are gone from every public place with the next request."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core import tenancy
from organizations.models import Permit, PublishedPermit
from organizations.services.publication import publish_organization
from tests.factories.organizations import a_permit, an_organization
from tests.factories.recruitment_public import an_opening


@pytest.fixture
def opening(cast):
    """An opening of a company under the cast's regulator."""
    cache.clear()
    agency = an_organization("song-lam-mau", legal_name="Công ty Mẫu Sông Lam")
    permit = a_permit(agency, permit_kind="VN-SERVICE", number="104/MAU-GP")
    publish_organization(agency.pk, now=timezone.now())
    return permit, an_opening(agency, permit)


def places(order):
    code = order.code
    return {
        "search": "/en/jobs/",
        "search of the organization": "/en/jobs/?organization=song-lam-mau",
        "feed": "/en/jobs/feed.atom",
        "sitemap": "/sitemap-1.xml",
        "API list": "/api/v1/jobs/",
        "profile": "/en/organizations/song-lam-mau/",
        "home": "/en/",
        "code": code,
    }


def seen(anonymous, order):
    """The public places that name the opening."""
    spellings = (order.code, f"{order.code[:4]}-{order.code[4:]}")
    found = set()
    for name, path in places(order).items():
        if name == "code":
            continue
        text = anonymous.get(path).content.decode()
        if any(spelling in text for spelling in spellings):
            found.add(name)
    return found


def by_register(cast, permit, browser):
    text = "Số giấy phép;Tên doanh nghiệp;Trạng thái;Ghi chú\n104/MAU-GP;Công ty Mẫu Sông Lam;Đình chỉ;Quyết định mẫu số 12\n"
    file = SimpleUploadedFile("danh-sach.csv", text.encode("utf-16"))
    report = browser.post("/en/o/co-quan/registers/new/", {"permit_kind": "VN-SERVICE", "file": file}).url
    assert browser.post(f"{report}apply/").status_code == 302


def by_hand(cast, permit, browser):
    given = {"status": "revoked", "since": timezone.now().date() - timedelta(days=1), "reason": "Decision 9"}
    assert browser.post(f"/en/o/co-quan/oversight/{permit.pk}/", given).status_code == 302


def by_the_clock(cast, permit, browser):
    """Nothing writes: the end that was published long ago has come."""
    with tenancy.publishing():
        PublishedPermit.objects.filter(pk=permit.pk).update(open_until=timezone.now() - timedelta(seconds=1))


@pytest.mark.parametrize("stop", [by_register, by_hand, by_the_clock])
def test_openings_vanish_everywhere(cast, client_for, anonymous, opening, stop):
    permit, order = opening
    before = seen(anonymous, order)
    assert {"search", "feed", "API list", "profile"} <= before

    stop(cast, permit, client_for(cast.officer_one))

    assert seen(anonymous, order) == set()


def test_a_flyer_of_a_stopped_permit_gets_an_answer(cast, client_for, anonymous, opening):
    permit, order = opening
    by_register(cast, permit, client_for(cast.officer_one))

    answer = anonymous.get(f"/en/check/?q={order.code}")

    assert answer.status_code == 200
    assert "suspended" in answer.content.decode().lower()
    with tenancy.activate(None, order.organization_id):
        assert Permit.objects.get(pk=permit.pk).status_id == "suspended"
