"""Doors of an organization's own side."""

from types import SimpleNamespace

from django.utils import timezone

from organizations.models import Contact, Evidence, Membership
from organizations.services import api_key, invitation
from tests.access.table import AGENCY, Row, only, signed_in

MANAGERS = ("agency_owner",)
READERS = {"agency_recruiter": 403, "agency_viewer": 403}


def prepare(cast):
    """A line, a file, an invitation and a key of the agency."""
    agency, owner = cast.agency, cast.agency_owner
    with owner.active():
        contact = Contact.objects.create(
            organization=agency, kind="phone", value="0900 000 000", normalized="+84900000000", lookup=b"x" * 32
        )
        evidence = Evidence.objects.create(
            organization=agency,
            purpose="permit_scan",
            stored_name="0" * 32,
            display_name="scan.pdf",
            media_type="application/pdf",
            size=1,
            sha256="0" * 64,
            uploaded_by=owner.user,
        )
        invited = invitation.invite(
            organization=agency, email="new@agency.example", roles=["viewer"], actor=owner.actor(), now=timezone.now()
        )
        key, _secret = api_key.create_api_key(organization=agency, name="Software", actor=owner.actor(), now=timezone.now())
        member = Membership.objects.get(user=cast.agency_viewer.user)
    return SimpleNamespace(contact=contact.pk, evidence=evidence.pk, invitation=invited.pk, key=key.pk, member=member.pk)


def at_agency(rest):
    """An address of the agency's desk; `rest` may name what was prepared."""
    return lambda cast, made: f"/vi/o/{cast.agency.slug}/{rest.format(**vars(made))}"


ROWS = {
    "organizations:registration_start": Row(lambda cast, made: "/vi/register/", signed_in()),
    "organizations:invitation_accept": Row(lambda cast, made: f"/vi/invitation/{'x' * 43}/", signed_in(404)),
    "organizations:desk": Row(at_agency(""), only(*AGENCY)),
    "organizations:registration": Row(at_agency("registration/"), only(*AGENCY)),
    # Verified: the steps are closed, whoever may edit is sent to the profile.
    "organizations:registration_step": Row(at_agency("registration/names/"), only(*MANAGERS, status=302, **READERS)),
    "organizations:registration_close": Row(at_agency("registration/close/"), only(*AGENCY, status=403)),
    "organizations:line_add": Row(at_agency("profile/contact/add/"), only(*MANAGERS, **READERS)),
    "organizations:line_change": Row(at_agency("profile/contact/{contact}/"), only(*MANAGERS, **READERS)),
    "organizations:line_remove": Row(at_agency("profile/contact/{contact}/remove/"), only(*MANAGERS, **READERS)),
    # The storage does not have this file; tests/organizations/test_evidence.py opens real ones.
    "organizations:evidence": Row(at_agency("files/{evidence}/"), only(*AGENCY, status=404)),
    "organizations:people": Row(at_agency("people/"), only(*AGENCY)),
    "organizations:invite": Row(at_agency("people/invite/"), only(*MANAGERS, **READERS)),
    "organizations:invitation_revoke": Row(at_agency("people/invitations/{invitation}/"), only(*MANAGERS, **READERS)),
    "organizations:leave": Row(at_agency("people/leave/"), only(*AGENCY, status=302)),
    "organizations:member_roles": Row(at_agency("people/{member}/"), only(*MANAGERS, **READERS)),
    "organizations:member_end": Row(at_agency("people/{member}/end/"), only(*MANAGERS, "agency_viewer", agency_recruiter=403)),
    "organizations:who_can_see": Row(at_agency("who-can-see/"), only(*AGENCY)),
    "organizations:api_keys": Row(at_agency("keys/"), only("agency_owner", "agency_recruiter", agency_viewer=403)),
    # Others than the maker, owners and managers do not find the key.
    "organizations:api_key_revoke": Row(at_agency("keys/{key}/"), only(*MANAGERS)),
}
