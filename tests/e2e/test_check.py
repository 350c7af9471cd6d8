"""J2: a mother with a flyer on a small phone asks whether it is real."""

import pytest

from config.demo import names
from config.demo.rows import code_at
from config.demo.stories import PLOTS
from recruitment.services.code import show
from tests.e2e.hands import open_code

SEED = 1


def demo_code(plot: str) -> str:
    """The printed code of the first demo opening with this fate."""
    return show(next(code_at(number, seed=SEED) for number, _office, what, _days in PLOTS if what == plot))


def ask(page, words, language="vi"):
    """Type into the one box of the first page, as people do."""
    page.goto(f"/{language}/")
    page.fill("form[action*='/check/'] input[name=q]", words)
    page.locator("form[action*='/check/'] button").click()
    assert "/check/" in page.url
    return page.locator(".say").first


@pytest.mark.parametrize("language", ["vi", "id"])
@pytest.mark.parametrize(
    ("plot", "sign"), [("live", "ok"), ("close", "warn"), ("fill", "warn"), ("suspend", "stop"), ("never", "stop")]
)
def test_a_flyer_code_gets_its_verdict(window, shot, language, plot, sign):
    page = window(width=360, height=640, script=False, language=language)
    code = {"live": lambda: open_code(page), "never": lambda: show(code_at(7_000_000, seed=SEED))}.get(
        plot, lambda: demo_code(plot)
    )()

    verdict = ask(page, code.lower().replace("-", " "), language)
    shot(page, f"j2-{language}-code-{plot}")

    assert sign in verdict.get_attribute("class").split()
    assert code in verdict.inner_text()
    assert verdict.locator("h2").inner_text().strip()
    if plot == "live":
        verdict.locator("a.btn").click()
        assert code in page.url
    else:
        assert verdict.locator("ol li").count() >= 3, "every no has a next step"
        page.goto(f"/j/{code.replace('-', '')}")
        assert page.locator(".say, .lit").count() >= 1, "the short address of a flyer never ends in a bare 404"
        assert page.locator(".lit").count() == 0, "no fees to pay are shown"
        shot(page, f"j2-{language}-flyer-{plot}")


def test_never_existed_says_do_not_pay_yet(window):
    page = window(width=360, height=640, script=False)

    verdict = ask(page, show(code_at(7_000_001, seed=SEED)), "en")

    assert verdict.locator("h2").inner_text() == "Do not pay yet."
    assert "never existed" in verdict.inner_text()


@pytest.mark.parametrize("language", ["vi", "id"])
def test_phones_names_and_permits(window, shot, language):
    page = window(width=360, height=640, script=False, language=language)
    known = names.phone("VN", 10 * 10 + 1)

    verdict = ask(page, known, language)
    shot(page, f"j2-{language}-phone-known")
    assert "ok" in verdict.get_attribute("class").split()
    assert "Hải Âu Xanh" in verdict.inner_text()

    verdict = ask(page, "0912 000 111", language)
    shot(page, f"j2-{language}-phone-unknown")
    assert "stop" in verdict.get_attribute("class").split()
    assert verdict.locator("ol li").count() >= 3

    verdict = ask(page, "hai au xanh", language)
    shot(page, f"j2-{language}-name")
    assert "Hải Âu Xanh" in verdict.inner_text()

    verdict = ask(page, "cong ty mau ben tre", language)
    shot(page, f"j2-{language}-suspended-company")
    assert "ok" not in verdict.get_attribute("class").split()
    assert verdict.locator("svg").count() >= 1, "a sign beside the words, not a colour alone"


def test_an_address_that_is_no_code_is_not_a_bare_404(window, shot):
    page = window(width=360, height=640, script=False, language="vi", refused=True)

    for address in ("/j/HELLO123", "/vi/jobs/HELLO123/", "/vi/jobs/nothing-here/"):
        page.goto(address)
        assert "/check/" in page.url
        assert page.locator(".say").count() == 1
    page.goto("/vi/nothing-here/")
    shot(page, "j2-vi-404")
    assert page.locator("main a").count() >= 1
