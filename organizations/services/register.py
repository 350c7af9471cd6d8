"""A regulator's own register: handed in as a file, checked first, taken over as a whole or not at all.

Only permits that the office has checked in a review follow the register: the claim of an unchecked number is nobody's permit yet.
"""

import hashlib
import json
from datetime import datetime

from django.utils.translation import gettext as _

from core import events, tenancy
from core.policies import Actor, Conflict, Refused, StepUpNeeded, require
from organizations.events import permit_status as verbs
from organizations.models import (
    Jurisdiction,
    Membership,
    Organization,
    Permit,
    PermitChange,
    PermitKind,
    PermitStatus,
    RegisterEntry,
    RegisterImport,
)
from organizations.models.calendar import today_in
from organizations.policies import review as policies
from organizations.services.permit_status import KEEP, NOT_CHECKED, SUSPENDED_MARKET, record_permit_status
from organizations.services.publication import publish_permits
from organizations.services.register_file import RegisterRow, count_rows, read_register, status_words

State = RegisterImport.State
LONG = 500


def receive_register(*, permit_kind, file_name: str, content: bytes, actor, now: datetime) -> RegisterImport:
    """Keep a register and check it: at once, or in the background when it has more than LONG lines. Changes no permit.

    Raises Refused when the kind is not the office's.
    """
    require(policies.can_keep_registers(actor))
    if permit_kind.pk not in Jurisdiction.kinds_of(actor.organization_id):
        raise Refused(_("Your office is not responsible for permits of this kind."))
    rows = count_rows(content)
    register = RegisterImport.objects.create(
        organization_id=actor.organization_id,
        permit_kind=permit_kind,
        file_name=file_name[:160],
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        state=State.WAITING,
        rows=rows,
        report={"done": 0, "total": rows},
        uploaded_by=actor.user,
    )
    events.record(verbs.REGISTER_UPLOADED, subject=register, actor=actor, now=now, data={"rows": rows, "kind": permit_kind.pk})
    return register if rows > LONG else check_register(register_import=register, actor=actor, now=now)


def check_register(*, register_import, actor, now: datetime) -> RegisterImport:
    """The dry run: reads the file and writes down what would change, or every mistake with row and column. Repeatable."""
    register = _locked(register_import)
    if register.state != State.WAITING:
        return register
    rows, errors = _read(register)
    if errors:
        register.state, register.content = State.REFUSED, b""
        register.report = {"errors": [error.as_dict() for error in errors]}
        verb, data = verbs.REGISTER_REFUSED, {"errors": len(errors)}
    else:
        register.state, register.rows = State.CHECKED, len(rows)
        register.report = _plan(register, rows)
        verb, data = verbs.REGISTER_CHECKED, {"changed": register.report["counts"]["permits"]}
    register.save(update_fields=["state", "content", "rows", "report"])
    events.record(verb, subject=register, actor=actor, now=now, data=data)
    return register


def confirm_register(*, register_import, actor, now: datetime) -> RegisterImport:
    """A person takes a checked register over: at once, or in the background when it is long.

    Raises Refused, StepUpNeeded, Conflict (not checked, or taken over already).
    """
    require(policies.can_keep_registers(actor))
    if not actor.is_fresh(now):
        raise StepUpNeeded
    register = _locked(register_import)
    if register.state != State.CHECKED:
        raise Conflict(_("This register was taken over already, or was refused."))
    register.state, register.applied_by = State.APPLYING, actor.user
    register.save(update_fields=["state", "applied_by"])
    events.record(verbs.REGISTER_CONFIRMED, subject=register, actor=actor, now=now, data={"rows": register.rows})
    return register if register.rows > LONG else apply_register(register_import=register, actor=actor, now=now)


def apply_register(*, register_import, actor, now: datetime) -> RegisterImport:
    """Take a confirmed register over, all of it or nothing. `actor` is the person who confirmed it; the age of the second
    factor was asked then.

    Raises Conflict when permits changed since the check: what was confirmed is no longer what would happen.
    """
    register = _locked(register_import)
    if register.state != State.APPLYING:
        return register
    require(policies.can_keep_registers(actor))
    rows, errors = _read(register)
    plan = _plan(register, rows)
    if errors or plan["digest"] != register.report["digest"]:
        raise Conflict(_("Permits have changed since this register was checked. Hand it in again."))
    _refuse_ties(plan, actor)
    _write_entries(register, rows)
    changed = _write_permits(register, rows, actor, now)
    register.state, register.applied_at = State.APPLIED, now
    register.content = b""
    register.save(update_fields=["state", "applied_at", "content"])
    events.record(verbs.REGISTER_APPLIED, subject=register, actor=actor, now=now, data={"changed": changed, "rows": len(rows)})
    return register


def fail_register(*, register_import, text: str) -> None:
    """The background work could not be done: say why on its page."""
    register = _locked(register_import)
    if register.state not in RegisterImport.UNFINISHED:
        return
    register.state, register.content = State.REFUSED, b""
    register.report = {"errors": [{"row": 0, "column": "", "code": "failed", "text": text, "data": {}}]}
    register.save(update_fields=["state", "content", "report"])


