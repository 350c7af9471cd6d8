"""Reports that were asked for, who asked, and what is made again and again; public figures and seals."""

from reports.models.job import ReportJob, ReportRequest
from reports.models.release import FigureRelease
from reports.models.schedule import ReportSchedule
from reports.models.seal import ReportSeal

__all__ = ["FigureRelease", "ReportJob", "ReportRequest", "ReportSchedule", "ReportSeal"]
