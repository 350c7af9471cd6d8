"""The Celery application. Tasks live in the `tasks` room of each app; the schedule is in settings."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("terang")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
