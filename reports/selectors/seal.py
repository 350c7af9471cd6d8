"""Seals by their code."""

from reports.models import ReportSeal


def seal_by_code(code: str) -> ReportSeal | None:
    """The seal with these eight characters; None when Terang never made such a document."""
    return ReportSeal.objects.filter(pk=code).first()
