"""Pages of the house that only need words: who runs it, how costs are computed, privacy, accessibility, the guide."""

import datetime

from django.conf import settings
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from config import design
from config.templatetags.terang.amounts import money
from config.templatetags.terang.places import country
from config.views import door
from reports.selectors.survey import survey

CHECKED_ON = datetime.date(2026, 11, 23)


def words(template: str, **context):
    """A view that shows templates/pages/<template>.html to everybody."""

    @door
    def show(request):
        return render(request, f"pages/{template}.html", context)

    return show


@door
def guide(request):
    """The index of the guide."""
    cards = [
        {
            "url": reverse("guide_paid"),
            "title": _("What others paid"),
            "text": _("A survey in Japan, country by country"),
            "sign": "coin",
        },
        {
            "url": reverse("reports:guide_programmes"),
            "title": _("Programmes and fields of work"),
            "text": _("How long you may stay, and what changes in 2027"),
            "sign": "doc",
        },
        {
            "url": reverse("reports:guide_prefectures"),
            "title": _("The 47 prefectures of Japan"),
            "text": _("Openings place by place"),
            "sign": "pin",
        },
        {
            "url": reverse("guide_rights"),
            "title": _("What nobody may do to you"),
            "text": _("Law of Viet Nam and of Japan, with the articles"),
            "sign": "scale",
        },
        {
            "url": reverse("guide_tests"),
            "title": _("Japanese tests"),
            "text": _("Which level a skilled worker needs"),
            "sign": "doc",
        },
    ]
    return render(request, "pages/guide.html", {"cards": cards})


def _country(code: str) -> str:
    return country(code) if code else _("All countries together")


@door
def guide_paid(request):
    """The baseline survey as chart and table, with its cautions."""
    rows = survey()
    bars = [
        {"label": _country(row["country"]), "value": row["mean_total"], "text": money(row["mean_total"], "JPY")} for row in rows
    ]
    return render(request, "pages/guide_paid.html", {"rows": rows, "bars": bars, "checked_on": CHECKED_ON})


urlpatterns = [
    *[path(f"{name}/", words(name), name=name) for name in ("about", "costs", "privacy", "accessibility")],
    path("guide/", guide, name="guide"),
    path("guide/paid/", guide_paid, name="guide_paid"),
    path("guide/rights/", words("guide_rights", checked_on=CHECKED_ON), name="guide_rights"),
    path("guide/tests/", words("guide_tests", checked_on=CHECKED_ON), name="guide_tests"),
]

if not settings.PRODUCTION:
    urlpatterns += [
        path("design/", design.page, name="design"),
        path("design/public/", design.public_page, name="design_public"),
    ]
