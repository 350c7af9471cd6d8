"""The other openings of the demo world: rows of the tenants written in bulk, then published by the product's own function.

Every invariant of the services holds: lines are cleaned, judged and summed by the same functions, hashes and changes are computed
by the same functions, a forbidden line stands only in a draft or in something sent back.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from config.demo import names
from config.demo.offices import Offices, permit_end
from config.demo.rows import Rows, code_at, lawful, lawful_rows, rows_of
from config.demo.stories import REASONS, permit_end_after
from config.demo.terms import BROKER, DEPOSIT, EARLY, TOO_DEAR, Moment, Saying, forbidden, generator, saying
from core import tenancy
from core.models import Event
from organizations.models import Permit, ReturnedItem
from recruitment import events
from recruitment.models import FeeCharge, JobOrder, JobOrderText, JobOrderVersion, PayLine
from recruitment.services.fee import LawBook
from recruitment.services.publication import sync_job_order
from recruitment.services.version import changes_between

WEIGHTS = {
    "hai-au-xanh": 40, "song-lam": 40, "dong-nai-xanh": 10, "ben-tre": 14, "tay-nguyen": 12, "cuu-long": 8, "phu-si": 10,
    "sa-pa": 6, "huong-tram": 34, "dat-viet": 18, "nusantara": 32, "bahari": 28, "sakura": 16, "merapi": 10, "bayanihan": 14,
    "perlas": 16, "mihon-suisan": 4, "mihon-kaigo": 5, "mihon-kensetsu": 4, "mihon-system": 3, "mihon-nosan": 4,
}  # fmt: skip
FATES = {
    "published": 76, "changed": 8, "paused": 3, "filled": 4, "closed": 4, "withdrawn": 1, "draft": 2, "returned": 2,
}  # fmt: skip
OPEN = ("published", "changed", "paused")
NEVER_OUT = ("draft", "returned")
SINS = (DEPOSIT, BROKER, TOO_DEAR, EARLY)


@dataclass
class Entry:
    """One opening on its way into the tables."""

    said: Saying
    fate: str
    written: datetime
    rows: Rows
    order: JobOrder | None = None

    @property
    def approved(self) -> datetime:
        return self.written + timedelta(days=1, hours=5)


def office_of(number: int, *, seed: int) -> names.Office:
    """Who posts the opening with this number."""
    key = generator(seed, number, "office").choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
    return names.BY_KEY[key]


def fate_of(number: int, *, seed: int) -> str:
    return generator(seed, number, "fate").choices(list(FATES), list(FATES.values()))[0]


def age_of(number: int, office: names.Office, fate: str, *, seed: int) -> int:
    """Days since it was written; openings of a stopped office are older than its stop, finished ones older than live ones."""
    draw = generator(seed, number, "age")
    least = max([claim.days_ago for claim in office.claims] + [60 if office.key == "cuu-long" else 0]) + 4
    if fate in NEVER_OUT:
        return least + draw.randrange(1, 20)
    return least + (draw.randrange(35, 150) if fate not in OPEN else int(draw.expovariate(1 / 22)) % 100)


def entry(number: int, *, seed: int, now: datetime, book: LawBook, brief: bool = False) -> Entry:
    """The opening with this number, cleaned, judged and computed; `brief`: of the free texts only what the work is."""
    office, fate = office_of(number, seed=seed), fate_of(number, seed=seed)
    written = now - timedelta(days=age_of(number, office, fate, seed=seed), minutes=number % 600)
    today = now.date()
    is_open = fate in OPEN and permit_end_after(office, today)
    moment = Moment(written.date(), today if is_open else None, permit_end(office, today))
    said = saying(number, office, seed=seed, moment=moment)
    if brief:
        said = replace(said, texts=said.texts[:1])
    said, rows = lawful_rows(said, on=written.date(), at=written, book=book)
    if fate in NEVER_OUT:
        said = forbidden(said, SINS[number % len(SINS)])
        rows = rows_of(said, on=written.date(), at=written, book=book)
    return Entry(said, fate, written, rows)


class Ledger:
    """Writes entries, one transaction for each organization."""

    def __init__(self, offices: Offices, *, seed: int, now: datetime, book: LawBook):
        self.offices, self.seed, self.now, self.book = offices, seed, now, book

    def build(self, numbers: Iterable[int]) -> None:
        """Openings of offices that are not there are left out."""
        by_office: dict[str, list[Entry]] = defaultdict(list)
        for number in numbers:
            if office_of(number, seed=self.seed).key not in self.offices.members:
                continue
            made = entry(number, seed=self.seed, now=self.now, book=self.book)
            by_office[made.said.office.key].append(made)
        for key, entries in by_office.items():
            self._write(key, entries)

    def _write(self, key: str, entries: list[Entry]) -> None:
        writer = next(member for member in self.offices.members[key] if member.role == "recruiter")
        with writer.active():
            permit = Permit.objects.filter(permit_kind=names.BY_KEY[key].claims[0].kind).get()
            for made in entries:
                made.order = self._order(made, permit, writer)
            JobOrder.objects.bulk_create([made.order for made in entries])
            for made in entries:
                self._finish(made, writer)
            self._insert([made.rows for made in entries], writer)
            self._log(entries, writer)
            ReturnedItem.objects.bulk_create(_returned(entries, writer))
        self._publish(entries)
        changed = [made for made in entries if made.fate == "changed"]
        with writer.active():
            self._change(changed, writer)
        self._publish(changed)

    def _order(self, made: Entry, permit: Permit, writer) -> JobOrder:
        out = made.fate not in NEVER_OUT
        state = "published" if made.fate == "changed" else made.fate
        places = made.said.values["places"]
        finished = state in JobOrder.FINISHED
        return JobOrder(
            organization=writer.organization,
            code=code_at(made.said.number, seed=self.seed),
            state=state,
            permit=permit if out else None,
            places_filled=places if state == "filled" else (places * (made.said.number % 5) // 8 if out else 0),
            created_by=writer.user,
            published_at=made.approved if out else None,
            closed_at=min(made.approved + timedelta(days=30), self.now) if finished else None,
        )

    def _finish(self, made: Entry, writer) -> None:
        version = made.rows.version
        version.organization, version.job_order, version.created_by = writer.organization, made.order, writer.user
        if made.fate == "draft":
            return
        made.rows.seal(made.order)
        version.submitted_by, version.submitted_at = writer.user, made.written + timedelta(hours=1)
        if made.fate == "returned":
            version.state = JobOrderVersion.State.RETURNED
        else:
            version.state, version.approved_at = JobOrderVersion.State.APPROVED, made.approved

    def _insert(self, all_rows: list[Rows], writer) -> None:
        JobOrderVersion.objects.bulk_create([rows.version for rows in all_rows])
        for model, name in ((FeeCharge, "fees"), (PayLine, "pay"), (JobOrderText, "texts")):
            lines = []
            for rows in all_rows:
                for line in getattr(rows, name):
                    line.organization_id = writer.organization.pk
                    line.job_order_id, line.version_id = rows.version.job_order_id, rows.version.pk
                    lines.append(line)
            model.objects.bulk_create(lines)

    def _log(self, entries: list[Entry], writer) -> None:
        """The short history: written, sent, approved by the office, published."""
        found = []
        for made in entries:
            steps = [(events.JOB_ORDER_CREATED, 0)]
            if made.fate != "draft":
                steps.append((events.JOB_ORDER_SUBMITTED, 1))
            if made.fate not in NEVER_OUT:
                steps += [(events.JOB_ORDER_APPROVED, 29), (events.JOB_ORDER_PUBLISHED, 29)]
            found += [self._event(made, verb, hours, writer) for verb, hours in steps]
        Event.objects.bulk_create(found)

    def _event(self, made: Entry, verb, hours: int, writer) -> Event:
        is_own = hours < 24
        officer = writer if is_own else self.offices.officers(self.offices.desk_of(made.said.office))[1]
        return Event(
            at=made.written + timedelta(hours=hours),
            organization=writer.organization,
            actor=officer.user,
            actor_organization=officer.organization,
            acting_role=officer.role,
            verb=verb.code,
            subject_type="recruitment.joborder",
            subject_id=made.order.pk,
            data={"version": 1},
        )

    def _change(self, entries: list[Entry], writer) -> None:
        """Version 2: the worker's largest fee went up (or, in every third, down). The first version stays as history."""
        after = []
        for made in entries:
            rows = self._second(made, writer)
            after.append(rows)
        JobOrderVersion.objects.filter(pk__in=[made.rows.version.pk for made in entries]).update(
            state=JobOrderVersion.State.REPLACED
        )
        self._insert(after, writer)

    def _second(self, made: Entry, writer) -> Rows:
        at = min(made.approved + timedelta(days=9), self.now - timedelta(hours=1))
        said = lawful(_dearer(made.said), on=at.date(), book=self.book)
        rows = rows_of(said, on=at.date(), at=made.written, book=self.book, number=2)
        version = rows.version
        version.organization, version.job_order, version.created_by = writer.organization, made.order, writer.user
        version.submitted_by, version.submitted_at = writer.user, at - timedelta(days=1)
        version.changes = changes_between(made.rows.content(made.order), rows.seal(made.order))
        version.state, version.approved_at = JobOrderVersion.State.APPROVED, at
        return rows

    def _publish(self, entries: list[Entry]) -> None:
        with tenancy.publishing():
            for made in entries:
                if made.fate not in NEVER_OUT:
                    sync_job_order(made.order.pk, now=self.now)


def _dearer(said: Saying) -> Saying:
    own = [line for line in said.fees if line["payer"] == "worker" and line["amount"]]
    if not own:
        return replace(said, values={**said.values, "wage_base": said.values["wage_base"] + 3_000})
    largest = max(own, key=lambda line: line["amount"])
    factor = 85 if said.number % 3 == 0 else 115
    return replace(
        said,
        fees=[
            {**line, "amount": line["amount"] * factor // 100 // 1_000 * 1_000} if line is largest else line for line in said.fees
        ],
    )


def _returned(entries: list[Entry], writer) -> Iterable[ReturnedItem]:
    for made in entries:
        if made.fate != "returned":
            continue
        reasons = REASONS.get(made.said.office.country) or {"fees": "これは受け取れない費用です。（見本）"}
        for item, reason in reasons.items():
            yield ReturnedItem(
                organization=writer.organization,
                subject_type="job_order",
                subject_id=made.order.pk,
                item=item,
                reason=reason,
                returned_by_name="Cơ quan quản lý mẫu" if made.said.office.country == "VN" else "Dinas Contoh",
                returned_at=made.written + timedelta(days=1),
            )
