"""Doors of this app."""

from django.urls import path

from reports.views import directory

app_name = "reports"

urlpatterns = [
    path("organizations/", directory.organization_list, name="organization_list"),
    path("organizations/<slug:slug>/", directory.organization_detail, name="organization_detail"),
]
