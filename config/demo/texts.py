"""The free words of demo openings, in the language of the office that writes them, some with translations."""

# what early_end and dispute say, by language of the office
EARLY_END = {
    "vi": "Muốn nghỉ sớm: báo công ty trước 30 ngày. Về sớm không do lỗi của bạn: công ty phái cử hoàn phần tiền dịch vụ của thời gian "
          "còn lại và tiền lãi.",
    "id": "Mau berhenti lebih awal: beri tahu perusahaan 30 hari sebelumnya. Tidak ada denda.",
    "en": "To leave early, tell the company 30 days before. There is no penalty.",
    "ja": "早く辞めるときは30日前に会社へ伝えます。違約金はありません。",
}  # fmt: skip
DISPUTE = {
    "vi": "Nói với công ty tiếp nhận trước. Nếu không xong: công ty phái cử, rồi cơ quan quản lý. Bạn được khiếu nại và không ai được "
          "phạt bạn vì việc đó.",
    "id": "Bicarakan dulu dengan perusahaan. Kalau tidak selesai: perusahaan penempatan, lalu dinas. Tidak ada yang boleh menghukum Anda.",
    "en": "Speak with the company first, then with the agency, then with the public office. Nobody may punish you for it.",
    "ja": "まず会社に話します。解決しないときは送出機関、次に役所へ相談できます。相談を理由に罰してはいけません。",
}  # fmt: skip
HOUSING = {
    "vi": (
        "Phòng riêng trong căn hộ 3 người, cách chỗ làm 10 phút đi xe đạp.",
        "Ký túc xá của công ty, 2 người một phòng, có bếp chung.",
    ),
    "id": (
        "Kamar sendiri di apartemen untuk 3 orang, 10 menit naik sepeda.",
        "Asrama perusahaan, 2 orang sekamar, dapur bersama.",
    ),
    "en": ("Own room in a flat for three, ten minutes by bicycle.", "Company dormitory, two to a room, shared kitchen."),
    "ja": ("3人用アパートの個室、自転車で10分。", "会社の寮、2人部屋、共同台所。"),
}
WORK = {
    "vi": "Công việc: {work}. Làm theo nhóm 6 đến 10 người, có người hướng dẫn trong 3 tháng đầu. Đồ bảo hộ do công ty phát.",
    "id": "Pekerjaan: {work}. Bekerja dalam kelompok 6 sampai 10 orang, dibimbing selama 3 bulan pertama. Alat pelindung dari perusahaan.",
    "en": "The work: {work}. Teams of six to ten people, with a guide in the first three months. The company gives safety gear.",
    "ja": "仕事：{work}。6～10人のチームで、最初の3か月は指導員がつきます。保護具は会社が用意します。",
}

SEAFOOD = (
    ("work", "vi", "original",
     "Cắt, phân loại và đóng gói cá ngừ, cá thu trong xưởng lạnh 10–15 °C. Đứng làm việc. Có áo ấm và ủng của công ty."),
    ("work", "id", "human",
     "Memotong, memilah, dan mengemas tuna dan makerel di ruang dingin 10–15 °C. Bekerja berdiri. Jaket dan sepatu bot dari perusahaan."),
    ("work", "en", "human",
     "Cutting, sorting and packing tuna and mackerel in a cold room of 10–15 °C. You work standing. The company gives jacket and boots."),
    ("work", "ja", "human",
     "10～15℃の冷室でマグロやサバの切り分け、選別、包装をします。立ち仕事です。防寒着と長靴は会社が用意します。"),
    ("housing", "vi", "original", "Căn hộ 3 người, mỗi người một phòng, cách xưởng 10 phút đi xe đạp."),
    ("early_end", "vi", "original", EARLY_END["vi"]),
    ("dispute", "vi", "original", DISPUTE["vi"]),
)  # fmt: skip


def texts(language: str, work: str, pick: int) -> list[dict]:
    """The lines of a version as `save_draft` takes them; every third opening tells its work in English too."""
    lines = [
        ("work", language, "original", WORK[language].format(work=work)),
        ("housing", language, "original", HOUSING[language][pick % 2]),
        ("early_end", language, "original", EARLY_END[language]),
        ("dispute", language, "original", DISPUTE[language]),
    ]
    if language != "en" and pick % 3 == 0:
        lines.append(("early_end", "en", "human", EARLY_END["en"]))
    return as_lines(lines)


def as_lines(lines) -> list[dict]:
    return [{"key": key, "language": language, "origin": origin, "text": text} for key, language, origin, text in lines]
