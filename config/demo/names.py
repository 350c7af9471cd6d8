"""Who there is in the demo world. Every name says that it is a sample: Mẫu, Contoh, Sample, 見本.

Phone numbers begin with 10 after the country code. No such number is given to anybody in Viet Nam, Indonesia, the Philippines
or Japan: libphonenumber calls them possible by length and not valid. E-mail addresses and pages end in .example (RFC 2606).
Days are written for ANCHOR and move along with the day on which the world is made.
"""

import datetime
from dataclasses import dataclass, field

ANCHOR = datetime.date(2026, 11, 20)
DOMAIN = "example"
CALLING = {"VN": "+84 10", "ID": "+62 10", "PH": "+63 10", "JP": "+81 10"}
LANGUAGES = {"VN": "vi", "ID": "id", "PH": "en", "JP": "ja"}


@dataclass(frozen=True)
class Claim:
    """A permit as the office writes it, and what became of it. `days_ago`: when the regulator said so."""

    kind: str
    number: str
    issued: datetime.date
    expires: datetime.date | None = None
    status: str = "valid"
    days_ago: int = 0
    reason: str = ""


@dataclass(frozen=True)
class Office:
    """An organization. `stage`: verified, draft, submitted, half (one approval), returned. `dear`: 0 no fees … 3 dear."""

    key: str
    kind: str
    country: str
    name: str
    latin: str
    address: str
    claims: tuple[Claim, ...] = ()
    stage: str = "verified"
    since_days: int = 300
    dear: int = 1
    people: tuple[str, ...] = field(default=("owner", "recruiter"))


def _day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def _vn(number: int, issued: str, expires: str = "", **kwargs) -> tuple[Claim, ...]:
    return (Claim("VN-SERVICE", f"{number}/MAU-GP", _day(issued), _day(expires) if expires else None, **kwargs),)


def _one(kind: str, number: str, issued: str, expires: str = "", **kwargs) -> tuple[Claim, ...]:
    return (Claim(kind, number, _day(issued), _day(expires) if expires else None, **kwargs),)


SENDING = "sending_organization"
OFFICERS = ("owner", "officer", "officer", "officer")

REGULATORS = (
    Office(
        "co-quan-mau", "regulator", "VN", "Cơ quan quản lý mẫu", "Co quan quan ly mau", "Số 9 phố Mẫu, Hà Nội", people=OFFICERS
    ),
    Office("dinas-contoh", "regulator", "ID", "Dinas Contoh", "Dinas Contoh", "Jalan Contoh 9, Jakarta", people=OFFICERS),
    Office(
        "ban-dieu-hanh-mau",
        "platform_desk",
        "JP",
        "Terang見本デスク",
        "Terang sample desk",
        "東京都千代田区見本町9",
        people=OFFICERS,
    ),
)

