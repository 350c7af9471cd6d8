"""Doors of this app."""

from django.urls import path

from recruitment.views import public_search

app_name = "recruitment"

urlpatterns: list = [
    path("jobs/", public_search.posting_search, name="posting_search"),
    path("jobs/kept/", public_search.posting_kept, name="posting_kept"),
]
