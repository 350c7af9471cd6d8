"""Which stored files the rows of all tenants name, so that `reconcile` can compare."""

from django.apps import apps

from core.tenancy import publishing

COLUMN = "stored_name"
_READABLE = ("organization", "person", "published")


def names_in_rows() -> set[str]:
    """The stored names in every committed row of every tenant, read in the statistician's role.

    A model that keeps a file has a field called `stored_name`; that is how it is found here.
    """
    names: set[str] = set()
    with publishing():
        for model in apps.get_models():
            fields = {field.name for field in model._meta.concrete_fields}
            if COLUMN in fields and getattr(model, "row_kind", "") in _READABLE:
                names.update(model._base_manager.exclude(**{COLUMN: ""}).values_list(COLUMN, flat=True).iterator())
    return names
