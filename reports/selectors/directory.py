"""The public directory: organizations as published, with what the clock says about their permits."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.search import SearchQueryField
from django.db.models import BooleanField, Count, F, Func, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organizations.models import Contact, OrganizationKind, PermitStatus, PublishedOrganization, PublishedPermit
from organizations.models.calendar import today_in
from organizations.models.permit import number_key
from organizations.selectors.places import country_name
from organizations.services.words import lexemes, normalize
from recruitment.models import PublishedOpening
from recruitment.selectors.cards import card
from recruitment.selectors.facets import count
from recruitment.selectors.search import Search, find

EXPIRED = "expired"
PAGE_SIZE = 20
SHOWN_OPENINGS = 3


@dataclass(frozen=True)
class Standing:
    """What may be said about an organization now: a permit status code ('' = none needed), since, until, who checked and when."""

    status: str
    since: date | None = None
    until: date | None = None
    reason: str = ""
    checked_on: date | None = None
    checked_by: str = ""


@dataclass(frozen=True)
class ShownPermit:
    """A published permit, and what the clock says about it: an expired one is not called valid until a job says so."""

    permit: PublishedPermit
    now_is: str


@dataclass
class Listed:
    """One line of the directory."""

    organization: PublishedOrganization
    standing: Standing
    openings: int


@dataclass
class Profile:
    """One organization's page."""

    organization: PublishedOrganization
    standing: Standing
    permits: list[ShownPermit]
    openings: int
    cards: list[dict[str, Any]]
    changed_at: datetime
    contacts: list[dict] = field(default_factory=list)


def organizations_listed(*, q: str = "", kind: str = "", country: str = "", status: str = "") -> QuerySet[PublishedOrganization]:
    """Published organizations that fit, by name. `q`: words of a name with or without marks, or a number."""
    rows = PublishedOrganization.objects.select_related("organization_kind").order_by("name_norm", "pk")
    if kind:
        rows = rows.filter(organization_kind=kind)
    if country:
        rows = rows.filter(country=country)
    if status:
        rows = rows.filter(status=status)
    return rows.filter(_named(q)).distinct() if normalize(q) else rows


def _named(q: str) -> Q:
    """By whole words and the beginning of the last one, by a piece of the name, by a registration or permit number."""
    found = Q(name_norm__contains=normalize(q))
    if text := _tsquery(q):
        query = Cast(Value(text), output_field=SearchQueryField())
        found |= Q(Func(F("search"), query, template="(%(expressions)s)", arg_joiner=" @@ ", output_field=BooleanField()))
    key = number_key(q)
    if any(c.isdigit() for c in key):
        found |= Q(permits__number_key=key) | Q(registration_number__iexact=q.strip())
    return found


def _tsquery(q: str) -> str:
    parts = [part for part in lexemes(q) if "_" not in part]
    quoted = ["'" + part.replace("\\", "\\\\").replace("'", "''") + "'" for part in parts]
    return " & ".join([*quoted[:-1], f"{quoted[-1]}:*"]) if quoted else ""


def page_of(rows: QuerySet[PublishedOrganization], *, after: int | None, now: datetime) -> tuple[list[Listed], int | None]:
    """One page behind the organization `after`, and the key of the next page."""
    last = PublishedOrganization.objects.filter(pk=after).first() if after else None
    if last is not None:
        rows = rows.filter(Q(name_norm__gt=last.name_norm) | Q(name_norm=last.name_norm, pk__gt=last.pk))
    found = list(rows[: PAGE_SIZE + 1])
    more, found = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    permits = _permits_of(found, now)
    numbers = _openings_of(found, now)
    listed = [Listed(row, _standing(row, permits.get(row.pk, [])), numbers.get(row.pk, 0)) for row in found]
    return listed, found[-1].pk if more else None


def profile(slug: str, *, now: datetime) -> Profile | None:
    """Everything the world may read about one organization; None when the directory does not have it."""
    row = PublishedOrganization.objects.select_related("organization_kind").filter(slug=slug).first()
    if row is None:
        return None
    permits = _permits_of([row], now).get(row.pk, [])
    question = Search(organization=row.pk, sort="newest")
    found = find(question, [], now=now, size=SHOWN_OPENINGS)
    turns = [moment for shown in permits for moment in (shown.permit.open_from, shown.permit.open_until)]
    return Profile(
        organization=row,
        standing=_standing(row, permits),
        permits=permits,
        openings=count(question, [], now=now),
        cards=[card(opening, today=now.date()) for opening in found.rows],
        changed_at=max([row.updated_at, *(moment for moment in turns if moment <= now)]),
        contacts=[{**contact, "words": Contact.Kind(contact["kind"]).label} for contact in row.contacts],
    )


