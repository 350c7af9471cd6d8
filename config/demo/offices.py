"""Organizations of the demo world. Each one but the regulators walks through its registration and is approved by two officers."""

import hashlib
import io
from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta

from django.db import connection
from django.utils.translation import gettext, override
from PIL import Image, ImageDraw

from config.demo import names
from config.demo.people import Crowd, Member
from core import tenancy
from core.files import CleanFile
from organizations.models import Membership, Organization, OrganizationKind, Permit, Review
from organizations.models.calendar import today_in
from organizations.models.checks import CHECKS
from organizations.models.contacting import normalize_contact
from organizations.models.registration import GROUPS
from organizations.selectors.review import permits_to_decide
from organizations.services.appointment import appoint_regulator
from organizations.services.evidence import store_evidence
from organizations.services.permit_status import expire_permits, set_permit_status
from organizations.services.publication import publish_organization
from organizations.services.registration import save_fields, save_lines, start_registration, submit_registration
from organizations.services.review import approve_review, return_items

VALID, EXPIRED, NOT_YET = "valid", "expired", "not_checked"


class Offices:
    """Everybody by the key of their office. `members[key]` begins with the owner."""

    def __init__(self, *, crowd: Crowd, now: datetime, only: Collection[str] = ()):
        """`only`: keys of the offices to make beside the regulators; empty = all of them."""
        self.crowd, self.now, self.only = crowd, now, only
        self.members: dict[str, list[Member]] = {}
        self.scan = _scan()

    def owner(self, key: str) -> Member:
        return self.members[key][0]

    def officers(self, key: str) -> list[Member]:
        """The reviewers of a regulator, without its owner."""
        return self.members[key][1:]

    def desk_of(self, office: names.Office) -> str:
        """The regulator of this office."""
        kinds = {claim.kind for claim in office.claims}
        return next(
            (
                desk
                for kind, country, desk in names.JURISDICTIONS
                if kind in kinds or (kind is None and country == office.country)
            ),
            "",
        )

    def build(self) -> None:
        for number, office in enumerate(names.REGULATORS):
            self._regulator(office, number)
        for kind, country, desk in names.JURISDICTIONS:
            appoint_regulator(slug=desk, permit_kind=kind, country=country)
        for number, office in enumerate(names.REGISTERED, start=10):
            if self.only and office.key not in self.only:
                continue
            self._register(office, number)
            self._review(office)

    def decide_permits(self) -> None:
        """What the regulators said later: after the openings of these offices had been published."""
        for office in names.REGISTERED:
            for claim in office.claims if office.key in self.members else ():
                if claim.status not in (VALID, EXPIRED):
                    self._stop(office, claim)
        expire_permits(now=self.now)

    def _regulator(self, office: names.Office, number: int) -> None:
        """An office that checks others is set up by the operator, not by a page."""
        at = self.now - timedelta(days=500)
        owner = self.crowd.user(office, "owner", 1)
        organization = Organization(
            pk=_next_id(),
            slug=office.key,
            organization_kind_id=office.kind,
            country=office.country,
            legal_name=office.name,
            latin_name=office.latin,
            address=office.address,
            website=f"https://{office.key}.{names.DOMAIN}",
            language=names.LANGUAGES[office.country],
            state=Organization.State.VERIFIED,
            verified_at=at,
            is_demo=True,
        )
        with tenancy.activate(owner.pk, organization.pk):
            organization.save(force_insert=True)
            Membership.objects.create(organization=organization, user=owner, roles=["owner"])
        self.members[office.key] = [Member(owner, organization, "owner", self.crowd.factor(owner))]
        self._join_others(office, organization)
        publish_organization(organization.pk, now=at, verified_by="Terang")

    def _join_others(self, office: names.Office, organization: Organization) -> None:
        for number, role in enumerate(office.people[1:], start=1):
            same = office.people[1 : number + 1].count(role)
            self.members[office.key].append(self.crowd.join(office, organization, role, same))

    def _register(self, office: names.Office, number: int) -> None:
        at = self.now - timedelta(days=office.since_days)
        user = self.crowd.user(office, "owner", 1)
        kind = OrganizationKind.objects.get(pk=office.kind)
        language = names.LANGUAGES[office.country]
        with override(language), tenancy.activate(user.pk):
            stranger = Member(user, None, "").actor(at)  # type: ignore[arg-type]
            organization = start_registration(
                organization_kind=kind, country=office.country, legal_name=office.name, language=language, actor=stranger, now=at
            )
            with tenancy.enter(organization.pk):
                Organization.objects.filter(pk=organization.pk).update(is_demo=True, slug=office.key)
                organization.refresh_from_db()
        owner = Member(user, organization, "owner", self.crowd.factor(user))
        self.members[office.key] = [owner]
        with override(language), owner.active():
            self._fill_in(office, owner, number, at)
            if office.stage != "draft":
                submit_registration(organization=organization, actor=owner.actor(at), now=at + timedelta(hours=2))
        self._join_others(office, organization)

    def _fill_in(self, office: names.Office, owner: Member, number: int, at: datetime) -> None:
        organization, actor = owner.organization, owner.actor(at)
        given = {"organization": organization, "actor": actor, "now": at}
        answers = {
            "legal_name": office.name,
            "latin_name": office.latin,
            "registration_number": f"MAU-{number:04d}",
            "address": office.address,
            "website": f"https://{office.key}.{names.DOMAIN}",
        }
        for step, wanted in GROUPS.items():
            save_fields(step=step, fields={name: answers[name] for name in wanted}, **given)
        save_lines(step="contacts", lines=list(_contacts(office, number)), **given)
        save_lines(step="bank", lines=[_contact("bank_holder", office.latin.upper(), office, _bank(office))], **given)
        save_lines(step="representatives", lines=list(self._representatives(office, number)), **given)
        if office.stage == "draft" or not office.claims:
            return
        lines = []
        for claim in office.claims:
            scan = store_evidence(organization=organization, clean=self.scan, purpose="permit_scan", actor=actor, now=at)
            lines.append(self._permit(claim, scan))
        save_lines(step="permits", lines=lines, **given)

    def _permit(self, claim: names.Claim, scan) -> dict:
        expires = claim.expires and names.here_and_now(claim.expires, self.now.date())
        destinations = [] if claim.kind.startswith(("TERANG", "JP")) else ["JP"]
        return {
            "permit_kind": claim.kind,
            "number": claim.number,
            "issued_on": claim.issued,
            "expires_on": expires,
            "markets": destinations,
            "file": scan,
        }

    def _representatives(self, office: names.Office, number: int) -> Iterator[dict]:
        """Director and head of recruitment, each with a phone of their own."""
        titles = names.TITLES[names.LANGUAGES[office.country]]
        for place in range(2):
            typed = names.phone(office.country, number * 10 + 5 + place)
            yield {
                "name": names.person(office.country, number * 2 + place),
                "latin_name": "",
                "title": titles[place],
                "file": None,
                "phones": [(typed, normalize_contact("phone", typed, country=office.country))],
            }

    def _review(self, office: names.Office) -> None:
        """Two officers, with a factor each, on two days; or as far as the office's story goes."""
        if office.stage in ("draft", "submitted"):
            return
        at = self.now - timedelta(days=office.since_days - 1)
        first, second, _third = self.officers(self.desk_of(office))
        if office.stage == "returned":
            self._return(office, first, at)
            return
        self._approve(office, first, at)
        if office.stage == "verified":
            self._approve(office, second, at + timedelta(hours=20))
            self._other_desks(office, at + timedelta(hours=30))

    def _approve(self, office: names.Office, officer: Member, at: datetime, subject: str = "registration") -> None:
        with officer.active():
            review = _open(self.owner(office.key).organization, subject)
            statuses = {str(permit.pk): VALID for permit in permits_to_decide(review)}
            approve_review(
                review=review, checklist={"ticked": list(CHECKS[subject]), "permits": statuses}, actor=officer.actor(at), now=at
            )

    def _return(self, office: names.Office, officer: Member, at: datetime) -> None:
        with officer.active(), override("id"):
            review = _open(self.owner(office.key).organization, "registration")
            permit = permits_to_decide(review)[0]
            reasons = {
                f"permit:{permit.pk}": "Foto izin tidak terbaca. Unggah lagi dengan nomor yang jelas. (contoh)",
                "address": "Alamat berbeda dari daftar resmi. Tulis seperti di izin. (contoh)",
            }
            return_items(review=review, items=reasons, actor=officer.actor(at), now=at)

    def _other_desks(self, office: names.Office, at: datetime) -> None:
        """Permits of a second kind have a review of their own at the office that gives them (here: the same desk decides all)."""
        organization = self.owner(office.key).organization
        for desk in {desk for _kind, _country, desk in names.JURISDICTIONS} - {self.desk_of(office)}:
            officers = self.officers(desk)
            with officers[0].active():
                waiting = Review.objects.open().filter(subject_organization=organization, subject_type="permit").exists()
            for hours, officer in enumerate(officers[:2]) if waiting else ():
                self._approve(office, officer, at + timedelta(hours=hours), "permit")

    def _stop(self, office: names.Office, claim: names.Claim) -> None:
        """One officer's decision by hand, with a reason that everybody can read."""
        officer = self.officers(self.desk_of(office))[0]
        at = self.now - timedelta(days=claim.days_ago)
        with self.owner(office.key).active():
            permit = Permit.objects.select_related("permit_kind").get(permit_kind=claim.kind, number=claim.number)
        with officer.active():
            set_permit_status(
                permit=permit,
                status=claim.status,
                market="JP" if claim.status == "suspended_market" else "",
                since=today_in(permit.permit_kind.country, at),
                reason=claim.reason,
                actor=officer.actor(at),
                now=at,
            )


