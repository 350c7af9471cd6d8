from django.apps import AppConfig


class RecruitmentConfig(AppConfig):
    name = "recruitment"
    verbose_name = "Recruitment"

    def ready(self):
        from recruitment import states  # noqa: F401  (their triggers are written by secure_database)