def choices() -> dict[str, list[tuple[str, str]]]:
    """What the directory can be filtered by: kinds, countries and statuses that occur in it."""
    kinds = OrganizationKind.objects.filter(pk__in=_values("organization_kind"))
    statuses = PermitStatus.objects.filter(pk__in=_values("status"))
    countries = sorted(((code, country_name(code)) for code in _values("country")), key=lambda pair: pair[1])
    return {
        "kind": [(kind.pk, kind.name) for kind in kinds],
        "country": countries,
        "status": [(status.pk, status.name) for status in statuses],
    }


def _values(name: str) -> list[str]:
    return list(PublishedOrganization.objects.order_by().values_list(name, flat=True).distinct())


def _openings_of(organizations: list[PublishedOrganization], now: datetime) -> dict[int, int]:
    """How many openings of each are visible now."""
    visible = PublishedOpening.objects.visible(now=now).filter(organization_id__in=[row.pk for row in organizations])
    return dict(visible.values_list("organization_id").annotate(Count("pk")).order_by())


def _permits_of(organizations: list[PublishedOrganization], now: datetime) -> dict[int, list[ShownPermit]]:
    """Permits by organization."""
    found: dict[int, list[ShownPermit]] = {}
    rows = PublishedPermit.objects.filter(organization__in=[row.pk for row in organizations])
    for permit in rows.select_related("permit_kind", "status").order_by("permit_kind__sort", "permit_id"):
        over = permit.expires_on is not None and permit.expires_on < today_in(permit.permit_kind.country, now)
        now_is = EXPIRED if over and permit.status.may_publish else permit.status.pk
        found.setdefault(permit.organization_id, []).append(ShownPermit(permit, now_is))
    return found


def _standing(row: PublishedOrganization, permits: list[ShownPermit]) -> Standing:
    """The organization's status with the words of the permit that decides it."""
    if not permits:
        needed = row.organization_kind.needs_permit
        return Standing(
            "not_checked" if needed else "", checked_on=None if needed else row.verified_on, checked_by=row.verified_by
        )
    deciding = next((shown for shown in permits if shown.permit.status.pk == row.status), permits[0])
    permit, told = deciding.permit, deciding.now_is == deciding.permit.status.pk
    newest = permit.changes[0] if permit.changes else {}
    return Standing(
        status=deciding.now_is,
        since=permit.status_since if told else permit.expires_on,
        until=newest.get("until"),
        reason=newest.get("reason", "") if told and deciding.now_is != "valid" else "",
        checked_on=permit.checked_on,
        checked_by=permit.checked_by,
    )


def structured_data(page: Profile, *, url: str) -> dict[str, Any]:
    """schema.org Organization, of public fields only."""
    row = page.organization
    phones = [contact["value"] for contact in page.contacts if contact["kind"] == "phone"]
    links = [contact["value"] for contact in page.contacts if contact["value"].startswith("https://")]
    data = {
        "@context": "https://schema.org",
        "@type": "Organization",
        "@id": url,
        "url": row.website or url,
        "name": row.legal_name,
        "legalName": row.legal_name,
        "alternateName": row.latin_name,
        "identifier": row.registration_number,
        "address": {"@type": "PostalAddress", "streetAddress": row.address, "addressCountry": row.country} if row.address else "",
        "telephone": phones,
        "sameAs": links,
        "hasCredential": [
            {
                "@type": "EducationalOccupationalCredential",
                "credentialCategory": "license",
                "name": str(shown.permit.permit_kind),
                "identifier": shown.permit.number,
                "recognizedBy": {"@type": "Organization", "name": _recognized_by(shown.permit)},
            }
            for shown in page.permits
            if shown.now_is == "valid"
        ],
    }
    return {key: value for key, value in data.items() if value}


def _recognized_by(permit: PublishedPermit) -> str:
    return permit.checked_by or str(permit.permit_kind.regulator_name)


def contact_words(counts: dict[str, int]) -> list[str]:
    """ "2 phones", "1 Zalo account": what a representative has registered, without the numbers themselves."""
    phones, emails = counts.get("phone", 0), counts.get("email", 0)
    accounts = sum(number for kind, number in counts.items() if kind not in ("phone", "email"))
    found = []
    if phones:
        found.append(ngettext("%(n)s phone", "%(n)s phones", phones) % {"n": phones})
    if emails:
        found.append(ngettext("%(n)s e-mail address", "%(n)s e-mail addresses", emails) % {"n": emails})
    if accounts:
        found.append(ngettext("%(n)s account", "%(n)s accounts", accounts) % {"n": accounts})
    return found or [_("nothing yet")]
