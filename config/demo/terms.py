"""What an opening says: field, place, wage, deductions, days and every fee line, drawn from one number.

Amounts are made up inside believable bounds; what law forbids is taken out again by `lawful` (the product's own verdicts), and
`forbidden` puts it back on purpose for the openings that must be refused.
"""

import datetime
import random
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import override

from config.demo import names, places, texts
from recruitment.selectors.names import reference, work_name

RATE = {"VN": 170, "ID": 108, "PH": 38}  # minor units of home money for one yen: only to draw believable amounts
CURRENCY = {"VN": "VND", "ID": "IDR", "PH": "PHP"}
STEP = {"VN": 50_000, "ID": 10_000, "PH": 5_000}
PROGRAMMES = ("SSW1",) * 11 + ("ESD",) * 5 + ("SSW2", "TITP1", "TITP2", "ENG")
DEPOSIT, BROKER, TOO_DEAR, EARLY = "deposit", "broker", "too_dear", "selection"


@dataclass
class Saying:
    """One opening as `save_draft` takes it: `values`, fee lines, pay lines, texts. `office` is who posts it."""

    number: int
    office: names.Office
    values: dict[str, Any]
    fees: list[dict[str, Any]]
    pay: list[dict[str, Any]]
    texts: list[dict[str, Any]] = field(default_factory=list)

    @property
    def origin(self) -> str:
        return self.values["origin"]


def generator(seed: int, number: int, purpose: str = "") -> random.Random:
    """The chance of one opening: the same for the same seed and number, whatever was drawn before."""
    return random.Random(f"terang:{seed}:{number}:{purpose}")  # noqa: S311 (a game, not a secret)


@dataclass(frozen=True)
class Moment:
    """When an opening is written, until when it must still be open, and the last day of the office's permit."""

    written: datetime.date
    open_on: datetime.date | None = None
    leaves_by: datetime.date | None = None


def saying(number: int, office: names.Office, *, seed: int, moment: Moment) -> Saying:
    """The opening with this number. Field and prefecture follow the number, so that 893 of them in a row meet every pair."""
    draw = generator(seed, number)
    days = _days(draw, moment)
    code = _field_code(number)
    programme = _programme(draw, office, code, days["departure_on"])
    if programme == "ENG":
        code = ""
    occupation = _occupation(code, draw)
    prefecture = places.PREFECTURES[number % len(places.PREFECTURES)]
    town = places.city(prefecture, draw.randrange(4))
    wage = places.WAGES[code] + places.DEAR_TOWNS.get(prefecture, 0) + draw.randrange(-4, 9) * 1_000
    origin = office.country if office.country in CURRENCY else draw.choice(("VN", "VN", "ID"))
    values = {
        "route": _route(office),
        "origin": origin,
        "programme": programme,
        "field": code,
        "occupation": occupation,
        "employer_name": office.name if office.kind == "accepting_company" else places.employer(code, town, draw.randrange(9)),
        "intermediary_name": "見本国際協同組合 (Mihon cooperative)" if programme.startswith(("TITP", "ESD")) else "",
        "prefecture": prefecture,
        "city": town,
        "workplace": f"{town} {draw.randrange(1, 9)}-{draw.randrange(1, 20)} (sample)",
        "places": draw.choice((2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 24)),
        "contract_months": _months(programme, draw),
        "wage_base": wage + (40_000 if programme == "SSW2" else 0) - (12_000 if programme == "TITP1" else 0),
        "meals": draw.choice(("self", "self", "part", "free")),
        "housing": draw.choice(("employer", "employer", "employer", "self")),
        "insurance": ["health", "pension", "employment", "accident"],
        "travel_out_payer": "employer",
        "travel_home_payer": "employer" if programme.startswith("TITP") else draw.choice(("worker", "employer")),
        "language_level": {"SSW1": "N4", "SSW2": "N3", "ENG": "N2", "ESD": "N5"}.get(programme, "N5"),
        "tests": ["jft_basic", "ssw_skill"] if programme == "SSW1" else [],
        **_hours(draw),
        **days,
    }
    pay = _pay(draw, values)
    fees = _fees(draw, office, values)
    language = names.LANGUAGES[office.country]
    with override(language):
        work = work_name(occupation, code, programme)
    return Saying(number, office, values, fees, pay, texts.texts(language, work, number))


