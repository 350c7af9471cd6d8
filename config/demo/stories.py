"""Openings that walk the whole way: written, refused, sent, approved by two officers, changed, ended. All by the services."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import override

from config.demo import names, texts
from config.demo.offices import Offices, permit_end
from config.demo.people import Member
from config.demo.rows import code_at, lawful
from config.demo.terms import BROKER, DEPOSIT, TOO_DEAR, Moment, Saying, fee, forbidden, saying
from core import tenancy
from organizations.models import Review
from organizations.models.checks import CHECKS
from recruitment.models import JobOrder
from recruitment.services.fee import LawBook
from recruitment.services.job_order import create_job_order, save_draft, start_change, submit_job_order
from recruitment.services.publication import sync_job_order
from recruitment.services.review import approve_job_order, return_job_order
from recruitment.services.standing import change_state, count_places, suspend_job_order

# number, office, what happens, days ago
PLOTS = (
    (0, "hai-au-xanh", "known", 34),
    (1, "song-lam", "raised", 30),
    (2, "huong-tram", "raised", 26),
    (3, "nusantara", "lowered", 24),
    (4, "hai-au-xanh", "lowered", 22),
    (5, "bahari", "raised", 20),
    (6, "song-lam", "change_submitted", 18),
    (7, "hai-au-xanh", "change_half", 16),
    (8, "hai-au-xanh", "returned", 9),
    (9, "nusantara", "returned", 8),
    (10, "hai-au-xanh", DEPOSIT, 7),
    (11, "huong-tram", BROKER, 6),
    (12, "song-lam", TOO_DEAR, 5),
    (13, "ben-tre", DEPOSIT, 6),
    (14, "hai-au-xanh", "submitted", 1),
    (15, "song-lam", "half", 3),
    (16, "bayanihan", "submitted", 2),
    (17, "bahari", "submitted", 1),
    (18, "song-lam", "pause", 40),
    (19, "bahari", "pause", 25),
    (20, "hai-au-xanh", "fill", 70),
    (21, "bayanihan", "fill", 55),
    (22, "nusantara", "close", 60),
    (23, "huong-tram", "close", 45),
    (24, "perlas", "withdraw", 30),
    (25, "huong-tram", "suspend", 28),
    (26, "mihon-suisan", "publish", 21),
    (27, "mihon-kaigo", "publish", 19),
    (28, "mihon-system", "publish", 17),
    (29, "dat-viet", "publish", 15),
    (30, "sakura", "publish", 14),
    (31, "ben-tre", "publish", 33),
    (32, "tay-nguyen", "publish", 31),
    (33, "phu-si", "publish", 90),
    (34, "cuu-long", "publish", 150),
    (35, "sa-pa", "publish", 75),
    (36, "merapi", "publish", 35),
    (37, "perlas", "publish", 13),
    (38, "dong-nai-xanh", "publish", 12),
    (39, "hai-au-xanh", "publish", 10),
)
PUBLISHED = ("known", "raised", "lowered", "change_submitted", "change_half", "publish")
KNOWN_FEES = (
    fee("F1", 33_320_000, "VND", stage="signing", refund="part", note="Về sớm không do lỗi của bạn: hoàn phần còn lại và lãi."),
    fee("C4a", 9_500_000, "VND", instalments=2, refund="part", note="4 tháng. Nghỉ trước ngày khai giảng: hoàn 100%."),
    fee("C1", 1_200_000, "VND", payee="hospital", refund="no"),
    fee("C7a", 200_000, "VND", payee="state", refund="no"),
    fee("C2b", 100_000, "VND", payee="fund", refund="no", note="Mỗi hợp đồng một lần."),
    fee("F1", 33_320_000, "VND", "employer", note="1 tháng lương cơ bản, trả cho công ty phái cử."),
    fee("C6b", 9_000_000, "VND", "employer", payee="carrier"),
    fee("C4b", 50_000, "JPY", "employer", payee="training_centre"),
    fee("C7b", 650_000, "VND", "employer", payee="state"),
    fee("C6d", 3_600_000, "VND", "sending_organization", note="4 tháng, phòng 6 người."),
    fee("C2b", 150_000, "VND", "sending_organization", payee="fund"),
)
KNOWN_PAY = (("allowance", 10_000), ("tax", 4_100), ("social", 30_900), ("rent", 24_000), ("utilities", 9_000))
REASONS = {
    "VN": {"wage_base": "Lương trong hợp đồng cung ứng là 190.000 yên. Ghi đúng số đó. (mẫu)",
           "fees": "Thiếu khoản học tiếng Nhật đã ghi trong hợp đồng. (mẫu)"},
    "ID": {"wage_base": "Gaji di perjanjian kerja berbeda. Tulis angka yang sama. (contoh)",
           "fees": "Biaya pelatihan belum ditulis. (contoh)"},
}  # fmt: skip


class Stories:
    """Writes the plots in the order of their numbers."""

    def __init__(self, offices: Offices, *, seed: int, now: datetime, book: LawBook):
        self.offices, self.seed, self.now, self.book = offices, seed, now, book

    def build(self) -> None:
        for number, key, plot, days in PLOTS:
            if key not in self.offices.members:
                continue
            office = names.BY_KEY[key]
            with override(names.LANGUAGES[office.country]):
                self._tell(number, office, plot, self.now - timedelta(days=days))

    def _tell(self, number: int, office: names.Office, plot: str, at: datetime) -> None:
        writer = self._writer(office)
        said = self._saying(number, office, plot, at)
        order = self._write(writer, forbidden(said, plot) if plot in (DEPOSIT, BROKER, TOO_DEAR) else said, at)
        if plot in (DEPOSIT, BROKER, TOO_DEAR):
            self._try(writer, order, at)
            return
        self._submit(writer, order, at + timedelta(hours=1))
        if plot == "submitted":
            return
        officers = self.offices.officers(self.offices.desk_of(office))
        if plot == "returned":
            self._return(officers[0], order, office.country, at + timedelta(days=1))
            return
        self._approve(officers[0], order, at + timedelta(days=1))
        if plot == "half":
            return
        self._approve(officers[1], order, at + timedelta(days=1, hours=6))
        self._go_on(writer, officers, order, said, plot, at + timedelta(days=5))

    def _go_on(self, writer: Member, officers: list[Member], order: JobOrder, said: Saying, plot: str, at: datetime) -> None:
        """What happens after the opening went out."""
        if plot in ("pause", "fill", "close", "withdraw"):
            reason = {"pause": "enough_applicants", "close": "selection_over", "withdraw": "employer_cancelled"}.get(plot, "")
            owner = self.offices.owner(said.office.key)
            with owner.active():
                change_state(job_order=self._order(order), name=plot, actor=owner.actor(at), now=at, reason=reason)
        elif plot == "suspend":
            with officers[0].active(), tenancy.enter(order.organization_id):
                suspend_job_order(job_order=self._order(order), actor=officers[0].actor(at), now=at)
        elif plot != "publish":
            self._change(writer, officers, order, said, plot, at)

    def _change(self, writer: Member, officers: list[Member], order: JobOrder, said: Saying, plot: str, at: datetime) -> None:
        """A fee goes up or down: a new version, approved again by two officers."""
        after = lawful(_repriced(said, plot), on=at.date(), book=self.book)
        with writer.active():
            start_change(job_order=self._order(order), actor=writer.actor(at), now=at)
            save_draft(job_order=self._order(order), fee_lines=after.fees, actor=writer.actor(at), now=at, book=self.book)
        self._submit(writer, order, at + timedelta(hours=2))
        if plot == "change_submitted":
            return
        self._approve(officers[1], order, at + timedelta(days=1))
        if plot == "change_half":
            return
        self._approve(officers[2], order, at + timedelta(days=1, hours=3))
        if plot == "known":
            with writer.active():
                count_places(job_order=self._order(order), filled=8, actor=writer.actor(at), now=at + timedelta(days=4))

    def _writer(self, office: names.Office) -> Member:
        return next(member for member in self.offices.members[office.key] if member.role == "recruiter")

    def _saying(self, number: int, office: names.Office, plot: str, at: datetime) -> Saying:
        today = self.now.date()
        moment = Moment(
            at.date(), today if plot in PUBLISHED and permit_end_after(office, today) else None, permit_end(office, today)
        )
        said = saying(number, office, seed=self.seed, moment=moment)
        if plot == "known":
            said = _known(said)
        return lawful(said, on=at.date(), book=self.book)

    def _write(self, writer: Member, said: Saying, at: datetime) -> JobOrder:
        with writer.active():
            order = create_job_order(actor=writer.actor(at), now=at)
            JobOrder.objects.filter(pk=order.pk).update(code=code_at(said.number, seed=self.seed))
            order = self._order(order)
            save_draft(
                job_order=order,
                values=said.values,
                fee_lines=said.fees,
                pay_lines=said.pay,
                texts=said.texts,
                actor=writer.actor(at),
                now=at,
                book=self.book,
            )
        return order

    def _try(self, writer: Member, order: JobOrder, at: datetime) -> None:
        """Sending is refused with the law; what was typed stays in the draft."""
        try:
            self._submit(writer, order, at)
        except ValidationError:
            return
        raise AssertionError(f"{order} was not refused.")

    def _submit(self, writer: Member, order: JobOrder, at: datetime) -> None:
        with writer.active():
            submit_job_order(job_order=self._order(order), actor=writer.actor(at), now=at)

    def _approve(self, officer: Member, order: JobOrder, at: datetime) -> None:
        """The second approval is followed by the public copy, as the background work would."""
        checklist = {"ticked": list(CHECKS["job_order"]), "permits": {}}
        with officer.active():
            review = approve_job_order(review=_review(order), checklist=checklist, actor=officer.actor(at), now=at)
        if review.state == Review.State.APPROVED:
            sync_job_order(order.pk, now=at)

    def _return(self, officer: Member, order: JobOrder, country: str, at: datetime) -> None:
        with officer.active():
            return_job_order(review=_review(order), items=REASONS[country], actor=officer.actor(at), now=at)

    def _order(self, order: JobOrder) -> JobOrder:
        return JobOrder.objects.get(pk=order.pk)


def permit_end_after(office: names.Office, today) -> bool:
    """Whether this office can still send people: its openings must be open today."""
    end = permit_end(office, today)
    return office.claims[0].status == "valid" and (end is None or end > today)


def _review(order: JobOrder) -> Review:
    return Review.objects.open().get(subject_type="job_order", subject_id=order.pk)


def _repriced(said: Saying, plot: str) -> Saying:
    """One of the worker's lines costs a quarter more, or a fifth less; in the known one the medical check goes up."""
    lines = [dict(line) for line in said.fees]
    if plot == "known":
        next(line for line in lines if line["item"] == "C1")["amount"] = 1_500_000
        return replace(said, fees=lines)
    order = ("F1", "C4a", "C1") if plot == "lowered" else ("C1", "C4a", "C3")
    own = [line for line in lines if line["payer"] == "worker" and line["amount"] and line["item"] in order]
    line = min(own, key=lambda line: order.index(line["item"]))
    line["amount"] = line["amount"] * (80 if plot == "lowered" else 125) // 100 // 10_000 * 10_000
    return replace(said, fees=lines)


def _known(said: Saying) -> Saying:
    """The opening of the design's pictures: seafood in Yaizu, 44,620,000 đồng, 1.9 months of pay."""
    values = said.values | {
        "route": "organization", "origin": "VN", "programme": "SSW1", "field": "FOOD", "occupation": "seafood-processing",
        "employer_name": "見本水産 (Mihon Suisan Yaizu)", "intermediary_name": "", "prefecture": "22", "city": "Yaizu",
        "workplace": "Yaizu 2-14 (sample)", "places": 20, "contract_months": 36, "hours_per_day": 8, "hours_per_month": 160,
        "rest_days_per_week": 2, "wage_base": 196_000, "meals": "self", "housing": "employer", "language_level": "N4",
        "tests": ["jft_basic", "ssw_skill"], "travel_out_payer": "employer", "travel_home_payer": "worker",
    }  # fmt: skip
    pay = [{"kind": kind, "amount": amount} for kind, amount in KNOWN_PAY]
    return replace(said, values=values, fees=[dict(line) for line in KNOWN_FEES], pay=pay, texts=texts.as_lines(texts.SEAFOOD))
