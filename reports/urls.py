"""Doors of this app."""

from django.urls import path

from reports.views import ask, directory, guide, jobs, open_data, schedules, transparency, verify

app_name = "reports"

REPORTS = "o/<slug:organization>/reports/"
JOB = f"{REPORTS}jobs/<int:pk>/"
SCHEDULES = f"{REPORTS}schedules/"

urlpatterns = [
    path("guide/programmes/", guide.guide_programmes, name="guide_programmes"),
    path("guide/prefectures/", guide.guide_prefectures, name="guide_prefectures"),
    path("organizations/", directory.organization_list, name="organization_list"),
    path("verify/", verify.verify_find, name="verify_find"),
    path("verify/<str:code>/", verify.verify, name="verify"),
    path("data/", open_data.data_page, name="data"),
    path("data/all-openings.csv", open_data.data_openings, name="data_openings"),
    path("data/<slug:figure>.<slug:ending>", open_data.data_file, name="data_file"),
    path("organizations/<slug:slug>/sheet/", transparency.sheet_page, name="sheet"),
    path("organizations/<slug:slug>/sheet.<slug:ending>", transparency.sheet_file, name="sheet_file"),
    path("organizations/<slug:slug>/", directory.organization_detail, name="organization_detail"),
    path(REPORTS, ask.ReportList.as_view(), name="report_list"),
    path(f"{REPORTS}jobs/", jobs.JobList.as_view(), name="job_list"),
    path(JOB, jobs.JobDetail.as_view(), name="job_detail"),
    path(f"{JOB}file/<str:token>/", jobs.JobFile.as_view(), name="job_file"),
    path(f"{JOB}<slug:verb>/", jobs.JobAct.as_view(), name="job_act"),
    path(SCHEDULES, schedules.ScheduleList.as_view(), name="schedule_list"),
    path(f"{SCHEDULES}new/<slug:code>/", schedules.ScheduleCreate.as_view(), name="schedule_create"),
    path(f"{SCHEDULES}<int:pk>/", schedules.ScheduleChange.as_view(), name="schedule_change"),
    path(f"{SCHEDULES}<int:pk>/<slug:verb>/", schedules.ScheduleAct.as_view(), name="schedule_act"),
    path(f"{REPORTS}<slug:code>/", ask.ReportForm.as_view(), name="report_form"),
]
