"""Doors of this app."""

from django.urls import path

from recruitment.views import (
    job_order,
    job_order_import,
    job_order_steps,
    public_check,
    public_flyer,
    public_posting,
    public_price,
    public_search,
    review,
    worker,
)

app_name = "recruitment"

OPENINGS = "o/<slug:organization>/openings/"
OPENING = f"{OPENINGS}<str:code>/"

urlpatterns: list = [
    path("jobs/", public_search.posting_search, name="posting_search"),
    path("jobs/compare/", public_posting.posting_compare, name="posting_compare"),
    path("jobs/kept/", public_search.posting_kept, name="posting_kept"),
    path("jobs/<str:code>/", public_posting.posting_detail, name="posting_detail"),
    path("jobs/<str:code>/history/", public_posting.posting_history, name="posting_history"),
    path("jobs/<str:code>/flyer.pdf", public_flyer.posting_flyer, name="posting_flyer"),
    path("check/", public_check.check_page, name="check"),
    path("me/identity/", worker.Identity.as_view(), name="identity"),
    path("price/", public_price.price_check, name="price_check"),
    path(OPENINGS, job_order.JobOrderList.as_view(), name="job_order_list"),
    path(f"{OPENINGS}new/", job_order.JobOrderCreate.as_view(), name="job_order_create"),
    path(f"{OPENINGS}import/", job_order_import.JobOrderImportPage.as_view(), name="job_order_import"),
    path(f"{OPENINGS}import/<int:pk>/", job_order_import.JobOrderImportDetail.as_view(), name="job_order_import_detail"),
    path(f"{OPENINGS}reviews/<int:pk>/", review.JobOrderReview.as_view(), name="review_detail"),
    path(OPENING, job_order.JobOrderDetail.as_view(), name="job_order_detail"),
    path(f"{OPENING}edit/", job_order_steps.first_step, name="job_order_begin"),
    path(f"{OPENING}edit/<slug:step>/", job_order_steps.JobOrderEdit.as_view(), name="job_order_edit"),
    path(f"{OPENING}versions/<int:number>/", job_order.JobOrderVersionPage.as_view(), name="job_order_version"),
    path(f"{OPENING}<slug:verb>/", job_order.JobOrderAct.as_view(), name="job_order_act"),
]
