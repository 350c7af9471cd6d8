"""Fee lines that cannot be posted: which law, which amount is allowed, what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from recruitment.models import Currency, FeeCeiling, FeeCharge
from recruitment.services.verdict import Judgement, Legal

SENTENCES = {
    "fee_forbidden": _(
        "%(item)s: %(amount)s %(currency)s is refused. The amount allowed is %(allowed)s. %(law)s Take this line out, or set it to 0."
    ),
    "fee_cap": _(
        "%(item)s: %(amount)s %(currency)s is refused. The amount allowed is %(allowed)s. %(law)s Lower it to this amount, or take the line out."
    ),
}
PLATFORM = _("Nobody may ask a worker for this on Terang, whatever the law of a country says.")
UNKNOWN = _("an amount that is not written yet")


@dataclass(frozen=True)
class Refusal:
    """Why one line is refused. `allowed` in minor units of the line's currency, for all lines of the item together."""

    line: FeeCharge
    position: int
    code: str
    allowed: int
    title: str
    citation: str
    by_law: bool


def refusals(judgement: Judgement, lines: Sequence[FeeCharge]) -> list[Refusal]:
    """The refused lines in their order, with the law in the reader's language."""
    codes = {verdict.binding.ceiling.code for verdict in judgement.lines if verdict.blocks and verdict.binding}
    rows = FeeCeiling.objects.in_bulk(codes)
    found = []
    for position, (line, verdict) in enumerate(zip(lines, judgement.lines, strict=True)):
        if not verdict.blocks:
            continue
        row = rows.get(verdict.binding.ceiling.code) if verdict.binding and verdict.basis == "law" else None
        found.append(
            Refusal(
                line=line,
                position=position,
                code="fee_forbidden" if verdict.legal == Legal.FORBIDDEN else "fee_cap",
                allowed=(verdict.allowed or 0) if verdict.legal != Legal.FORBIDDEN else 0,
                title=str(row.title) if row else str(PLATFORM),
                citation=str(row.citation) if row else "",
                by_law=row is not None,
            )
        )
    return found


def refused_lines(judgement: Judgement, lines: Sequence[FeeCharge]) -> dict[str, ValidationError]:
    """The same as errors keyed `fees.0.amount`."""
    found = refusals(judgement, lines)
    exponents: dict[str, int] = dict(Currency.objects.values_list("code", "exponent")) if found else {}
    return {f"fees.{refusal.position}.amount": _error(refusal, exponents) for refusal in found}


def _error(refusal: Refusal, exponents: dict[str, int]) -> ValidationError:
    line = refusal.line
    exponent = exponents.get(line.currency, 0)
    params: dict[str, Any] = {
        "item": str(line.item.name),
        "amount": UNKNOWN if line.amount is None else _plain(line.amount, exponent),
        "currency": line.currency,
        "allowed": f"{_plain(refusal.allowed, exponent)} {line.currency}",
        "law": f"{refusal.title}. {refusal.citation}." if refusal.citation else refusal.title,
    }
    return ValidationError(SENTENCES[refusal.code], code=refusal.code, params=params)


def _plain(amount: int, exponent: int) -> str:
    return number_format(Decimal(amount).scaleb(-exponent), decimal_pos=exponent, use_l10n=True, force_grouping=True)
