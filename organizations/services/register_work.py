"""Long registers in the background: taken on a lease, checked or taken over in one transaction, and let go.

A worker that dies has changed nothing; its lease ends, and a sweep goes on (decision 0009).
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from core import tenancy
from core.policies import Conflict, Refused, System
from organizations.models import RegisterImport
from organizations.services.register import apply_register, check_register, confirmed_by, fail_register

WORN_OUT = _("The file could not be read. Hand it in again, or in smaller parts.")
State = RegisterImport.State


def unfinished(*, now: datetime) -> list[tuple[int, int]]:
    """Registers of all offices that wait and that nobody works on: (register, office), the oldest first."""
    with tenancy.publishing():
        found = RegisterImport.due(states=RegisterImport.UNFINISHED, now=now).order_by("pk")
        return list(found.values_list("pk", "organization_id")[:100])


def work_on(register_id: int, organization_id: int) -> None:
    """Check a register that waits, or take over one that a person confirmed. Does nothing when it is done or somebody has it."""
    now = timezone.now()
    with tenancy.activate(organization_id=organization_id):
        due = RegisterImport.due(states=RegisterImport.UNFINISHED, now=now)
        register = due.select_related("applied_by").filter(pk=register_id).first()
        if register is None:
            return
        if register.worn_out:
            fail_register(register_import=register, text=WORN_OUT)
            return
        if not RegisterImport.take(register_id, states=RegisterImport.UNFINISHED, now=now):
            return
    with tenancy.activate(organization_id=organization_id):
        if register.state == State.WAITING:
            check_register(register_import=register, actor=System("register check"), now=now)
        else:
            _take_over(register, now)
        RegisterImport.let_go(register_id)


def _take_over(register: RegisterImport, now: datetime) -> None:
    """What cannot be taken over any more says why on its page."""
    try:
        with transaction.atomic():
            apply_register(register_import=register, actor=confirmed_by(register), now=now)
    except (Conflict, Refused) as refusal:
        fail_register(register_import=register, text=str(refusal.reason))
