"""Names with hidden signs are refused with a stable code; names that look alike have one key."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError

from organizations.forms.registration import NamesForm
from organizations.models.naming import clean_name, name_key, name_keys

CYRILLIC_I = "\u0456"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("   ", "blank", id="B27 spaces"),
        pytest.param("\u200b\u200b\u200d", "blank", id="B27 zero width"),
        pytest.param("\u3164", "blank", id="hangul filler"),
        pytest.param("Hoa\u202eneS", "bidi_control", id="B28 right to left override"),
        pytest.param("Hoa \u2066Sen\u2069", "bidi_control", id="B28 isolates"),
        pytest.param("Hoa Sen\u200f", "bidi_control", id="B28 mark"),
        pytest.param("Hoa\nSen", "control_char", id="B29 line feed"),
        pytest.param("Hoa\r\nBcc: x@y.example", "control_char", id="B29 header"),
        pytest.param("Hoa\x00Sen", "control_char", id="NUL"),
        pytest.param("Hoa\u2028Sen", "control_char", id="line separator"),
        pytest.param("Hoa\u200bSen", "invisible_char", id="zero width inside"),
        pytest.param("Hoa\ufeffSen", "invisible_char", id="byte order mark"),
        pytest.param("Hoa\u200dSen", "invisible_char", id="joiner between Latin letters"),
        pytest.param("Hoa\U000e0041Sen", "invisible_char", id="tag letter"),
        pytest.param("Z" + "\u0301" * 60, "too_many_marks", id="B34 Zalgo"),
    ],
)
def test_a_hostile_name_is_refused_with_its_code(text, code):
    with pytest.raises(ValidationError) as refusal:
        clean_name(text)

    assert refusal.value.code == code


@pytest.mark.parametrize(
    "text",
    [
        "Công ty TNHH Hải Âu Xanh",
        "株式会社ヒカリ介護",
        "ශ්\u200dරී ලංකා",
        "क्\u200dष",
        "👨\u200d👩\u200d👧 Co",
        "မြို့တော်",
        "PT. Mitra & Co (Jakarta)",
    ],
)
def test_an_honest_name_stays_as_it_is(text):
    assert clean_name(text) == unicodedata.normalize("NFC", text)


def test_both_ways_of_writing_a_letter_are_one_name():
    composed, decomposed = unicodedata.normalize("NFC", "Nguyễn Thị Ánh"), unicodedata.normalize("NFD", "Nguyễn Thị Ánh")

    assert composed != decomposed
    assert clean_name(decomposed) == composed
    assert name_key(decomposed) == name_key(composed)


def test_spaces_are_single():
    assert clean_name("  Hoa \u00a0 Sen  ") == "Hoa Sen"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Vietnam Labour", f"V{CYRILLIC_I}etnam Labour", id="B32 Cyrillic i"),
        pytest.param("Hoa Sen", "\u0397oa Sen", id="Greek capital eta"),
        pytest.param("HOA LIEN", "HOA LlEN", id="small L for I"),
        pytest.param("Google", "G00gle", id="zeros"),
        pytest.param("Công ty Đại Dương", "CONG TY DAI DUONG", id="marks and case"),
        pytest.param("Hoa Sen", "ＨＯＡ　ＳＥＮ", id="full width"),
        pytest.param("Hoa Sen", "Hoa-Sen.", id="punctuation"),
        pytest.param("株式会社ニコ", "株式会社二コ", id="Han two for katakana ni"),
        pytest.param("ﾊｲｱｳ", "ハイアウ", id="half width kana"),
    ],
)
def test_names_that_look_alike_have_one_key(one, other):
    assert one != other
    assert name_key(one) == name_key(other)


def test_scripts_that_look_alike_in_one_case_only_still_touch():
    assert name_keys("ШАНХАЙ ТРУД") & name_keys("Шанхай Труд")


@pytest.mark.parametrize(("one", "other"), [("Mitra Kerja", "Mitra Karya"), ("Hoa Sen", "Hoa Sim"), ("Hikari 1", "Hikari 2")])
def test_different_names_have_different_keys(one, other):
    assert not name_keys(one) & name_keys(other)


def test_a_key_never_grows_past_its_column():
    assert len(name_key("ﷺ" * 200)) <= 220


def test_the_form_says_it_beside_the_field_and_keeps_what_was_typed():
    form = NamesForm({"legal_name": "Hoa\u202eSen", "latin_name": "", "registration_number": "0101234567"})

    assert not form.is_valid()
    assert [error.code for error in form.errors.as_data()["legal_name"]] == ["bidi_control"]
    assert form["legal_name"].value() == "Hoa\u202eSen"


def test_another_script_needs_the_latin_name_too():
    form = NamesForm({"legal_name": "株式会社ヒカリ", "latin_name": "", "registration_number": "1"})

    assert not form.is_valid()
    assert list(form.errors) == ["latin_name"]
