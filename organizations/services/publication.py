"""What the world may read about an organization: copies, written here and nowhere else.

Only a verified organization is public. While it is under review again its names and contacts stay as they were approved; the
status of its permits is always copied, so that a stop shows at once.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import Func, TextField, Value

from core import tenancy
from organizations.models import (
    Contact,
    Jurisdiction,
    Organization,
    Permit,
    PermitChange,
    PublishedContact,
    PublishedOrganization,
    PublishedPermit,
    Representative,
)
from organizations.models.calendar import end_of_day, today_in
from organizations.services.words import lexemes, normalize

FAR = datetime(9999, 1, 1, tzinfo=UTC)
MARKET = "JP"  # where the openings of this platform are: a stop for another market leaves them standing
NOT_CHECKED = "not_checked"
PRIVATE_KINDS = (Contact.Kind.BANK_HOLDER,)
COPIED = [field.name for field in PublishedPermit._meta.fields if not field.primary_key]
SIGNS_BY_WEIGHT = ("ok", "warn", "unk", "stop")


def publish_organization(organization_id: int, *, now: datetime, verified_by: str = "") -> PublishedOrganization | None:
    """Copy one organization with its permits and hashes of its contacts; repeatable. None when it is not public.

    `verified_by` names the office that approved it; without it the earlier name stays. The caller's own uncommitted changes
    are seen; two callers wait for each other, so the last copy holds both changes.
    """
    with tenancy.publishing():
        _wait_for_turn([organization_id])
        organization = Organization.reachable.select_related("organization_kind").get(pk=organization_id)
        published = PublishedOrganization.objects.filter(pk=organization_id).first()
        if organization.state == Organization.State.CLOSED or not organization.organization_kind.is_public:
            PublishedOrganization.objects.filter(pk=organization_id).delete()
            return None
        if organization.state == Organization.State.VERIFIED:
            published = _publish_identity(organization, published, verified_by, now)
        if published is None:
            return None
        _publish_permits([published], now)
        return published


def publish_permits(organization_ids: Iterable[int], *, now: datetime) -> int:
    """Copy the permits of these organizations, as far as they are public, with their statuses. Returns how many organizations."""
    with tenancy.publishing():
        ids = sorted(set(organization_ids))
        _wait_for_turn(ids)
        published = list(PublishedOrganization.objects.filter(pk__in=ids))
        _publish_permits(published, now)
        return len(published)


def _wait_for_turn(organization_ids: list[int]) -> None:
    """In one order, so that two that wait for each other's organizations cannot lock up."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtext('publish_organization'), (id %% 2147483648)::int) "
            "from (select unnest(%s::bigint[]) as id order by 1) as turns",
            [organization_ids],
        )


def _publish_identity(organization, published, verified_by: str, now: datetime) -> PublishedOrganization:
    contacts = list(Contact.reachable.filter(organization_id=organization.pk, verified_at__isnull=False).order_by("pk"))
    people = list(
        Representative.reachable.filter(organization_id=organization.pk, verified_at__isnull=False, is_public=True).order_by("pk")
    )
    names = f"{organization.legal_name} {organization.latin_name}"
    words = [*lexemes(organization.legal_name), *lexemes(organization.latin_name), *lexemes(organization.registration_number)]
    published, _created = PublishedOrganization.objects.update_or_create(
        organization_id=organization.pk,
        defaults={
            "slug": organization.slug,
            "organization_kind_id": organization.organization_kind_id,
            "country": organization.country,
            "legal_name": organization.legal_name,
            "latin_name": organization.latin_name,
            "name_norm": normalize(names)[:420],
            "registration_number": organization.registration_number,
            "address": organization.address,
            "website": organization.website[:200],
            "verified_on": today_in(organization.country, organization.verified_at),
            "verified_by": verified_by or getattr(published, "verified_by", "") or _office_over(organization),
            "contacts": [_shown(contact) for contact in contacts if _is_shown(contact) and contact.representative_id is None],
            "representatives": [_person(person, contacts) for person in people],
            "status": getattr(published, "status", ""),
            "is_demo": organization.is_demo,
            "search": _vector(dict.fromkeys(words)),
            "updated_at": now,
        },
    )
    PublishedContact.objects.filter(organization=published).delete()
    PublishedContact.objects.bulk_create(
        PublishedContact(lookup=contact.lookup, contact_kind=contact.kind, organization=published) for contact in contacts
    )
    return published


def _office_over(organization) -> str:
    kinds = Permit.reachable.filter(organization_id=organization.pk).order_by("permit_kind__sort")
    office = Jurisdiction.objects.over(
        permit_kinds=list(kinds.values_list("permit_kind_id", flat=True)), country=organization.country
    )
    return office.regulator_name if office else ""


