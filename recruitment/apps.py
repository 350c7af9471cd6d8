from django.apps import AppConfig


class RecruitmentConfig(AppConfig):
    name = "recruitment"
    verbose_name = "Recruitment"

    def ready(self):
        from recruitment import states, tasks  # noqa: F401  (triggers for secure_database; subscribers of events)
