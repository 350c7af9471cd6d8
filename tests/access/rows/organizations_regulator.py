"""The regulator's rooms and the public directory."""

from types import SimpleNamespace

from django.utils import timezone

from organizations.models import PermitKind
from organizations.services.publication import publish_organization
from organizations.services.register import receive_register
from tests.access.table import Row, everybody, only
from tests.factories.organizations import a_permit
from tests.organizations.test_review import submitted

DESK = "/vi/o/co-quan/"
REGISTER = b"Permit number,Company,Status\n999/GP,Demo,valid\n"


def prepare(cast) -> SimpleNamespace:
    _organization, owner, _permit, review = submitted("cho-duyet")
    permit = a_permit(cast.agency, permit_kind="VN-SERVICE")
    publish_organization(cast.agency.pk, now=timezone.now())
    with cast.officer_one.active():
        register = receive_register(
            permit_kind=PermitKind.objects.get(pk="VN-SERVICE"),
            file_name="x.csv",
            content=REGISTER,
            actor=cast.officer_one.actor(),
            now=timezone.now(),
        )
    return SimpleNamespace(review=review.pk, permit=permit.pk, register=register.pk, owner=owner, slug=cast.agency.slug)


OFFICERS = only("officer_one")

ROWS = {
    "organizations:review_list": Row(lambda cast, w: f"{DESK}reviews/", OFFICERS),
    "organizations:review_detail": Row(lambda cast, w: f"{DESK}reviews/{w.review}/", OFFICERS),
    "organizations:review_file": Row(lambda cast, w: f"{DESK}reviews/{w.review}/files/0/", only(officer_one=404)),
    "organizations:oversight_list": Row(lambda cast, w: f"{DESK}oversight/", OFFICERS),
    "organizations:oversight_status": Row(lambda cast, w: f"{DESK}oversight/{w.permit}/", OFFICERS),
    "organizations:register_list": Row(lambda cast, w: f"{DESK}registers/", OFFICERS),
    "organizations:register_new": Row(lambda cast, w: f"{DESK}registers/new/", OFFICERS),
    "organizations:register_detail": Row(lambda cast, w: f"{DESK}registers/{w.register}/", OFFICERS),
    "organizations:register_apply": Row(lambda cast, w: f"{DESK}registers/{w.register}/apply/", OFFICERS),
    "reports:organization_list": Row(lambda cast, w: "/vi/organizations/", everybody()),
    "reports:organization_detail": Row(lambda cast, w: f"/vi/organizations/{w.slug}/", everybody()),
}
