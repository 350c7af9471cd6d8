"""A register is read as offices keep it, in several encodings and languages; every mistake is named by row and column."""

from datetime import date

import pytest

from organizations.models import PermitStatus
from organizations.services.register_file import MOST_BYTES, read_register, status_words
from tests.factories.registers import EXAMPLE, HEADER


@pytest.fixture
def words(db):
    return status_words(PermitStatus.objects.all())


@pytest.mark.parametrize(
    "content",
    [
        EXAMPLE.encode(),
        b"\xef\xbb\xbf" + EXAMPLE.encode(),
        EXAMPLE.replace("\n", "\r\n").encode(),
        EXAMPLE.encode("utf-16"),
        EXAMPLE.encode("utf-16-le"),
        EXAMPLE.encode("utf-16-be"),
    ],
    ids=["utf-8", "bom", "crlf", "utf-16", "utf-16-le", "utf-16-be"],
)
def test_the_example_of_an_office_is_read_in_each_encoding(words, content):
    rows, errors = read_register(content, statuses=words)

    assert errors == []
    assert [row.status for row in rows] == [
        "valid",
        "valid",
        "valid",
        "suspended",
        "suspended_market",
        "expired",
        "revoked",
        "surrendered",
    ]
    assert (rows[0].line, rows[0].holder, rows[0].issued_on) == (4, "Công ty Mẫu Hải Âu Xanh", date(2019, 3, 4))
    assert (rows[4].market, rows[5].expires_on) == ("JP", date(2025, 9, 29))


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_semicolons_and_tabs_divide_as_well(words, delimiter):
    text = EXAMPLE.replace('"', "").replace(", ", " ").replace(",", delimiter).encode("utf-16")

    rows, errors = read_register(text, statuses=words)

    assert (len(rows), errors) == (8, [])


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Nomor izin;Nama perusahaan;Status\n1/IZIN;PT Contoh;Dicabut\n", "revoked"),
        ("Nomor izin;Nama perusahaan;Status\n1/IZIN;PT Contoh;Izin berlaku\n", "valid"),
        ("Permit number\tCompany\tStatus\n1/PERMIT\tDemo\tIN FORCE\n", "valid"),
        ("Số GP,Công ty,Tình trạng\n1/GP,Mẫu,đình chỉ\n", "suspended"),
        ("So GP,Cong ty,Tinh trang\n1/GP,Mau,dinh chi\n", "suspended"),
    ],
)
def test_header_and_status_may_be_in_three_languages(words, text, status):
    rows, errors = read_register(text.encode(), statuses=words)

    assert ([row.status for row in rows], errors) == ([status], [])


@pytest.mark.parametrize(
    ("line", "row", "column", "code"),
    [
        (",Demo,valid,,,,", 2, "Permit number", "blank"),
        ("1,,valid,,,,", 2, "Company", "blank"),
        ("1,Demo,perhaps,,,,", 2, "Status", "status"),
        ("1,Demo,not checked,,,,", 2, "Status", "status"),
        ("1,Demo,,,,,", 2, "Status", "status"),
        ("1,Demo,valid,31/02/2026,,,", 2, "Issued on", "date"),
        ("1,Demo,valid,01/02/26,,,", 2, "Issued on", "date"),
        ("1,Demo,valid,,tomorrow,,", 2, "Last day", "date"),
        ("1,Demo,valid,,=TODAY(),,", 2, "Last day", "date"),
        ("1,Demo,valid,2026-05-01,2026-04-01,,", 2, "Last day", "dates"),
        ("1,Demo,suspended for one market,,,,", 2, "Market", "market"),
        ("1,Demo,suspended for one market,,,Atlantis,", 2, "Market", "market"),
        ("///,Demo,valid,,,,", 2, "Permit number", "number"),
        (f"1,{'x' * 201},valid,,,,", 2, "Company", "too_long"),
        ("1,De\u202emo,valid,,,,", 2, "Company", "hidden_sign"),
        ("1,De\u200bmo,valid,,,,", 2, "Company", "hidden_sign"),
        ("1,A,valid,,,,\n 1 ,B,expired,,,,", 3, "Permit number", "duplicate"),
        ("1/GP,A,valid,,,,\n1-gp,B,expired,,,,", 3, "Permit number", "duplicate"),
        ('1,"Demo,valid,,,,', 2, "", "not_csv"),
    ],
)
def test_a_mistake_is_named_by_row_and_column(words, line, row, column, code):
    _rows, errors = read_register(f"{HEADER}{line}\n".encode(), statuses=words)

    assert [(error.row, error.column, error.code) for error in errors] == [(row, column, code)]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "no_header"),
        (b"a,b,c\n1,2,3\n", "no_header"),
        (HEADER.encode(), "empty"),
        (HEADER.encode() + "1,Công ty,valid,,,,\n".encode("cp1258"), "encoding"),
        (b"PK\x03\x04" + bytes(range(256)) * 4, "encoding"),
        (HEADER.encode() + b"1,De\0mo,valid,,,,\n", "encoding"),
        (HEADER.encode() + b"".join(b"%d,Demo,valid,,,,\n" % n for n in range(5001)), "too_many"),
        (HEADER.encode() + b"1,Demo,valid,,,,\n" * 1_000_000, "too_large"),
    ],
    ids=["nothing", "no header", "no lines", "old encoding", "spreadsheet", "null", "5001 lines", "a million lines"],
)
def test_what_cannot_be_read_says_why(words, content, code):
    _rows, errors = read_register(content, statuses=words)

    assert [error.code for error in errors] == [code]


def test_the_largest_register_is_accepted(words):
    content = HEADER.encode() + b"".join(b"%d,Demo,valid,,,,\n" % n for n in range(5000))

    rows, errors = read_register(content, statuses=words)

    assert (len(rows), errors, len(content) < MOST_BYTES) == (5000, [], True)


@pytest.mark.parametrize("name", ['=HYPERLINK("http://a.example")', "+Demo", "-2+3", "@SUM(A1)", "＝1+1"])
def test_a_formula_is_a_text_like_any_other(words, name):
    quoted = name.replace('"', '""')

    rows, errors = read_register(f'{HEADER}1,"{quoted}",valid,,,,\n'.encode(), statuses=words)

    assert ([row.holder for row in rows], errors) == ([name], [])