def _is_shown(contact) -> bool:
    return contact.is_public and contact.kind not in PRIVATE_KINDS


def _shown(contact) -> dict:
    return {"kind": contact.kind, "value": contact.value, "label": contact.label}


def _person(person, contacts) -> dict:
    """A person's own numbers are counted, not shown: they are compared by exact match on the check page."""
    counts: dict[str, int] = {}
    for contact in contacts:
        if contact.representative_id == person.pk and _is_shown(contact):
            counts[contact.kind] = counts.get(contact.kind, 0) + 1
    return {
        "name": person.name,
        "latin_name": person.latin_name,
        "title": person.title,
        "since": _iso(person.since),
        "until": _iso(person.until),
        "contacts": counts,
    }


def _vector(words) -> Func:
    return Func(Value(list(words), output_field=ArrayField(TextField())), function="array_to_tsvector")


def _publish_permits(organizations: list[PublishedOrganization], now: datetime) -> None:
    """A fixed number of questions, however many organizations."""
    ids = [row.pk for row in organizations]
    permits = list(
        Permit.reachable.filter(organization_id__in=ids)
        .exclude(status_id=NOT_CHECKED)
        .select_related("permit_kind", "status")
        .order_by("permit_kind__sort", "pk")
    )
    histories: dict[int, list] = {permit.pk: [] for permit in permits}
    for change in PermitChange.reachable.filter(permit__in=permits).order_by("at", "pk"):
        histories[change.permit_id].append(_history_line(change))
    earlier = {row.pk: row for row in PublishedPermit.objects.filter(organization__in=ids)}
    PublishedPermit.objects.filter(organization__in=ids).exclude(pk__in=histories).delete()
    copies = [_copy(permit, histories[permit.pk], earlier.get(permit.pk), now) for permit in permits]
    PublishedPermit.objects.bulk_create(copies, update_conflicts=True, unique_fields=["permit_id"], update_fields=COPIED)
    by_organization: dict[int, list[Permit]] = {pk: [] for pk in ids}
    for permit in permits:
        by_organization[permit.organization_id].append(permit)
    for row in organizations:
        row.status, row.status_since = _status_of(by_organization[row.pk])
        row.updated_at = now
    PublishedOrganization.objects.bulk_update(organizations, ["status", "status_since", "updated_at"], batch_size=200)


def _copy(permit: Permit, history: list, earlier: PublishedPermit | None, now: datetime) -> PublishedPermit:
    open_from, open_until = _opening_hours(permit, earlier, now)
    return PublishedPermit(
        permit_id=permit.pk,
        organization_id=permit.organization_id,
        permit_kind=permit.permit_kind,
        number=permit.number,
        number_key=permit.number_key,
        issued_on=permit.issued_on,
        expires_on=permit.expires_on,
        markets=permit.markets,
        suspended_markets=permit.suspended_markets,
        status=permit.status,
        status_since=permit.status_since,
        checked_on=today_in(permit.permit_kind.country, permit.checked_at) if permit.checked_at else None,
        checked_by=permit.checked_by_name,
        history=history,
        open_from=open_from,
        open_until=open_until,
    )


def _opening_hours(permit, earlier, now: datetime) -> tuple[datetime, datetime]:
    """While openings may be seen under this permit. A stop begins in the far future and ends now: no clock reopens it."""
    end = end_of_day(permit.expires_on, permit.permit_kind.country) if permit.expires_on else FAR
    serves_market = (not permit.markets or MARKET in permit.markets) and MARKET not in permit.suspended_markets
    if not permit.status.may_publish or not serves_market:
        return FAR, (earlier.open_until if earlier and earlier.open_from == FAR else now)
    return (earlier.open_from if earlier and earlier.open_from <= now else now), end


def _history_line(change) -> dict:
    return {
        "status": change.status_id,
        "market": change.market,
        "since": _iso(change.since),
        "until": _iso(change.until),
        "reason": change.reason,
        "by": change.decided_by_name,
        "source": change.source,
        "at": change.at.isoformat(),
    }


def _status_of(permits) -> tuple[str, date | None]:
    """One status for the organization: the best permit of each kind (a renewed one covers the old), then the worst of those."""
    best: dict[str, Permit] = {}
    for permit in permits:
        known = best.get(permit.permit_kind_id)
        if known is None or _weight(permit) < _weight(known):
            best[permit.permit_kind_id] = permit
    if not best:
        return NOT_CHECKED, None
    worst = max(best.values(), key=lambda permit: SIGNS_BY_WEIGHT.index(permit.status.sign))
    return worst.status.pk, worst.status_since


def _weight(permit) -> tuple[int, int]:
    issued = permit.issued_on.toordinal() if permit.issued_on else 0
    return (0 if permit.status.may_publish else 1, -issued)


def _iso(day) -> str | None:
    return day.isoformat() if day else None