def permit_end(office: names.Office, today: date) -> date | None:
    """The last day of the permit under which an office posts."""
    expires = office.claims[0].expires
    return names.here_and_now(expires, today) if expires else None


def _open(organization: Organization, subject: str) -> Review:
    return Review.objects.open().get(subject_organization=organization, subject_type=subject)


def _contacts(office: names.Office, number: int) -> Iterator[dict]:
    """Reception, e-mail, page and the messenger of the country. Accounts end in .example, so they are nobody's."""
    account = f"{office.key.replace('-', '.')}.{names.DOMAIN}"
    phone = names.phone(office.country, number * 10 + 1)
    yield _contact("phone", phone, office, gettext("Reception"))
    yield _contact("email", f"lien-he@{office.key}.{names.DOMAIN}", office)
    yield _contact("facebook", f"facebook.com/{account}", office)
    messenger = {"VN": "zalo", "ID": "whatsapp", "PH": "whatsapp", "JP": "line"}[office.country]
    yield _contact(messenger, account if messenger == "line" else names.phone(office.country, number * 10 + 2), office)
    if office.country in ("VN", "ID"):
        yield _contact("tiktok", f"@{account}", office)


def _contact(kind: str, value: str, office: names.Office, label: str = "") -> dict:
    return {"kind": kind, "value": value, "normalized": normalize_contact(kind, value, country=office.country), "label": label}


def _bank(office: names.Office) -> str:
    return {"VN": "Ngân hàng Mẫu", "ID": "Bank Contoh", "PH": "Sample Bank", "JP": "見本銀行"}[office.country]


def _next_id() -> int:
    """The next organization id, as the registration service takes it."""
    with tenancy.activate(), connection.cursor() as cursor:
        cursor.execute("select nextval(pg_get_serial_sequence('organizations_organization', 'id'))")
        return cursor.fetchone()[0]


def _scan() -> CleanFile:
    """A picture that says that it is a sample, drawn here: pixels of our own, so there is nothing to clean."""
    picture = Image.new("RGB", (640, 440), "#f4f1ea")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((20, 20, 620, 420), outline="#8a8578", width=3)
    pen.text((60, 60), "MAU / CONTOH / SAMPLE", fill="#3d3a33", font_size=36)
    pen.text((60, 130), "This is not a real permit.", fill="#3d3a33", font_size=24)
    target = io.BytesIO()
    picture.save(target, "PNG")
    content = target.getvalue()
    digest = hashlib.sha256(content).hexdigest()
    return CleanFile(content, "image/png", "png", "mau-contoh-sample.png", digest, digest, 1, 640, 440)
