"""J6: a clerk registers an organization, corrects what came back, posts an opening under the law and raises a fee."""

import io
import re
import time
from datetime import date, timedelta

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.e2e.hands import App, code_sent_to, confirm_again, demo_app, sign_in, wait_until_shown

OFFICERS = ("officer@co-quan-mau.example", "officer2@co-quan-mau.example")
QUEUE = "/en/o/co-quan-mau/reviews/"


def picture(name: str) -> dict:
    """A small photo as a browser would send it."""
    held = io.BytesIO()
    Image.new("RGB", (320, 240), "#7a8b99").save(held, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": held.getvalue()}


def fill(page, **values) -> None:
    """Fields by their name; `__` stands for a hyphen."""
    for name, value in values.items():
        control = page.locator(f"main [name='{name.replace('__', '-')}']").first
        if control.evaluate("element => element.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)


def save_step(page) -> None:
    """Save and continue."""
    page.get_by_role("button", name="Save and continue").last.click()
    assert page.locator("main .sumerr").count() == 0, page.locator("main .sumerr").inner_text()


def tick_and_approve(page, app: App, address: str) -> None:
    """Everything ticked, the permit in force, approved with a fresh second factor."""
    page.goto(address)
    for _attempt in range(2):
        for box in page.locator("fieldset input[type=checkbox]").all():
            box.check()
        for status in page.locator("select[name^='status-']").all():
            status.select_option("valid")
        page.locator("button[value=approve]").click()
        if "/second-step/" not in page.url:
            break
        confirm_again(page, app)
    expect(page.locator(".toast")).to_be_visible()


def open_review(page, words: str, part: str = "reviews/") -> str:
    """The address of the open review about this organization or opening."""
    page.goto(f"{QUEUE}?q={words}")
    return page.locator(f"table.q th a[href*='{part}']").first.get_attribute("href")


class Office:
    """What the parts of this journey hand on to each other."""


@pytest.fixture(scope="module")
def office():
    made = Office()
    made.number = f"{int(time.time()) % 100_000:05d}"
    made.name = f"Công ty Mẫu Thử Nghiệm {made.number}"
    made.email = f"clerk{made.number}@thu-nghiem.example"
    made.phone = f"+84 10 8{made.number} 01"
    return made


def test_sign_up_second_step_and_registration(window, shot, office):
    page = window()

    page.goto("/en/accounts/signup/?by=email&next=/en/register/")
    page.fill("[name=email]", office.email)
    shot(page, "j6-01-sign-up")
    page.get_by_role("button", name="Send me a code").click()
    code = code_sent_to(page, office.email)
    shot(page, "j6-02-code")
    page.fill("[name=code]", code)
    page.locator("main form:has([name=code]) button").click()
    page.wait_for_url("**/en/register/")
    page.locator("[name=organization_kind][value=sending_organization]").check()
    fill(page, country="VN", legal_name=office.name)
    shot(page, "j6-03-register")
    page.get_by_role("button", name="Begin").click()

    # The desk asks for a second step first.
    page.wait_for_url("**/second-factor/**")
    shot(page, "j6-04-second-step")
    page.get_by_role("link", name="Use an app").click()
    office.app = App("".join(page.locator("main .code").all_inner_texts()).replace(" ", ""))
    page.fill("[name=code]", office.app.code())
    shot(page, "j6-05-app")
    page.locator("main form:has([name=code]) button").click()
    assert page.locator("ol .code").count() == 10
    page.get_by_role("link", name="go on").click()
    page.wait_for_url("**/registration/names/")
    office.desk = re.match(r".*(/en/o/[^/]+/)", page.url)[1]

    # An error keeps what was typed and gets the focus.
    fill(page, registration_number="")
    page.get_by_role("button", name="Save and continue").last.click()
    expect(page.locator(".sumerr")).to_be_focused()
    assert page.locator("[name=legal_name]").input_value() == office.name
    assert page.title().startswith("Error")
    shot(page, "j6-06-names-error")
    fill(page, latin_name=f"Cong ty Mau Thu Nghiem {office.number}", registration_number=f"010{office.number}")
    save_step(page)
    fill(page, address="Số 99 phố Mẫu, Hà Nội")
    shot(page, "j6-07-office")
    save_step(page)
    fill(page, **{"1__kind": "phone", "1__value": office.phone, "1__label": "Reception"})
    page.locator("button[name=add]").click()
    fill(page, **{"2__kind": "facebook", "2__value": f"facebook.com/thu.nghiem.{office.number}"})
    shot(page, "j6-08-contacts")
    save_step(page)
    shot(page, "j6-09-bank")
    save_step(page)
    fill(page, **{"1__name": "Nguyễn Thị Mẫu", "1__title": "Director", "1__phones": f"+84 10 8{office.number} 02"})
    page.set_input_files("[name='1-upload']", picture("face.jpg"))
    shot(page, "j6-10-people")
    save_step(page)
    fill(page, **{"1__permit_kind": "VN-SERVICE", "1__number": f"9{office.number}/MAU-GP", "1__issued_on": "2024-05-02"})
    page.set_input_files("[name='1-upload']", picture("permit.jpg"))
    shot(page, "j6-11-permits")
    save_step(page)
    shot(page, "j6-12-check")
    page.locator("[name=true]").check()
    page.get_by_role("button", name="Send the registration").click()
    expect(page.locator(".toast")).to_be_visible()
    shot(page, "j6-13-sent")


def test_an_officer_sends_two_items_back_and_the_clerk_corrects_only_those(window, shot, office):
    officer = window()
    sign_in(officer, OFFICERS[0], place=QUEUE)
    shot(officer, "j6-20-queue")
    office.review = open_review(officer, office.number)
    officer.goto(office.review)
    shot(officer, "j6-21-review")
    for words, reason in (("Số 99 phố Mẫu", "The register names house 98."), ("facebook.com", "This page belongs to nobody.")):
        box = officer.locator(".claim", has_text=words).locator("textarea")
        box.locator("xpath=ancestor::details/summary").click()
        box.fill(reason)
    officer.get_by_role("button", name="Send the items with a reason back").click()
    expect(officer.locator(".toast")).to_be_visible()

    clerk = window()
    _sign_in_by_code(clerk, office)
    clerk.goto(f"{office.desk}registration/")
    assert "The register names house 98." in clerk.locator("main").inner_text()
    shot(clerk, "j6-22-returned")
    clerk.get_by_role("link", name="Correct now").click()
    shown = clerk.locator("main form input:visible, main form select:visible, main form textarea:visible").count()
    assert shown == 1, "only the address can be changed"
    shot(clerk, "j6-23-correct-address")
    fill(clerk, address="Số 98 phố Mẫu, Hà Nội")
    save_step(clerk)
    assert clerk.locator("fieldset.line").count() == 1, "only the line that came back"
    shot(clerk, "j6-24-correct-line")
    fill(clerk, **{"1__value": f"facebook.com/thu.nghiem.that.{office.number}"})
    save_step(clerk)
    assert clerk.request.get(f"{office.desk}registration/permits/", max_retries=3).status == 404, (
        "what did not come back stays closed"
    )
    clerk.goto(f"{office.desk}registration/check/")
    clerk.locator("[name=true]").check()
    clerk.get_by_role("button", name="Send the registration").click()
    expect(clerk.locator(".toast")).to_be_visible()
    shot(clerk, "j6-25-sent-again")


def _sign_in_by_code(page, office, place: str = "") -> None:
    """E-mail code, then the app."""
    place = place or office.desk
    page.goto(f"/en/accounts/login/?next={place}")
    page.fill("[name=login]", office.email)
    page.get_by_role("button", name="Send me a code").click()
    page.fill("[name=code]", code_sent_to(page, office.email))
    page.locator("main form:has([name=code]) button").first.click()
    page.wait_for_url("**/second-step/**")
    page.fill("[name=code]", office.app.code())
    page.locator("main form:has([name=code]) button").first.click()
    page.wait_for_url(f"**{place}")


def test_two_officers_approve_the_registration(window, shot, office):
    for number, email in enumerate(OFFICERS):
        officer = window()
        sign_in(officer, email, place=QUEUE)
        tick_and_approve(officer, demo_app(email), open_review(officer, office.number))
        shot(officer, f"j6-3{number}-approved")

    public = window(width=360, height=640, script=False, language="vi")
    slug = office.desk.rstrip("/").rsplit("/", 1)[-1]
    wait_until_shown(public, f"/vi/organizations/{slug}/", "main h1")
    assert office.name in public.locator("main").inner_text()
    shot(public, "j6-32-public-profile")


def test_an_opening_with_a_deposit_is_refused_with_the_law_then_sent(window, shot, office):
    clerk = window()
    _sign_in_by_code(clerk, office)
    shot(clerk, "j6-40-desk")
    clerk.goto(f"{office.desk}openings/")
    shot(clerk, "j6-41-openings")
    clerk.goto(f"{office.desk}openings/new/")
    clerk.get_by_role("button", name="Begin").click()
    office.opening = re.match(r".*(/en/o/[^/]+/openings/[^/]+/)", clerk.url)[1]
    today = date.today()
    day = lambda days: (today + timedelta(days=days)).isoformat()  # noqa: E731

    clerk.goto(f"{office.opening}edit/parties/")
    fill(clerk, origin="VN", programme="SSW1", field="FOOD", employer_name="Mihon Foods")
    clerk.locator("[name=occupation]").select_option("seafood-processing")
    shot(clerk, "j6-42-parties")
    save_step(clerk)
    fill(clerk, prefecture="22", city="Yaizu", places="12", contract_months="36")
    shot(clerk, "j6-43-work")
    save_step(clerk)
    fill(clerk, wage_base="196,000", hours_per_month="165", rest_days_per_week="2", meals="part", housing="employer")
    fill(clerk, travel_out_payer="employer", travel_home_payer="worker")
    for box in clerk.locator("[name=insurance]").all():
        box.check()
    kinds = [select.input_value() for select in clerk.locator("select[name^='pay-'][name$='-kind']").all()]
    for number, kind in enumerate(kinds):
        fill(clerk, **{f"pay__{number}__amount": {"tax": "4000", "social": "28000", "rent": "20000"}.get(kind, "8000")})
    shot(clerk, "j6-44-pay")
    save_step(clerk)
    assert clerk.url.endswith("/fees/")
    fill(clerk, **{"fees__0__item": "F1", "fees__0__amount": "33,320,000", "fees__0__stage": "signing"})
    clerk.locator("button[name=add][value=fees]").click()
    fill(clerk, **{"fees__1__item": "X2", "fees__1__amount": "20,000,000", "fees__1__payer": "worker"})
    clerk.locator("button[name=save]").click()
    refused = clerk.locator(".line.no")
    expect(refused).to_have_count(1)
    words = refused.inner_text()
    assert "112/2021" in words, words
    assert "20,000,000" in words
    shot(clerk, "j6-45-deposit-refused")
    clerk.goto(f"{office.opening}edit/check/")
    assert clerk.get_by_role("button", name="Send for approval").count() == 0, "a forbidden fee cannot be sent"
    assert "112/2021" in clerk.locator("main").inner_text()
    shot(clerk, "j6-46-cannot-send")
    clerk.goto(f"{office.opening}edit/fees/")
    clerk.locator(".line.no button[name=drop]").click()
    expect(clerk.locator(".line.no")).to_have_count(0)
    save_step(clerk)
    fill(clerk, language_level="N4", apply_until=day(20), selection_on=day(30), signing_on=day(45), departure_on=day(120))
    for number, text in enumerate(clerk.locator("textarea[name^='texts-']").all()):
        text.fill(f"Nội dung mẫu số {number + 1}.")
        clerk.locator(f"[name='texts-{number}-language']").select_option("vi")
    shot(clerk, "j6-47-terms")
    save_step(clerk)
    shot(clerk, "j6-48-check")
    clerk.get_by_role("button", name="Send for approval").click()
    expect(clerk.locator(".toast")).to_be_visible()
    shot(clerk, "j6-49-sent")


def test_two_officers_approve_and_the_opening_is_public(window, shot, office):
    office.code = office.opening.rstrip("/").rsplit("/", 1)[-1]
    _approve_opening(window, shot, office, "j6-5")

    public = window(width=360, height=640, script=False, language="vi")
    wait_until_shown(public, f"/vi/jobs/{office.code}/", ".lit")
    assert "33.320.000" in public.locator("main").inner_text()
    shot(public, "j6-52-public")
    assert public.request.get(f"/vi/jobs/{office.code}/flyer.pdf", max_retries=3).body()[:5] == b"%PDF-"


def test_a_raised_fee_waits_for_approval_and_stays_in_the_history(window, shot, office):
    clerk = window()
    _sign_in_by_code(clerk, office, place=office.opening)
    clerk.get_by_role("button", name="Change something").click()
    clerk.goto(f"{office.opening}edit/fees/")
    clerk.locator("button[name=add][value=fees]").click()
    fill(clerk, **{"fees__1__item": "C4a", "fees__1__amount": "9,500,000", "fees__1__payer": "worker"})
    fill(clerk, **{"fees__0__amount": "34,000,000"})
    shot(clerk, "j6-60-raise")
    save_step(clerk)
    clerk.goto(f"{office.opening}edit/check/")
    shot(clerk, "j6-61-what-changes")
    assert "34,000,000" in clerk.locator("main").inner_text()
    clerk.get_by_role("button", name="Send for approval").click()
    expect(clerk.locator(".toast")).to_be_visible()
    public = window(width=360, height=640, script=False, language="vi")
    public.goto(f"/vi/jobs/{office.code}/")
    assert "33.320.000" in public.locator("main").inner_text(), "the approved version stays public"
    assert "34.000.000" not in public.locator("main").inner_text()

    _approve_opening(window, shot, office, "j6-7")

    wait_until_shown(public, f"/vi/jobs/{office.code}/", "main :text('34.000.000')")
    shot(public, "j6-62-public-changed")
    public.locator("main details a[href*='/history/']").first.evaluate("a => a.closest('details').open = true")
    assert "33.320.000" in public.locator("main details", has=public.locator("a[href*='/history/']")).inner_text()
    public.goto(f"/vi/jobs/{office.code}/history/")
    words = public.locator("main").inner_text()
    assert "33.320.000" in words
    assert "34.000.000" in words
    shot(public, "j6-63-history")
    public.goto(f"/vi/jobs/{office.code}/?v=1")
    assert public.locator("#older").count() + public.locator(".say.warn").count() >= 1, "an old flyer is told that it is old"
    public.goto(f"/vi/check/?q={office.code}")
    shot(public, "j6-64-check-changed")
    assert "ok" in public.locator(".say").first.get_attribute("class").split()


def _approve_opening(window, shot, office, name):
    for number, email in enumerate(OFFICERS):
        officer = window()
        sign_in(officer, email, place=QUEUE)
        address = open_review(officer, office.number, "openings/reviews/")
        officer.goto(address)
        shot(officer, f"{name}{number}-review")
        tick_and_approve(officer, demo_app(email), address)
