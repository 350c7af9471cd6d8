"""Reports that were asked for, who asked, and what is made again and again."""

from reports.models.job import ReportJob, ReportRequest
from reports.models.schedule import ReportSchedule

__all__ = ["ReportJob", "ReportRequest", "ReportSchedule"]
