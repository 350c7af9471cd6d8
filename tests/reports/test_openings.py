"""Rows of the report of openings."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from recruitment.models import JobOrder
from reports.selectors.openings import chosen_openings, counted, lines
from tests.factories.job_orders import a_draft, a_published_opening
from tests.factories.organizations import a_permit, publish

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.mark.parametrize(("moment", "day"), [("16:59:59", date(2026, 3, 1)), ("17:00:00", date(2026, 3, 2))])
def test_an_opening_is_published_on_a_day_of_its_agency(cast, moment, day):
    order = a_draft(cast.agency_recruiter)
    with cast.agency_viewer.active():
        JobOrder.objects.filter(pk=order.pk).update(published_at=datetime.fromisoformat(f"2026-03-01T{moment}+00:00"))
        (line,) = lines(chosen_openings(cast.agency_viewer.actor(), {"state": ""}), HANOI)

    assert line[-2:] == (day, None)


def test_openings_that_say_the_same_are_each_counted(cast):
    publish(cast.agency, a_permit(cast.agency, permit_kind="VN-SERVICE", number="12/TEST-GP"))
    officers = [cast.officer_one, cast.officer_two]
    for values in ({"places": 3}, {"places": 3}, {"places": 5}):
        a_published_opening(cast.agency_recruiter, officers, values=values)
    with cast.agency_viewer.active():
        found = counted(chosen_openings(cast.agency_viewer.actor(), {"state": ""}))

    assert (found["openings"], found["places"], found["months"].total()) == (3, 11, 3)
