"""Doors of this app."""

from django.urls import path

from recruitment.views import public_check, public_feeds, public_flyer, public_posting, public_price, public_search

app_name = "recruitment"

urlpatterns: list = [
    path("jobs/", public_search.posting_search, name="posting_search"),
    path("jobs/compare/", public_posting.posting_compare, name="posting_compare"),
    path("jobs/feed.atom", public_feeds.posting_feed, name="posting_feed"),
    path("jobs/kept/", public_search.posting_kept, name="posting_kept"),
    path("jobs/<str:code>/", public_posting.posting_detail, name="posting_detail"),
    path("jobs/<str:code>/history/", public_posting.posting_history, name="posting_history"),
    path("jobs/<str:code>/flyer.pdf", public_flyer.posting_flyer, name="posting_flyer"),
    path("check/", public_check.check_page, name="check"),
    path("price/", public_price.price_check, name="price_check"),
]
