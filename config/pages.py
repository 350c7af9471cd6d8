"""Pages of the house that only need words: who runs it, how costs are computed, privacy, accessibility."""

from django.conf import settings
from django.shortcuts import render
from django.urls import path

from config import design
from config.views import door


def words(name: str):
    """A view that shows templates/pages/<name>.html to everybody."""

    @door
    def show(request):
        return render(request, f"pages/{name}.html")

    return show


urlpatterns = [path(f"{name}/", words(name), name=name) for name in ("about", "costs", "privacy", "accessibility")]

if not settings.PRODUCTION:
    urlpatterns += [
        path("design/", design.page, name="design"),
        path("design/public/", design.public_page, name="design_public"),
    ]
