"""A registration as the browser walks it: pages by name, honest answers, sending and sending back."""

import io
import threading

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from PIL import Image

from core import tenancy
from core.models import Event
from organizations.models import (
    Organization,
    Review,
)
from organizations.services.review import return_items
from tests.factories.organizations import a_member, an_organization
from tests.factories.sign_in import signed_in_client

NOW = timezone.now


def begun(slug):
    """A registration that has just begun, its owner and the owner's browser."""
    organization = an_organization(slug, verified=False)
    owner = a_member(organization, "owner")
    return organization, owner, signed_in_client(owner)


def picture(name="scan.png"):
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(content, "PNG")
    content.seek(0)
    content.name = name
    return content


def url(name, organization, *rest):
    with override("en"):
        return reverse(f"organizations:{name}", args=[organization.slug, *rest])


def fresh(organization):
    with tenancy.activate(None, organization.pk):
        return Organization.objects.get(pk=organization.pk)


def step(browser, organization, name, data, **extra):
    return browser.post(url("registration_step", organization, name), data, **extra)


def fill_in(browser, organization):
    """Every step with honest answers; returns the last response."""
    names = {"legal_name": "Công ty Mới Mở", "latin_name": "Moi Mo", "registration_number": "0101234567"}
    step(browser, organization, "names", names)
    step(browser, organization, "office", {"address": "1 Phố Mẫu, Hà Nội", "website": "www.moimo.example"})
    step(browser, organization, "contacts", {"lines": 1, "1-kind": "phone", "1-value": "0912 345 678", "1-label": "Lễ tân"})
    step(browser, organization, "bank", {"lines": 1, "1-value": "Công ty Mới Mở", "1-label": "Ngân hàng Mẫu"})
    person = {
        "lines": 1,
        "1-name": "Trần Văn Bình",
        "1-title": "Giám đốc",
        "1-phones": "0987654321",
        "1-upload": picture("face.png"),
    }
    step(browser, organization, "representatives", person)
    permit = {"lines": 1, "1-permit_kind": "VN-SERVICE", "1-number": "12/LĐTBXH-GP", "1-expires_on": "2028-01-31"}
    return step(browser, organization, "permits", {**permit, "1-markets": ["JP"], "1-upload": picture("permit.png")})


def send(browser, organization):
    return step(browser, organization, "check", {"true": "on"})


def send_back(cast, organization, items):
    review = the_review(organization)
    with cast.officer_one.active():
        return_items(review=review, items=items, actor=cast.officer_one.actor(), now=NOW())


def the_review(organization):
    with tenancy.publishing():
        return Review.reachable.filter(subject_organization_id=organization.pk).latest("pk")


def events_of(organization):
    with tenancy.activate(None, organization.pk):
        return list(Event.objects.filter(organization_id=organization.pk).order_by("pk").values_list("verb", flat=True))


def in_threads(*calls):
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
