"""Organizations for everybody: who they are, whether they may recruit, who checked it and when."""

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date

from recruitment.views.public import open_to_all, published_page
from reports.forms.directory import DirectoryForm
from reports.selectors import directory


@open_to_all
def organization_list(request):
    """The directory, by name."""
    now = timezone.now()

    def build() -> dict:
        form = DirectoryForm(request.GET, choices=directory.choices())
        question = form.question()
        rows = directory.organizations_listed(**question)
        listed, following = directory.page_of(rows, after=_number(request.GET.get("after", "")), now=now)
        return {
            "form": form,
            "listed": listed,
            "total": rows.count(),
            "next": _with(request, after=following) if following else "",
            "asked": any(question.values()),
            "here": request.path,
            "first": "after" not in request.GET,
        }

    return published_page(request, "reports/organization_list.html", build, now=now)


@open_to_all
def organization_detail(request, slug):
    """One organization. An organization that is not verified has no page."""
    now = timezone.now()
    page = directory.profile(slug, now=now)
    if page is None:
        raise Http404
    url = settings.BASE_URL.rstrip("/") + reverse("reports:organization_detail", args=[slug])

    def build() -> dict:
        people = [
            {**person, "words": directory.contact_words(person["contacts"])} for person in page.organization.representatives
        ]
        return {
            "page": page,
            "organization": page.organization,
            "people": people,
            "data": directory.structured_data(page, url=url),
        }

    response = published_page(request, "reports/organization_detail.html", build, now=now)
    response["Last-Modified"] = http_date(page.changed_at.timestamp())
    return response


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _with(request, **values) -> str:
    query = request.GET.copy()
    for name, value in values.items():
        query[name] = value
    return f"?{query.urlencode()}"