def _field_code(number: int) -> str:
    codes = [row.pk for row in reference().fields.values() if not row.retired]
    return codes[number % len(codes)]


def _route(office: names.Office) -> str:
    if office.kind == "accepting_company":
        return "independent"
    return "public" if any(claim.kind == "VN-PUBLIC" for claim in office.claims) else "organization"


def _programme(draw: random.Random, office: names.Office, code: str, leaves: datetime.date) -> str:
    """A programme that the office's permit allows, for this field and this day of departure."""
    known = reference()
    allowed = {"VN-SERVICE": PROGRAMMES, "VN-PUBLIC": ("SSW1", "ESD", "TITP1"), "ID-LPK-SO": ("TITP1", "TITP2")}
    choices = allowed.get(office.claims[0].kind, ("SSW1", "SSW1", "SSW1", "SSW2"))
    if office.key == "mihon-system":
        return "ENG"
    wished = draw.choice(choices)
    row = known.programmes[wished]
    fits_field = known.fields[code].ssw if row.family == "SSW" else known.fields[code].esd
    in_time = (row.entry_from is None or leaves >= row.entry_from) and (row.last_entry_on is None or leaves <= row.last_entry_on)
    if wished == "ENG" or ((fits_field or row.family == "TITP") and in_time):
        return wished
    return "TITP1" if choices[0].startswith("TITP") else "SSW1"


def _occupation(code: str, draw: random.Random) -> str:
    if not code:
        return ""
    return draw.choice([row.pk for row in reference().occupations.values() if row.field_id == code and not row.retired])


def _months(programme: str, draw: random.Random) -> int:
    fixed = {"TITP1": 12, "TITP2": 24, "ESD": 36}
    return fixed.get(programme) or draw.choice((12, 24, 36, 36, 60))


