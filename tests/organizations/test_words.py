"""One normaliser for what is written and what is typed."""

import unicodedata

import pytest

from organizations.services.words import lexemes, normalize, words


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("Chế biến thủy sản", "che bien thuy san"),
        (unicodedata.normalize("NFD", "Điều dưỡng"), "dieu duong"),
        ("ĐIỀU DƯỠNG", "dieu duong"),
        ("điêu dương", "dieu duong"),
        ("ｶｲｺﾞ", "カイゴ"),
        ("ガス", "ガス"),
        ("Ｋａｉｇｏ  １２", "kaigo 12"),
        ("", ""),
    ],
)
def test_normalize_folds_marks_case_and_width(typed, same):
    assert normalize(typed) == same


def test_normalize_keeps_vowels_that_are_marks_in_other_scripts():
    assert normalize("ខ្មែរ") == unicodedata.normalize("NFC", "ខ្មែរ")


def test_lexemes_are_words_and_neighbouring_pairs():
    assert lexemes("Xây dựng, xây nhà") == ["xay", "dung", "xay_dung", "dung_xay", "nha", "xay_nha"]


def test_lexemes_of_japanese_are_two_character_pieces():
    assert lexemes("介護福祉") == ["介護", "護福", "福祉"]
    assert lexemes("船") == ["船"]


def test_mixed_scripts_do_not_pair_across():
    assert lexemes("kaigo 介護 N4") == ["kaigo", "介護", "n4"]


def test_words_split_at_punctuation():
    assert words("a.b_c/d") == ["a", "b", "c", "d"]
