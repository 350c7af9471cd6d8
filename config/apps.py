from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class HouseConfig(AppConfig):
    name = "config"
    verbose_name = "House"


class OperatorsConfig(AdminConfig):
    """Django's admin, behind the house's own sign-in."""

    default_site = "config.operators.OperatorSite"
