"""Permit registers of an office: `receive(cast, text)` hands one in, `confirm(cast, register)` takes it over."""

from pathlib import Path

from django.utils import timezone

from core import tenancy
from organizations.models import PermitKind, PublishedPermit, RegisterImport
from organizations.services import register as service

EXAMPLE = (Path(__file__).parents[2] / "docs" / "examples" / "permit-register.csv").read_text(encoding="utf-8")
HEADER = "Permit number,Company,Status,Issued on,Last day,Market,Reason\n"


def receive(cast, text, member=None):
    member = member or cast.officer_one
    content = text if isinstance(text, bytes) else text.encode()
    with member.active():
        return service.receive_register(
            permit_kind=PermitKind.objects.get(pk="VN-SERVICE"),
            file_name="register.csv",
            content=content,
            actor=member.actor(),
            now=timezone.now(),
        )


def confirm(cast, register, member=None, *, fresh=True):
    member = member or cast.officer_one
    with member.active():
        return service.confirm_register(register_import=register, actor=member.actor(fresh=fresh), now=timezone.now())


def reload(register) -> RegisterImport:
    with tenancy.activate(None, register.organization_id):
        return RegisterImport.objects.get(pk=register.pk)


def is_open(permit) -> bool:
    return PublishedPermit.objects.open(now=timezone.now()).filter(pk=permit.pk).exists()
