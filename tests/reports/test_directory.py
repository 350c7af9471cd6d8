"""The public directory: found with and without marks, true by the clock, silent about what is not approved."""

import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from core import tenancy
from organizations.models import Contact, Permit, Representative
from organizations.services.permit_status import record_permit_status
from organizations.services.publication import publish_organization
from tests.factories.organizations import a_permit, an_organization

NOW = timezone.now


def listed(name, slug, *, kind="sending_organization", country="VN", permit="VN-SERVICE", latin="", **fields):
    organization = an_organization(slug, kind=kind, country=country, legal_name=name, latin_name=latin)
    if permit:
        a_permit(organization, permit_kind=permit, **fields)
    publish_organization(organization.pk, now=NOW())
    return organization


@pytest.fixture
def three(cast):
    return [
        listed("Công ty Mẫu Hải Âu Xanh", "hai-au-xanh", latin="Green Seagull Demo", number="101/MAU-GP"),
        listed("Công ty Mẫu Đồng Nai", "dong-nai", status="suspended"),
        listed("鶴亀監理組合（見本）", "tsurukame", kind="supervising_body", country="JP", permit="JP-SUPERVISING"),
    ]


def found(anonymous, question=""):
    html = anonymous.get(f"/en/organizations/{question}").content.decode()
    return set(re.findall(r"/en/organizations/([a-z0-9-]+)/", html))


@pytest.mark.parametrize(
    ("question", "slugs"),
    [
        ("", {"hai-au-xanh", "dong-nai", "tsurukame"}),
        ("?q=hai au xanh", {"hai-au-xanh"}),
        ("?q=HẢI ÂU", {"hai-au-xanh"}),
        ("?q=h%C3%A2i au", {"hai-au-xanh"}),
        ("?q=dong n", {"dong-nai"}),
        ("?q=đồng nai", {"dong-nai"}),
        ("?q=seagull", {"hai-au-xanh"}),
        ("?q=監理", {"tsurukame"}),
        ("?q=鶴", {"tsurukame"}),
        ("?q=101-mau gp", {"hai-au-xanh"}),
        ("?q=nobody", set()),
        ("?q='; drop table", set()),
        ("?q=%27%20%7C%20a:*", {"hai-au-xanh"}),
        ("?q=%00", {"hai-au-xanh", "dong-nai", "tsurukame"}),
        ("?country=JP", {"tsurukame"}),
        ("?kind=supervising_body", {"tsurukame"}),
        ("?status=suspended", {"dong-nai"}),
        ("?status=nonsense&kind=%3Cb%3E&after=x", {"hai-au-xanh", "dong-nai", "tsurukame"}),
    ],
)
def test_an_organization_is_found_as_people_type_it(three, anonymous, question, slugs):
    assert found(anonymous, question) == slugs


def test_the_directory_comes_in_pages_without_gaps(cast, anonymous):
    for number in range(23):
        listed(f"Mẫu {number:02d}", f"mau-{number:02d}")

    first = anonymous.get("/en/organizations/").content.decode()
    place = re.search(r'rel="next" href="([^"]+)"', first)[1]
    second = anonymous.get(f"/en/organizations/{place}").content.decode()

    pages = [re.findall(r"/en/organizations/(mau-\d\d)/", html) for html in (first, second)]
    assert [len(page) for page in pages] == [20, 3]
    assert pages[0] + pages[1] == sorted(pages[0] + pages[1])


