"""An owner connects a system, sends a test, reads the log and pauses: in a real browser, on a phone and on a desk."""

from playwright.sync_api import expect

from tests.e2e.hands import sign_in

OWNER = "owner@song-lam.example"
DESK = "/o/song-lam/webhooks/"


def test_a_system_is_connected_tested_and_paused(window, shot):
    page = window(width=1280)
    sign_in(page, OWNER)
    page.goto(f"/en{DESK}")
    shot(page, "webhooks-empty-1280")
    page.get_by_role("link", name="Connect a system").first.click()

    page.fill("[name=name]", "Our software")
    page.fill("[name=url]", "http://10.0.0.1/")
    page.locator("main form button").first.click()
    expect(page.locator(".sumerr")).to_contain_text("Choose at least one fact")
    page.check("[value='job_order.published']")
    page.check("[value='permit.status_recorded']")
    page.locator("main form button").first.click()
    expect(page.locator(".sumerr")).to_contain_text("must begin with https://")
    assert page.input_value("[name=url]") == "http://10.0.0.1/"
    shot(page, "webhook-form-1280")
    page.fill("[name=url]", "https://hooks.partner.invalid/terang")
    page.locator("main form button").first.click()

    expect(page.locator("section.lit code")).to_contain_text("whsec_")
    shot(page, "webhook-secret-1280")
    page.get_by_role("link", name="Send a test").click()
    page.locator(".dialog button").click()
    expect(page.locator("table.q")).to_contain_text("Test message")
    for _turn in range(60):
        if "Nobody on the internet knows this name." in page.locator("table.q").inner_text():
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(page.locator("table.q")).to_contain_text("Nobody on the internet knows this name.")
    expect(page.locator("section.lit")).to_have_count(0)
    shot(page, "webhook-log-1280")

    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(page.url.replace("/en/", "/vi/"))
    shot(page, "webhook-log-360")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.locator("table.q th a").first.click()
    shot(page, "webhook-message-360")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.goto(f"/vi{DESK}")
    shot(page, "webhooks-360")
    page.goto(f"/vi{DESK}new/")
    shot(page, "webhook-form-360")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360

    page.goto(f"/vi{DESK}")
    page.locator("table.q th a").first.click()
    page.locator("a[href$='/pause/']").click()
    page.locator(".dialog button").click()
    expect(page.locator("dl.pairs")).to_contain_text("Tạm dừng")


def test_the_mailbox_shows_a_mail_with_its_colours(window, shot):
    page = window(width=360, height=640, language="vi")
    page.goto("/vi/mailbox/")
    shot(page, "mailbox-360")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
