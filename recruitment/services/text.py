"""Free texts of an opening: each in the language it was written in, beside its translations with their trust mark and date."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from recruitment.models import JobOrderText, JobOrderVersion
from recruitment.services.values import clean_text, refuse

KEYS = tuple(JobOrderText.Key.values)


def clean_texts(texts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Free texts, one for each key and language; empty ones are left out."""
    cleaned: list[dict[str, Any]] = []
    errors: dict[str, Any] = {}
    seen: set[tuple[str, str]] = set()
    for position, text in enumerate(texts):
        try:
            line = _clean_text(text)
        except ValidationError as error:
            errors |= {f"texts.{position}.{name}": mistakes for name, mistakes in error.error_dict.items()}
            continue
        if not line["text"]:
            continue
        if (line["key"], line["language"]) in seen:
            twice = _("This text is here twice in the same language.")
            errors[f"texts.{position}.language"] = ValidationError(twice, code="unique")
        seen.add((line["key"], line["language"]))
        cleaned.append(line)
    if errors:
        raise ValidationError({name: ValidationError(mistakes) for name, mistakes in errors.items()})
    return cleaned


def _clean_text(text: Mapping[str, Any]) -> dict[str, Any]:
    cleaned, errors = {}, {}
    checks = {
        "key": lambda: text["key"] if text.get("key") in KEYS else refuse("choice"),
        "language": lambda: text["language"] if text.get("language") in JobOrderText.LANGUAGES else refuse("choice"),
        "origin": lambda: _text_origin(text.get("origin")),
        "text": lambda: clean_text(text.get("text")),
    }
    for name, check in checks.items():
        try:
            cleaned[name] = check()
        except ValidationError as error:
            errors[name] = error
    if errors:
        raise ValidationError(errors)
    return cleaned


def _text_origin(value: Any) -> str:
    if not value:
        return JobOrderText.Origin.ORIGINAL
    if value not in JobOrderText.Origin.values:
        refuse("choice")
    return str(value)


def replace_texts(version: JobOrderVersion, texts: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Texts that say the same keep the day they were written on."""
    before = {(row.key, row.language, row.text): row.written_at for row in JobOrderText.objects.filter(version=version)}
    JobOrderText.objects.filter(version=version).delete()
    JobOrderText.objects.bulk_create(
        JobOrderText(
            organization_id=version.organization_id,
            job_order_id=version.job_order_id,
            version=version,
            position=position,
            written_at=before.get((line["key"], line["language"], line["text"]), now),
            **line,
        )
        for position, line in enumerate(texts)
    )
