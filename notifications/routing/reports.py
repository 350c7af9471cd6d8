"""What is told about reports. The app lies beside this one and is not imported: its verbs are named by code, and who hears of them
stands in the event (`recipients`, ids of members)."""

from notifications.models import Category, Notice
from notifications.policies.sending import by_summary
from notifications.routing.route import Nobody, Route, nobody
from notifications.selectors import audiences as to

JOB = "o/{slug}/reports/jobs/{subject}/"

ROWS: list[Route | Nobody] = [
    Route("report.ready", "report_ready", to.named_recipients, Category.REPORTS, path=JOB),
    Route("report.failed", "report_failed", to.named_recipients, Category.REPORTS, path=JOB),
    Route("report.scheduled_ready", "report_scheduled_ready", to.named_recipients, Category.REPORTS, path=JOB),
    Route(
        "report_schedule.stopped",
        "report_schedule_stopped",
        to.owners_and_managers,
        Category.REPORTS,
        channels=by_summary(),
        urgency=Notice.Urgency.LOW,
        path="o/{slug}/reports/schedules/",
    ),
    *nobody(
        "The one who did it sees it on the report's page.",
        "report.requested",
        "report.begun",
        "report.taken_back",
        "report.cancelled",
        "report.retried",
        "report.downloaded",
        "report.expired",
        "report_schedule.made",
        "report_schedule.changed",
        "report_schedule.paused",
        "report_schedule.resumed",
        "report_schedule.deleted",
    ),
]