def _days(draw: random.Random, moment: Moment) -> dict[str, datetime.date]:
    """Apply, selection, signing, departure; mostly 180 days between selection and departure, and before the permit ends."""
    apply_until = moment.written + datetime.timedelta(days=draw.randrange(18, 60))
    if moment.open_on is not None:
        apply_until = max(apply_until, moment.open_on + datetime.timedelta(days=draw.randrange(3, 45)))
    selection = apply_until + datetime.timedelta(days=draw.randrange(5, 21))
    signing = selection + datetime.timedelta(days=draw.randrange(5, 20))
    departure = signing + datetime.timedelta(days=draw.choice((70, 90, 110, 130, 150, 200)))
    if moment.leaves_by is not None and departure > moment.leaves_by:
        start = max(moment.written, moment.open_on or moment.written)
        left = max((moment.leaves_by - start).days, 4)
        apply_until, selection, signing, departure = (start + datetime.timedelta(days=left * n // 4) for n in (1, 2, 3, 4))
    return {"apply_until": apply_until, "selection_on": selection, "signing_on": signing, "departure_on": departure}


def _hours(draw: random.Random) -> dict[str, Any]:
    return {
        "hours_per_day": 8,
        "hours_per_month": draw.choice((160, 165, 168, 173)),
        "rest_days_per_week": draw.choice((2, 2, 1)),
    }


def _pay(draw: random.Random, values: dict) -> list[dict[str, Any]]:
    """Allowances and deductions; in one of twelve the rent or the tax is not known yet."""
    wage, lines = values["wage_base"], []
    if draw.random() < 0.5:
        lines.append({"kind": "allowance", "amount": draw.choice((5_000, 8_000, 10_000, 15_000)), "note": ""})
    if draw.random() < 0.25:
        lines.append({"kind": "overtime", "amount": draw.choice((12_000, 18_000, 24_000)), "note": ""})
    lines.append({"kind": "tax", "amount": round(wage * 0.021, -2) if draw.random() > 0.06 else None})
    lines.append({"kind": "social", "amount": round(wage * 0.149, -2)})
    if values["housing"] == "employer":
        rent = draw.choice((12_000, 15_000, 18_000, 22_000, 24_000, 28_000, 38_000))
        lines.append({"kind": "rent", "amount": rent if draw.random() > 0.04 else None})
        lines.append({"kind": "utilities", "amount": draw.choice((6_000, 8_000, 9_000, 12_000))})
    return [{**line, "amount": None if line["amount"] is None else int(line["amount"])} for line in lines]


def _fees(draw: random.Random, office: names.Office, values: dict) -> list[dict[str, Any]]:
    if office.kind == "accepting_company":
        return _independent(draw, values)
    return {"VN": _vietnam, "ID": _indonesia, "PH": _philippines}[values["origin"]](draw, office, values)


def fee(item: str, amount: int | None, currency: str, payer: str = "worker", **more: Any) -> dict[str, Any]:
    """One fee line as services take it; a receipt unless said otherwise."""
    return {"item": item, "amount": amount, "currency": currency, "payer": payer, "receipt": True, **more}


def _near(draw: random.Random, amount: float, step: int) -> int:
    """Around this amount, in round steps."""
    return max(step, round(amount * draw.uniform(0.75, 1.3) / step) * step)


def _maybe(draw: random.Random, amount: int, share: float = 0.07) -> int | None:
    """Not known in some openings: then the total says "at least"."""
    return None if draw.random() < share else amount


def _vietnam(draw: random.Random, office: names.Office, values: dict) -> list[dict[str, Any]]:
    month = values["wage_base"] * RATE["VN"]
    public = values["route"] == "public"
    share = {0: 0.0, 1: 0.28, 2: 0.5, 3: 0.85}[office.dear] * min(values["contract_months"], 36) / 12
    lines = []
    if share and not public:
        lines.append(fee("F1", _near(draw, month * share, 10_000), "VND", stage="signing", refund="part",
                         note="Hoàn phần còn lại khi về sớm không do lỗi của bạn."))  # fmt: skip
    course = {0: 0, 1: 6_500_000, 2: 9_500_000, 3: 15_000_000}[office.dear]
    if course:
        payee = "training_centre" if draw.random() < 0.5 else "sending_organization"
        lines.append(fee("C4a", _maybe(draw, _near(draw, course, 100_000)), "VND", payee=payee, refund="part", instalments=2))
        lines.append(fee("C6d", _maybe(draw, _near(draw, 4_200_000, 100_000)), "VND", payee="training_centre"))
    if not public or draw.random() < 0.5:
        lines.append(fee("C1", _maybe(draw, _near(draw, 1_200_000, 50_000)), "VND", payee="hospital", refund="no"))
        lines.append(fee("C7a", 200_000, "VND", payee="state", refund="no"))
        lines.append(fee("C7c", _near(draw, 250_000, 50_000), "VND", payee="state", refund="no"))
        lines.append(fee("C2b", 100_000, "VND", payee="fund", refund="no"))
    employer = "employer"
    if values["programme"].startswith("SSW"):
        lines.append(fee("F1", month if share * 12 + 12 <= 36 and share < 2 else 0, "VND", employer))
        lines.append(fee("C4b", 50_000, "JPY", employer, payee="training_centre"))
    lines.append(fee("C6b", _near(draw, 9_000_000, 500_000), "VND", employer, payee="carrier"))
    lines.append(fee("C7b", 650_000, "VND", employer, payee="state"))
    lines.append(fee("C2b", 150_000, "VND", "sending_organization", payee="fund"))
    return [line for line in lines if line["amount"] != 0]


def _indonesia(draw: random.Random, office: names.Office, values: dict) -> list[dict[str, Any]]:
    month = values["wage_base"] * RATE["ID"]
    share = {0: 0.0, 1: 0.0, 2: 0.45, 3: 0.9}[office.dear]
    lines = []
    if share:
        lines.append(fee("F1", _near(draw, month * share, 100_000), "IDR", stage="signing", refund="part"))
    lines.append(
        fee("C4a", _maybe(draw, _near(draw, 4_500_000 * (1 + office.dear), 100_000), 0.12), "IDR", payee="training_centre")
    )
    lines.append(fee("C3", _near(draw, 700_000, 50_000), "IDR", payee="other", refund="no"))
    lines.append(fee("C1", _maybe(draw, _near(draw, 1_100_000, 50_000), 0.12), "IDR", payee="hospital", refund="no"))
    lines.append(fee("C7a", 650_000, "IDR", payee="state", refund="no"))
    lines.append(fee("C7c", 30_000, "IDR", payee="state", refund="no"))
    lines.append(fee("C2a", _near(draw, 370_000, 10_000), "IDR", payee="insurer", refund="no"))
    lines.append(fee("C6b", _near(draw, 6_500_000, 100_000), "IDR", "employer", payee="carrier"))
    lines.append(fee("C7b", 400_000, "IDR", "employer", payee="state"))
    return lines


def _philippines(draw: random.Random, office: names.Office, values: dict) -> list[dict[str, Any]]:
    lines = []
    if office.dear or draw.random() < 0.5:
        lines.append(fee("C3", _near(draw, 350_000, 5_000), "PHP", payee="other", refund="no"))
        lines.append(fee("C1", _maybe(draw, _near(draw, 420_000, 5_000)), "PHP", payee="hospital", refund="no"))
        lines.append(fee("C7a", 95_000, "PHP", payee="state", refund="no"))
        lines.append(fee("C7c", 16_000, "PHP", payee="state", refund="no"))
    lines.append(fee("F1", values["wage_base"] * 38, "PHP", "employer"))
    lines.append(fee("C6b", _near(draw, 1_900_000, 50_000), "PHP", "employer", payee="carrier"))
    lines.append(fee("C7b", 120_000, "PHP", "employer", payee="state"))
    lines.append(fee("C2b", 140_000, "PHP", "employer", payee="fund"))
    return lines


def _independent(draw: random.Random, values: dict) -> list[dict[str, Any]]:
    """The employer hires directly: the worker pays for the passport, sometimes for the medical check."""
    home = CURRENCY[values["origin"]]
    small = {"VN": 200_000, "ID": 650_000}[values["origin"]]
    lines = [fee("C7a", small, home, payee="state", refund="no")] if draw.random() < 0.5 else []
    lines.append(fee("C1", {"VN": 1_100_000, "ID": 1_000_000}[values["origin"]], home, "employer", payee="hospital"))
    lines.append(fee("C6b", 55_000, "JPY", "employer", payee="carrier"))
    return [*lines, fee("C7b", 3_000, "JPY", "employer", payee="state")]


def forbidden(said: Saying, sin: str) -> Saying:
    """The same opening with a line that law or this platform refuses: deposit, broker money, selection fee, over the ceiling."""
    home, rate = CURRENCY[said.origin], RATE[said.origin]
    lines = {
        DEPOSIT: fee("X2", 120_000 * rate, home, stage="selection"),
        BROKER: fee("F5", 60_000 * rate, home, payee="other", receipt=False),
        EARLY: fee("F6", 12_000 * rate, home, stage="registration", receipt=False),
        TOO_DEAR: fee("F1", said.values["wage_base"] * rate * 4, home, stage="signing"),
    }
    own = [line for line in said.fees if not (sin == TOO_DEAR and line["item"] == "F1")]
    return Saying(said.number, said.office, said.values, [lines[sin], *own], said.pay, said.texts)
