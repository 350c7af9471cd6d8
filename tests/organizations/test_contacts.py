"""Every way of writing one phone, page or account gives one comparable value."""

import pytest
from django.core.exceptions import ValidationError

from organizations.models import Contact
from organizations.models.contacting import contact_candidates, contact_lookup, normalize_contact


@pytest.mark.parametrize(
    ("kind", "typed", "normalized"),
    [
        ("phone", "0912 345 678", "+84912345678"),
        ("phone", "+84 (0)912-345-678", "+84912345678"),
        ("phone", "０９１２３４５６７８", "+84912345678"),
        ("phone", "+81 3-1234-5678", "+81312345678"),
        ("facebook", "https://www.facebook.com/Hai.Au.Xanh/?ref=page", "haiauxanh"),
        ("facebook", "fb.com/haiauxanh", "haiauxanh"),
        ("facebook", "@HaiAuXanh", "haiauxanh"),
        ("facebook", "m.facebook.com/people/Hai-Au/100012345678/", "100012345678"),
        ("facebook", "facebook.com/profile.php?id=100012345678", "100012345678"),
        ("facebook", "facebook.com/groups/xkld", "groups/xkld"),
        ("zalo", "zalo.me/0912345678", "+84912345678"),
        ("zalo", "https://zalo.me/84912345678", "+84912345678"),
        ("zalo", "0912.345.678", "+84912345678"),
        ("zalo", "zalo.me/1234567890123456789", "1234567890123456789"),
        ("whatsapp", "wa.me/6281234567890", "+6281234567890"),
        ("whatsapp", "https://api.whatsapp.com/send?phone=84912345678&text=hi", "+84912345678"),
        ("line", "@Hai-Au", "hai-au"),
        ("line", "https://line.me/R/ti/p/@hai-au", "hai-au"),
        ("tiktok", "https://www.tiktok.com/@Hai.Au?lang=vi", "hai.au"),
        ("tiktok", "@hai.au", "hai.au"),
        ("email", "Info@Example.COM", "info@example.com"),
        ("website", "https://www.Example.com/abc/", "example.com/abc"),
        ("bank_holder", "Công ty TNHH Đại-Dương", "CONG TY TNHH DAI DUONG"),
        ("bank_holder", "ｶ)ﾋｶﾘ", "カ ヒカリ"),
    ],
)
def test_an_account_is_reduced_to_itself(kind, typed, normalized):
    assert normalize_contact(kind, typed, country="VN") == normalized


@pytest.mark.parametrize(
    ("kind", "typed", "code"),
    [
        ("phone", "call me", "phone"),
        ("phone", "123", "phone"),
        ("phone", "0912345678 ask for Lan", "phone"),
        ("facebook", "https://evil.example/haiau", "account"),
        ("facebook", "fb.com/", "account"),
        ("facebook", "javascript:alert(1)", "account"),
        ("tiktok", "<script>", "account"),
        ("email", "not an address", "email"),
        ("website", "nothing", "website"),
        ("bank_holder", "12345", "bank_holder"),
    ],
)
def test_what_is_no_account_is_refused_with_a_code(kind, typed, code):
    with pytest.raises(ValidationError) as refusal:
        normalize_contact(kind, typed, country="VN")

    assert refusal.value.code == code


def test_a_number_without_country_code_is_completed_by_the_country():
    assert normalize_contact("phone", "081234567890", country="ID") == "+6281234567890"
    assert normalize_contact("phone", "0312345678", country="JP") == "+81312345678"


def test_every_kind_of_contact_can_be_compared():
    typed = {"phone": "0912345678", "email": "a@b.example", "website": "a.example"}

    for kind in Contact.Kind.values:
        assert normalize_contact(kind, typed.get(kind, "haiau"), country="VN")


def test_the_lookup_differs_by_kind_and_tells_nothing():
    phone, zalo = contact_lookup("phone", "+84912345678"), contact_lookup("zalo", "+84912345678")

    assert phone != zalo
    assert len(phone) == 32
    assert b"84912" not in phone
    assert phone == contact_lookup("phone", "+84912345678")


def test_the_check_box_tries_everything_a_text_may_be():
    assert ("phone", "+84912345678") in contact_candidates("0912 345 678")
    assert ("facebook", "haiauxanh") in contact_candidates("facebook.com/HaiAuXanh")
    assert ("bank_holder", "NGUYEN VAN A") in contact_candidates("Nguyễn Văn A")
    assert contact_candidates("") == []


@pytest.mark.parametrize("kind", ["facebook", "zalo", "website", "tiktok", "line", "whatsapp"])
@pytest.mark.parametrize("text", ["[[", "https://[::1", "//[x]y", "http://]"])
def test_half_an_address_is_refused_and_never_breaks(kind, text):
    with pytest.raises(ValidationError):
        normalize_contact(kind, text, country="VN")
