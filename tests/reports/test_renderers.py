"""Every form says the same, takes hostile text as text, and runs nothing."""

import csv
import datetime
import io
import json
import re
import zipfile
from decimal import Decimal
from html import unescape

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape as unescape_xstring

from reports.renderers import FORMATS, Column, Table, csv_file, workbook
from tests.reports.documents import COLUMNS, MADE_AT, SEAL, a_document, a_row, made

FORMULAS = [
    '=HYPERLINK("http://192.0.2.1","x")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1", "－1", "＠x", " =1", "\n=1",
    "a;=1+1", "a\t=1", "'=1", "''=1", "a;'=1", "=cmd|' /C calc'!A0", "#N/A", "_x0041_", "https://x.example/?a=1",
]  # fmt: skip
HOSTILE = st.one_of(
    st.sampled_from(FORMULAS),
    st.text(alphabet=st.sampled_from("=+-@＝\t\r\n;,'\"| a1<&_x0041_\0\x0b\ud800ẩ髙ខ"), max_size=12),
    st.text(max_size=30),
)


def rows_of_csv(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def sheets(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def cells_of_page(data: bytes) -> list[list[str]]:
    body = re.search(r"<tbody>(.*)</tbody>", data.decode(), re.S)[1]
    lines = re.findall(r"<tr>(.*?)</tr>", body, re.S)
    return [[unescape(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line, re.S)] for line in lines]


# -- CSV ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", FORMULAS)
def test_a_csv_cell_never_begins_a_formula(text):
    cell = csv_file.neutral(text)

    for separator in (",", ";", "\t"):
        line = io.StringIO(newline="")
        csv.writer(line).writerow([1, cell])
        for part in re.split(rf"[{separator}\r\n]", line.getvalue()):
            assert not re.match(r"\s*[=+@＝＋－＠]|\s*-[^0-9]", part), (separator, part)
    assert csv_file.plain(cell) == text


@given(HOSTILE)
@settings(max_examples=400, deadline=None)
def test_csv_gives_the_text_back(text):
    told = text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()

    rows = rows_of_csv(made("csv", a_document([a_row(1, text)])))

    assert len(rows) == 2
    assert csv_file.plain(rows[1][1]) == told or csv_file._NUMBER.fullmatch(told)


@pytest.mark.parametrize("number", ["-5", "-1200.50", "12"])
def test_negative_numbers_stay_numbers(number):
    assert csv_file.neutral(number) == number


def test_values_of_one_csv_column_may_be_of_any_kind():
    values = [
        None, 1, -5, True, "", "=1", "-5", "a", Decimal("1.90"), Decimal("1E+2"), datetime.date(2026, 11, 1), MADE_AT,
    ]  # fmt: skip
    written = ["", "1", "-5", "true", "", "'=1", "-5", "a", "1.90", "100", "2026-11-01", f"{MADE_AT:%Y-%m-%dT%H:%M:%SZ}"]
    columns = (Column("n", "N", "integer"), Column("a", "A"))

    for value, cell in zip(values, written, strict=True):  # alone, beside nothing, beside a text, beside all others
        for others in ([], [None], ["x"], values):
            rows = [(0, each) for each in (value, *others)]
            table = Table("t", "T", columns, lambda rows=rows: iter(rows))
            assert rows_of_csv(made("csv", a_document(parts=(table,))))[1] == ["0", cell]


def test_csv_amounts_keep_the_decimals_of_each_currency():
    columns = (Column("a", "A", "money", currency_key="c"), Column("c", "C", "code"))
    rows = [(1250, "USD"), (1250, "JPY"), (None, ""), (0, "USD"), (-5, "VND")]
    table = Table("t", "T", columns, lambda: iter(rows))

    assert [row[0] for row in rows_of_csv(made("csv", a_document(parts=(table,))))[1:]] == ["12.50", "1250", "", "0.00", "-5"]


def test_csv_is_exact_and_marked_only_on_request():
    plain = made("csv", a_document([a_row(7, fee=-5, asked=None)]))
    marked = io.BytesIO()
    csv_file.write(a_document([]), marked, progress=lambda n: None, seal=None, bom=True)

    assert plain.startswith(b"code,name,day")
    assert rows_of_csv(plain)[1] == ["A7", "Nguyễn Thị Ánh", "2026-11-01", "", "USD", "-5", "1.90", "0.447", "7"]
    assert rows_of_csv(made("csv", a_document()))[1][3] == "12.50"
    assert marked.getvalue().startswith(b"\xef\xbb\xbfcode")


# -- workbook -----------------------------------------------------------------------------------------------------------


@given(HOSTILE)
@settings(max_examples=150, deadline=None)
def test_the_workbook_has_texts_and_no_formula(text):
    data = made("xlsx", a_document([a_row(1, text)], title=text or "x", facts=((text, text),), notes=(text,)))

    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        assert not any(b"<f>" in parts.read(name) or b"<f " in parts.read(name) for name in parts.namelist() if "sheet" in name)
    cell = sheets(data)["Openings"]["B2"]
    assert cell.data_type in ("s", "inlineStr")
    assert unescape_xstring(cell.value or "") == "".join("\ufffd" if has_no_place(c) else c for c in text).replace(
        "\r\n", "\n"
    ).replace("\r", "\n")


def has_no_place(c: str) -> bool:
    return (ord(c) < 32 and c not in "\t\r\n") or 0xD800 <= ord(c) < 0xE000 or c in "\ufffe\uffff"


def test_days_numbers_and_money_are_real():
    sheet = sheets(made("xlsx", a_document()))["Openings"]

    assert sheet.freeze_panes == "A2"
    assert sheet["C2"].value == datetime.datetime(2026, 11, 1)
    assert (sheet["D2"].value, sheet["D2"].number_format) == (12.5, '#,##0.00" USD"')
    assert (sheet["F2"].value, sheet["F2"].number_format) == (44_620_000, '#,##0" VND"')
    assert (sheet["H2"].value, sheet["H2"].number_format) == (0.447, "0.0%")
    assert [cell.value for cell in sheet[4]] == ["Total", None, None, None, None, 89_240_000, None, None, 3]


def test_the_workbook_explains_itself():
    book = sheets(made("xlsx", a_document(), seal=SEAL))

    about = {row[0].value: row[1].value for row in book["About"].iter_rows(max_col=2)}
    assert about["Code"] == "ABCD-EFGH"
    assert about["Made on"] == MADE_AT.replace(tzinfo=None)
    assert about["Openings"] == 1234
    words = [[cell.value for cell in row] for row in book["Data dictionary"].iter_rows()]
    assert ["openings", "code", "Code", "a code", "Code of the opening"] in words
    assert len(words) == len(COLUMNS) + 1


def test_sheet_names_are_ones_excel_takes():
    taken = set()
    names = [workbook.sheet_title(text, taken) for text in ("a/b:c", "A b c", "x" * 40, "X" * 40, "", "'", "History", "[]")]

    assert len({name.casefold() for name in names}) == len(names)
    assert all(1 <= len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)
    assert "history" not in {name.casefold() for name in names}


def test_a_number_with_too_many_digits_stays_exact():
    sheet = sheets(made("xlsx", a_document([a_row(1, n=10**17 + 1)])))["Openings"]

    assert sheet["I2"].value == str(10**17 + 1)


# -- JSON and page ------------------------------------------------------------------------------------------------------


@given(HOSTILE)
@settings(max_examples=150, deadline=None)
def test_json_gives_the_text_back(text):
    data = json.loads(made("json", a_document([a_row(1, text)])))

    assert data["tables"]["openings"]["rows"][0]["name"] == text.encode("utf-8", "replace").decode()


def test_json_is_exact_and_explains_itself():
    data = json.loads(made("json", a_document(), seal=SEAL))

    row = data["tables"]["openings"]["rows"][0]
    assert (row["asked"], row["fee"], row["day"], row["n"]) == ("12.50", "44620000", "2026-11-01", 1)
    assert data["tables"]["openings"]["totals"] == {"fee": "89240000", "n": 3}
    assert data["figures"][2]["value"] is None
    assert (data["made_at"], data["code"], data["demo"]) == ("2026-11-28T03:04:05Z", "ABCD-EFGH", True)
    assert [entry["key"] for entry in data["dictionary"]] == [column.key for column in COLUMNS]


@given(HOSTILE)
@settings(max_examples=100, deadline=None)
def test_the_page_shows_text_as_text(text):
    data = made("page", a_document([a_row(1, text)], title=text))

    assert cells_of_page(data)[0][1] == (text.encode("utf-8", "replace").decode() or "–")


# -- all together -------------------------------------------------------------------------------------------------------


def test_all_forms_have_the_same_numbers():
    rows = [a_row(i, fee=1_000_000 * i, n=i) for i in range(1, 13)]
    document = a_document(rows)

    in_json = [row["fee"] for row in json.loads(made("json", document))["tables"]["openings"]["rows"]]
    in_csv = [row[5] for row in rows_of_csv(made("csv", document))[1:]]
    in_book = [str(row[5].value) for row in list(sheets(made("xlsx", document))["Openings"].iter_rows())[1:-1]]
    on_page = [re.sub(r"\D", "", row[5]) for row in cells_of_page(made("page", document))]
    assert in_json == in_csv == in_book == on_page == [str(1_000_000 * i) for i in range(1, 13)]
    assert json.loads(made("json", document))["tables"]["openings"]["totals"]["fee"] == "78000000"
    assert "₫78,000,000" in made("page", document).decode()


@pytest.mark.parametrize("form", ["csv", "json", "xlsx", "page"])
def test_progress_tells_every_row_once(form):
    told = []

    made(form, a_document([a_row(i) for i in range(1, 1203)]), told=told)

    assert told == [500, 1000, 1202]


def test_rows_are_streamed_and_not_kept():
    alive, most = set(), [0]

    class Name(str):
        def __init__(self, text):
            alive.add(id(self))
            most[0] = max(most[0], len(alive))

        def __del__(self):
            alive.discard(id(self))

    table = Table("t", "T", (Column("a", "A"),), lambda: ((Name(i),) for i in range(5000)))
    for form in ("csv", "json", "xlsx"):
        made(form, a_document(parts=(table,)))

    assert most[0] < 50


def test_unknown_is_never_zero():
    document = a_document([a_row(1, fee=None, months=None, day=None, n=None)])

    assert cells_of_page(made("page", document))[0][5:9:3] == ["not known", "not known"]
    assert json.loads(made("json", document))["tables"]["openings"]["totals"] == {}
    assert sheets(made("xlsx", document))["Openings"]["F2"].value is None


def test_amounts_of_two_currencies_have_no_sum():
    table = Table(
        "t", "T", (Column("a", "A", "money", currency_key="c", total=True), Column("c", "C", "code")),
        lambda: iter([(1, "VND"), (2, "JPY")]),
    )  # fmt: skip

    assert json.loads(made("json", a_document(parts=(table,))))["tables"]["t"]["totals"] == {}


def test_a_row_of_the_wrong_width_is_refused():
    with pytest.raises(ValueError, match="has 9 columns"):
        made("csv", a_document([("too", "short")]))


@pytest.mark.parametrize("language", ["vi", "id", "en", "ja"])
@pytest.mark.parametrize("form", sorted(FORMATS))
def test_every_form_in_every_language(form, language):
    assert len(made(form, a_document(language=language), seal=SEAL)) > 100


def test_months_are_exact():
    assert (
        json.loads(made("json", a_document([a_row(1, months=Decimal("0.10"))])))["tables"]["openings"]["rows"][0]["months"]
        == "0.10"
    )