SENDERS = (
    Office(
        "hai-au-xanh", SENDING, "VN", "Công ty Mẫu Hải Âu Xanh", "Cong ty Mau Hai Au Xanh", "Số 1 phố Mẫu, Hà Nội",
        _vn(101, "2019-03-04"), dear=1, people=("owner", "manager", "recruiter", "viewer"),
    ),
    Office(
        "song-lam", SENDING, "VN", "Công ty Mẫu Sông Lam", "Cong ty Mau Song Lam", "Số 2 phố Mẫu, Vinh",
        _vn(102, "2020-08-15", "2027-08-14"), dear=2,
    ),
    Office(
        "dong-nai-xanh", SENDING, "VN", "Công ty Mẫu Đồng Nai Xanh", "Cong ty Mau Dong Nai Xanh", "Số 3 phố Mẫu, Biên Hòa",
        _vn(103, "2021-12-05", "2026-12-05"), dear=2,
    ),
    Office(
        "ben-tre", SENDING, "VN", "Công ty Mẫu Bến Tre", "Cong ty Mau Ben Tre", "Số 4 phố Mẫu, Bến Tre",
        _vn(104, "2018-01-20", status="suspended", days_ago=2, reason="Quyết định mẫu số 12: thu tiền đặt cọc của người lao động."),
        dear=3,
    ),
    Office(
        "tay-nguyen", SENDING, "VN", "Công ty Mẫu Tây Nguyên", "Cong ty Mau Tay Nguyen", "Số 5 phố Mẫu, Pleiku",
        _vn(105, "2017-06-11", status="suspended_market", days_ago=2, reason="Quyết định mẫu số 13: thị trường Nhật Bản."),
        dear=3,
    ),
    Office(
        "cuu-long", SENDING, "VN", "Công ty Mẫu Cửu Long", "Cong ty Mau Cuu Long", "Số 6 phố Mẫu, Cần Thơ",
        _vn(106, "2015-09-30", "2026-09-29", status="expired"), dear=2, since_days=420,
    ),
    Office(
        "phu-si", SENDING, "VN", "Công ty Mẫu Phú Sĩ", "Cong ty Mau Phu Si", "Số 7 phố Mẫu, Hải Phòng",
        _vn(107, "2016-02-02", status="revoked", days_ago=49, reason="Quyết định mẫu số 9: thu tiền môi giới nhiều lần."), dear=3,
    ),
    Office(
        "sa-pa", SENDING, "VN", "Công ty Mẫu Sa Pa", "Cong ty Mau Sa Pa", "Số 8 phố Mẫu, Lào Cai",
        _vn(108, "2022-05-19", status="surrendered", days_ago=30, reason="Công ty nộp lại giấy phép và ngừng hoạt động dịch vụ."),
        dear=1,
    ),
    Office(
        "huong-tram", SENDING, "VN", "Công ty Mẫu Hương Tràm", "Cong ty Mau Huong Tram", "Số 11 phố Mẫu, Cà Mau",
        _vn(109, "2023-03-14"), dear=3,
    ),
    Office(
        "dat-viet", SENDING, "VN", "Trung tâm Mẫu Lao động Đất Việt", "Trung tam Mau Lao dong Dat Viet", "Số 12 phố Mẫu, Hà Nội",
        _one("VN-PUBLIC", "MAU-CL-01", "2010-01-05"), dear=0,
    ),
    Office(
        "nusantara", SENDING, "ID", "PT Contoh Nusantara Jaya", "PT Contoh Nusantara Jaya", "Jalan Contoh 1, Jakarta",
        _one("ID-SIP3MI", "CONTOH/SIP3MI/2022/01", "2022-02-01", "2027-11-30"), dear=2,
    ),
    Office(
        "bahari", SENDING, "ID", "PT Contoh Bahari Sentosa", "PT Contoh Bahari Sentosa", "Jalan Contoh 2, Surabaya",
        _one("ID-SIP3MI", "CONTOH/SIP3MI/2023/02", "2023-06-10", "2028-06-09"), dear=1,
    ),
    Office(
        "sakura", SENDING, "ID", "LPK Contoh Sakura", "LPK Contoh Sakura", "Jalan Contoh 3, Bandung",
        (
            *_one("ID-LPK-SO", "CONTOH-SO-03", "2021-04-04", "2027-12-31"),
            *_one("ID-LPK", "CONTOH-LPK-03", "2020-02-02"),
        ),
        dear=2,
    ),
    Office(
        "merapi", SENDING, "ID", "PT Contoh Merapi Abadi", "PT Contoh Merapi Abadi", "Jalan Contoh 4, Yogyakarta",
        _one("ID-SIP3MI", "CONTOH/SIP3MI/2021/04", "2021-01-15", "2027-11-30", status="suspended", days_ago=12,
             reason="Keputusan contoh nomor 4: biaya ditarik sebelum perjanjian ditandatangani."), dear=3,
    ),
    Office(
        "bayanihan", SENDING, "PH", "Sample Bayanihan Placement Inc.", "Sample Bayanihan Placement Inc.", "1 Sample Street, Manila",
        _one("PH-AGENCY", "SAMPLE-001-LB", "2022-07-01", "2028-06-30"), dear=0,
    ),
    Office(
        "perlas", SENDING, "PH", "Sample Perlas Manpower Corp.", "Sample Perlas Manpower Corp.", "2 Sample Street, Cebu",
        _one("PH-AGENCY", "SAMPLE-002-LB", "2023-03-01", "2027-12-31"), dear=1,
    ),
)  # fmt: skip

EMPLOYERS = (
    Office("mihon-suisan", "accepting_company", "JP", "見本水産株式会社", "Mihon Suisan", "静岡県焼津市見本1-1",
           _one("TERANG-EMPLOYER", "見本-E-01", "2026-03-02"), dear=0),
    Office("mihon-kaigo", "accepting_company", "JP", "社会福祉法人見本苑", "Mihon-en", "熊本県八代市見本2-2",
           _one("TERANG-EMPLOYER", "見本-E-02", "2026-03-02"), dear=0),
    Office("mihon-kensetsu", "accepting_company", "JP", "見本建設株式会社", "Mihon Kensetsu", "愛知県豊田市見本3-3",
           _one("TERANG-EMPLOYER", "見本-E-03", "2026-04-06"), dear=0),
    Office("mihon-system", "accepting_company", "JP", "見本システム株式会社", "Mihon System", "東京都八王子市見本4-4",
           _one("TERANG-EMPLOYER", "見本-E-04", "2026-04-06"), dear=0),
    Office("mihon-nosan", "accepting_company", "JP", "見本農産株式会社", "Mihon Nosan", "長野県松本市見本5-5",
           _one("TERANG-EMPLOYER", "見本-E-05", "2026-05-11"), dear=0),
)  # fmt: skip

