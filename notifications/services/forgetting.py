"""What is not needed any more goes: by age, and with the person."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

from core import tenancy
from notifications.models import Address, Choice, Delivery, Fanout, Hours, Notice, Stop

SLICE = 2000
FANOUT_DAYS = 7


def forget_old(*, now: datetime) -> int:
    """Delete read notices, the log of deliveries and finished fan-outs that are old enough, in slices. Returns how many rows."""
    notices = now - timedelta(days=settings.NOTICE_KEEP_DAYS)
    log = now - timedelta(days=settings.DELIVERY_KEEP_DAYS)
    with tenancy.posting():
        return sum(
            (
                _delete(Delivery.objects.filter(done_at__lt=log)),
                _delete(Notice.objects.filter(kind="digest", at__lt=log, deliveries=None)),
                _delete(Notice.objects.filter(read_at__lt=notices)),
                _delete(Fanout.objects.filter(state=Fanout.DONE, next_try_at__lt=now - timedelta(days=FANOUT_DAYS))),
            )
        )


def _delete(rows: QuerySet) -> int:
    number = 0
    while ids := list(rows.order_by("pk").values_list("pk", flat=True)[:SLICE]):
        rows.model.objects.filter(pk__in=ids).delete()
        number += len(ids)
    return number


def erase_person(*, user_id: int) -> None:
    """Nothing stays of a person who deleted their account. An address goes with the key that opens it."""
    with tenancy.posting():
        for model in (Delivery, Notice, Choice, Hours, Address, Stop):
            model.objects.filter(user_id=user_id).delete()