def test_one_and_twenty_organizations_cost_the_same_number_of_questions(cast, anonymous, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counted = []
    for number in range(8):
        listed(f"Mẫu {number:02d}", f"mau-{number:02d}")
        if number in (0, 7):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                anonymous.get(f"/en/organizations/?q=mau&x={number}")
            counted.append(len(queries))

    assert counted[0] == counted[1]


def test_an_unverified_organization_has_no_page(cast, anonymous):
    organization = an_organization("hidden", verified=False)
    publish_organization(organization.pk, now=NOW())

    assert anonymous.get("/en/organizations/hidden/").status_code == 404
    assert anonymous.get("/en/organizations/never-existed/").status_code == 404


def test_the_profile_says_status_in_words_who_checked_and_since_when(cast, anonymous):
    organization = listed("Công ty Mẫu", "mau-profile")
    permit = a_permit(organization, permit_kind="VN-PUBLIC", status="valid")
    with cast.officer_one.active():
        record_permit_status(
            permit=permit,
            status="suspended",
            since=NOW().date(),
            reason="Decision 12",
            source="decision",
            decided_by_name="Office of the test",
            actor=cast.officer_one.actor(),
            now=NOW(),
        )

    html = anonymous.get("/en/organizations/mau-profile/").content.decode()

    assert "Permit suspended" in html
    assert "Office of the test" in html
    assert "Decision 12" in html
    assert "This platform has no published sanction for this organization." in html


def test_the_clock_says_expired_before_any_job_does(cast, anonymous):
    listed("Công ty Mẫu", "mau-late", expires_on=NOW().date() - timedelta(days=3))

    html = anonymous.get("/en/organizations/mau-late/").content.decode()

    assert "Permit expired" in html
    assert "Permit in force" not in html
    assert "Permit expired" in anonymous.get("/en/organizations/").content.decode()


def test_numbers_of_people_are_counted_and_not_shown(cast, anonymous):
    organization = listed("Công ty Mẫu", "mau-people")
    with tenancy.activate(None, organization.pk):
        person = Representative.objects.create(organization=organization, name="Ms N. (demo)", verified_at=NOW())
        Contact.objects.create(
            organization=organization,
            kind="phone",
            value="0999 888 777",
            normalized="+84999888777",
            lookup=b"x",
            representative=person,
            verified_at=NOW(),
        )
    publish_organization(organization.pk, now=NOW())

    html = anonymous.get("/en/organizations/mau-people/").content.decode()

    assert "Ms N. (demo)" in html
    assert "1 phone" in html
    assert "0999" not in html


def test_an_organization_that_needs_no_permit_says_so(cast, anonymous):
    organization = listed("Mái Nhà Mẫu", "mai-nha-mau", kind="ngo_partner", permit=None)

    html = anonymous.get(f"/en/organizations/{organization.slug}/").content.decode()

    assert "It needs no permit." in html
    assert "Permit not checked" not in html


def test_machine_readable_data_is_valid_and_harmless(cast, anonymous):
    listed("Mẫu </script><script>alert(1)</script>", "mau-script")

    html = anonymous.get("/en/organizations/mau-script/").content.decode()

    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)[1])
    assert (data["@type"], data["legalName"]) == ("Organization", "Mẫu </script><script>alert(1)</script>")
    assert "<script>alert(1)" not in html


def test_a_copy_in_the_browser_ends_with_a_suspension(cast, anonymous):
    organization = listed("Công ty Mẫu", "mau-cache")
    first = anonymous.get("/en/organizations/mau-cache/")
    again = anonymous.get("/en/organizations/mau-cache/", headers={"If-None-Match": first["ETag"]})

    with tenancy.activate(None, organization.pk):
        permit = Permit.objects.get()
    with cast.officer_one.active():
        record_permit_status(
            permit=permit,
            status="revoked",
            since=NOW().date(),
            source="decision",
            decided_by_name="x",
            actor=cast.officer_one.actor(),
            now=NOW(),
        )
    after = anonymous.get("/en/organizations/mau-cache/", headers={"If-None-Match": first["ETag"]})

    assert ("Last-Modified" in first, again.status_code, after.status_code) == (True, 304, 200)


@pytest.mark.parametrize("language", ["vi", "id", "en", "ja"])
def test_the_pages_exist_in_every_language(three, anonymous, language):
    for path in ("organizations/", "organizations/hai-au-xanh/"):
        response = anonymous.get(f"/{language}/{path}")

        assert response.status_code == 200
        assert f'lang="{language}"' in response.content.decode()


def test_a_page_sets_no_cookie(three, anonymous):
    assert not anonymous.get("/en/organizations/hai-au-xanh/").cookies
