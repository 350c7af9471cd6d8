"""The check box: is this code, number, account, company or permit what somebody says it is?

Phones, accounts and bank holders match exactly or not at all, through keyed hashes, so that no list can be copied. Company
names may be partial: the directory is public anyway.
"""

import datetime
import re
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from core.vault import KeyUnavailable
from organizations.models.contacting import contact_candidates, contact_lookup
from organizations.models.permit import number_key
from organizations.models.published import PublishedContact, PublishedOrganization, PublishedPermit
from organizations.services.words import words
from recruitment.models import PublishedPosting
from recruitment.selectors import names, posting
from recruitment.selectors.cards import shown_code, title

MOST_PARTS = 3
LONGEST_PART = 160
MOST_COMPANIES = 5
COUNTRIES = ("VN", "ID", "JP")
_CODE_SHAPE = re.compile(r"[A-Z0-9]{4}[-\s]?[A-Z0-9]{4}", re.IGNORECASE)
_CONTACT_SHAPE = re.compile(r"^\+?[\d\s().-]{7,}$|@|://|www\.|\.(com|me|vn|id|jp|ee)\b", re.IGNORECASE)


@dataclass
class Answer:
    """What is known about one thing that was typed.

    `kind`: code, contact, company, permit. `outcome`: live, changed, paused, filled, closed, suspended (a code), never (a code
    nobody knows), known, unknown, another (it belongs to another company than the one named beside it).
    """

    typed: str
    kind: str
    outcome: str
    code: str = ""
    posting: PublishedPosting | None = None
    organization: PublishedOrganization | None = None
    permit: PublishedPermit | None = None
    companies: list[PublishedOrganization] = field(default_factory=list)
    contact_kinds: list[str] = field(default_factory=list)
    near: list[dict[str, Any]] = field(default_factory=list)
    named: PublishedOrganization | None = None

    @property
    def title(self) -> str:
        """Work and place of the opening, in the reader's language."""
        return title_of(self.posting.document) if self.posting else ""

    @property
    def is_wrong(self) -> bool:
        """Counts against the limit of guesses."""
        return self.outcome in ("never", "unknown", "another")


def parts_of(q: str) -> list[str]:
    """The things typed into the one box: split at commas, semicolons and lines, at most three."""
    parts = [" ".join(part.split())[:LONGEST_PART] for part in re.split(r"[,;\n、，；]", q.replace("\x00", ""))]
    return [part for part in dict.fromkeys(parts) if part][:MOST_PARTS]


def answers(parts: list[tuple[str, str | None]], *, now: datetime.datetime) -> list[Answer]:
    """An answer for each (text, code or None). A contact is compared with the company typed beside it."""
    found = [_code_answer(text, code, now) if code else _other_answer(text, now) for text, code in parts]
    companies = [answer.organization for answer in found if answer.kind in ("company", "permit") and answer.organization]
    if len(companies) == 1:
        for answer in found:
            if answer.kind == "contact" and answer.outcome == "known" and companies[0] not in answer.companies:
                answer.outcome, answer.named = "another", companies[0]
    return found


def _code_answer(text: str, code: str, now: datetime.datetime) -> Answer:
    row = posting.posting_by_code(code)
    if row is None:
        return Answer(text, "code", "never", code=shown_code(code), near=_near(code, now))
    if row.is_live(now=now):
        outcome = "changed" if row.number > 1 else "live"
    elif not row.is_permitted(now=now) or row.state == PublishedPosting.State.SUSPENDED:
        outcome = "suspended"
    else:
        outcome = {"paused": "paused", "filled": "filled", "published": "filled"}.get(row.state, "closed")
    return Answer(
        text, "code", outcome, code=shown_code(code), posting=row, organization=posting.organization_of(row), permit=row.permit
    )


def _near(code: str, now: datetime.datetime) -> list[dict[str, Any]]:
    """Live openings whose code differs by one character, or by two neighbours that changed places."""
    like = {code[:i] + "_" + code[i + 1 :] for i in range(len(code))}
    swapped = {code[:i] + code[i + 1] + code[i] + code[i + 2 :] for i in range(len(code) - 1)}
    query = PublishedPosting.objects.select_related("permit").extra(where=["code like any(%s)"], params=[sorted(like | swapped)])
    return [
        {
            "code": shown_code(row.code),
            "title": title_of(row.document),
            "url": reverse("recruitment:posting_detail", args=[shown_code(row.code)]),
        }
        for row in query.order_by("code")[:3]
        if row.is_live(now=now)
    ]


def title_of(document: dict) -> str:
    """Work and place of a document in the reader's language."""
    place = document["city"] or names.name("prefectures", document["prefecture"])
    return title(names.work_name(document["occupation"], document["field"], document["programme"]), place)


def _other_answer(text: str, now: datetime.datetime) -> Answer:
    permit = _permit(text)
    if permit is not None:
        return Answer(text, "permit", "known", organization=permit.organization, permit=permit)
    contacts = _contacts(text)
    if contacts:
        companies = list({contact.organization_id: contact.organization for contact in contacts}.values())
        kinds = sorted({contact.contact_kind for contact in contacts})
        return Answer(text, "contact", "known", organization=companies[0], companies=companies, contact_kinds=kinds)
    companies = companies_named(text)
    if companies:
        return Answer(text, "company", "known", organization=companies[0] if len(companies) == 1 else None, companies=companies)
    if looks_like_code(text):
        plain = re.sub(r"[^A-Z0-9]", "", text.upper())
        return Answer(text, "code", "never", code=shown_code(plain), near=_near(plain, now))
    return Answer(text, "contact" if _CONTACT_SHAPE.search(text) else "company", "unknown")


def looks_like_code(text: str) -> bool:
    """Eight letters and figures in two groups. Figures alone are a number, letters without a hyphen a word."""
    plain = text.strip()
    if not _CODE_SHAPE.fullmatch(plain):
        return False
    compact = re.sub(r"[-\s]", "", plain)
    return not compact.isdigit() and ("-" in plain or any(c.isdigit() for c in compact))


def _permit(text: str) -> PublishedPermit | None:
    key = number_key(text)
    if len(key) < 3 or not any(c.isdigit() for c in key):
        return None
    return (
        PublishedPermit.objects.select_related("organization", "status", "permit_kind")
        .filter(number_key=key)
        .order_by("-open_until", "permit_id")
        .first()
    )


def _contacts(text: str) -> list[PublishedContact]:
    try:
        hashes = {contact_lookup(kind, normalized): kind for kind, normalized in contact_candidates(text, countries=COUNTRIES)}
    except (KeyUnavailable, ValueError):  # no key on this machine; or what was typed is no address at all
        return []
    rows = PublishedContact.objects.select_related("organization").filter(lookup__in=list(hashes))
    return [row for row in rows if hashes.get(bytes(row.lookup)) == row.contact_kind]


def companies_named(text: str) -> list[PublishedOrganization]:
    """Public organizations whose name holds all of these words or beginnings, without accents; at most five."""
    typed = [word for word in words(text) if len(word) > 1 or not word.isascii()][:6]
    if not typed or (len("".join(typed)) < 3 and typed[0].isascii()):
        return []
    query = PublishedOrganization.objects.all()
    for word in typed:
        query = query.filter(name_norm__contains=word)
    return list(query.order_by("name_norm", "organization_id")[:MOST_COMPANIES])


def permits_of(organization: PublishedOrganization) -> list[PublishedPermit]:
    """The permits of one organization, those in force first."""
    return list(organization.permits.select_related("status", "permit_kind").order_by("-open_until", "permit_id"))
