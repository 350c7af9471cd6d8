"""Doors of this app."""

from django.urls import path

from reports.views import directory, guide

app_name = "reports"

urlpatterns = [
    path("guide/programmes/", guide.guide_programmes, name="guide_programmes"),
    path("guide/prefectures/", guide.guide_prefectures, name="guide_prefectures"),
    path("organizations/", directory.organization_list, name="organization_list"),
    path("organizations/<slug:slug>/", directory.organization_detail, name="organization_detail"),
]
