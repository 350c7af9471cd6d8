from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Reports"

    def ready(self):
        from reports import states, tasks  # noqa: F401  (triggers for secure_database; subscribers of events)
