"""Without a mouse: the search form, the fee editor, and where the focus is after an error."""

import pytest
from playwright.sync_api import expect

from tests.e2e.hands import sign_in

SEEN = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return "nothing has the focus";
  const box = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  const label = element.closest(".opt");
  const ring = parseFloat(style.outlineWidth) >= 2 && style.outlineStyle !== "none" || style.boxShadow !== "none"
    || label && parseFloat(getComputedStyle(label).outlineWidth) >= 2;
  if (!ring) return "no ring: " + element.outerHTML.slice(0, 120);
  if (box.bottom <= 0 || box.top >= innerHeight) return "off the screen: " + element.outerHTML.slice(0, 120);
  const x = Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 2);
  const y = Math.min(Math.max(box.top + box.height / 2, 1), innerHeight - 2);
  const over = document.elementFromPoint(x, y);
  const covered = over && !element.contains(over) && !over.contains(element) && !element.labels?.[0]?.contains(over)
    && !over.closest(".opt")?.contains(element);
  return covered ? "covered by " + over.outerHTML.slice(0, 80) + ": " + element.outerHTML.slice(0, 80) : "";
}"""


def walk(page, steps: int) -> list[str]:
    """Tab this often; gives the names or texts of what got the focus. Each must be seen."""
    passed = []
    for _step in range(steps):
        page.keyboard.press("Tab")
        wrong = page.evaluate(SEEN)
        assert not wrong, wrong
        passed.append(
            page.evaluate("document.activeElement.name || document.activeElement.innerText.trim() || document.activeElement.id")
        )
    return passed


@pytest.mark.parametrize("width", [360, 1280])
def test_the_search_form(window, width):
    page = window(width=width, language="en", script=True)
    page.goto("/en/jobs/")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    passed = walk(page, 1)
    assert passed == ["q"]
    page.keyboard.type("kaigo")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=kaigo**")
    page.locator("#q").focus()
    passed = walk(page, 2)
    if not page.locator("form[role=search] details[open]").count():
        page.keyboard.press("Enter")
    passed += walk(page, 8)
    assert "max_cost" in passed
    assert {"field", "prefecture"} <= set(passed)


def test_the_fee_editor_and_its_errors(window, shot):
    page = window(width=1280, height=800)
    sign_in(page, "recruiter@hai-au-xanh.example", place="/en/o/hai-au-xanh/openings/")
    page.goto("/en/o/hai-au-xanh/openings/new/")
    page.get_by_role("button", name="Begin").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/edit/**")
    page.goto(page.url.split("/edit/")[0] + "/edit/fees/")

    page.locator("[name='fees-0-item']").focus()
    page.keyboard.type("Service")
    passed = walk(page, 1)
    assert passed == ["fees-0-amount"]
    page.keyboard.type("a lot")
    passed = walk(page, 8)
    assert {"fees-0-currency", "fees-0-payer", "fees-0-stage"} <= set(passed)
    page.locator("[name='fees-0-amount']").press("Enter")
    expect(page.locator(".sumerr")).to_be_focused()
    assert page.title().startswith("Error")
    shot(page, "key-fee-error")
    assert page.locator("[name='fees-0-amount']").input_value() == "a lot", "what was typed stays"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[name='fees-0-amount']")).to_be_focused()
    assert not page.evaluate(SEEN)
    described = page.locator("[name='fees-0-amount']").get_attribute("aria-describedby")
    assert described
    assert any(page.locator(f"#{part}").inner_text() for part in described.split())
    page.keyboard.press("Control+A")
    page.keyboard.type("1,000,000")
    page.keyboard.press("Enter")
    expect(page.locator(".sumerr")).to_have_count(0)


def test_the_error_summary_gets_the_focus_without_script(window):
    page = window(width=360, height=640, script=False, language="vi")
    page.goto("/vi/accounts/signup/")
    page.locator("main form:has([name=phone]) button").click()

    page.wait_for_timeout(300)
    assert page.locator(".sumerr:focus").count() == 1
    page.locator(".sumerr a").first.click()
    assert page.locator("[name=phone]:focus").count() == 1
