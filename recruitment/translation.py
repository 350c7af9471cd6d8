"""Reference content that is translated by columns. Indonesian columns end in `_ind`: Django needs `_id` for foreign keys."""

from modeltranslation.translator import TranslationOptions, register

from recruitment.models.law import FeeCeiling, PayerRule
from recruitment.models.reference import (
    Country,
    Currency,
    FeeItem,
    FeePayer,
    FeeStage,
    Field,
    Occupation,
    Prefecture,
    Programme,
)


@register([Country, Currency, Prefecture, Field, Occupation, FeePayer, FeeStage])
class NameTranslation(TranslationOptions):
    fields = ("name",)


@register(Programme)
class ProgrammeTranslation(TranslationOptions):
    fields = ("name", "short_name", "rule")


@register(FeeItem)
class FeeItemTranslation(TranslationOptions):
    fields = ("name", "hint")


@register([FeeCeiling, PayerRule])
class LawTranslation(TranslationOptions):
    fields = ("title", "condition", "citation")
