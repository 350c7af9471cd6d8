"""Doors of a person's own notices, of the link in a mail, and of the preview for staff."""

from types import SimpleNamespace

from core import tenancy
from notifications.services.stop import record_stop
from notifications.services.unsubscribe import unsubscribe_link
from tests.access.table import AGENCY, Row, everybody, only, signed_in
from tests.factories.notifications import DAY, a_device, a_notice

OWN = "agency_owner"


def prepare(cast) -> SimpleNamespace:
    """A notice, a device and a switched-off way of the agency's owner: nobody else reaches them."""
    user = cast.agency_owner.user
    with tenancy.posting():
        stop = record_stop(user_id=user.pk, channel="email", address="a@test.example", why="bounced", now=DAY)
    return SimpleNamespace(notice=a_notice(user, path="me/"), device=a_device(user), stop=stop, user=user)


def at(path: str, expected: dict[str, int], method: str = "get") -> Row:
    return Row(lambda cast, w: f"/vi/{path}", expected, method)


def _unsubscribe(cast, w) -> str:
    return "/vi/" + unsubscribe_link(w.user.pk, "email", "company", "vi").split("/vi/", 1)[1]


ROWS = {
    "notice_list": at("me/notices/", signed_in()),
    "notice_read_all": at("me/notices/read/", signed_in(302), "post"),
    "notice_log": at("me/notices/log/", signed_in()),
    "notice_choices": at("me/notices/choices/", signed_in()),
    "notice_open": Row(lambda cast, w: f"/vi/me/notices/{w.notice.pk}/", only(OWN, status=302)),
    "notice_lift_stop": Row(lambda cast, w: f"/vi/me/notices/choices/stops/{w.stop.pk}/", only(OWN, status=302), "post"),
    "notice_remove_address": Row(lambda cast, w: f"/vi/me/notices/choices/addresses/{w.device.pk}/", only(OWN)),
    # No messenger is set up here.
    "notice_connect": at("me/notices/connect/line/", signed_in(404)),
    "notice_unsubscribe": Row(_unsubscribe, everybody()),
    "notice_kinds": at("o/hoa-sen/notices/", only(*AGENCY)),
    "notice_kind": at("o/hoa-sen/notices/permit_expired/", only(*AGENCY)),
}