PARTNERS = (
    Office("mai-nha-mau", "ngo_partner", "VN", "Hội Mẫu Mái Nhà Chung", "Hoi Mau Mai Nha Chung", "Số 21 phố Mẫu, Đà Nẵng",
           people=("owner", "caseworker")),
    Office("rumah-contoh", "ngo_partner", "ID", "Yayasan Contoh Rumah Pekerja", "Yayasan Contoh Rumah Pekerja",
           "Jalan Contoh 21, Malang", people=("owner", "caseworker")),
    Office("mihon-sodan", "consultation_desk", "JP", "見本外国人相談センター", "Mihon consultation desk", "大阪府堺市見本6-6",
           people=("owner", "caseworker")),
    Office("hoa-dao-mau", "training_centre", "VN", "Trung tâm Mẫu Nhật ngữ Hoa Đào", "Trung tam Mau Nhat ngu Hoa Dao",
           "Số 22 phố Mẫu, Hà Nội", people=("owner", "trainer")),
    Office("mihon-kanri", "supervising_body", "JP", "見本国際協同組合", "Mihon cooperative", "東京都港区見本7-7",
           _one("JP-SUPERVISING", "見本許1号", "2020-10-01", "2027-03-31"), people=("owner",)),
)  # fmt: skip

UNDER_WAY = (
    Office("sen-hong", SENDING, "VN", "Công ty Mẫu Sen Hồng", "Cong ty Mau Sen Hong", "Số 31 phố Mẫu, Huế",
           _vn(131, "2026-10-02"), stage="draft", since_days=3, people=("owner",)),
    Office("trong-dong", SENDING, "VN", "Công ty Mẫu Trống Đồng", "Cong ty Mau Trong Dong", "Số 32 phố Mẫu, Thanh Hóa",
           _vn(132, "2026-09-15"), stage="submitted", since_days=2, people=("owner",)),
    Office("bong-lua", SENDING, "VN", "Công ty Mẫu Bông Lúa", "Cong ty Mau Bong Lua", "Số 33 phố Mẫu, Long An",
           _vn(133, "2026-08-20"), stage="half", since_days=4, people=("owner",)),
    Office("garuda-muda", SENDING, "ID", "PT Contoh Garuda Muda", "PT Contoh Garuda Muda", "Jalan Contoh 31, Semarang",
           _one("ID-SIP3MI", "CONTOH/SIP3MI/2026/31", "2026-09-01", "2031-08-31"), stage="returned", since_days=6, people=("owner",)),
)  # fmt: skip

REGISTERED = (*SENDERS, *EMPLOYERS, *PARTNERS, *UNDER_WAY)
OFFICES = (*REGULATORS, *REGISTERED)
BY_KEY = {office.key: office for office in OFFICES}

# permit kind -> the regulator that decides about it; the last column: whole countries, for organizations without a permit
JURISDICTIONS = (
    ("VN-SERVICE", None, "co-quan-mau"),
    ("VN-PUBLIC", None, "co-quan-mau"),
    ("ID-SIP3MI", None, "dinas-contoh"),
    ("ID-LPK-SO", None, "dinas-contoh"),
    ("ID-LPK", None, "dinas-contoh"),
    ("PH-AGENCY", None, "ban-dieu-hanh-mau"),
    ("TERANG-EMPLOYER", None, "ban-dieu-hanh-mau"),
    ("JP-SUPERVISING", None, "ban-dieu-hanh-mau"),
    (None, "VN", "ban-dieu-hanh-mau"),
    (None, "ID", "ban-dieu-hanh-mau"),
    (None, "JP", "ban-dieu-hanh-mau"),
)

PEOPLE = {
    "VN": ("Nguyễn Mẫu An", "Trần Mẫu Bình", "Lê Mẫu Chi", "Phạm Mẫu Dung", "Hoàng Mẫu Giang", "Vũ Mẫu Hạnh", "Đặng Mẫu Khoa",
           "Bùi Mẫu Linh", "Đỗ Mẫu Minh", "Hồ Mẫu Nga", "Ngô Mẫu Phúc", "Dương Mẫu Quỳnh", "Lý Mẫu Sơn", "Mai Mẫu Thảo"),
    "ID": ("Contoh Wulandari", "Contoh Santoso", "Contoh Pratiwi", "Contoh Hidayat", "Contoh Lestari", "Contoh Nugroho",
           "Contoh Rahayu", "Contoh Setiawan", "Contoh Utami", "Contoh Wijaya"),
    "PH": ("Maria Sample Santos", "Jose Sample Reyes", "Ana Sample Cruz", "Carlo Sample Garcia"),
    "JP": ("見本 太郎", "見本 花子", "見本 一郎", "見本 美咲", "見本 健", "見本 彩", "見本 誠", "見本 恵"),
}  # fmt: skip
TITLES = {
    "vi": ("Giám đốc", "Trưởng phòng tuyển dụng", "Nhân viên tuyển dụng"),
    "id": ("Direktur", "Kepala perekrutan", "Petugas perekrutan"),
    "en": ("Director", "Head of recruitment", "Recruitment officer"),
    "ja": ("代表", "採用課長", "担当"),
}


def here_and_now(day: datetime.date, today: datetime.date) -> datetime.date:
    """A day written for ANCHOR, as far from `today` as it is from ANCHOR."""
    return day + (today - ANCHOR)


def phone(country: str, number: int) -> str:
    """A number that nobody has: see the top of this file. `number` up to 9999."""
    tail = f"{number:07d}" if country in ("VN", "PH") else f"{number:08d}"
    return f"{CALLING[country]} {tail[:-4]} {tail[-4:]}"


def person(country: str, number: int) -> str:
    return PEOPLE[country][number % len(PEOPLE[country])]