def confirmed_by(register_import) -> Actor:
    """The person who confirmed a register, with the roles held now."""
    office = Organization.objects.select_related("organization_kind").get(pk=register_import.organization_id)
    person = register_import.applied_by
    membership = Membership.objects.filter(user=person, ended_at__isnull=True).first()
    return Actor(user=person, organization=office, roles=frozenset(membership.roles if membership else ()))


def _locked(register_import) -> RegisterImport:
    return RegisterImport.objects.select_for_update(of=("self",)).select_related("permit_kind").get(pk=register_import.pk)


def _read(register):
    return read_register(bytes(register.content), statuses=status_words(PermitStatus.objects.filter(retired=False)))


def _permits(kind: PermitKind, rows: list[RegisterRow]) -> dict[str, list[Permit]]:
    """Checked permits of every organization with these numbers. The publishing role reads all tenants; the number of permits an
    office looks up is the number of lines it has."""
    found: dict[str, list[Permit]] = {}
    with tenancy.publishing():
        permits = Permit.reachable.filter(permit_kind=kind, number_key__in=[row.number_key for row in rows])
        for permit in permits.exclude(status_id=NOT_CHECKED).select_related("organization").order_by("pk"):
            found.setdefault(permit.number_key, []).append(permit)
    return found


def _plan(register, rows: list[RegisterRow]) -> dict:
    """What would change, line by line, as the report shows it."""
    kind = register.permit_kind
    entries = {entry.number_key: entry for entry in RegisterEntry.objects.filter(permit_kind=kind)}
    permits = _permits(kind, rows)
    lines = [_line(row, entries.get(row.number_key), permits.get(row.number_key, [])) for row in rows]
    numbers = {row.number_key for row in rows}
    counts = {
        "rows": len(rows),
        "new": sum(line["effect"] == "new" for line in lines),
        "changed": sum(line["effect"] == "changed" for line in lines),
        "same": sum(line["effect"] == "same" for line in lines),
        "permits": sum(len(line["permits"]) for line in lines),
        "unknown": sum(not line["known"] for line in lines),
        "missing": sum(key not in numbers for key in entries),
    }
    digest = hashlib.sha256(json.dumps(lines, sort_keys=True).encode()).hexdigest()
    return {"lines": lines, "counts": counts, "digest": digest}


def _line(row: RegisterRow, entry: RegisterEntry | None, permits: list[Permit]) -> dict:
    now_is = (row.status, row.expires_on, row.market)
    same = entry is not None and (entry.status_id, entry.expires_on, entry.market) == now_is
    return {
        "row": row.line,
        "number": row.number,
        "holder": row.holder,
        "effect": "new" if entry is None else "same" if same else "changed",
        "before": entry.status_id if entry else "",
        "status": row.status,
        "market": row.market,
        "expires_on": row.expires_on.isoformat() if row.expires_on else "",
        "known": bool(permits),
        "permits": [
            {"id": p.pk, "organization": p.organization.legal_name, "organization_id": p.organization_id, "before": p.status_id}
            for p in permits
            if _differs(row, p)
        ],
    }


def _differs(row: RegisterRow, permit: Permit) -> bool:
    if permit.status_id != row.status:
        return True
    if row.expires_on is not None and permit.expires_on != row.expires_on:
        return True
    return row.status == SUSPENDED_MARKET and row.market not in permit.suspended_markets


def _refuse_ties(plan: dict, actor) -> None:
    ties = Membership.organizations_of(actor.user_id)
    if any(permit["organization_id"] in ties for line in plan["lines"] for permit in line["permits"]):
        raise Refused(_("This register changes a permit of an organization you work for. Another officer must take it over."))


def _write_entries(register, rows: list[RegisterRow]) -> None:
    entries = [
        RegisterEntry(
            organization_id=register.organization_id,
            permit_kind=register.permit_kind,
            number=row.number,
            number_key=row.number_key,
            holder_name=row.holder,
            status_id=row.status,
            issued_on=row.issued_on,
            expires_on=row.expires_on,
            market=row.market,
            reason=row.reason,
            register_import=register,
        )
        for row in rows
    ]
    RegisterEntry.objects.bulk_create(
        entries,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["organization", "permit_kind", "number_key"],
        update_fields=["number", "holder_name", "status", "issued_on", "expires_on", "market", "reason", "register_import"],
    )


def _write_permits(register, rows: list[RegisterRow], actor, now: datetime) -> int:
    permits = _permits(register.permit_kind, rows)
    today = today_in(register.permit_kind.country, now)
    changed, organizations = 0, set()
    for row in rows:
        for permit in permits.get(row.number_key, []):
            if not _differs(row, permit):
                continue
            record_permit_status(
                permit=permit,
                status=row.status,
                market=row.market,
                since=today,
                reason=row.reason,
                source=PermitChange.Source.REGISTER,
                decided_by_name=actor.organization.legal_name,
                actor=actor,
                now=now,
                expires_on=row.expires_on or KEEP,
                publish=False,
            )
            changed += 1
            organizations.add(permit.organization_id)
    publish_permits(organizations, now=now)
    return changed
