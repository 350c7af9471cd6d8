"""The end of J2, last of all because it closes the check page to this machine for a minute."""

import re

from config.demo.rows import code_at


def test_thirteen_wrong_codes_in_a_minute_are_slowed(window, shot):
    page = window(width=360, height=640, script=False, language="vi", refused=True)

    answers = [page.goto(f"/vi/check/?q={code_at(8_000_000 + number, seed=1)}") for number in range(13)]

    assert [answer.status for answer in answers[:6]] == [200] * 6
    assert answers[-1].status == 429
    assert re.fullmatch(r"\d+", answers[-1].headers["retry-after"])
    assert re.search(r"\d+", page.locator("main").inner_text()), "the page says how long to wait"
    shot(page, "j2-vi-slowed")
