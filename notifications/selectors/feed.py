"""What feeds tell the world: nothing that is not on a public page already."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Q

from organizations.models import PermitStatus, PublishedOrganization, PublishedPermit
from recruitment.models import PublishedPosting

MOST_ENTRIES = 50


@dataclass(frozen=True)
class StatusChange:
    """One line of a permit's public history. `status` is in the reader's language."""

    organization: PublishedOrganization
    permit: PublishedPermit
    code: str
    status: str
    at: datetime
    by: str

    @property
    def name(self) -> str:
        """Never changes, in no language."""
        return f"permit-{self.permit.pk}-{self.code}-{int(self.at.timestamp())}"


def status_changes() -> list[StatusChange]:
    """What was recorded last about the permits of published organizations, the newest first."""
    words = {status.pk: str(status.name) for status in PermitStatus.objects.all()}
    rows = PublishedPermit.objects.select_related("organization").exclude(history=[])
    found = [
        _change(row, line, words)
        for row in rows.order_by("-organization__updated_at", "-pk")[: 4 * MOST_ENTRIES]
        for line in row.history
    ]
    return sorted(found, key=lambda change: (change.at, change.permit.pk), reverse=True)[:MOST_ENTRIES]


def _change(row: PublishedPermit, line: dict, words: dict[str, str]) -> StatusChange:
    code = line["status"]
    return StatusChange(
        row.organization, row, code, words.get(code, code), datetime.fromisoformat(line["at"]), line.get("by", "")
    )


def changed_at(*, now: datetime) -> datetime:
    """When anything published changed last, the opening or closing of a permit by the clock included."""
    permits = PublishedPermit.objects.aggregate(
        opened=Max("open_from", filter=Q(open_from__lte=now)), closed=Max("open_until", filter=Q(open_until__lte=now))
    )
    moments = [
        PublishedPosting.objects.aggregate(last=Max("updated_at"))["last"],
        PublishedOrganization.objects.aggregate(last=Max("updated_at"))["last"],
        *permits.values(),
    ]
    return max((moment for moment in moments if moment is not None), default=now)
