"""A clerk asks for a report, goes away, is told, takes the file once; whoever gets the paper can check it."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.hands import sign_in

EMAIL = "owner@song-lam.example"
DESK = "/en/o/song-lam/"
MAILBOX = f"/en/mailbox/?to={EMAIL}&channel=email"


def ask(page: Page, report: str, ending: str) -> None:
    """Ask for a file and wait on its page, which says when it is ready."""
    page.goto(f"{DESK}reports/{report}/")
    page.locator(f"input[name=format][value={ending}]").check()
    page.get_by_role("button", name="Make the file").click()
    expect(page.get_by_role("heading", name="The file is ready")).to_be_visible(timeout=60_000)


def disturb_me_always(page: Page) -> None:
    """Mails come at any hour of the day this test runs at."""
    page.goto("/en/me/notices/choices/")
    page.locator("input[name=quiet]").uncheck()
    page.locator("main form:has([name=quiet]) button").last.click()
    expect(page.locator(".toast")).to_be_visible()


def a_mail(page: Page, words: str, *, seconds: int = 30) -> str:
    """The text of the newest mail with these words, when it has come."""
    for _attempt in range(seconds):
        page.goto(MAILBOX)
        found = page.locator("main section.card", has_text=words)
        if found.count():
            return found.first.inner_text()
        page.wait_for_timeout(1000)
    raise AssertionError(f"No mail with {words!r} came.")


def download(page: Page, folder: Path) -> Path:
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download").click()
    target = folder / waiting.value.suggested_filename
    waiting.value.save_as(target)
    return target


def test_a_report_is_made_told_taken_and_checked(window, shot, tmp_path):
    page = window(script=False)
    sign_in(page, EMAIL, place=DESK)
    disturb_me_always(page)

    ask(page, "openings", "pdf")
    shot(page, "report-ready")
    code = page.locator(".code").first.inner_text()
    paper = download(page, tmp_path)

    assert paper.read_bytes().startswith(b"%PDF-")
    page.goto("/en/me/notices/?category=reports")
    expect(page.locator("article.card").first).to_contain_text("report")
    assert "song-lam/reports/" in a_mail(page, "/reports/")

    stranger = window(width=360, script=False, refused=True)
    stranger.goto(f"/en/verify/{code}/")
    expect(stranger.get_by_role("heading", name="Terang made this document.")).to_be_visible()
    stranger.locator("input[type=file]").set_input_files(paper)
    stranger.get_by_role("button", name="Compare").click()
    expect(stranger.get_by_role("heading", name="This is the file that Terang made.")).to_be_visible()
    paper.write_bytes(paper.read_bytes() + b"\n")
    stranger.locator("input[type=file]").set_input_files(paper)
    stranger.get_by_role("button", name="Compare").click()
    expect(stranger.get_by_role("heading", name="This is not the same file.")).to_be_visible()
    shot(stranger, "verify-changed")
    assert stranger.goto("/en/verify/ABCD-EFGH/").status == 404
    expect(stranger.get_by_role("heading", name="We know no document with this code.")).to_be_visible()


def test_the_page_and_the_file_say_the_same(window, tmp_path):
    page = window()
    sign_in(page, EMAIL, place=DESK)
    page.goto(f"{DESK}reports/openings/")
    page.get_by_role("button", name="See it here").click()
    rows = page.locator("#report table.q").last.locator("tbody tr")
    codes = set(re.findall(r"[A-Z0-9]{4}-[A-Z0-9]{4}", " ".join(rows.all_inner_texts())))

    ask(page, "openings", "csv")
    lines = download(page, tmp_path).read_text(encoding="utf-8-sig").splitlines()

    assert codes
    assert codes == set(re.findall(r"[A-Z0-9]{4}-[A-Z0-9]{4}", "\n".join(lines[1:])))


def test_mails_end_with_one_click_and_the_inbox_goes_on(window, shot):
    page = window(script=False)
    sign_in(page, EMAIL, place=DESK)
    disturb_me_always(page)
    ask(page, "permit_history", "json")
    link = re.search(r"https?://\S+/notices/stop/\S+", a_mail(page, "/reports/"))
    assert link

    outside = window(width=360, script=False)
    outside.goto(link.group())
    outside.locator("main form button").click()
    shot(outside, "mails-ended")

    page.goto("/en/me/notices/choices/")
    expect(page.locator("main")).to_contain_text("You used the link to end these messages.")
    page.goto(MAILBOX)
    before = page.locator("main section.card").count()
    ask(page, "openings", "xlsx")
    page.goto("/en/me/notices/?category=reports")
    assert page.locator("article.card").count() >= 2
    page.goto(MAILBOX)
    assert page.locator("main section.card").count() == before
