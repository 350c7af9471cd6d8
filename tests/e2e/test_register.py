"""J7: an officer hands in a register that suspends an organization; its openings vanish everywhere within a minute."""

import time
from functools import partial

from playwright.sync_api import expect

from config.demo import names
from tests.e2e.hands import confirm_again, demo_app, sign_in

OFFICER = "officer3@co-quan-mau.example"
SLUG = "dong-nai-xanh"
NUMBER = next(office.claims[0].number for office in names.SENDERS if office.key == SLUG)
REGISTER = (
    f"Số giấy phép;Tên doanh nghiệp;Trạng thái;Ghi chú\r\n{NUMBER};Công ty Mẫu Đồng Nai Xanh;Đình chỉ;Quyết định mẫu số 77\r\n"
)
WITHIN = 60  # seconds


def places(page, code: str) -> dict[str, bool]:
    """Where this opening can be found by everybody."""
    get = partial(page.request.get, max_retries=3)
    compact = code.replace("-", "")
    sitemap = "".join(get(f"/sitemap-{part}.xml").text() for part in (1,))
    return {
        "list": code in get(f"/vi/jobs/?organization={SLUG}").text(),
        "profile": code in get(f"/vi/organizations/{SLUG}/").text(),
        "api": compact in get(f"/api/v1/jobs/?organization={SLUG}").text().replace("-", ""),
        "sitemap": f"/jobs/{code}/" in sitemap,
        "feed": code in get("/vi/jobs/feed.atom").text(),
        "flyer": get(f"/vi/jobs/{code}/flyer.pdf").body()[:5] == b"%PDF-",
    }


def test_a_register_suspends_an_organization(window, shot):
    public = window(width=360, height=640, script=False, language="vi")
    public.goto(f"/vi/jobs/?organization={SLUG}&sort=newest")
    links = [link.get_attribute("href") for link in public.locator("#results .job h3 a").all()]
    codes = [link.rstrip("/").rsplit("/", 1)[-1] for link in links]
    code = codes[0]
    before = places(public, code)
    assert before["list"]
    assert before["sitemap"]
    assert before["api"]
    public.goto(f"/vi/jobs/{code}/")
    assert public.locator(".lit").count() == 1
    shot(public, "j7-0-before")

    officer = window()
    sign_in(officer, OFFICER, place="/en/o/co-quan-mau/registers/")
    shot(officer, "j7-1-registers")
    officer.goto("/en/o/co-quan-mau/registers/new/")
    officer.set_input_files("input[type=file]", {"name": "so.csv", "mimeType": "text/csv", "buffer": REGISTER.encode("utf-16")})
    kinds = officer.locator("select[name=permit_kind]")
    if kinds.count():
        kinds.select_option("VN-SERVICE")
    shot(officer, "j7-2-hand-in")
    officer.get_by_role("button", name="Check the file").click()
    officer.wait_for_url("**/registers/*/")
    report = officer.locator("main")
    expect(report).to_contain_text("Công ty Mẫu Đồng Nai Xanh")
    assert places(public, code) == before, "the dry run changes nothing"
    shot(officer, "j7-3-report")
    officer.locator("a[href$='/apply/']").first.click()
    shot(officer, "j7-4-apply")
    officer.locator("main form button").first.click()
    if "/second-step/" in officer.url:
        confirm_again(officer, demo_app(OFFICER))
        officer.locator("main form button").first.click()
    officer.wait_for_url("**/registers/*/")
    shot(officer, "j7-5-applied")

    deadline = time.monotonic() + WITHIN
    while any(places(public, code).values()) and time.monotonic() < deadline:
        time.sleep(0.5)
    assert not any(places(public, code).values()), places(public, code)

    public.goto(f"/vi/jobs/{code}/")
    assert public.locator(".lit").count() == 0
    assert public.locator("#state").is_visible()
    shot(public, "j7-6-posting-suspended")
    public.goto(f"/vi/check/?q={code}")
    assert "stop" in public.locator(".say").first.get_attribute("class").split()
    shot(public, "j7-7-check-suspended")
    public.goto(f"/vi/organizations/{SLUG}/")
    shot(public, "j7-8-profile-suspended")
    assert "Quyết định mẫu số 77" in public.locator("main").inner_text()
    answer = public.request.get(f"/api/v1/jobs/{code}/", max_retries=3)
    assert answer.status in (404, 410) or "suspend" in answer.text()
