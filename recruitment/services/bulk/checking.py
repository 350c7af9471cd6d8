"""Every mistake of a row, told by row and column, without writing anything."""

from datetime import datetime
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from organizations.models import Organization, Permit
from organizations.models.calendar import today_in
from recruitment.models import FeeCharge, JobOrder, JobOrderVersion
from recruitment.services import terms
from recruitment.services.fee import LawBook, judge_version
from recruitment.services.job_order import Draft, clean_draft, organization_errors, permit_for, usual_origin
from recruitment.services.opening_file import Opening, RowError
from recruitment.services.refusal import refused_lines
from recruitment.services.values import clean_line

TAKEN = _("Another opening has this number already.")


class Checker:
    """Checks rows of one organization on one day; law, permits and reference data are looked up once."""

    def __init__(self, organization: Organization, *, submit: bool, now: datetime):
        self.organization, self.submit = organization, submit
        self.today = today_in(organization.country, now)
        self.origin = usual_origin(organization)
        self.book = LawBook()
        self._permits: dict[str, Permit | None] = {}

    def draft_of(self, opening: Opening) -> Draft:
        """The row cleaned; its own number is cleaned in place. Raises ValidationError by field."""
        try:
            opening.external_id = clean_line(opening.external_id, 60)
        except ValidationError as error:
            raise ValidationError({"external_id": error}) from None
        return clean_draft(opening.values, opening.fees, opening.pay, opening.texts, book=self.book, today=self.today)

    def errors_of(self, openings: list[Opening]) -> list[RowError]:
        """The mistakes of these rows by themselves."""
        return [error for opening in openings for error in self._errors(opening)]

    def _errors(self, opening: Opening) -> list[RowError]:
        if opening.errors:
            return opening.errors
        try:
            draft = self.draft_of(opening)
        except ValidationError as error:
            return row_errors(opening.row, error)
        version = JobOrderVersion(**{"origin_id": self.origin, **draft.values})
        found = terms.contradictions(version)
        if self.submit:
            found |= self._gaps(version, [FeeCharge(**line) for line in draft.fees or []])
        return row_errors(opening.row, ValidationError(found)) if found else []

    def _gaps(self, version: JobOrderVersion, lines: list[FeeCharge]) -> dict[str, ValidationError]:
        permit = self._permit(version)
        found = refused_lines(judge_version(version, lines, on=self.today, book=self.book), lines)
        found |= terms.gaps(version, today=self.today, expires_on=permit.expires_on if permit else None)
        return found | organization_errors(self.organization, permit)

    def _permit(self, version: JobOrderVersion) -> Permit | None:
        programme = version.programme_id or ""
        if programme not in self._permits:
            self._permits[programme] = permit_for(self.organization, version, on=self.today)
        return self._permits[programme]


def number_errors(openings: list[Opening]) -> list[RowError]:
    """The organization's own numbers: each once in the file, and not in use yet."""
    ids = {opening.external_id for opening in openings} - {""}
    seen = set(JobOrder.objects.filter(external_id__in=ids).values_list("external_id", flat=True))
    errors = []
    for opening in openings:
        if opening.external_id and opening.external_id in seen:
            errors.append(RowError(opening.row, "external_id", "unique", TAKEN))
        seen.add(opening.external_id)
    return errors


def row_errors(row: int, error: ValidationError) -> list[RowError]:
    """`fees.0.amount` is told as the column `fee_1_amount`."""
    mistakes: dict[str, list[Any]] = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
    return [
        RowError(row, _column(name), mistake.code or "invalid", mistake.messages[0])
        for name, found in mistakes.items()
        for mistake in found
    ]


def _column(name: str) -> str:
    kind, _dot, rest = name.partition(".")
    number, _dot, part = rest.partition(".")
    if kind == "fees" and number.isdigit():
        return f"fee_{int(number) + 1}_{part}"
    return "" if name == NON_FIELD_ERRORS else "wage_base_jpy" if name == "wage_base" else name
