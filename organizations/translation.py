"""Reference content that is translated by columns. Indonesian columns end in `_ind`: Django needs `_id` for foreign keys."""

from modeltranslation.translator import TranslationOptions, register

from organizations.models.reference import OrganizationKind, PermitKind, PermitStatus


@register([OrganizationKind, PermitStatus])
class DescribedTranslation(TranslationOptions):
    fields = ("name", "description")


@register(PermitKind)
class PermitKindTranslation(TranslationOptions):
    fields = ("name", "regulator_name")
