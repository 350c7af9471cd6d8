"""Files that prove what an organization says: cleaned before, sealed here, opened only through here."""

import uuid
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from core import events
from core.files import CleanFile, FileError, FileMissing, OpenedFile, discard, open_stored, promote_on_commit, store_sealed
from core.policies import require
from core.vault import Context
from organizations.events import registration as verbs
from organizations.models import Evidence, Organization, Permit, RegistrationDraft, Representative
from organizations.policies import registration as policies

RECORD = "organizations.Evidence"


def store_evidence(*, organization: Organization, clean: CleanFile, purpose: str, actor, now: datetime) -> Evidence:
    """Seal a cleaned upload and keep it with the organization. `purpose`: `permit_scan` or `photo`.

    Raises FileError("quota") when all files of the organization together would have more than settings.EVIDENCE_QUOTA bytes.
    """
    kept = Evidence.objects.aggregate(bytes=Sum("size"))["bytes"] or 0
    if kept + clean.size > settings.EVIDENCE_QUOTA:
        raise FileError("quota", limit=settings.EVIDENCE_QUOTA // 1_000_000)
    reference = uuid.uuid4()
    stored = store_sealed(clean, context=Context(RECORD, reference))
    evidence = Evidence.objects.create(
        organization=organization,
        reference=reference,
        purpose=purpose,
        stored_name=stored.name,
        display_name=stored.display_name,
        media_type=stored.media_type,
        size=stored.size,
        sha256=stored.sha256,
        wrapped_key=stored.wrapped_key,
        uploaded_by=actor.user,
    )
    promote_on_commit(stored.name)
    events.record(verbs.EVIDENCE_STORED, subject=evidence, actor=actor, now=now, data={"purpose": purpose, "size": stored.size})
    return evidence


def open_evidence(*, evidence: Evidence, actor, now: datetime) -> OpenedFile:
    """The file in clear. That it was opened is written into the log of the organization that the reader acts for."""
    require(policies.can_see_evidence(actor, evidence))
    if evidence.wrapped_key is None:
        raise FileMissing(evidence.stored_name)
    opened = open_stored(evidence.stored_name, wrapped_key=evidence.wrapped_key, context=Context(RECORD, evidence.reference))
    events.record(
        verbs.EVIDENCE_VIEWED,
        subject=evidence,
        actor=actor,
        now=now,
        organization_id=actor.organization_id,
        data={"purpose": evidence.purpose, "organization": evidence.organization_id},
    )
    return opened


def drop_unused_evidence(*, organization: Organization, actor, now: datetime) -> int:
    """Remove files that no line and no draft names any more. Returns how many."""
    used = set(Permit.objects.exclude(scan=None).values_list("scan_id", flat=True))
    used |= set(Representative.objects.exclude(photo=None).values_list("photo_id", flat=True))
    for draft in RegistrationDraft.objects.all():
        used |= {int(line["file"]) for line in draft.data.get("lines", []) if str(line.get("file", "")).isdigit()}
    unused = list(Evidence.objects.exclude(pk__in=used))
    for evidence in unused:
        events.record(verbs.EVIDENCE_REMOVED, subject=evidence, actor=actor, now=now, data={"purpose": evidence.purpose})
        transaction.on_commit(partial(discard, evidence.stored_name), robust=True)
        evidence.delete()
    return len(unused)
