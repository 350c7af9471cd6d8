from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "organizations"
    verbose_name = "Organizations"

    def ready(self):
        from organizations import states, tasks  # noqa: F401  (their triggers are written by secure_database; subscribers)
