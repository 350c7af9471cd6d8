"""Codes on paper: every slip of one character and every swap of two is caught."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recruitment.services import code

bodies = st.text(alphabet=code.ALPHABET, min_size=7, max_size=7)


@given(bodies, st.integers(0, 7), st.sampled_from(code.ALPHABET))
def test_every_single_substitution_is_caught(body, place, other):
    good = body + code.check_character(body)

    bad = good[:place] + other + good[place + 1 :]

    assert code.is_code(good)
    assert code.is_code(bad) == (bad == good)


@given(bodies, st.integers(0, 7), st.integers(0, 7))
def test_every_swap_of_two_characters_is_caught(body, one, two):
    good = body + code.check_character(body)
    letters = list(good)
    letters[one], letters[two] = letters[two], letters[one]

    bad = "".join(letters)

    assert code.is_code(bad) == (bad == good)


def test_alphabet_has_no_look_alikes_and_a_prime_length():
    assert not set(code.ALPHABET) & set("0OQ1IL2Z5S8BU")
    assert len(code.ALPHABET) == len(set(code.ALPHABET)) == 23


@given(bodies)
def test_what_is_shown_can_be_typed_back_in_many_ways(body):
    good = body + code.check_character(body)
    full_width = "".join(chr(ord(c) + 0xFEE0) for c in good)

    for typed in (
        good,
        good.lower(),
        code.show(good),
        f" {code.show(good).lower()} ",
        full_width,
        f"{good[:4]}\u2010{good[4:]}",
        "\u200b".join(good),
    ):
        assert code.parse(typed) == good


@pytest.mark.parametrize(
    "typed", ["", None, "ABCD", "O000-0000", "ABCD-EFGHJ", "x" * 5000, "\x00", "٣٤٦٧-٩٣٤٦", "ABCD-EFG\ud800"]
)
def test_nonsense_is_no_code(typed):
    assert code.parse(typed) is None


def test_a_taken_code_is_never_given_out():
    taken = {code.random_code()}
    seen = []

    found = code.unused_code(lambda c: seen.append(c) or c in taken or len(seen) < 3)

    assert len(seen) == 3
    assert code.is_code(found)
