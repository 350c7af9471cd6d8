"""What happens to reports, in the past tense, each with its sentence. Data: ids and codes only."""

from django.utils.translation import gettext_lazy as _

from core.events import Verb

REQUESTED = Verb("report.requested", _("{actor} asked for the report {report} as {format}."))
BEGUN = Verb("report.begun", _("The report {report} is being made."))
READY = Verb("report.ready", _("The report {report} is ready."))
FAILED = Verb("report.failed", _("The report {report} could not be made."))
TAKEN_BACK = Verb("report.taken_back", _("{actor} no longer waits for the report {report}."))
CANCELLED = Verb("report.cancelled", _("{actor} cancelled the report {report}."))
RETRIED = Verb("report.retried", _("{actor} asked for the report {report} once more."))
DOWNLOADED = Verb("report.downloaded", _("{actor} downloaded the report {report}."))
EXPIRED = Verb("report.expired", _("The file of the report {report} was deleted after its last day."))

SCHEDULE_MADE = Verb("report_schedule.made", _("{actor} made a schedule for the report {report}."))
SCHEDULE_CHANGED = Verb("report_schedule.changed", _("{actor} changed the schedule of the report {report}."))
SCHEDULE_PAUSED = Verb("report_schedule.paused", _("{actor} paused the schedule of the report {report}."))
SCHEDULE_RESUMED = Verb("report_schedule.resumed", _("{actor} began the schedule of the report {report} again."))
SCHEDULE_DELETED = Verb("report_schedule.deleted", _("{actor} deleted the schedule of the report {report}."))
SCHEDULE_STOPPED = Verb("report_schedule.stopped", _("The schedule of the report {report} stopped: nobody may have it any more."))
SCHEDULED_READY = Verb("report.scheduled_ready", _("The scheduled report {report} is ready."))
